"""Another printer takes over: what waits for one that is out of order goes to the substitute that is named."""

from __future__ import annotations

import logging
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

    One whose outcome is unknown stays: only the printer it was sent to can tell, and it may be on its way there.
    """
    waiting = jobs.filter(state=JobState.PENDING, in_progress=False, unresolved_since=None, substituted_for=None)
    ids = list(waiting.values_list("pk", "configuration_id"))
    if not ids:
        return 0
    moved = 0
    for former in {configuration for _pk, configuration in ids}:
        moved += waiting.filter(configuration_id=former).update(
            configuration=substitute,
            printer_id=substitute.printer_id,
            substituted_for=former,
            reason="",
            reason_params={},
        )
    if moved:
        logger.warning("%s jobs moved to the substitute %s", moved, substitute.pk)
        wake_after_commit(substitute.printer_id)
    return moved
