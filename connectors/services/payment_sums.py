"""What was paid of an invoice, what is open, and what was paid too much."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from connectors.models import DunningNotice, Invoice, InvoiceState, Payment
from connectors.money import ZERO

# Nothing is asked for these any more.
_CLOSED = frozenset({InvoiceState.CANCELED})


def paid_amount(invoice: Invoice) -> Decimal:
    """The sum of its payments, less what was taken back; exact, which a sum in SQLite is not."""
    return sum((payment.counted for payment in Payment.objects.filter(invoice=invoice)), ZERO)


def open_amount(invoice: Invoice) -> Decimal:
    """Its amount less its payments, in the currency of the invoice; below zero where more was paid than that."""
    return invoice.gross - paid_amount(invoice)


@dataclass(frozen=True, slots=True)
class Account:
    """An invoice as an account: ``gross`` and the ``charges`` of its dunning notices are owed, ``paid`` has come.

    What is paid counts for the invoice first, then for the charges; what goes beyond both was paid too much.
    """

    gross: Decimal
    charges: Decimal
    paid: Decimal
    payments: tuple[Payment, ...]

    @property
    def open(self) -> Decimal:
        """What is left of the invoice itself."""
        return max(self.gross - self.paid, ZERO)

    @property
    def charges_open(self) -> Decimal:
        """What is left of fees and interest."""
        return min(self.charges, max(self.gross + self.charges - self.paid, ZERO))

    @property
    def overpaid(self) -> Decimal:
        return max(self.paid - self.gross - self.charges, ZERO)


def account_of(invoice: Invoice) -> Account:
    """What is owed and what was paid, in two queries."""
    payments = tuple(Payment.objects.filter(invoice=invoice).select_related("reverses", "created_by").order_by("pk"))
    owed = invoice.state not in _CLOSED
    return Account(
        gross=invoice.gross if owed else ZERO,
        charges=charges_of(invoice) if owed else ZERO,
        paid=sum((payment.counted for payment in payments), ZERO),
        payments=payments,
    )


def charges_of(invoice: Invoice) -> Decimal:
    """Fees and interest that the last notice of the invoice asks for; those of earlier ones are contained in it."""
    notices: Iterable[DunningNotice] = DunningNotice.objects.filter(case__invoice=invoice, withdrawn_at=None)
    last = max(notices, key=lambda notice: notice.position, default=None)
    return last.total - last.principal if last is not None else ZERO
