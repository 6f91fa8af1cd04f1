"""The API's part about money: payments are recorded, invoices asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, LiteralString

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Status
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from connectors.models import Invoice, Payment, PaymentSource
from connectors.money import ZERO, rounded
from connectors.payment_checks import MAX_LENGTH, PaymentRefused
from connectors.services import payments
from spaces.api import space_of_key
from spaces.api_schema import ApiSchema, Page

router = Router(tags=["Sales"])
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _day(value: Any) -> date:
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise _wrong("day")


def _exact(value: Any) -> Any:
    """A JSON number or a string of digits; never true."""
    written = isinstance(value, str) and re.fullmatch(r"-?\d{1,20}(\.\d{1,20})?", value, re.ASCII)
    if written or (isinstance(value, Decimal | int) and not isinstance(value, bool)):
        return value
    raise _wrong("number")


def _wrong(kind: LiteralString) -> PydanticCustomError:
    """An error whose sentence connectors.order_errors knows by its kind."""
    return PydanticCustomError(kind, kind)


class PaymentIn(ApiSchema):
    external_id: str = Field(
        min_length=1,
        max_length=MAX_LENGTH["external_id"],
        description="Your own number of the payment. The same again returns the payment that is there.",
    )
    amount: Annotated[Decimal, BeforeValidator(_exact)] = Field(description="As a string or number: 119.00")
    currency: str = Field("", max_length=3, description="Three letters. Without it: the invoice's, else the Space's.")
    paid_on: Annotated[date, BeforeValidator(_day)]
    invoice_number: str = Field("", max_length=64, description="Without it the invoice is looked for by the reference.")
    reference: str = Field("", max_length=MAX_LENGTH["reference"], description="What the payer wrote.")
    payer: str = Field("", max_length=MAX_LENGTH["payer"])
    note: str = Field("", max_length=MAX_LENGTH["note"])


class PaymentOut(ApiSchema):
    id: int
    external_id: str | None
    amount: str
    currency: str
    paid_on: date
    source: str = Field(description="manual, order, api or import")
    payer: str
    reference: str
    note: str
    takes_back: int | None = Field(description="The id of the payment that this one takes back.")
    taken_back: bool
    invoice_number: str | None
    invoice_state: str | None
    invoice_open: str | None = Field(description="What is open of the invoice now.")
    unassigned_because: str = Field(description="Why it has no invoice, as a sentence.")
    created_at: datetime


class PaymentFilter(Page):
    invoice_number: str = Field("", max_length=64)
    external_id: str = Field("", max_length=MAX_LENGTH["external_id"])
    assigned: bool | None = Field(None, description="false: only payments that wait to be assigned.")


class PaymentList(ApiSchema):
    items: list[PaymentOut]
    next: int | None = Field(description="For “before”, to get the rows that follow; null at the end.")


class InvoiceOut(ApiSchema):
    number: str
    state: str
    order_number: str
    customer: str
    currency: str
    amount: str
    paid: str
    open: str = Field(description="0 where nothing is asked for any more.")
    overpaid: str = Field(description="Beyond the amount of the invoice; fees and interest are not taken off.")
    issued_on: date
    due_on: date | None
    payment_reference: str


class InvoiceFilter(Page):
    number: str = Field("", max_length=64)
    state: str = Field("", max_length=16)


class InvoiceList(ApiSchema):
    items: list[InvoiceOut]
    next: int | None = Field(description="For “before”, to get the rows that follow; null at the end.")


@router.post("/payments", response={200: PaymentOut, 201: PaymentOut}, by_alias=True, summary="Record a payment")
def record_payment(request: HttpRequest, payload: PaymentIn) -> Status[PaymentOut]:
    """201: it is recorded. 200: it was recorded before under this externalId, and nothing has changed.

    Without an invoice that it is certainly for, it is recorded and waits to be assigned.
    """
    space = space_of_key(request)
    invoice = _named(space, payload.invoice_number) if payload.invoice_number else None
    payment, created = payments.record(
        space,
        amount=payload.amount,
        currency=payload.currency or (invoice.currency if invoice else space.currency),
        paid_on=payload.paid_on,
        invoice=invoice,
        reference=payload.reference,
        payer=payload.payer,
        note=payload.note,
        external_id=payload.external_id,
        source=PaymentSource.API,
    )
    return Status(201 if created else 200, _shown([payment])[0])


@router.get("/payments", response=PaymentList, by_alias=True, summary="Payments, newest first")
def list_payments(request: HttpRequest, query: Query[PaymentFilter]) -> PaymentList:
    """Payments with their invoices, by number of the invoice, by externalId, or those that wait."""
    found = Payment.objects.in_space(space_of_key(request)).order_by("-pk")
    if query.invoice_number:
        found = found.filter(invoice__number=query.invoice_number)
    if query.external_id:
        found = found.filter(external_id=query.external_id)
    if query.assigned is not None:
        found = found.exclude(invoice=None) if query.assigned else found.to_be_assigned()
    rows, following = _part(found, query)
    return PaymentList(items=_shown(rows), next=following)


@router.get("/invoices", response=InvoiceList, by_alias=True, summary="Invoices, newest first")
def list_invoices(request: HttpRequest, query: Query[InvoiceFilter]) -> InvoiceList:
    """Invoices with what was paid and what is open, by number or state."""
    found = Invoice.objects.in_space(space_of_key(request)).order_by("-pk").defer("data").select_related("order")
    if query.number:
        found = found.filter(number=query.number)
    if query.state:
        found = found.filter(state=query.state)
    rows, following = _part(found.with_open_amount(), query)
    return InvoiceList(items=[_invoice(row) for row in rows], next=following)


def _part(rows: Any, query: Page) -> tuple[list[Any], int | None]:
    """A page, and the id after which the next one begins: one row more is read than shown, to know of it."""
    if query.before:
        rows = rows.filter(pk__lt=query.before)
    found = list(rows[: query.limit + 1])
    shown = found[: query.limit]
    return shown, shown[-1].pk if len(found) > query.limit else None


def _named(space: Any, number: str) -> Invoice:
    found: Invoice | None = Invoice.objects.in_space(space).filter(number=number).defer("data").first()
    if found is None:
        sentence = _("There is no invoice with the number “%(number)s”.")
        raise PaymentRefused({"invoice_number": sentence % {"number": number}})
    return found


def _shown(rows: Iterable[Payment]) -> list[PaymentOut]:
    rows = list(rows)
    invoices = Invoice.objects.filter(payments__in=[row.pk for row in rows]).defer("data").with_open_amount()
    by_pk = {invoice.pk: invoice for invoice in invoices}
    taken_back = set(
        Payment.objects.filter(reverses__in=[row.pk for row in rows]).values_list("reverses_id", flat=True)
    )
    return [_payment(row, by_pk.get(row.invoice_id), taken_back=row.pk in taken_back) for row in rows]


def _payment(row: Payment, invoice: Any, *, taken_back: bool) -> PaymentOut:
    return PaymentOut(
        id=row.pk,
        external_id=row.external_id,
        amount=_amount(row.counted, row.currency),
        currency=row.currency,
        paid_on=row.paid_on,
        source=row.source,
        payer=row.payer,
        reference=row.reference,
        note=row.note,
        takes_back=row.reverses_id,
        taken_back=taken_back,
        invoice_number=invoice.number if invoice else None,
        invoice_state=invoice.state if invoice else None,
        invoice_open=_amount(_open(invoice), invoice.currency) if invoice else None,
        unassigned_because=row.unmatched_sentence,
        created_at=row.created_at,
    )


def _invoice(row: Any) -> InvoiceOut:
    return InvoiceOut(
        number=row.number,
        state=row.state,
        order_number=row.order.number,
        customer=row.recipient,
        currency=row.currency,
        amount=_amount(row.gross, row.currency),
        paid=_amount(row.paid_amount, row.currency),
        open=_amount(_open(row), row.currency),
        overpaid=_amount(max(-row.open_amount, ZERO), row.currency),
        issued_on=row.issued_on,
        due_on=row.due_on,
        payment_reference=row.payment_reference,
    )


def _open(invoice: Any) -> Decimal:
    """What is still asked for; of a canceled invoice nothing is."""
    return ZERO if invoice.state == "canceled" else max(invoice.open_amount, ZERO)


def _amount(amount: Decimal, currency: str) -> str:
    return str(rounded(amount, currency))
