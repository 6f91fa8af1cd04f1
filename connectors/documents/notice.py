"""What is printed on a dunning notice, as a frozen copy.  ``total`` is the sum of all the lines that are shown.

Amounts are in the currency's major unit, rates in percent a year.  ``connectors.dunning`` works them out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from connectors.documents.data import ZERO, Language, Party, Sender
from connectors.documents.payment import PaymentPart
from connectors.documents.versions import Schema

Template = Literal["reminder", "notice", "final"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueItem:
    """An overdue invoice: ``open == gross - settled``, where ``settled`` are payments and credit notes so far."""

    number: str
    issue_date: date
    due_date: date
    gross: Decimal
    settled: Decimal
    open: Decimal
    order_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFee:
    """The fee of a notice: ``net + tax == gross``.  ``tax_rate`` is None where the fee is compensation without tax.

    ``number`` names the earlier notice that asked for it; empty for the notice itself.
    """

    level: int
    issue_date: date
    net: Decimal
    tax: Decimal
    gross: Decimal
    tax_rate: Decimal | None = None
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeInterest:
    """Interest for ``days`` days, the first and the last of them included, in which ``principal`` was open.

    The amounts of a notice's lines add up to its interest, which is rounded once: a line may be a cent off by itself.
    """

    principal: Decimal
    first_day: date
    last_day: date
    days: int
    rate: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeData:
    """Everything on a dunning notice.

    ``country`` is that of the merchant's Space.  ``title`` and ``text`` are the level's own words, filled in.
    ``total == principal + fees_total + interest_total``; ``due_date`` is the new term.  ``payment`` is for the total;
    ``reference`` is what the payer quotes.
    """

    number: str
    issue_date: date
    template: Template
    level: int
    title: str
    text: str
    sender: Sender
    billing_address: Party
    currency: str
    language: Language
    country: str
    items: tuple[OverdueItem, ...]
    principal: Decimal
    total: Decimal
    due_date: date
    fees: tuple[NoticeFee, ...] = ()
    interest: tuple[NoticeInterest, ...] = ()
    fees_total: Decimal = ZERO
    interest_total: Decimal = ZERO
    order_number: str = ""
    customer_number: str = ""
    payment: PaymentPart | None = None
    reference: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the copy as plain JSON values, with its kind and version."""
        return DUNNING_NOTICE.write(self)

    @staticmethod
    def from_json(value: Any) -> NoticeData:
        """Read what ``to_json`` wrote, now or in an earlier version; raises DocumentError with what to do."""
        return DUNNING_NOTICE.read(value)


DUNNING_NOTICE: Final = Schema("dunning_notice", NoticeData)
