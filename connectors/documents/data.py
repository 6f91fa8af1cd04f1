"""What is printed on a document, as a frozen copy that outlives everything it was copied from.

``to_json`` gives plain JSON values (decimals as strings, dates as ISO 8601) for a JSON column, ``from_json`` gives back
an equal object.  Whoever changes a field here reads ``connectors.documents.versions`` first: copies stay as they are.
Amounts are in the currency's major unit, rates in percent, as worked out by ``connectors.money``.  The logo is not part
of the copy (it would be in every row): it is passed to the renderer, and ``Sender.logo_sha256`` says which one it was.

Texts are shown as they are: nothing in them is markup.  What the law wants on an invoice (§ 14 Abs. 4 and § 14a UStG,
§ 11 UStG in Austria, Art. 26 MWSTG in Switzerland) has a field here; whether it is filled in is the caller's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal, Protocol

from connectors.documents.payment import PaymentPart
from connectors.documents.versions import Schema

ZERO = Decimal(0)
Language = Literal["de", "en"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody with an address.  ``country`` is an ISO 3166 code of two letters; empty fields are left out in print."""

    company: str = ""
    name: str = ""
    extra: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    email: str = ""
    vat_number: str = ""


# On orders, whose addresses were kept without a version from the start.
ADDRESS: Final = Schema("address", Party, bare=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender(Party):
    """The merchant, as the letterhead and the footer show him.

    ``vat_number`` (§ 27a UStG, UID in Switzerland) or ``tax_number`` has to be on an invoice.  ``register_text`` is
    what the law of companies wants on letters (§ 35a GmbHG), as lines.  ``iban`` may have spaces or not.
    """

    phone: str = ""
    website: str = ""
    tax_number: str = ""
    register_text: str = ""
    bank_name: str = ""
    iban: str = ""
    bic: str = ""
    logo_sha256: str = ""


class IssuedData(Protocol):
    """What the copies of all kinds of documents have."""

    @property
    def sender(self) -> Sender: ...

    @property
    def language(self) -> Language: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """One line of an invoice; ``unit_price`` and ``amount`` are net or gross as the document's prices are.

    ``discount`` is the amount, ``discount_percent`` the percentage already taken off in ``amount``; either may be zero.
    """

    position: int
    description: str
    quantity: Decimal
    unit_price: Decimal
    tax_rate: Decimal
    amount: Decimal
    sku: str = ""
    unit: str = ""
    discount: Decimal = ZERO
    discount_percent: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxSummaryLine:
    """What is taxed at one rate: ``net + tax == gross``."""

    rate: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceData:
    """Everything on an invoice.

    ``country`` is that of the merchant's Space: it decides where the envelope's window is and how numbers look.
    ``lines_total``, ``discount`` (zero or more, taken off) and ``shipping`` are net or gross as ``prices_include_tax``
    says.  ``delivery_date`` is the date of supply; without one the invoice says that it is the date of issue.
    ``tax_note`` names the reason where no tax is charged (§ 14 Abs. 4 Nr. 8 UStG).
    ``paid`` replaces the request to pay; ``payment`` is the slip or code to pay with.  ``replaces`` is the number of a
    canceled invoice that this one was issued for, and ``replaces_date`` its date.
    """

    number: str
    issue_date: date
    sender: Sender
    billing_address: Party
    currency: str
    language: Language
    country: str
    prices_include_tax: bool
    lines: tuple[DocumentLine, ...]
    tax_summary: tuple[TaxSummaryLine, ...]
    lines_total: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal
    discount: Decimal = ZERO
    discount_percent: Decimal = ZERO
    shipping: Decimal = ZERO
    delivery_address: Party | None = None
    delivery_date: date | None = None
    order_number: str = ""
    order_date: date | None = None
    customer_number: str = ""
    payment_days: int | None = None
    due_date: date | None = None
    payment_text: str = ""
    paid: bool = False
    tax_note: str = ""
    note: str = ""
    payment: PaymentPart | None = None
    replaces: str = ""
    replaces_date: date | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the copy as plain JSON values, with its kind and version."""
        return INVOICE.write(self)

    @staticmethod
    def from_json(value: Any) -> InvoiceData:
        """Read what ``to_json`` wrote, now or in an earlier version; raises DocumentError with what to do."""
        return INVOICE.read(value)


INVOICE: Final = Schema("invoice", InvoiceData)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackingSlipLine:
    """One line of a packing slip."""

    position: int
    description: str
    quantity: Decimal
    sku: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackingSlipData:
    """Everything on a packing slip; it shows no prices.  ``country`` is that of the merchant's Space."""

    number: str
    issue_date: date
    sender: Sender
    delivery_address: Party
    language: Language
    country: str
    lines: tuple[PackingSlipLine, ...]
    delivery_date: date | None = None
    shipping_method: str = ""
    order_number: str = ""
    order_date: date | None = None
    customer_number: str = ""
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the copy as plain JSON values, with its kind and version."""
        return PACKING_SLIP.write(self)

    @staticmethod
    def from_json(value: Any) -> PackingSlipData:
        """Read what ``to_json`` wrote, now or in an earlier version; raises DocumentError with what to do."""
        return PACKING_SLIP.read(value)


PACKING_SLIP: Final = Schema("packing_slip", PackingSlipData)
