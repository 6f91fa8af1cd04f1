"""Invoices that a payment without one may be for, to be chosen by a person."""

from __future__ import annotations

from typing import Any

from connectors.models import Invoice, InvoiceState, Payment
from connectors.services.payment_matching import candidates_of

MOST = 6
_MAY_BE_PAID = (InvoiceState.OPEN, InvoiceState.OVERDUE, InvoiceState.DERECOGNIZED)


def suggestions(payment: Payment) -> list[Any]:
    """What the payer seems to name first, then unpaid invoices of which exactly this is open; with ``open_amount``."""
    invoices = Invoice.objects.in_space(payment.space).filter(currency=payment.currency).defer("data")
    named = [invoice.pk for invoice in candidates_of(payment.space, payment.reference)]
    named_rows = invoices.filter(pk__in=named).exclude(state=InvoiceState.CANCELED).with_open_amount()
    # What costs less cannot be open by that much; the payments are only added up for the others.
    fitting = invoices.filter(state__in=_MAY_BE_PAID, gross__gte=payment.amount).exclude(pk__in=named)
    by_amount = fitting.with_open_amount().filter(open_amount=payment.amount).order_by("-pk")[:MOST]
    return [*named_rows, *by_amount][:MOST]
