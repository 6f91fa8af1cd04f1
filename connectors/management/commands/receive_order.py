"""Take orders in from a file or a pipe."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from connectors import printing_bridge
from connectors.management.arguments import space_by_slug
from connectors.models import Connector, Order
from connectors.order_errors import OrderRefused
from connectors.order_json import RawOrder, parse, read_orders
from connectors.services import orders
from connectors.services.connectors import connector_for
from printing.states import JobState
from spaces.models import FeatureName, Space

SOME_REFUSED = 1
NOTHING_READ = 2


class Command(BaseCommand):
    help = (
        "Receive an order (a JSON object) or several (JSON lines) from a file or, with “-”, from standard input. "
        "What cannot be taken is reported with its line on standard error, the rest goes through. "
        "Exit code: 0 all taken, 1 some refused, 2 nothing could be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the file; “-” for standard input")
        parser.add_argument("--space", required=True, help="the Space's short name, as in its address")
        parser.add_argument("--connector", help="the key of the connector the orders come through")

    def handle(self, *args: Any, **options: Any) -> None:
        space = space_by_slug(options["space"])
        try:
            connector = connector_for(space, options["connector"])
        except OrderRefused as error:
            raise CommandError(str(error), returncode=NOTHING_READ) from error
        taken = refused = 0
        with _opened(options["file"]) as stream:
            for raw in read_orders(stream):
                if self._receive(space, connector, raw):
                    taken += 1
                else:
                    refused += 1
        if not taken and not refused:
            raise CommandError(_("There is no order in %(file)s.") % {"file": options["file"]}, returncode=NOTHING_READ)
        if refused:
            sentence = ngettext("%(count)s order was refused.", "%(count)s orders were refused.", refused)
            raise CommandError(sentence % {"count": refused}, returncode=SOME_REFUSED if taken else NOTHING_READ)

    def _receive(self, space: Space, connector: Connector, raw: RawOrder) -> bool:
        """Take one order in and say what came of it."""
        try:
            order, created = orders.receive(space, parse(raw), connector)
        except OrderRefused as error:
            place = "" if raw.line is None else _("line %(line)s: ") % {"line": raw.line}
            for problem in error.problems:
                self.stderr.write(f"{place}{problem}")
            return False
        self.stdout.write(outcome(space, order, created=created))
        self.stdout.flush()  # whoever feeds a pipe line by line wants to know line by line
        return True


def outcome(space: Space, order: Order, *, created: bool) -> str:
    """One line: the order, its invoice, and what prints of it or why nothing does."""
    invoice = order.invoice_set.order_by("-pk").first()
    number = invoice.number if invoice else "–"
    if not created:
        return _("Order %(order)s: unchanged, it was received before; invoice %(invoice)s.") % {
            "order": order.number,
            "invoice": number,
        }
    return _("Order %(order)s: created; invoice %(invoice)s; %(printing)s") % {
        "order": order.number,
        "invoice": number,
        "printing": _printing(space, order),
    }


def _printing(space: Space, order: Order) -> str:
    jobs = printing_bridge.jobs_of_order(order)
    if not jobs:
        if not space.has_feature(FeatureName.PRINTING):
            return _("nothing prints: the feature Printing is not activated in this Space.")
        return _("nothing prints: no rule of the connector “%(key)s” asks for it.") % {"key": order.connector.key}
    return "; ".join(
        _("%(title)s: %(reason)s") % {"title": job.title, "reason": job.reason_sentence}
        if job.state == JobState.FAILED
        else _("%(title)s: print job %(job)s queued") % {"title": job.title, "job": job.pk}
        for job in jobs
    )


def _opened(name: str) -> AbstractContextManager[BinaryIO]:
    if name == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return Path(name).open("rb")
    except OSError as error:
        sentence = _("%(file)s cannot be read: %(problem)s.") % {"file": name, "problem": error.strerror}
        raise CommandError(sentence, returncode=NOTHING_READ) from error
