"""Orders: received once, paid, shipped. Everything that follows from it is in the same transaction."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from connectors import money
from connectors.documents.data import ADDRESS
from connectors.models import Connector, Customer, Event, Order, OrderLine
from connectors.order_errors import OrderRefused
from connectors.order_schema import AddressInput, DiscountInput, LineInput, OrderInput
from connectors.services import copies, invoices, order_events, packing_slips, payments
from connectors.services.connectors import connector_for
from connectors.services.customers import remember
from spaces.models import Space


def receive(
    space: Space, order_input: OrderInput, connector: Connector | None = None, *, customer: Customer | None = None
) -> tuple[Order, bool]:
    """Take an order in: the order, its invoice and packing slip, and what its connector's rules ask for, or nothing.

    Returns the order and whether it is new: one that is known by its ``external_id`` is returned as it was, whatever
    came now. ``customer`` is given where a person chose one. Raises OrderRefused.
    """
    known = _known(space, order_input)
    if known is not None:
        return known, False
    connector = connector or connector_for(space)
    totals = totals_of(order_input, connector)
    logo = copies.read_logo(space)
    try:
        with transaction.atomic():
            customer = customer or remember(space, order_input.customer)
            order = _order(order_input, totals, space=space, connector=connector, customer=customer)
            _write(order, order_input, totals, logo)
            return order, True
    except IntegrityError:
        # Somebody else received the same order since the look, and has committed it.
        known = _known(space, order_input)
        if known is None:
            raise
        return known, False


def mark_paid(order: Order, at: datetime | None = None) -> bool:
    """The money for an order is there. Returns False, and does nothing, where that was known already."""
    return payments.settle_order(order, at)


def mark_shipped(order: Order, at: datetime | None = None) -> bool:
    """An order has left. Returns False, and does nothing, where that was known already."""
    with transaction.atomic():
        return order_events.happened(order, Event.SHIPPED, at or timezone.now())


def _known(space: Space, order_input: OrderInput) -> Order | None:
    return Order.objects.in_space(space).filter(external_id=order_input.external_id).first()  # type: ignore[no-any-return]


def totals_of(order_input: OrderInput, connector: Connector) -> money.Totals:
    """What the order comes to. Raises OrderRefused where it does not add up."""
    prices_include_tax = order_input.prices_include_tax
    if prices_include_tax is None:
        prices_include_tax = connector.prices_include_tax
    shipping = order_input.shipping
    try:
        return money.document_totals(
            [_money_line(line) for line in order_input.lines],
            order_input.currency,
            prices_include_tax=prices_include_tax,
            discount=_money_discount(order_input.discount),
            shipping=money.Shipping(shipping.amount, shipping.tax_rate) if shipping else None,
        )
    except money.MoneyError as error:
        raise OrderRefused([f"{_place(order_input)}{error}"]) from error


def _place(order_input: OrderInput) -> str:
    """The line that is wrong by itself; nothing where only the whole is."""
    for index, line in enumerate(order_input.lines):
        try:
            money.line_amount(_money_line(line), order_input.currency)
        except money.MoneyError:
            return f"lines[{index}]: "
    return ""


def _money_line(line: LineInput) -> money.LineInput:
    discount = line.discount or DiscountInput(percent=money.ZERO)
    return money.LineInput(line.quantity, line.unit_price, line.tax_rate, discount.amount, discount.percent)


def _money_discount(discount: DiscountInput | None) -> money.Discount | None:
    return money.Discount(discount.percent, discount.amount) if discount else None


def _write(order: Order, order_input: OrderInput, totals: money.Totals, logo: bytes | None) -> None:
    """Write everything. The numbers are given last: until the commit all others wait for theirs."""
    space = order.space
    order.save(force_insert=True)
    lines = [
        _line(order, *numbered) for numbered in enumerate(zip(order_input.lines, totals.line_amounts, strict=True))
    ]
    OrderLine.objects.bulk_create(lines)
    frozen_logo = copies.frozen_logo(space, logo)
    today = timezone.now().astimezone(space.zone).date()
    invoice = invoices.issue(
        order, lines, totals, logo=frozen_logo, day=today, language_tag=order_input.customer.language
    )
    slip = packing_slips.issue(order, lines, logo=frozen_logo, day=today)
    order_events.follow_rules(order, *order_events.events_so_far(order), documents=[invoice, slip])


def _order(
    order_input: OrderInput, totals: money.Totals, *, space: Space, connector: Connector, customer: Customer
) -> Order:
    shipping = order_input.shipping
    billing = order_input.billing_address or order_input.customer
    return Order(
        space=space,
        connector=connector,
        customer=customer,
        external_id=order_input.external_id,
        number=order_input.number or order_input.external_id[:64],
        currency=order_input.currency,
        language=copies.language_of(order_input.customer.language) or space.language,
        prices_include_tax=totals.prices_include_tax,
        placed_at=order_input.placed_at,
        paid_at=order_input.paid_at,
        shipped_at=order_input.shipped_at,
        billing_address=ADDRESS.write(copies.party_of(billing, order_input.customer)),
        delivery_address=_delivery_address(order_input.delivery_address),
        customer_group=order_input.customer.group or customer.group,
        delivery_method=order_input.delivery_method,
        note=order_input.note,
        tax_note=order_input.tax_note,
        discount=totals.discount,
        discount_percent=order_input.discount.percent if order_input.discount else money.ZERO,
        shipping=totals.shipping,
        shipping_tax_rate=shipping.tax_rate if shipping else money.ZERO,
        net=totals.net,
        tax=totals.tax,
        gross=totals.gross,
    )


def _delivery_address(address: AddressInput | None) -> dict[str, Any] | None:
    return ADDRESS.write(copies.party_of(address)) if address else None


def _line(order: Order, index: int, line_and_amount: tuple[LineInput, Decimal]) -> OrderLine:
    line, amount = line_and_amount
    return OrderLine(
        order=order,
        position=index + 1,
        sku=line.sku,
        description=line.description,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        tax_rate=line.tax_rate,
        discount=line.discount.amount if line.discount else money.ZERO,
        discount_percent=line.discount.percent if line.discount else money.ZERO,
        amount=amount,
    )
