"""Default interest: simple, actual/365, on what was open day by day.

Interest runs from the day after the due day (default begins when the term has passed, § 286 Abs. 2 BGB; its first day
is § 187 Abs. 1) to the day of the notice, both included, at the percentage a year that the merchant set: in Germany the
base rate (§ 247 BGB) and 5 points more, 9 among companies (§ 288 BGB); in Switzerland 5 percent (Art. 104 OR).  There
is no interest on interest (§ 289 BGB, Art. 105 Abs. 3 OR).  A year has 365 days, a leap year too.  The day on which
money arrives already counts with the smaller sum.

The sum is exact until it is rounded, once, to the currency's smallest unit.  The lines of a notice are shares of that
rounded sum, so that they add up to it; one of them may differ by a unit from its own rounding.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from connectors.money import HUNDRED, ZERO, rounded, smallest_unit

DAYS_A_YEAR = 365
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What made the claim smaller: a payment, a credit note; negative for a payment that was taken back."""

    day: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Period:
    """Days on which the same sum was open, the first and the last included."""

    principal: Decimal
    first_day: date
    last_day: date

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days + 1


@dataclass(frozen=True, slots=True)
class InterestLine:
    """The share of one period in the interest."""

    period: Period
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Interest:
    """``total`` is the sum of the lines' amounts, in whole units of the currency."""

    rate: Decimal
    lines: tuple[InterestLine, ...] = ()
    total: Decimal = ZERO


def periods(gross: Decimal, settlements: Iterable[Settlement], due_on: date, last_day: date) -> tuple[Period, ...]:
    """What was open from the day after ``due_on`` to ``last_day``, in order; days without anything open are left out.

    What was settled before counts from the beginning, what is settled later not at all.
    """
    by_day: dict[date, Decimal] = {due_on + _DAY: gross}
    for settlement in settlements:
        day = max(settlement.day, due_on + _DAY)
        by_day[day] = by_day.get(day, ZERO) - settlement.amount
    found: list[Period] = []
    principal = ZERO
    changes = sorted(day for day in by_day if day <= last_day)
    for day, following in pairwise([*changes, last_day + _DAY]):
        principal += by_day[day]
        if principal > 0:
            found.append(Period(principal, day, following - _DAY))
    return tuple(found)


def interest(during: Iterable[Period], rate: Decimal, currency: str) -> Interest:
    """Interest at ``rate`` percent a year, rounded once.  Raises MoneyError for a currency that there is not."""
    if not rate:
        return Interest(rate)
    exact = {period: _exact(period, rate) for period in during}
    total = _rounded(sum(exact.values(), Fraction(0)), currency)
    shares = _spread(total, list(exact.values()), currency)
    lines = tuple(InterestLine(period, share) for period, share in zip(exact, shares, strict=True))
    return Interest(rate, lines, total)


def _exact(period: Period, rate: Decimal) -> Fraction:
    """A fraction: a 365th has no end as a decimal."""
    return Fraction(period.principal) * Fraction(rate) * period.days / (int(HUNDRED) * DAYS_A_YEAR)


def _rounded(value: Fraction, currency: str) -> Decimal:
    """Round half up, as connectors.money does; the decimals kept before cannot change which half it is."""
    unit = smallest_unit(currency)
    units = int(value / Fraction(unit) + Fraction(1, 2))
    return rounded(units * unit, currency)


def _spread(total: Decimal, exact: list[Fraction], currency: str) -> list[Decimal]:
    """Largest remainder: each line rounded down, the units left over to the largest remainders, the earlier first."""
    unit = smallest_unit(currency)
    units = [int(value / Fraction(unit)) for value in exact]
    left_over = int(total / unit) - sum(units)
    by_remainder = sorted(range(len(exact)), key=lambda at: (units[at] - exact[at] / Fraction(unit), at))
    for at in by_remainder[:left_over]:
        units[at] += 1
    return [rounded(count * unit, currency) for count in units]
