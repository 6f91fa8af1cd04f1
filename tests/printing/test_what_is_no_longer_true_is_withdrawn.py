"""What is not to be printed any more is withdrawn: it does not leave, and nobody can reschedule it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from printing.dispatcher import dispatch
from printing.models import PrintJob
from printing.services import NotPossible, Withdrawn, reschedule, withdraw
from printing.states import JobState
from spaces.models import Space
from tests.printing.simulated import SimulatedPrinter, file_job

pytestmark = pytest.mark.django_db


def test_what_waits_does_not_leave_and_what_left_is_counted(space: Space, laser: SimulatedPrinter) -> None:
    gone = file_job(space, 1)
    dispatch()
    waits = file_job(space, 2)
    assert withdraw([gone, waits]) == Withdrawn(canceled=1, left=1)
    dispatch()
    assert len(laser.documents()) == 1
    waits.refresh_from_db()
    assert waits.state == JobState.CANCELED
    assert waits.planned_purge_at is not None


def test_a_failed_job_cannot_be_rescheduled_after_that(space: Space, laser: SimulatedPrinter) -> None:
    job = file_job(space)
    laser.set("reject")
    dispatch()
    assert withdraw([job]) == Withdrawn(canceled=1, left=0)
    job.refresh_from_db()
    with pytest.raises(NotPossible):
        reschedule(job)


def test_what_is_being_sent_is_not_stopped(space: Space, laser: SimulatedPrinter) -> None:
    job = file_job(space)
    PrintJob.objects.filter(pk=job.pk).update(in_progress=True)
    assert withdraw([job]) == Withdrawn(canceled=0, left=1)
    job.refresh_from_db()
    assert job.state == JobState.PENDING


def test_what_may_have_come_out_counts_as_left(space: Space, laser: SimulatedPrinter) -> None:
    job = file_job(space)
    PrintJob.objects.filter(pk=job.pk).update(unresolved_since=timezone.now())
    assert withdraw([job]) == Withdrawn(canceled=1, left=1)


def test_nothing_is_withdrawn_of_nothing(space: Space) -> None:
    assert withdraw([]) == Withdrawn(0, 0)
