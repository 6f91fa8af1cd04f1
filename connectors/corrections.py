"""What can be put right before an invoice is issued again, and how the order changes by it.

The order holds what is right now; what was issued holds what it was issued with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from connectors import money
from connectors.documents.data import ADDRESS, Party
from connectors.models import Order, OrderLine


@dataclass(frozen=True)
class LineCorrection:
    """What is right of a line; its discount stays as it is."""

    description: str
    quantity: Decimal
    unit_price: Decimal
    tax_rate: Decimal


@dataclass(frozen=True)
class Correction:
    """What the invoice says when it is issued again.

    ``billing_address`` holds the customer's e-mail address and VAT number too. ``lines`` are those of the order, in
    their order; none where they stay as they are. ``reason`` is said on the credit note.
    """

    billing_address: Party
    note: str = ""
    tax_note: str = ""
    lines: tuple[LineCorrection, ...] = ()
    reason: str = ""


def unchanged(order: Order) -> Correction:
    """The correction that corrects nothing."""
    return Correction(order.billing_party, order.note, order.tax_note)


def corrected_lines(lines: Sequence[OrderLine], correction: Correction) -> list[OrderLine]:
    """The lines as they are right, not saved, without their amounts."""
    if correction.lines:
        for line, right in zip(lines, correction.lines, strict=True):
            for name, value in asdict(right).items():
                setattr(line, name, value)
    return list(lines)


def totals_of(order: Order, lines: Sequence[OrderLine]) -> money.Totals:
    """What the lines come to, with the discount and the shipping of the order. Raises money.MoneyError."""
    return money.document_totals(
        [_money_line(line) for line in lines],
        order.currency,
        prices_include_tax=order.prices_include_tax,
        discount=_discount(order),
        shipping=money.Shipping(order.shipping, order.shipping_tax_rate) if order.shipping else None,
    )


def _discount(order: Order) -> money.Discount:
    if order.discount_percent:
        return money.Discount(percent=order.discount_percent)
    return money.Discount(amount=order.discount)


def _money_line(line: OrderLine) -> money.LineInput:
    return money.LineInput(line.quantity, line.unit_price, line.tax_rate, line.discount, line.discount_percent)


def write(order: Order, lines: Sequence[OrderLine], totals: money.Totals, correction: Correction) -> None:
    """Put the order right, in the transaction that issues its invoice again."""
    for line, amount in zip(lines, totals.line_amounts, strict=True):
        line.amount = amount
    if correction.lines:
        OrderLine.objects.bulk_update(
            lines, ["description", "quantity", "unit_price", "tax_rate", "amount"], batch_size=100
        )
    order.billing_address = ADDRESS.write(correction.billing_address)
    order.note, order.tax_note = correction.note, correction.tax_note
    order.discount, order.net, order.tax, order.gross = totals.discount, totals.net, totals.tax, totals.gross
    order.save(update_fields=["billing_address", "note", "tax_note", "discount", "net", "tax", "gross"])
