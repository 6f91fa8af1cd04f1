"""The ledger: what was allowed, worked out again in plain Python from what an onlooker saw.

It knows the law and the price list, and nothing of the product: it imports none of it, and asks no database. Interest
is the sum over the days, the simplest way there is (Art. 104 OR; from the day after the due day to that of the notice,
a year has 365 days), rounded once, half up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from tests.simulation.journal import Account, Billed, Entry, Left, Line, Money, Noticed, Ran, TaskDone
from tests.simulation.prices import CURRENCY, PRICES, Price

CENT = Decimal("0.01")
DAY = timedelta(days=1)
# Switzerland's: New Year, Ascension, 1 August (SR 116), Christmas. Easter Sunday is on 5 April 2026, 28 March 2027.
HOLIDAYS = {date(year, *day) for year in (2026, 2027) for day in ((1, 1), (8, 1), (12, 25))}
HOLIDAYS |= {date(2026, 4, 5) + 39 * DAY, date(2027, 3, 28) + 39 * DAY}


@dataclass
class Found:
    """What was counted; ``problems`` has a sentence for each that counts as wrong."""

    invoices: int = 0
    notices: int = 0
    paid_dunned: int = 0
    levels_repeated: int = 0
    cents_off: int = 0
    paper_after_payment: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def line(self) -> str:
        names = ("invoices", "notices", "paid_dunned", "levels_repeated", "cents_off", "paper_after_payment")
        return " ".join(f"{name}={getattr(self, name)}" for name in names)

    def exit_code(self, wanted: int) -> int:
        """0 where ``wanted`` invoices were simulated, some of them were dunned, and nothing of it was wrong."""
        wrong = self.paid_dunned + self.levels_repeated + self.cents_off + self.paper_after_payment
        return int(bool(wrong) or self.invoices < wanted or not self.notices)


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def gross_of(lines: Iterable[Line], *, prices_include_tax: bool) -> Decimal:
    """What an invoice comes to: tax is worked out and rounded once for each rate."""
    by_rate: dict[Decimal, Decimal] = defaultdict(Decimal)
    for line in lines:
        by_rate[line.tax_rate] += cents(line.quantity * line.unit_price)
    if prices_include_tax:
        return sum(by_rate.values(), Decimal(0))
    return sum((net + cents(net * rate / 100) for rate, net in by_rate.items()), Decimal(0))


def working_day_from(day: date) -> date:
    while day.weekday() >= 5 or day in HOLIDAYS:
        day += DAY
    return day


@dataclass
class Book:
    """An invoice with its money and its notices."""

    billed: Billed
    gross: Decimal
    money: list[Money] = field(default_factory=list)
    notices: list[Noticed] = field(default_factory=list)

    @property
    def open(self) -> Decimal:
        return self.gross - sum((money.amount for money in self.money), Decimal(0))

    def interest(self, rate: Decimal, last_day: date) -> Decimal:
        """Default interest up to a day, that day included, on what was open day by day."""
        product = Decimal(0)
        day = working_day_from(self.billed.day + self.billed.payment_days * DAY) + DAY
        while day <= last_day:
            open_then = self.gross - sum((money.amount for money in self.money if money.paid_on <= day), Decimal(0))
            product += max(open_then, Decimal(0))
            day += DAY
        return cents(product * rate / 36500)


class Ledger:
    """Reads a journal from its beginning to its end."""

    def __init__(self, prices: Mapping[tuple[str, int], Price] = PRICES) -> None:
        self.prices = prices
        self.found = Found()
        self.books: dict[str, Book] = {}
        self.notices: dict[str, Noticed] = {}
        self.received: dict[str, list[str]] = defaultdict(list)  # by notice: the ways on which its customer got it
        self.run: list[Noticed] = []  # the notices since the last run

    def read(self, journal: Iterable[Entry]) -> Found:
        """Take every entry in; returns what was found."""
        for entry in journal:
            match entry:
                case Billed():
                    self._billed(entry)
                case Money():
                    self.books[entry.invoice].money.append(entry)
                case Noticed():
                    self._noticed(entry)
                case Ran():
                    self._ran(entry)
                case Left():
                    self._left(entry)
                case TaskDone():
                    self.received[entry.notice].append("task")
                case Account():
                    self._closed(entry)
        return self.found

    def _billed(self, billed: Billed) -> None:
        gross = gross_of(billed.lines, prices_include_tax=billed.prices_include_tax)
        self.books[billed.invoice] = Book(billed, gross)
        self.found.invoices += 1

    def _noticed(self, notice: Noticed) -> None:
        self.found.notices += 1
        book = self.books[notice.invoice]
        if book.open <= 0:
            self._wrong("paid_dunned", f"{notice.notice} at {notice.at}: {notice.invoice} was paid")
        for name, expected in self._expected(book, notice).items():
            found = getattr(notice, name)
            if found != expected:
                self._wrong("cents_off", f"{notice.notice} of {notice.day}: {name} is {found}, not {expected}")
        self.notices[notice.notice] = notice
        book.notices.append(notice)
        self.run.append(notice)

    def _expected(self, book: Book, notice: Noticed) -> dict[str, Decimal]:
        """What a notice has to ask for.  Fees are owed for the earlier notices that the customer really got."""
        price = self.prices[notice.flow, notice.level]
        owed = [one.fee + one.fee_tax for one in book.notices if self.received[one.notice]]
        rate = price.interest_business if book.billed.business else price.interest_consumer
        sums = {
            "principal": book.open,
            "fees_before": sum(owed, Decimal(0)),
            "fee": price.fee,
            "fee_tax": cents(price.fee * (price.tax_rate or 0) / 100),
            "interest": book.interest(rate, notice.day),
        }
        return {**sums, "total": sum(sums.values(), Decimal(0))}

    def _ran(self, run: Ran) -> None:
        total = sum((notice.total for notice in self.run), Decimal(0))
        if run.count != len(self.run) or run.totals != ({CURRENCY: total} if self.run else {}):
            self._wrong("cents_off", f"run at {run.at}: {run.count} notices over {run.totals}, not {total}")
        self.run = []

    def _left(self, left: Left) -> None:
        notice = self.notices[left.notice]
        book = self.books[notice.invoice]
        if book.open <= 0:
            self._wrong("paper_after_payment", f"{left.notice} by {left.way} at {left.at}: {notice.invoice} was paid")
        if left.notice not in left.text or written(notice.total) not in left.text:
            self._wrong("cents_off", f"{left.notice} by {left.way}: {written(notice.total)} does not stand on it")
        before = [one for one in book.notices if self.received[one.notice]]
        if left.way in self.received[left.notice] or any(
            one.level >= notice.level for one in before if one.notice != left.notice
        ):
            self._wrong("levels_repeated", f"{left.notice} by {left.way} at {left.at}: level {notice.level} once more")
        elif notice.level > 1 and not any(one.level == notice.level - 1 for one in before):
            self._wrong("levels_repeated", f"{left.notice} by {left.way} at {left.at}: level {notice.level} too early")
        self.received[left.notice].append(left.way)

    def _closed(self, account: Account) -> None:
        book = self.books[account.invoice]
        if (account.gross, account.open) != (book.gross, book.open):
            self._wrong(
                "cents_off",
                f"{account.invoice}: {account.open} open of {account.gross}, not {book.open} of {book.gross}",
            )

    def _wrong(self, count: str, problem: str) -> None:
        setattr(self.found, count, getattr(self.found, count) + 1)
        self.found.problems.append(f"{count}: {problem}")


def written(amount: Decimal) -> str:
    """An amount as the Swiss write it."""
    return f"{amount:,.2f}".replace(",", "’")


def check(journal: Iterable[Entry]) -> Found:
    """What of a year was not allowed."""
    return Ledger().read(journal)
