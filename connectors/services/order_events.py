"""What happens to an order: noted with its moment, once, and what the connector's rules have printed and e-mailed then.

All of it in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from connectors import printing_bridge
from connectors.decisions import Decision, decide
from connectors.models import Event, IssuedDocument, MailRule, Order
from connectors.services import mails

_COLUMNS = {Event.PAID: "paid_at", Event.SHIPPED: "shipped_at"}


def happened(order: Order, event: Event, at: datetime) -> bool:
    """Note the moment unless there is one: of two who report the same event, one succeeds, and rules are followed."""
    column = _COLUMNS[event]
    if Order.objects.filter(pk=order.pk, **{column: None}).update(**{column: at}) != 1:
        return False
    setattr(order, column, at)
    follow_rules(order, event)
    return True


def follow_rules(order: Order, *events: Event, documents: Sequence[IssuedDocument] | None = None) -> None:
    """Print and e-mail what the order's connector asks for on these events.

    ``documents`` are those it is about, where they are at hand. The same event again does nothing more.
    """
    printing_bridge.print_documents(order, *events, documents=documents)
    for decision in mail_decisions(order, *events, documents=documents):
        if decision.acts and decision.document is not None:
            mails.enqueue(decision.document, event_key=decision.event_key)


def mail_decisions(
    order: Order, *events: Event, documents: Sequence[IssuedDocument] | None = None
) -> list[Decision[MailRule]]:
    """What each e-mail rule of the order's connector does when these events happen, and why."""
    rules = MailRule.objects.filter(connector=order.connector_id, event__in=events)
    return decide(order, rules, events, documents)


def events_so_far(order: Order) -> list[Event]:
    """What has happened to an order whose invoice is being issued, in the order in which rules are followed."""
    reported = {Event.PAID: order.paid_at, Event.SHIPPED: order.shipped_at}
    return [Event.RECEIVED, Event.INVOICE_ISSUED, *(event for event, at in reported.items() if at is not None)]


def not_paid_after_all(order: Order) -> None:
    """The payment was taken back. Paid once more, it prints no second time: print jobs know their event."""
    Order.objects.filter(pk=order.pk).update(paid_at=None)
    order.paid_at = None
