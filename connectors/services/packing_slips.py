"""Packing slips: issued with the order, without prices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from connectors.documents.data import PackingSlipData, PackingSlipLine
from connectors.models import FrozenLogo, Order, OrderLine, PackingSlip, SeriesKind
from connectors.numbering import next_number
from connectors.services import copies


def issue(order: Order, lines: Iterable[OrderLine], *, logo: FrozenLogo | None, day: date) -> PackingSlip:
    """Issue the packing slip of an order, with the next number of its own series. Inside the caller's transaction."""
    number = next_number(order.space, SeriesKind.PACKING_SLIP, day)
    return PackingSlip.objects.create(
        space=order.space,
        order=order,
        number=number,
        issued_on=day,
        data=_copy(order, lines, number, logo, day).to_json(),
        logo=logo,
    )


def _copy(order: Order, lines: Iterable[OrderLine], number: str, logo: FrozenLogo | None, day: date) -> PackingSlipData:
    zone = order.space.zone
    return PackingSlipData(
        number=number,
        issue_date=day,
        sender=copies.sender_of(order.space, logo),
        delivery_address=order.delivery_party or order.billing_party,
        delivery_date=order.shipped_at.astimezone(zone).date() if order.shipped_at else None,
        language=copies.document_language(order.language),
        country=order.space.country,
        lines=tuple(
            PackingSlipLine(
                position=line.position,
                sku=line.sku,
                description=line.description,
                quantity=line.quantity,
                unit=line.unit,
            )
            for line in lines
        ),
        shipping_method=order.delivery_method,
        order_number=order.number,
        order_date=order.placed_at.astimezone(zone).date(),
        customer_number=order.customer.number,
        note=order.note,
    )
