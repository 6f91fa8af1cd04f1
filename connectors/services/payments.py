"""Payments: recorded once, assigned to their invoice, taken back; and what becomes of the invoice by that.

Whoever changes what is paid of an invoice locks its row first, as a dunning run does (services.dunning.cases): of two
payments that arrive in the same moment the second sees the first, and no notice is issued for what is just being paid.
After the invoice's row come those of its payment, its order and its case, in this order everywhere.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, time
from decimal import Decimal

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from connectors.models import Event, Invoice, InvoiceState, Order, Payment, PaymentImport, PaymentSource
from connectors.money import rounded
from connectors.payment_checks import PaymentInput, PaymentRefused
from connectors.services import dunning, order_events
from connectors.services.payment_matching import Match, find_invoice, obstacle_of
from connectors.services.payment_sums import Account, account_of, open_amount
from spaces.models import Space

__all__ = [
    "Account",
    "PaymentRefused",
    "account_of",
    "assign",
    "came_paid",
    "open_amount",
    "record",
    "reverse",
    "settle_order",
    "take_over",
]


def record(
    space: Space,
    *,
    amount: Decimal,
    currency: str,
    paid_on: date,
    source: PaymentSource | str,
    invoice: Invoice | None = None,
    reference: str = "",
    payer: str = "",
    external_id: str | None = None,
    note: str = "",
    created_by: AbstractBaseUser | None = None,
    payment_import: PaymentImport | None = None,
    at: datetime | None = None,
) -> tuple[Payment, bool]:
    """Write a payment down; where it covers the invoice, this is PAID and dunning ends, in the same transaction.

    Without ``invoice`` it is looked for by ``reference``. A payment that cannot be any invoice's is kept, says why, and
    waits for a person. Returns the payment and whether it is new: one that is known by its ``external_id`` is returned
    as it was, whatever came now. Raises PaymentRefused; a named invoice in another currency is one reason.
    """
    moment = at or timezone.now()
    given = PaymentInput(amount, currency, paid_on, reference, payer, external_id, note)
    given = given.cleaned(dunning.local_day(space, moment))
    if (known := _known(space, given.external_id)) is not None:
        return known, False
    if invoice is not None:
        refuse_currency(invoice, given.currency)
    found = Match(invoice) if invoice else find_invoice(space, given.reference, given.amount, given.currency)
    row = Payment(
        space=space,
        source=PaymentSource(source),
        payment_import=payment_import,
        created_by_id=created_by.pk if created_by else None,
        created_at=moment,
        **{**asdict(given), "amount": rounded(given.amount, given.currency)},
    )
    try:
        with transaction.atomic():
            _write(row, found, moment)
            return row, True
    except IntegrityError:
        # Somebody else recorded the same payment since the look, and has committed it.
        if (known := _known(space, given.external_id)) is None:
            raise
        return known, False


def assign(payment: Payment, invoice: Invoice, *, at: datetime | None = None) -> None:
    """Make a payment that waits the invoice's. Raises PaymentRefused."""
    refuse_currency(invoice, payment.currency)
    with transaction.atomic():
        locked = _locked(invoice)
        if locked.state == InvoiceState.CANCELED:
            raise PaymentRefused({"invoice": _("The invoice %(number)s is canceled.") % {"number": locked.number}})
        waiting = Payment.objects.in_space(locked.space).filter(pk=payment.pk).to_be_assigned()
        # Locked first: the reversal of a payment is another row, which no condition of an UPDATE waits for.
        Payment.objects.select_for_update().get(pk=payment.pk)
        if waiting.update(invoice=locked, unmatched="", unmatched_number="") != 1:
            raise PaymentRefused({"": _("This payment is assigned already, or was taken back.")})
        payment.refresh_from_db()
        _settle_if_covered(locked, payment.paid_on, at or timezone.now())


def reverse(
    payment: Payment,
    *,
    paid_on: date,
    note: str = "",
    created_by: AbstractBaseUser | None = None,
    at: datetime | None = None,
) -> Payment:
    """Take a payment back: a bounced direct debit, a mistake. An invoice that is not covered any more is open again.

    The payment stays; the new row refers to it. ``paid_on`` is the day from which the money is missing.
    Raises PaymentRefused.
    """
    moment = at or timezone.now()
    given = PaymentInput(payment.amount, payment.currency, paid_on, payment.reference, payment.payer, None, note)
    given = given.cleaned(dunning.local_day(payment.space, moment))
    if paid_on < payment.paid_on:
        raise PaymentRefused({"paid_on": _("The day must not be before the day of the payment.")})
    with transaction.atomic():
        invoice = _locked(payment.invoice) if payment.invoice is not None else None
        locked: Payment = Payment.objects.select_for_update().get(pk=payment.pk)
        if locked.invoice_id != payment.invoice_id:
            raise PaymentRefused({"": _("Somebody has just assigned this payment. Look at it again.")})
        if locked.reverses_id is not None or Payment.objects.filter(reverses=locked).exists():
            raise PaymentRefused({"": _("This payment was taken back already.")})
        reversal = Payment.objects.create(
            space=payment.space,
            invoice=invoice,
            source=PaymentSource.MANUAL,
            reverses=locked,
            created_by_id=created_by.pk if created_by else None,
            created_at=moment,
            **asdict(given),
        )
        if invoice is not None:
            _reopen_if_uncovered(invoice, moment)
    return reversal


