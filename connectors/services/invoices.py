"""Invoices: issued with the order, as a copy of everything that is printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from connectors import corrections, printing_bridge
from connectors.corrections import Correction
from connectors.documents.data import DocumentLine, InvoiceData, TaxSummaryLine
from connectors.models import CreditNote, Event, FrozenLogo, Invoice, InvoiceState, Order, OrderLine, SeriesKind
from connectors.money import Totals
from connectors.numbering import next_number
from connectors.services import copies, credit_notes, dunning, mails, order_events, payment_parts, payments
from spaces.models import Space


def issue(
    order: Order,
    lines: Iterable[OrderLine],
    totals: Totals,
    *,
    logo: FrozenLogo | None,
    day: date,
    language_tag: str = "",
    instead_of: Invoice | None = None,
) -> Invoice:
    """Issue the invoice of an order, with the next number of the Space. Inside the caller's transaction, late.

    ``language_tag`` is the customer's own: a payment slip knows more languages than the documents. The payments of a
    canceled invoice ``instead_of`` which this one comes are taken over.
    """
    space = order.space
    due_on = None if order.paid_at else day + timedelta(days=order.connector.payment_days)
    data = _copy(order, lines, totals, logo, day, due_on)
    if instead_of is not None:
        data = replace(data, replaces=instead_of.number, replaces_date=instead_of.issued_on)
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
    if instead_of is not None:
        payments.take_over(instead_of, invoice)
    payments.came_paid(invoice, order)
    return invoice


class InvoiceRefused(Exception):
    """This cannot be done with the invoice as it is; the text is for the person who asked."""


def cancel(invoice: Invoice, by: AbstractBaseUser | None = None, *, reason: str = "") -> CreditNote:
    """Cancel an invoice by a credit note over all of it: dunning ends, and what has not left of it is withdrawn.

    Raises InvoiceRefused where it is canceled already or was written off.
    """
    logo = copies.read_logo(invoice.space)
    with transaction.atomic():
        return _cancel(_locked(invoice), by, reason, copies.frozen_logo(invoice.space, logo))


def issue_again(invoice: Invoice, correction: Correction, by: AbstractBaseUser | None = None) -> Invoice:
    """Cancel an invoice, unless it is, and issue the order's invoice anew, corrected and with a number of its own.

    It prints and is e-mailed by the rules that the first one was. Payments of the canceled invoice count for the new
    one. All in one transaction. Raises InvoiceRefused, and money.MoneyError where corrected lines do not add up.
    """
    logo = copies.read_logo(invoice.space)
    with transaction.atomic():
        canceled = _locked(invoice)
        frozen_logo = copies.frozen_logo(canceled.space, logo)
        if correction.lines and canceled.order.paid_at is not None:
            raise InvoiceRefused(_("The order is paid: address and texts can be corrected, the lines cannot."))
        if canceled.state != InvoiceState.CANCELED:
            _cancel(canceled, by, correction.reason, frozen_logo)
        return _issue_instead(canceled, correction, frozen_logo)


def _locked(invoice: Invoice) -> Invoice:
    """The invoice, and then its order, locked until the transaction ends.

    A payment, a dunning run and a second cancellation wait for the first lock; an event that prints the invoice for the
    second, and looks afterwards for an invoice that is not canceled.
    """
    rows = Invoice.objects.select_for_update(of=("self",), no_key=True)
    locked: Invoice = rows.select_related("space").get(pk=invoice.pk)
    orders = Order.objects.select_for_update(of=("self",), no_key=True).select_related("space", "connector", "customer")
    locked.order = orders.get(pk=locked.order_id)
    return locked


def _cancel(invoice: Invoice, by: AbstractBaseUser | None, reason: str, logo: FrozenLogo | None) -> CreditNote:
    if Invoice.objects.filter(pk=invoice.pk).change_state(InvoiceState.CANCELED) != 1:
        sentence = _("The invoice %(number)s is in the state “%(state)s” and cannot be canceled.")
        raise InvoiceRefused(sentence % {"number": invoice.number, "state": invoice.get_state_display()})
    invoice.state = InvoiceState.CANCELED
    dunning.invoice_canceled(invoice)
    printed, mailed = printing_bridge.withdraw(invoice), mails.withdraw(invoice)
    note = credit_notes.issue(
        invoice,
        logo=logo,
        day=dunning.local_day(invoice.space),
        reason=reason,
        withdrawn=printed.canceled + mailed.canceled,
        left=printed.left + mailed.left,
        by=by,
    )
    order_events.follow_rules(invoice.order, Event.CREDIT_NOTE_ISSUED, documents=[note])
    return note


def _issue_instead(canceled: Invoice, correction: Correction, logo: FrozenLogo | None) -> Invoice:
    order = canceled.order
    valid = Invoice.objects.filter(order=order).exclude(state=InvoiceState.CANCELED).first()
    if valid is not None:
        sentence = _("The order has the invoice %(number)s already.")
        raise InvoiceRefused(sentence % {"number": valid.number})
    lines = corrections.corrected_lines(list(order.lines.all()), correction)
    totals = corrections.totals_of(order, lines)
    corrections.write(order, lines, totals, correction)
    part = canceled.copy.payment
    invoice = issue(
        order,
        lines,
        totals,
        logo=logo,
        day=dunning.local_day(order.space),
        language_tag=part.language if part and part.kind == "qr_bill" else order.language,
        instead_of=canceled,
    )
    order_events.follow_rules(order, *order_events.events_so_far(order), documents=[invoice])
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
