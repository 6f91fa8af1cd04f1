"""The lane of a printer: claimed by one worker at a time, backed off as a whole, paused until somebody acts."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from printing.constants import LANE_BACKOFF_CAP, LANE_BACKOFF_JITTER, MAX_ATTEMPTS
from printing.models import PrintAttempt, Printer, PrintJob
from printing.providers.errors import ConfigurationProblem, ProviderError
from printing.states import JobState, Outcome, Phase


def backoff(failures: int, retry_after: float | None = None) -> timedelta:
    """How long to leave the lane alone after its n-th failure in a row: doubled each time, capped, with jitter."""
    seconds = min(settings.LANE_BACKOFF_SECONDS * 2 ** min(failures - 1, 30), LANE_BACKOFF_CAP.total_seconds())
    # Not security: only so that many printers behind one service do not come back in the same moment.
    seconds *= 1 + random.uniform(-LANE_BACKOFF_JITTER, LANE_BACKOFF_JITTER)  # noqa: S311
    return timedelta(seconds=max(seconds, retry_after or 0))


def _lease_end() -> datetime:
    return timezone.now() + timedelta(seconds=settings.LANE_LEASE_SECONDS)


@dataclass(frozen=True)
class Lane:
    """A claimed lane. Whoever holds the token may send; every write is conditional on it."""

    printer: Printer
    token: uuid.UUID

    @classmethod
    def claim(cls, printer_id: int) -> Lane | None:
        """Take the lane if it has work and is free; None where somebody else was faster.

        A conditional UPDATE: of two workers one changes the row, the other one counts zero.
        """
        token = uuid.uuid4()
        claimed = (
            Printer.objects.due()
            .filter(pk=printer_id)
            .update(lease_token=token, lease_expires_at=_lease_end(), woken_at=None)
        )
        if claimed != 1:
            return None
        return cls(Printer.objects.select_related("connection").get(pk=printer_id), token)

    def held(self) -> bool:
        """Whether nobody has taken the lane over, as from a worker that was stopped for longer than its lease."""
        return bool(Printer.objects.filter(pk=self.printer.pk, lease_token=self.token).exists())

    def release(self) -> None:
        Printer.objects.filter(pk=self.printer.pk, lease_token=self.token).update(
            lease_token=None, lease_expires_at=None
        )

    def succeeded(self) -> None:
        """The service answers again: the next failure starts with a short wait."""
        if self.printer.failures:
            self.printer.failures = 0
            self.printer.failing_since = None
            Printer.objects.filter(pk=self.printer.pk).update(failures=0, next_try_at=None, failing_since=None)

    def back_off(self, retry_after: float | None = None) -> None:
        """Leave the lane alone for a while; call it in the transaction that records why."""
        self.printer.failures += 1
        now = timezone.now()
        Printer.objects.filter(pk=self.printer.pk).update(
            failures=self.printer.failures,
            failing_since=Coalesce("failing_since", now),
            next_try_at=now + backoff(self.printer.failures, retry_after),
        )

    def wait(self, until: datetime) -> None:
        """Come back at a time, without counting a failure."""
        Printer.objects.filter(pk=self.printer.pk).update(next_try_at=until)

    def pause(self, problem: ConfigurationProblem) -> None:
        """Send nothing more until somebody has put the connection right."""
        now = timezone.now()
        Printer.objects.filter(pk=self.printer.pk).update(
            paused_at=now,
            failing_since=Coalesce("failing_since", now),
            pause_reason=problem.reason,
            pause_params=problem.params,
        )

    def count_for_waiting(self, tried: PrintJob, error: ProviderError) -> None:
        """Count a try that could not reach the printer for every other job that waits here; fail those at the end.

        Call it in the transaction that records the try.
        """
        waiting = PrintJob.objects.filter(
            printer_id=self.printer.pk, state=JobState.PENDING, in_progress=False
        ).exclude(pk=tried.pk)
        rows = list(waiting.values_list("pk", "attempts"))
        if not rows:
            return
        now = timezone.now()
        PrintAttempt.objects.bulk_create(
            (
                PrintAttempt(
                    job_id=pk,
                    number=attempts + 1,
                    phase=Phase.DONE,
                    outcome=Outcome.TRANSIENT,
                    printer_name=self.printer.name,
                    provider=self.printer.provider,
                    started_at=now,
                    finished_at=now,
                    shared=True,
                    reason=error.reason,
                    reason_params=error.params,
                )
                for pk, attempts in rows
            ),
            batch_size=500,
        )
        jobs = PrintJob.objects.filter(pk__in=[pk for pk, _attempts in rows])
        jobs.update(attempts=F("attempts") + 1, reason=error.reason, reason_params=error.params)
        jobs.filter(attempts__gte=F("attempts_before_round") + MAX_ATTEMPTS).change_state(JobState.FAILED)


def renew(lanes: list[Lane]) -> None:
    """Keep the leases of lanes whose work goes on; one UPDATE for all of them."""
    if lanes:
        Printer.objects.filter(lease_token__in=[lane.token for lane in lanes]).update(lease_expires_at=_lease_end())
