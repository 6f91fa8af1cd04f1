"""Days by which dunning counts: weekends and the public holidays of the merchant's country.

A term is counted from the day after its beginning (§ 187 Abs. 1, § 188 Abs. 1 BGB; Art. 77 OR), and one that would end
on a Saturday, a Sunday or a public holiday ends on the next working day (§ 193 BGB; Art. 78 OR).  Holidays are those of
the whole country: a Space has no federal state or canton.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from holidays import HolidayBase, country_holidays

_SATURDAY_AND_SUNDAY = frozenset({5, 6})


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of a country, by its ISO 3166 code; where its holidays are unknown, only weekends count."""

    country: str

    def is_working_day(self, day: date) -> bool:
        holidays = _holidays(self.country)
        if holidays is None:
            return day.weekday() not in _SATURDAY_AND_SUNDAY
        return bool(holidays.is_working_day(day))

    def working_day_from(self, day: date) -> date:
        """The day itself where people work on it, the next such day otherwise."""
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def after(self, day: date, days: int) -> date:
        """The end of a term of ``days`` days from ``day`` (which is not counted), moved to a working day."""
        return self.working_day_from(day + timedelta(days=days))


@cache
def _holidays(country: str) -> HolidayBase | None:
    try:
        return country_holidays(country)
    except NotImplementedError:
        return None
