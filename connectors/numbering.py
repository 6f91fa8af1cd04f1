"""Numbers without gaps: a number is given only to a document that is committed with it."""

from __future__ import annotations

from datetime import date

from connectors.models.numbers import DEFAULT_PATTERNS, NO_YEAR, NumberCounter, NumberSeries, SeriesKind
from spaces.models import Space


def next_number(space: Space, kind: SeriesKind, day: date) -> str:
    """Give the next number. Call it late in the caller's transaction: until its end everybody else waits here.

    The counter's row stays locked until then (on SQLite the whole database is), so that a rollback gives the number
    back before anyone else can take a later one.
    """
    counter = _locked(space, kind, day.year)
    if counter is None:
        _begin(space, kind, day.year)
        counter = _locked(space, kind, day.year)
    assert counter is not None
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.series.written(counter.last, day.year)


def _locked(space: Space, kind: SeriesKind, year: int) -> NumberCounter | None:
    counters = (
        NumberCounter.objects.select_for_update(of=("self",))
        .select_related("series")
        .filter(series__space=space, series__kind=kind, year__in=(year, NO_YEAR))
        .order_by("year")
    )
    # Two at most: the pattern may have lost or gained its {year}.
    return next((counter for counter in counters if counter.year == counter.series.counting_year(year)), None)


def _begin(space: Space, kind: SeriesKind, year: int) -> None:
    """Create the series or this year's counter. Of two who try, one waits for the other's commit and finds it."""
    series, _created = NumberSeries.objects.get_or_create(
        space=space, kind=kind, defaults={"pattern": DEFAULT_PATTERNS[kind]}
    )
    NumberCounter.objects.get_or_create(series=series, year=series.counting_year(year))
