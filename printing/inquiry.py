"""Asking the provider what became of a submission whose outcome nobody knows; nothing is sent again before."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from printing import accounts
from printing.constants import UNKNOWN_SETTLE
from printing.lane import Lane
from printing.models import PrintAttempt, PrintJob
from printing.providers.base import Accepted, Credentials, FindResult, NotFound, Provider
from printing.providers.errors import ConfigurationProblem, ProviderError
from printing.records import accept, fail_at_limit, follow_rule
from printing.states import JobState, Outcome, Phase


def resolve(lane: Lane, job: PrintJob) -> bool:
    """Find out what became of a submission nobody knows the outcome of. True when the lane can go on.

    Nothing is sent before the provider was asked. Sets the state of ``job`` as far as it is known then.
    """
    attempt = job.attempt_set.filter(outcome=Outcome.UNKNOWN).order_by("-number").first()
    assert attempt is not None
    assert job.unresolved_since is not None
    try:
        found = _find(lane, job, job.unresolved_since)
    except ProviderError as error:
        _record_failed_question(lane, job, attempt, error)
        return False
    with transaction.atomic():
        return _act_on(lane, found, job, attempt)


def _find(lane: Lane, job: PrintJob, since: datetime) -> FindResult:
    assert job.configuration is not None
    # Asked where it was sent, which another device in the configuration since then does not change.
    target = job.configuration.target(job.copies, lane.printer)

    def ask(provider: Provider, credentials: Credentials) -> FindResult:
        return provider.find(replace(target, credentials=credentials), job.submission_key, since)

    return accounts.call(lane.printer.connection, ask)


def _act_on(lane: Lane, found: FindResult, job: PrintJob, attempt: PrintAttempt) -> bool:
    if isinstance(found, Accepted):
        PrintAttempt.objects.filter(pk=attempt.pk).update(
            outcome=Outcome.ACCEPTED, remote_id=found.remote_id, detail="found by asking the provider"
        )
        accept(attempt, found)
        job.state = JobState.SUCCESSFUL
        lane.succeeded()
        return True
    if isinstance(found, NotFound):
        believed_at = (attempt.sending_at or attempt.started_at) + UNKNOWN_SETTLE
        if timezone.now() < believed_at:
            # The request may still be on its way, as behind a server that hangs.
            lane.wait(believed_at)
            return False
        PrintJob.objects.filter(pk=job.pk).update(unresolved_since=None)
        return True
    return follow_rule(found, job)


def _record_failed_question(lane: Lane, job: PrintJob, attempt: PrintAttempt, error: ProviderError) -> None:
    """The provider could not be asked: the lane waits, and the job's tries are counted so that it ends."""
    with transaction.atomic():
        if isinstance(error, ConfigurationProblem):
            lane.pause(error)
            return
        number = job.attempts + 1
        now = timezone.now()
        PrintAttempt.objects.create(
            job=job,
            number=number,
            phase=Phase.DONE,
            outcome=Outcome.TRANSIENT,
            printer_name=attempt.printer_name,
            provider=attempt.provider,
            started_at=now,
            finished_at=now,
            reason=error.reason,
            reason_params=error.params,
            detail=f"asked for the outcome: {error.detail}",
        )
        PrintJob.objects.filter(pk=job.pk).update(attempts=number)
        job.attempts = number
        fail_at_limit(job)
        lane.back_off(error.retry_after)
        lane.count_for_waiting(job, error)
