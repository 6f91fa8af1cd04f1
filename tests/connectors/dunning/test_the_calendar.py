"""Terms are counted from the day after, and end on a working day of the merchant's country."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.dunning.calendar import Calendar

countries = st.sampled_from(["DE", "AT", "CH", "LI", "US", "IL", "AE", "XX", ""])
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("country", "day", "expected"),
    [
        ("DE", date(2026, 1, 2), date(2026, 1, 2)),  # a Friday
        ("DE", date(2026, 1, 3), date(2026, 1, 5)),  # a Saturday
        ("DE", date(2026, 4, 3), date(2026, 4, 7)),  # Good Friday, until after Easter Monday
        ("DE", date(2026, 12, 25), date(2026, 12, 28)),  # Christmas, then a weekend
        ("DE", date(2026, 10, 3), date(2026, 10, 5)),  # German Unity Day on a Saturday
        ("AT", date(2026, 10, 26), date(2026, 10, 27)),  # Austria's national day
        ("DE", date(2026, 10, 26), date(2026, 10, 26)),
        ("CH", date(2025, 8, 1), date(2025, 8, 4)),  # Switzerland's national day on a Friday
        ("IL", date(2026, 1, 2), date(2026, 1, 4)),  # a weekend of Friday and Saturday
        ("XX", date(2026, 12, 25), date(2026, 12, 25)),  # nobody knows its holidays
        ("XX", date(2026, 12, 26), date(2026, 12, 28)),
    ],
)
def test_a_day_off_moves_to_the_next_working_day(country: str, day: date, expected: date) -> None:
    assert Calendar(country).working_day_from(day) == expected


def test_the_first_day_of_a_term_is_the_day_after() -> None:
    assert Calendar("DE").after(date(2026, 3, 2), 7) == date(2026, 3, 9)


@given(countries, days, st.integers(0, 365))
def test_a_term_is_never_shorter_than_promised_and_ends_on_the_first_working_day(
    country: str, begin: date, length: int
) -> None:
    calendar = Calendar(country)
    end = calendar.after(begin, length)
    assert calendar.is_working_day(end)
    earliest = begin + timedelta(days=length)
    assert end >= earliest
    assert not any(
        calendar.is_working_day(earliest + timedelta(days=number)) for number in range((end - earliest).days)
    )


@given(countries, days, st.integers(0, 100), st.integers(0, 100))
def test_a_longer_term_never_ends_earlier(country: str, begin: date, one: int, other: int) -> None:
    calendar = Calendar(country)
    shorter, longer = sorted((one, other))
    assert calendar.after(begin, shorter) <= calendar.after(begin, longer)
