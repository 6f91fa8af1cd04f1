"""Everything that chance decides of a year beforehand; the same seed makes the same plan."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from tests.simulation.journal import Line
from tests.simulation.ledger import CENT, cents, gross_of

DAY = timedelta(days=1)
PAYMENT_DAYS = 10
HOME = "Europe/Zurich"
REFUSED = "refused.example.com"  # no mailbox of this domain is known to the mail server


@dataclass(frozen=True, slots=True)
class Customer:
    number: int
    company: bool
    email: str
    language: str


class Habit(StrEnum):
    """How a customer pays."""

    IN_TIME = "in time"
    LATE = "late"
    IN_PARTS = "in parts"
    TOO_MUCH = "too much"
    AT_THE_RUN = "in the moment of a run"
    BOUNCES = "bounces"
    NEVER = "never"


HABITS = {
    Habit.IN_TIME: 52,
    Habit.LATE: 20,
    Habit.IN_PARTS: 8,
    Habit.TOO_MUCH: 5,
    Habit.AT_THE_RUN: 8,
    Habit.BOUNCES: 3,
    Habit.NEVER: 4,
}


@dataclass(frozen=True, slots=True)
class Sale:
    """An order, and the money that comes for it: days after the sale, and amounts; below zero it is taken back."""

    number: int
    day: date
    customer: Customer
    prices_include_tax: bool
    lines: tuple[Line, ...]
    habit: Habit
    money: tuple[tuple[int, Decimal], ...] = ()
    pays_at_level: int = 0

    @property
    def gross(self) -> Decimal:
        return gross_of(self.lines, prices_include_tax=self.prices_include_tax)


@dataclass(frozen=True, slots=True)
class Spell:
    """Hours (UTC) in which something is out of order."""

    day: date
    hour: int
    hours: int
    what: str


@dataclass(frozen=True)
class Plan:
    """A year, or a part of one."""

    seed: int
    first_day: date
    days: int
    sales: tuple[Sale, ...]
    downtimes: tuple[Spell, ...]
    printer: tuple[Spell, ...]
    mail: tuple[Spell, ...]
    # The Space moves: the hour (UTC) of a day, and its time zone from then on.
    moves: tuple[tuple[date, int, str], ...]


def year(seed: int, invoices: int = 2000) -> Plan:
    """A whole year: both switches of the clock in Zurich; a summer in Los Angeles, another one in Auckland."""
    return plan(
        seed,
        invoices,
        first_day=date(2026, 1, 1),
        days=365,
        selling_days=300,
        moves=(
            # At 7 in the morning in Zurich it is yesterday evening there: the run of that day is done already.
            (date(2026, 6, 17), 5, "America/Los_Angeles"),
            # From Monday to Tuesday in no time.
            (date(2026, 8, 17), 18, "Pacific/Auckland"),
            # After the switch of 27 September there, before that of 25 October here.
            (date(2026, 10, 6), 1, HOME),
        ),
    )


def weeks(seed: int, invoices: int, days: int = 70) -> Plan:
    """A few weeks in spring with a switch of the clock and two moves."""
    return plan(
        seed,
        invoices,
        first_day=date(2026, 3, 9),
        days=days,
        selling_days=days // 2,
        moves=((date(2026, 4, 9), 5, "America/Los_Angeles"), (date(2026, 4, 21), 20, HOME)),
    )


def plan(
    seed: int,
    invoices: int,
    *,
    first_day: date,
    days: int,
    selling_days: int,
    moves: tuple[tuple[date, int, str], ...],
) -> Plan:
    chance = random.Random(seed)
    customers = [_customer(chance, number) for number in range(1, max(invoices // 3, 3) + 1)]
    sold_on = sorted(chance.randrange(selling_days) for _sale in range(invoices))
    habits = _habits(chance, invoices)
    sales = tuple(
        _sale(chance, number, first_day + day * DAY, chance.choice(customers), habit)
        for number, (day, habit) in enumerate(zip(sold_on, habits, strict=True), start=1)
    )
    months = max(days // 30, 2)

    def spells(count: int, shortest: int, longest: int, *kinds: str) -> tuple[Spell, ...]:
        # The last three weeks are calm, so that what was held up can come out.
        begins = sorted(chance.randrange(14, days - 21) for _spell in range(count))
        return tuple(
            Spell(first_day + day * DAY, chance.randrange(24), chance.randint(shortest, longest), chance.choice(kinds))
            for day in begins
        )

    return Plan(
        seed=seed,
        first_day=first_day,
        days=days,
        sales=sales,
        downtimes=spells(max(months * 2 // 3, 1), 30, 130, "down"),
        printer=spells(max(months * 3, 9), 3, 40, "offline", "offline", "reject", "lose-answer", "lose-request"),
        mail=spells(months * 2, 3, 60, "down"),
        moves=moves,
    )


def _customer(chance: random.Random, number: int) -> Customer:
    domain = chance.choices(["", "example.com", REFUSED], [30, 64, 6])[0]
    return Customer(
        number=number,
        company=chance.random() < 0.5,
        email=f"customer-{number}@{domain}" if domain else "",
        language=chance.choice(["de", "de", "en", "fr"]),
    )


def _habits(chance: random.Random, count: int) -> list[Habit]:
    """As many of each as its share, so that a small year has all of them too."""
    hundred = [habit for habit, share in HABITS.items() for _one in range(share)]
    dealt = [hundred[number * len(hundred) // count] for number in range(count)]
    chance.shuffle(dealt)
    return dealt


def _sale(chance: random.Random, number: int, day: date, customer: Customer, habit: Habit) -> Sale:
    lines = tuple(
        Line(
            quantity=chance.randint(1, 12),
            unit_price=Decimal(chance.randint(45, chance.choice([3_000, 30_000, 90_000]))) / 100,
            tax_rate=Decimal(chance.choice(["8.1", "8.1", "2.6", "0"])),
        )
        for _line in range(chance.randint(1, 3))
    )
    sale = Sale(number, day, customer, not customer.company, lines, habit)
    if habit is Habit.AT_THE_RUN:
        return replace(sale, pays_at_level=chance.choice([1, 1, 2, 3]))
    return replace(sale, money=_money(chance, habit, sale.gross))


def _money(chance: random.Random, habit: Habit, gross: Decimal) -> tuple[tuple[int, Decimal], ...]:
    late = PAYMENT_DAYS + chance.randint(1, 60)
    if habit is Habit.IN_TIME:
        return ((chance.randint(0, PAYMENT_DAYS), gross),)
    if habit is Habit.LATE:
        return ((late, gross),)
    if habit is Habit.TOO_MUCH:
        first = chance.choice([chance.randint(0, PAYMENT_DAYS), late])
        # Rounded up, or paid a second time.
        if chance.random() < 0.5:
            return ((first, gross + Decimal(chance.randint(1, 2_000)) / 100),)
        return ((first, gross), (first + chance.randint(0, 20), gross))
    if habit is Habit.IN_PARTS:
        return tuple(zip(_days(chance), _parts(chance, gross), strict=False))
    if habit is Habit.BOUNCES:
        paid = chance.randint(3, 40)
        back = paid + chance.randint(2, 12)
        again = ((back + chance.randint(5, 40), gross),) if chance.random() < 0.6 else ()
        return ((paid, gross), (back, -gross), *again)
    return ()


def _days(chance: random.Random) -> list[int]:
    return sorted(chance.randint(1, PAYMENT_DAYS + 80) for _part in range(4))


def _parts(chance: random.Random, gross: Decimal) -> list[Decimal]:
    """Two to four parts; in one case of four the last one is a little less than what is open."""
    count = chance.randint(2, 4)
    part = max(cents(gross / count), CENT)
    parts = [part] * (count - 1)
    rest = gross - sum(parts, Decimal(0))
    if chance.random() < 0.25:
        rest -= Decimal("0.05")
    return [amount for amount in (*parts, rest) if amount > 0]
