"""Following accepted jobs to the end of the paper: asking their providers, ever more seldom, to the final word."""

from __future__ import annotations

import logging
from dataclasses import replace
from itertools import groupby

from django.utils import timezone

from printing import accounts
from printing.models import PrintJob
from printing.paper import apply_printer_gone, apply_progress, next_follow_up
from printing.parallel import side_by_side
from printing.providers.base import Credentials, Progress, Provider
from printing.providers.errors import ProviderError, Reason
from printing.states import JobState

logger = logging.getLogger(__name__)

# Jobs looked at in one run; the others are a minute later.
BATCH = 500


def follow_up() -> int:
    """Ask about the accepted jobs whose time has come; returns how many were asked about."""
    due = (
        PrintJob.objects.filter(state=JobState.SUCCESSFUL, follow_up_at__lte=timezone.now())
        .select_related("configuration__printer__connection", "printer__connection")
        .order_by("follow_up_at")[:BATCH]
    )
    by_printer = sorted(due, key=lambda job: (job.printer_id or 0, job.follow_up_at, job.pk))
    groups = [list(jobs) for _printer, jobs in groupby(by_printer, key=lambda job: job.printer_id)]
    return sum(side_by_side(_ask_about, groups))


def _ask_about(jobs: list[PrintJob]) -> int:
    """Ask one printer's provider; a service that does not answer is not asked about the next job."""
    asked = 0
    for job in jobs:
        if not _claim(job):
            continue
        asked += 1
        row = PrintJob.objects.filter(pk=job.pk)
        try:
            progress = _progress(job)
        except ProviderError as error:
            logger.warning("job %s: its provider does not tell what became of it: %s", job.key, error)
            if error.reason is not Reason.PRINTER_NOT_FOUND:
                break
            apply_printer_gone(row)
        else:
            apply_progress(row, progress)
    return asked


def _claim(job: PrintJob) -> bool:
    """Of two who follow up at once one asks; the time of the next question is set before the answer to this one."""
    claimed = PrintJob.objects.filter(pk=job.pk, follow_up_at=job.follow_up_at).update(
        follow_up_at=next_follow_up(job.follow_ups + 1), follow_ups=job.follow_ups + 1
    )
    return bool(claimed)


def _progress(job: PrintJob) -> Progress:
    assert job.configuration is not None
    assert job.printer is not None
    # Asked where it was sent, which another device in the configuration since then does not change.
    target = job.configuration.target(job.copies, job.printer)

    def ask(provider: Provider, credentials: Credentials) -> Progress:
        return provider.progress(replace(target, credentials=credentials), job.remote_id)

    return accounts.call(job.printer.connection, ask)