def settle_order(order: Order, at: datetime | None = None) -> bool:
    """The money for an order is there, says somebody: what is open of its invoice counts as paid.

    Returns False, and does nothing, where the order is known as paid.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        unsettled = Invoice.objects.filter(order=order).exclude(state=InvoiceState.CANCELED)
        invoice: Invoice | None = unsettled.select_for_update(no_key=True).defer("data").first()
        if not order_events.happened(order, Event.PAID, moment):
            return False
        if invoice is not None:
            paid_on = dunning.local_day(order.space, moment)
            _record_rest(invoice, paid_on, timezone.now())
            _settle_if_covered(invoice, paid_on, timezone.now())
    return True


def came_paid(invoice: Invoice, order: Order) -> None:
    """Write the payment of an order that was received as paid, in the transaction that issues its invoice."""
    if order.paid_at is not None:
        _record_rest(invoice, dunning.local_day(order.space, order.paid_at), timezone.now())


def take_over(canceled: Invoice, invoice: Invoice) -> None:
    """Count the payments of a canceled invoice for the one that is issued in its place, in that transaction.

    The canceled invoice's row is locked. What was paid may cover the new one, which is PAID then.
    """
    if Payment.objects.filter(invoice=canceled).update(invoice=invoice):
        now = timezone.now()
        _settle_if_covered(invoice, dunning.local_day(invoice.space, now), now)


def _record_rest(invoice: Invoice, paid_on: date, at: datetime) -> None:
    if (rest := open_amount(invoice)) > 0:
        Payment.objects.create(
            space_id=invoice.space_id,
            invoice=invoice,
            amount=rest,
            currency=invoice.currency,
            paid_on=paid_on,
            payer=invoice.recipient,
            source=PaymentSource.ORDER,
            created_at=at,
        )


def _known(space: Space, external_id: str | None) -> Payment | None:
    if external_id is None:
        return None
    known: Payment | None = Payment.objects.in_space(space).filter(external_id=external_id).first()
    return known


def refuse_currency(invoice: Invoice, currency: str) -> None:
    """Raise PaymentRefused where somebody names an invoice in another currency than the payment's."""
    if invoice.currency != currency:
        sentence = _("The invoice %(number)s is in %(currency)s, the payment in %(other)s.")
        values = {"number": invoice.number, "currency": invoice.currency, "other": currency}
        raise PaymentRefused({"currency": sentence % values})


def _locked(invoice: Invoice) -> Invoice:
    rows = Invoice.objects.select_for_update(of=("self",), no_key=True)
    locked: Invoice = rows.select_related("order__space", "space").defer("data").get(pk=invoice.pk)
    return locked


def _write(payment: Payment, found: Match, at: datetime) -> None:
    if found.invoice is not None:
        # Looked at again under the lock: it may have been canceled since.
        found = obstacle_of(_locked(found.invoice), payment.currency)
    payment.invoice = found.invoice
    payment.unmatched = found.unmatched or ""
    payment.unmatched_number = found.number
    payment.save(force_insert=True)
    if found.invoice is not None:
        _settle_if_covered(found.invoice, payment.paid_on, at)


def _settle_if_covered(invoice: Invoice, paid_on: date, at: datetime) -> None:
    if open_amount(invoice) > 0 or Invoice.objects.filter(pk=invoice.pk).change_state(InvoiceState.PAID) != 1:
        return
    invoice.state = InvoiceState.PAID
    order_events.happened(invoice.order, Event.PAID, _moment(invoice.space, paid_on, at))
    dunning.settled(invoice, at=at)


def _reopen_if_uncovered(invoice: Invoice, at: datetime) -> None:
    if open_amount(invoice) <= 0:
        return
    late = invoice.due_on is not None and invoice.due_on < dunning.local_day(invoice.space, at)
    state = InvoiceState.OVERDUE if late else InvoiceState.OPEN
    if Invoice.objects.filter(pk=invoice.pk, state=InvoiceState.PAID).change_state(state) != 1:
        return
    invoice.state = state
    order_events.not_paid_after_all(invoice.order)
    dunning.reopened(invoice, at=at)


def _moment(space: Space, day: date, now: datetime) -> datetime:
    """When an order was paid, of which only the day is known: the beginning of that day where the Space is."""
    return min(datetime.combine(day, time.min, space.zone), now)
