"""Numbers of the code in the reader's language, with their units."""

from __future__ import annotations

from datetime import timedelta

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit
from django.utils.translation import get_language

_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def _locale() -> Locale:
    return Locale.parse(get_language() or "en", sep="-")


def duration(value: timedelta) -> str:
    """A length of time in words: 90 seconds are "1 minute and 30 seconds"."""
    rest = value.total_seconds()
    parts = []
    for unit, seconds in _UNITS:
        count, rest = divmod(rest, seconds)
        if unit == "second":
            count += round(rest, 3)
        if count:
            amount = int(count) if count == int(count) else count
            parts.append(format_unit(amount, f"duration-{unit}", locale=_locale()))
    return format_list(parts or [format_unit(0, "duration-second", locale=_locale())], locale=_locale())


def readable(name: str, value: object) -> str:
    """The value of a constant or setting, with the unit that its type or the end of its name tells."""
    if isinstance(value, timedelta):
        return duration(value)
    if isinstance(value, tuple):
        return "; ".join(readable(name, one) for one in value)
    assert isinstance(value, int | float)
    if name.endswith(("_SECONDS", "_TIMEOUT")):
        return duration(timedelta(seconds=value))
    if name.endswith("_BYTES"):
        return f"{format_decimal(value / 1_000_000, locale=_locale())} MB"
    if isinstance(value, float):
        return str(format_percent(value, locale=_locale()))
    return str(format_decimal(value, locale=_locale()))
