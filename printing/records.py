"""Writing down what became of attempts and jobs. Every write is conditional on what it takes for granted."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import Any

from django.utils import timezone

from printing.constants import MAX_ATTEMPTS
from printing.models import PrintAttempt, Printer, PrintJob
from printing.paper import accepted_fields
from printing.providers.base import Accepted, CannotTell
from printing.providers.errors import (
    ConfigurationProblem,
    OutcomeUnknown,
    Permanent,
    ProviderError,
    Reason,
    Transient,
)
from printing.states import JobState, Outcome, Phase, UnknownRule

logger = logging.getLogger(__name__)

# A job whose preparation kills its worker would hold up its lane for ever: three deaths are enough.
MAX_DEATHS_PREPARING = 3
OUTCOMES: dict[type[ProviderError], Outcome] = {
    Transient: Outcome.TRANSIENT,
    Permanent: Outcome.PERMANENT,
    ConfigurationProblem: Outcome.CONFIGURATION,
    OutcomeUnknown: Outcome.UNKNOWN,
}


def outcome_of(error: ProviderError) -> Outcome:
    return next(outcome for kind, outcome in OUTCOMES.items() if isinstance(error, kind))


def options_sent(job: PrintJob, printer: Printer) -> dict[str, Any]:
    assert job.configuration is not None
    target = job.configuration.target(job.copies, printer)
    return {
        "tray": target.tray,
        "paper": asdict(target.paper) if target.paper else None,
        "sides": target.sides,
        "color": target.color,
        "copies": target.copies,
        "fit_to_page": target.fit_to_page,
    }


def close(attempt: PrintAttempt, result: Accepted | ProviderError) -> bool:
    """Give an open attempt its outcome; False where somebody else has given it one."""
    fields: dict[str, Any] = {"phase": Phase.DONE, "finished_at": timezone.now()}
    if isinstance(result, Accepted):
        fields |= {"outcome": Outcome.ACCEPTED, "remote_id": result.remote_id, "detail": result.note}
    else:
        fields |= {
            "outcome": outcome_of(result),
            "reason": result.reason,
            "reason_params": result.params,
            "detail": result.detail,
        }
    return PrintAttempt.objects.filter(pk=attempt.pk, outcome="").update(**fields) == 1


def accept(attempt: PrintAttempt, accepted: Accepted) -> None:
    PrintJob.objects.filter(pk=attempt.job_id).change_state(
        JobState.SUCCESSFUL, in_progress=False, **accepted_fields(accepted.remote_id)
    )


def let_go(attempt: PrintAttempt, error: ProviderError) -> None:
    """Let go of a job that was not accepted: it fails for good, or waits for the next try."""
    job = PrintJob.objects.filter(pk=attempt.job_id)
    said = {"reason": error.reason, "reason_params": error.params}
    if isinstance(error, Permanent):
        job.change_state(JobState.FAILED, in_progress=False, **said)
        return
    if isinstance(error, OutcomeUnknown):
        job.filter(unresolved_since=None).update(unresolved_since=attempt.sending_at or attempt.started_at)
    job.update(in_progress=False, **said)
    fail_at_limit(attempt.job)


def record_late(attempt: PrintAttempt, result: Accepted | ProviderError) -> None:
    """The worker was stopped for longer than its lease and somebody closed its attempt as unknown; now it is known."""
    if not isinstance(result, Accepted):
        return
    job = PrintJob.objects.filter(pk=attempt.job_id)
    waiting = job.filter(in_progress=False, attempts=attempt.number, unresolved_since__isnull=False)
    if waiting.change_state(JobState.SUCCESSFUL, **accepted_fields(result.remote_id)):
        PrintAttempt.objects.filter(pk=attempt.pk).update(outcome=Outcome.ACCEPTED, remote_id=result.remote_id)
    else:
        job.update(possible_duplicate=True)


def follow_rule(cannot_tell: CannotTell, job: PrintJob) -> bool:
    """Nobody can say whether it arrived: print again, or hold it for a person. Either way the job says so."""
    assert job.configuration is not None
    logger.warning("job %s: the outcome cannot be found out: %s", job.key, cannot_tell.why)
    row = PrintJob.objects.filter(pk=job.pk)
    if job.configuration.unknown_rule == UnknownRule.HOLD:
        row.change_state(JobState.FAILED, possible_duplicate=True, reason=Reason.HELD_FOR_PERSON, reason_params={})
        job.state = JobState.FAILED
    else:
        row.update(possible_duplicate=True, unresolved_since=None)
    return True


def fail_at_limit(job: PrintJob) -> bool:
    """Fail a job that has had all its attempts, or that has killed its worker again and again."""
    if job.attempts - job.attempts_before_round >= MAX_ATTEMPTS:
        PrintJob.objects.filter(pk=job.pk).change_state(JobState.FAILED, in_progress=False)
        return True
    if job.document is None:
        deaths = job.attempt_set.filter(
            number__gt=job.attempts_before_round, reason=Reason.WORKER_STOPPED, shared=False
        ).count()
        if deaths >= MAX_DEATHS_PREPARING:
            PrintJob.objects.filter(pk=job.pk).change_state(
                JobState.FAILED, in_progress=False, reason=Reason.INTERNAL_ERROR, reason_params={}
            )
            return True
    return False


def fail_when_too_old(job: PrintJob, printer: Printer) -> bool:
    """Fail a job that has waited for longer than its configuration allows: what comes back does not print the past."""
    assert job.configuration is not None
    now = timezone.now()
    if now - job.due_since <= job.configuration.max_age:
        return False
    failing = printer.failing_since
    reason = Reason.TOO_OLD if failing is not None else Reason.WAITED_TOO_LONG
    since = max(failing, job.due_since) if failing is not None else job.due_since
    PrintJob.objects.filter(pk=job.pk, in_progress=False).change_state(
        JobState.FAILED,
        reason=reason,
        reason_params={"printer": printer.name, "since": since.isoformat(), "until": now.isoformat()},
    )
    return True
