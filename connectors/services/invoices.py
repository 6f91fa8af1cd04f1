"""Invoices: issued with the order, as a copy of everything that is printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from connectors.documents.data import DocumentLine, InvoiceData, TaxSummaryLine
from connectors.models import FrozenLogo, Invoice, InvoiceState, Order, OrderLine, SeriesKind
from connectors.money import Totals
from connectors.numbering import next_number
from connectors.services import copies, payment_parts, payments
from spaces.models import Space


def issue(
    order: Order,
    lines: Iterable[OrderLine],
    totals: Totals,
    *,
    logo: FrozenLogo | None,
    day: date,
    language_tag: str = "",
) -> Invoice:
    """Issue the invoice of an order, with the next number of the Space. Inside the caller's transaction, late.

    ``language_tag`` is the customer's own: a payment slip knows more languages than the documents.
    """
    space = order.space
    due_on = None if order.paid_at else day + timedelta(days=order.connector.payment_days)
    data = _copy(order, lines, totals, logo, day, due_on)
    # The number comes last, when nothing is left that takes time.
    number = next_number(space, SeriesKind.INVOICE, day)
    data = replace(data, number=number)
    payment, reference = payment_parts.of_invoice(order, data, language_tag)
    invoice = Invoice.objects.create(
        space=space,
        order=order,
        number=number,
        issued_on=day,
        due_on=due_on,
        state=_first_state(order, totals),
        currency=totals.currency,
        recipient=data.billing_address.company or data.billing_address.name,
        net=totals.net,
        tax=totals.tax,
        gross=totals.gross,
        data=replace(data, payment=payment).to_json(),
        payment_reference=reference,
        logo=logo,
    )
    if not reference:
        payment_parts.complete(invoice, data, payment)
    payments.came_paid(invoice, order)
    return invoice


def _first_state(order: Order, totals: Totals) -> InvoiceState:
    if totals.gross == 0:
        return InvoiceState.NOT_APPLICABLE
    return InvoiceState.PAID if order.paid_at else InvoiceState.OPEN


def _copy(
    order: Order, lines: Iterable[OrderLine], totals: Totals, logo: FrozenLogo | None, day: date, due_on: date | None
) -> InvoiceData:
    zone = order.space.zone
    return InvoiceData(
        number="",
        issue_date=day,
        sender=copies.sender_of(order.space, logo),
        billing_address=order.billing_party,
        delivery_address=order.delivery_party,
        delivery_date=order.shipped_at.astimezone(zone).date() if order.shipped_at else None,
        currency=totals.currency,
        language=copies.document_language(order.language),
        country=order.space.country,
        prices_include_tax=totals.prices_include_tax,
        lines=tuple(_line(line) for line in lines),
        tax_summary=tuple(
            TaxSummaryLine(rate=group.rate, net=group.net, tax=group.tax, gross=group.gross)
            for group in totals.tax_groups
        ),
        lines_total=totals.lines,
        discount=totals.discount,
        discount_percent=order.discount_percent,
        shipping=totals.shipping,
        net=totals.net,
        tax=totals.tax,
        gross=totals.gross,
        order_number=order.number,
        order_date=order.placed_at.astimezone(zone).date(),
        customer_number=order.customer.number,
        payment_days=None if order.paid_at else order.connector.payment_days,
        due_date=due_on,
        paid=order.paid_at is not None,
        tax_note=order.tax_note,
        note=order.note,
    )


def _line(line: OrderLine) -> DocumentLine:
    return DocumentLine(
        position=line.position,
        sku=line.sku,
        description=line.description,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        tax_rate=line.tax_rate,
        amount=line.amount,
        discount=line.discount,
        discount_percent=line.discount_percent,
    )


def mark_overdue() -> int:
    """Open invoices whose due day has passed where their Space is become overdue; returns how many."""
    now = timezone.now()
    moved = 0
    for zone in Space.objects.order_by().values_list("time_zone", flat=True).distinct():
        today = now.astimezone(ZoneInfo(zone)).date()
        due = Invoice.objects.filter(space__time_zone=zone, due_on__lt=today, state=InvoiceState.OPEN)
        moved += due.change_state(InvoiceState.OVERDUE)
    return moved
