"""Which printers are online: each print service is asked by the clock, not only when there is something to print."""

from __future__ import annotations

import logging

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from printing import accounts
from printing.constants import HEALTH_INTERVAL
from printing.models import Connection, Printer, PrintJob
from printing.parallel import side_by_side
from printing.providers.base import RemotePrinter
from printing.providers.errors import ProviderError
from printing.services.printers import REPORTED, remember
from printing.states import JobState

logger = logging.getLogger(__name__)

BATCH = 200


def check_printers() -> int:
    """Ask the services that were not asked for a while; returns how many were asked."""
    before = timezone.now() - HEALTH_INTERVAL
    due = Connection.objects.filter(Q(checked_at=None) | Q(checked_at__lte=before)).order_by(
        F("checked_at").asc(nulls_first=True)
    )[:BATCH]
    return sum(side_by_side(_check, list(due)))


def _check(connection: Connection) -> bool:
    """Ask one service about all its printers. What it does not answer changes no word it said before."""
    claimed = Connection.objects.filter(pk=connection.pk, checked_at=connection.checked_at).update(
        checked_at=timezone.now()
    )
    if not claimed:
        return False
    row = Connection.objects.filter(pk=connection.pk)
    try:
        remotes = accounts.call(connection, lambda provider, credentials: provider.printers(credentials))
    except ProviderError as error:
        logger.warning("connection %s: %s", connection.pk, error)
        row.update(check_reason=error.reason, check_params=error.params)
        return True
    row.update(check_reason="", check_params={}, answered_at=timezone.now())
    by_id = {remote.id: remote for remote in remotes}
    for printer in Printer.objects.filter(connection=connection):
        _note(printer, by_id.get(printer.remote_id))
    return True


def _note(printer: Printer, remote: RemotePrinter | None) -> None:
    remember(printer, remote)
    printer.save(update_fields=REPORTED)
    if remote is not None and remote.online is not False:
        _forget_old_failures(printer)


def _forget_old_failures(printer: Printer) -> None:
    """A lane that failed and has nothing left to try would count as down for ever: here somebody has reached it."""
    pending = PrintJob.objects.filter(printer=OuterRef("pk"), state=JobState.PENDING)
    Printer.objects.filter(~Exists(pending), pk=printer.pk, paused_at=None, failures__gt=0).update(
        failures=0, failing_since=None, next_try_at=None
    )
