"""S13 and demand 10: Reschedule for FAILED only, Cancel for PENDING only, each only once."""

from __future__ import annotations

import pytest

from printing.constants import MAX_ATTEMPTS
from printing.dispatcher import dispatch
from printing.models import PrintJob
from printing.services import NotPossible, cancel, reschedule
from printing.states import TRANSITIONS, JobState
from spaces.models import Space
from tests.printing.conftest import Clock
from tests.printing.simulated import SimulatedPrinter, file_job

pytestmark = pytest.mark.django_db(transaction=True)


def _failed(space: Space, laser: SimulatedPrinter) -> PrintJob:
    laser.set("reject", message="No.")
    job = file_job(space)
    dispatch()
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    laser.set("normal")
    return job


def test_a_failed_job_is_rescheduled_and_prints_under_a_new_key(space: Space, laser: SimulatedPrinter) -> None:
    job = _failed(space, laser)
    reschedule(job)
    dispatch()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.SUCCESSFUL, 2)
    assert laser.keys() == [f"{job.key.hex}-1"]
    assert job.reason_sentence == ""


def test_a_second_click_on_reschedule_says_that_it_is_not_possible(space: Space, laser: SimulatedPrinter) -> None:
    job = _failed(space, laser)
    reschedule(job)
    with pytest.raises(NotPossible):
        reschedule(job)
    dispatch()
    assert len(laser.documents()) == 1


def test_a_rescheduled_job_has_all_its_attempts_anew(space: Space, laser: SimulatedPrinter, clock: Clock) -> None:
    job = _failed(space, laser)
    PrintJob.objects.filter(pk=job.pk).update(attempts=MAX_ATTEMPTS)
    reschedule(job)
    laser.set("offline")
    dispatch()
    job.refresh_from_db()
    assert job.state == JobState.PENDING


def test_a_waiting_job_is_canceled_and_never_printed(space: Space, laser: SimulatedPrinter) -> None:
    job = file_job(space)
    cancel(job)
    dispatch()
    job.refresh_from_db()
    assert job.state == JobState.CANCELED
    assert job.planned_purge_at is not None
    assert laser.documents() == []


def test_a_job_that_is_being_sent_or_has_been_cannot_be_canceled(space: Space, laser: SimulatedPrinter) -> None:
    job = file_job(space, 1)
    PrintJob.objects.filter(pk=job.pk).update(in_progress=True)
    with pytest.raises(NotPossible):
        cancel(job)
    PrintJob.objects.filter(pk=job.pk).update(in_progress=False)
    dispatch()
    with pytest.raises(NotPossible):
        cancel(job)


@pytest.mark.parametrize("state", [state for state in JobState if JobState.PENDING not in TRANSITIONS[state]])
def test_nothing_but_a_failed_job_can_be_rescheduled(space: Space, laser: SimulatedPrinter, state: JobState) -> None:
    job = file_job(space)
    PrintJob.objects.filter(pk=job.pk).update(state=state)
    with pytest.raises(NotPossible):
        reschedule(job)
