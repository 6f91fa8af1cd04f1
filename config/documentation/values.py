"""What pages take from the code: ``{{ constant:NAME }}`` and its kind, resolved in the reader's language.

A placeholder that names nothing raises PlaceholderError, so that a page cannot promise what is no longer there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext

from config.documentation import tables
from config.documentation.units import duration, readable
from printing import constants

PLACEHOLDER = re.compile(r"\{\{ *(?P<kind>[a-z]+):(?P<name>[^{}]+?) *\}\}")
SETTINGS = ("LANE_BACKOFF_SECONDS", "LANE_LEASE_SECONDS", "PROVIDER_CONNECT_TIMEOUT", "PROVIDER_READ_TIMEOUT")


class PlaceholderError(Exception):
    """A page names something that the code does not have."""


def _constant(name: str) -> str:
    if name not in constants.MEANINGS:
        raise PlaceholderError(name)
    return readable(name, getattr(constants, name))


def _setting(name: str) -> str:
    """A number this installation was set up with."""
    if name not in SETTINGS:
        raise PlaceholderError(name)
    return readable(name, getattr(settings, name))


def waits() -> list[timedelta]:
    """The waits between the attempts at a printer that cannot be reached, without their variation."""
    first, cap = timedelta(seconds=settings.LANE_BACKOFF_SECONDS), constants.LANE_BACKOFF_CAP
    return [min(first * 2**failures, cap) for failures in range(constants.MAX_ATTEMPTS - 1)]


def _value(name: str) -> str:
    """What follows from constants and settings together."""
    if name == "first waits":
        return ", ".join(duration(wait) for wait in waits()[:4])
    if name == "all waits":
        return duration(timedelta(hours=max(1, round(sum(waits(), timedelta()) / timedelta(hours=1)))))
    raise PlaceholderError(name)


def _table(name: str) -> str:
    if name not in tables.TABLES:
        raise PlaceholderError(name)
    return tables.TABLES[name]()


_KINDS: dict[str, Callable[[str], str]] = {
    "constant": _constant,
    "setting": _setting,
    "value": _value,
    "table": _table,
    # Words of the product's own pages, as the reader sees them there.
    "ui": gettext,
    "label": lambda name: capfirst(gettext(name)),
}


def fill_in(text: str) -> str:
    """The text with its placeholders replaced. Raises PlaceholderError."""

    def replace(match: re.Match[str]) -> str:
        if match["kind"] not in _KINDS:
            raise PlaceholderError(match[0])
        return _KINDS[match["kind"]](match["name"])

    return PLACEHOLDER.sub(replace, text)
