"""Report that an order was paid or shipped."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils.translation import gettext as _

from connectors.management.arguments import space_by_slug
from connectors.models import Order
from connectors.services import orders
from spaces.models import Space

EVENTS: Final[dict[str, Callable[[Order, datetime | None], bool]]] = {
    "paid": orders.mark_paid,
    "shipped": orders.mark_shipped,
}


def moment(text: str) -> datetime:
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        value = None
    if value is None or value.tzinfo is None:
        raise ArgumentTypeError("a date and time with its time zone, like 2026-01-31T10:00:00+01:00")
    return value


class Command(BaseCommand):
    help = (
        "Report that an order was paid or shipped; what its connector prints then is queued. Twice does nothing more."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("event", choices=sorted(EVENTS))
        parser.add_argument("--space", required=True, help="the Space's short name, as in its address")
        parser.add_argument("--order", required=True, help="the order's number, or its number in the shop system")
        parser.add_argument("--at", type=moment, help="when it happened; now, if not given")

    def handle(self, *args: Any, **options: Any) -> None:
        space = space_by_slug(options["space"])
        order = _order(space, options["order"])
        changed = EVENTS[options["event"]](order, options["at"])
        sentence = _("Order %(order)s: %(event)s.") if changed else _("Order %(order)s: unchanged, already %(event)s.")
        self.stdout.write(sentence % {"order": order.number, "event": options["event"]})


def _order(space: Space, number: str) -> Order:
    """The order of that number. Two shops may count alike; what the shop system calls it decides then."""
    found: list[Order] = list(Order.objects.in_space(space).filter(Q(number=number) | Q(external_id=number))[:3])
    if len(found) > 1:
        found = [order for order in found if order.external_id == number] or found
    if not found:
        raise CommandError(
            _("The Space “%(space)s” has no order “%(order)s”.") % {"space": space.slug, "order": number}
        )
    if len(found) > 1:
        raise CommandError(
            _("Several orders have the number “%(order)s”: give the number in the shop system.") % {"order": number}
        )
    return found[0]
