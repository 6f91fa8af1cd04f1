"""What an onlooker sees of a year, in the order in which it happened; money in the Space's one currency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Line:
    """What was sold; ``tax_rate`` in percent."""

    quantity: int
    unit_price: Decimal
    tax_rate: Decimal


@dataclass(frozen=True, slots=True)
class Billed:
    """An invoice was issued; ``day`` is that of the moment where the Space is."""

    at: datetime
    invoice: str
    day: date
    payment_days: int
    business: bool
    prices_include_tax: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Money:
    """A payment was recorded; below zero where one was taken back.  ``paid_on`` is the day of the money."""

    at: datetime
    invoice: str
    amount: Decimal
    paid_on: date


@dataclass(frozen=True, slots=True)
class Noticed:
    """A notice was written, as it stands in its row."""

    at: datetime
    notice: str
    invoice: str
    flow: str
    level: int
    day: date
    principal: Decimal
    fees_before: Decimal
    fee: Decimal
    fee_tax: Decimal
    interest: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class Ran:
    """A run was written, after its notices; ``totals`` by currency."""

    at: datetime
    count: int
    totals: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Left:
    """A notice came out of the printer, or arrived at the mail server; ``text`` is what stands on its pages."""

    at: datetime
    way: str
    notice: str
    text: str


@dataclass(frozen=True, slots=True)
class TaskDone:
    """A person did what a notice asked for."""

    at: datetime
    notice: str


@dataclass(frozen=True, slots=True)
class Account:
    """What the product says of an invoice in the end."""

    invoice: str
    gross: Decimal
    open: Decimal


Entry: TypeAlias = Billed | Money | Noticed | Ran | Left | TaskDone | Account
