"""Payments as they are recorded."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from connectors.models import Invoice, InvoiceState, Payment, PaymentSource
from connectors.services import payments
from connectors.services.dunning import local_day
from spaces.models import Space


def pay(invoice: Invoice, amount: str | Decimal, **changes: Any) -> Payment:
    """A payment for an invoice, entered by hand today."""
    payment, _created = recorded(invoice.space, amount, **{"invoice": invoice, "currency": invoice.currency, **changes})
    return payment


def recorded(space: Space, amount: str | Decimal, **changes: Any) -> tuple[Payment, bool]:
    """A payment in EUR of today, as somebody reports it."""
    given = {"currency": "EUR", "source": PaymentSource.MANUAL, "paid_on": local_day(space), **changes}
    return payments.record(space, amount=Decimal(amount), **given)


def state(invoice: Invoice) -> InvoiceState:
    invoice.refresh_from_db()
    return InvoiceState(invoice.state)
