"""What a file of payments consists of, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.payment_checks import PaymentInput


class FileRefused(Exception):
    """A file that cannot be read as a whole; the text is for the person who brought it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A payment as it stands in a file. ``invoice`` is the number of one, where the file has a field for that."""

    place: str
    payment: PaymentInput
    invoice: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that no payment can be made of."""

    place: str
    sentence: str


@dataclass(frozen=True, slots=True)
class BankFile:
    """``skipped`` counts what is no payment to the merchant: debits, what is not booked yet."""

    format: str
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    skipped: int
