"""Default interest: day by day on what was open, rounded once, shown in lines that add up."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from connectors.dunning.interest import Interest, Period, Settlement, interest, periods
from connectors.money import smallest_unit

DUE = date(2026, 2, 27)
CENT = Decimal("0.01")

amounts = st.decimals(min_value=CENT, max_value=Decimal(1_000_000), places=2)
rates = st.decimals(min_value=Decimal("0.001"), max_value=Decimal(100), places=3)
settlements = st.lists(
    st.builds(
        Settlement,
        day=st.dates(DUE - timedelta(days=30), DUE + timedelta(days=250)),
        amount=st.decimals(min_value=Decimal(-500), max_value=Decimal(5_000), places=2),
    ),
    max_size=6,
)
last_days = st.dates(DUE - timedelta(days=3), DUE + timedelta(days=200))


def test_a_thousand_euros_for_a_year_at_nine_percent() -> None:
    """From the day after the due day to the day of the notice, both counted: 365 days of a year of 365."""
    during = periods(Decimal(1000), (), DUE, DUE + timedelta(days=365))
    assert during == (Period(Decimal(1000), DUE + timedelta(days=1), DUE + timedelta(days=365)),)
    assert interest(during, Decimal(9), "EUR").total == Decimal("90.00")


def test_a_leap_year_has_a_day_more_and_costs_a_day_more() -> None:
    during = periods(Decimal(36500), (), date(2027, 12, 31), date(2028, 12, 31))
    assert during[0].days == 366
    assert interest(during, Decimal(1), "EUR").total == Decimal("366.00")


def test_a_partial_payment_counts_from_the_day_it_arrives() -> None:
    """1,000.00 for 9 days and 600.00 for 22 at 9.12 %: 2.2487… + 3.2981…, rounded once."""
    paid = Settlement(date(2026, 3, 10), Decimal(400))
    during = periods(Decimal(1000), [paid], date(2026, 2, 28), date(2026, 3, 31))
    assert [(period.principal, period.days) for period in during] == [(Decimal(1000), 9), (Decimal(600), 22)]
    worked_out = interest(during, Decimal("9.12"), "EUR")
    assert worked_out.total == Decimal("5.55")
    assert [line.amount for line in worked_out.lines] == [Decimal("2.25"), Decimal("3.30")]


def test_what_was_paid_before_the_due_day_bears_no_interest() -> None:
    during = periods(Decimal(100), [Settlement(DUE - timedelta(days=5), Decimal(60))], DUE, DUE + timedelta(days=10))
    assert [period.principal for period in during] == [Decimal(40)]


def test_what_is_paid_after_the_notice_does_not_count_yet() -> None:
    during = periods(Decimal(100), [Settlement(DUE + timedelta(days=11), Decimal(60))], DUE, DUE + timedelta(days=10))
    assert [period.principal for period in during] == [Decimal(100)]


def test_a_payment_taken_back_bears_interest_again() -> None:
    back = [
        Settlement(DUE + timedelta(days=3), Decimal(100)),
        Settlement(DUE + timedelta(days=6), Decimal(-100)),
    ]
    during = periods(Decimal(100), back, DUE, DUE + timedelta(days=8))
    assert [(period.first_day - DUE, period.days) for period in during] == [
        (timedelta(days=1), 2),
        (timedelta(days=6), 3),
    ]


def test_on_the_due_day_itself_there_is_no_interest() -> None:
    assert periods(Decimal(100), (), DUE, DUE) == ()
    assert interest((), Decimal(9), "EUR") == Interest(Decimal(9))


def test_half_a_cent_is_rounded_up() -> None:
    """36.50 for 5 days at 1 % are exactly half a cent."""
    during = periods(Decimal("36.50"), (), DUE, DUE + timedelta(days=5))
    assert interest(during, Decimal(1), "EUR").total == Decimal("0.01")


def test_yen_have_no_decimals() -> None:
    during = periods(Decimal(100_000), (), DUE, DUE + timedelta(days=30))
    assert interest(during, Decimal(3), "JPY").total == Decimal(247)  # 246.57…


@given(amounts, settlements, last_days, rates, st.sampled_from(["EUR", "CHF", "JPY", "KWD"]))
def test_it_is_the_sum_over_the_days_rounded_once(
    gross: Decimal, settled: list[Settlement], last_day: date, rate: Decimal, currency: str
) -> None:
    """Worked out anew in the simplest way there is: day by day."""
    product = Decimal(0)
    day = DUE + timedelta(days=1)
    while day <= last_day:
        product += max(Decimal(0), gross - sum(one.amount for one in settled if one.day <= day))
        day += timedelta(days=1)
    expected = (product * rate / 36500).quantize(smallest_unit(currency), rounding=ROUND_HALF_UP)
    assert interest(periods(gross, settled, DUE, last_day), rate, currency).total == expected


@given(amounts, settlements, last_days, rates)
def test_the_lines_add_up_and_none_is_a_cent_off(
    gross: Decimal, settled: list[Settlement], last_day: date, rate: Decimal
) -> None:
    worked_out = interest(periods(gross, settled, DUE, last_day), rate, "EUR")
    assert sum((line.amount for line in worked_out.lines), Decimal(0)) == worked_out.total
    for line in worked_out.lines:
        exact = line.period.principal * rate * line.period.days / 36500
        assert abs(line.amount - exact) <= CENT
        assert line.amount >= 0


@given(amounts, settlements, last_days)
def test_periods_follow_each_other_and_never_overlap(gross: Decimal, settled: list[Settlement], last_day: date) -> None:
    found = periods(gross, settled, DUE, last_day)
    for before, after in pairwise(found):
        assert before.last_day < after.first_day
    for period in found:
        assert DUE < period.first_day <= period.last_day <= last_day
        assert period.principal > 0
