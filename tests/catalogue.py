"""The German catalogue as tests read it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.conf import settings

PO = Path(settings.BASE_DIR) / "locale" / "de" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
OF_DOCUMENTATION = ("config/documentation/", "templates/documentation/")


def read(path: Path = PO) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


@cache
def _german() -> Catalog:
    return read()


def sources_of(word: str) -> list[str]:
    """The files of the product, other than the documentation's own, that show this word."""
    return [
        name
        for message in _german()
        if message.id == word
        for name, _line in message.locations
        if not name.startswith(OF_DOCUMENTATION)
    ]
