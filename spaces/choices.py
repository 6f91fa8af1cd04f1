"""Countries, currencies and time zones to choose from, named in the reader's language by babel."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from functools import cache

import babel
from django.utils.translation import get_language


@cache
def _named(kind: str, language: str) -> tuple[tuple[str, str], ...]:
    locale = babel.Locale.parse(language, sep="-")
    names: dict[str, str] = dict(getattr(locale, kind))
    codes = (code for code in names if code.isalpha() and len(code) == (2 if kind == "territories" else 3))
    return tuple(sorted(((code, names[code]) for code in codes), key=lambda pair: pair[1]))


def country_choices() -> Iterator[tuple[str, str]]:
    """ISO 3166-1 codes and names."""
    yield from _named("territories", get_language() or "en")


def currency_choices() -> Iterator[tuple[str, str]]:
    """ISO 4217 codes and names."""
    for code, name in _named("currencies", get_language() or "en"):
        yield code, f"{code} – {name}"


def time_zone_choices() -> Iterator[tuple[str, str]]:
    """Time zones of the tz database that name a place."""
    for name in sorted(zoneinfo.available_timezones()):
        if "/" in name and not name.startswith(("Etc/", "posix/", "right/")):
            yield name, name.replace("_", " ")
    yield "UTC", "UTC"
