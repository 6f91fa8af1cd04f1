"""What happens to an order once: noted with its moment, and what prints then. In the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from connectors import printing_bridge
from connectors.models import Event, Order

_COLUMNS = {Event.PAID: "paid_at", Event.SHIPPED: "shipped_at"}


def happened(order: Order, event: Event, at: datetime) -> bool:
    """Note the moment unless there is one: of two who report the same event, one succeeds and prints."""
    column = _COLUMNS[event]
    if Order.objects.filter(pk=order.pk, **{column: None}).update(**{column: at}) != 1:
        return False
    setattr(order, column, at)
    printing_bridge.print_documents(order, event)
    return True


def not_paid_after_all(order: Order) -> None:
    """The payment was taken back. Paid once more, it prints no second time: print jobs know their event."""
    Order.objects.filter(pk=order.pk).update(paid_at=None)
    order.paid_at = None
