"""Another printer takes over: what waits for one that is out of order goes to the substitute that is named."""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from printing.models import Printer, PrinterConfiguration, PrintJob
from printing.states import ConfigurationState, JobState
from printing.wake import wake_after_commit

logger = logging.getLogger(__name__)


def down_since(printer: Printer) -> datetime | None:
    """Since when nothing comes out there: failing, reported offline, or paused; None when none of these."""
    return min(filter(None, (printer.failing_since, printer.offline_since, printer.paused_at)), default=None)


def takes_over(configuration: PrinterConfiguration, since: datetime | None) -> PrinterConfiguration | None:
    """The substitute of a configuration whose printer is down since then: in use, and not down itself."""
    substitute = configuration.substitute
    if substitute is None or since is None or timezone.now() - since < configuration.substitute_after:
        return None
    if substitute.state != ConfigurationState.ACTIVE or down_since(substitute.printer) is not None:
        return None
    return substitute


def move_to_substitutes() -> int:
    """Move the waiting jobs of printers that are down long enough; returns how many. Each minute."""
    waiting = PrintJob.objects.filter(configuration=OuterRef("pk"), state=JobState.PENDING, substituted_for=None)
    down = Q(printer__failing_since__isnull=False) | Q(printer__offline_since__isnull=False)
    configurations = PrinterConfiguration.objects.filter(
        Exists(waiting), down | Q(printer__paused_at__isnull=False), substitute__isnull=False
    ).select_related("printer", "substitute__printer")
    moved = 0
    for configuration in configurations:
        substitute = takes_over(configuration, down_since(configuration.printer))
        if substitute is not None:
            moved += move(PrintJob.objects.filter(configuration=configuration), substitute)
    return moved


@transaction.atomic
def move(jobs: Any, substitute: PrinterConfiguration) -> int:
    """Move those of ``jobs`` that certainly did not leave yet, and have not been moved before, to ``substitute``.

    One whose outcome is unknown stays: only the printer it was sent to can tell, and it may be on its way there. One
    that follows another job does not go without it, but goes with it.
    """
    first = PrintJob.objects.filter(pk=OuterRef("follows"), printer_id=OuterRef("printer_id"), state=JobState.PENDING)
    moved = _move(jobs.exclude(Exists(first)), substitute)
    behind: dict[PrinterConfiguration, list[int]] = defaultdict(list)
    for job in PrintJob.objects.filter(follows__in=moved).select_related("configuration__substitute__printer"):
        behind[_behind(job, substitute)].append(job.pk)
    for configuration, ids in behind.items():
        moved += _move(PrintJob.objects.filter(pk__in=ids), configuration)
    if moved:
        logger.warning("%s jobs moved to the substitute %s", len(moved), substitute.pk)
        wake_after_commit(substitute.printer_id)
    return len(moved)


def _behind(job: PrintJob, substitute: PrinterConfiguration) -> PrinterConfiguration:
    """Where a job goes that follows one which goes to ``substitute``.

    By its own substitute where that is on the same printer, as for another tray; else at least not apart from the one
    it belongs to.
    """
    own = job.configuration.substitute if job.configuration else None
    fits = own is not None and own.printer_id == substitute.printer_id and own.state == ConfigurationState.ACTIVE
    return own if own is not None and fits else substitute


def _move(jobs: Any, substitute: PrinterConfiguration) -> list[int]:
    """Move those of ``jobs`` that still wait; the primary keys of those that did."""
    waiting = {"state": JobState.PENDING, "in_progress": False, "unresolved_since": None, "substituted_for": None}
    ids = defaultdict(list)
    for pk, former in jobs.filter(**waiting).values_list("pk", "configuration_id"):
        ids[former].append(pk)
    moved: list[int] = []
    for former, pks in ids.items():
        there = PrintJob.objects.filter(pk__in=pks)
        there.filter(configuration_id=former, **waiting).update(
            configuration=substitute,
            printer_id=substitute.printer_id,
            substituted_for=former,
            reason="",
            reason_params={},
        )
        moved += there.filter(substituted_for=former).values_list("pk", flat=True)
    return moved
