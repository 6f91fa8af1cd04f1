"""S16: printing begins after the commit, never before."""

from __future__ import annotations

import pytest
from django.db import transaction
from django_q.models import OrmQ

from printing.dispatcher import dispatch, sweep
from printing.models import PrintJob
from printing.states import JobState
from spaces.models import Space
from tests.printing.conftest import Clock
from tests.printing.simulated import SimulatedPrinter, file_job

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_transaction_that_is_rolled_back_prints_nothing(space: Space, laser: SimulatedPrinter) -> None:
    with transaction.atomic():
        file_job(space)
        transaction.set_rollback(True)
    assert OrmQ.objects.count() == 0
    sweep()
    dispatch()
    assert PrintJob.objects.count() == 0
    assert laser.documents() == []


def test_inside_the_transaction_nothing_is_in_the_queue_yet(space: Space, laser: SimulatedPrinter) -> None:
    with transaction.atomic():
        file_job(space)
        assert OrmQ.objects.count() == 0
    assert OrmQ.objects.count() == 1


def test_a_thousand_jobs_in_one_moment_are_one_wake_up(space: Space, laser: SimulatedPrinter) -> None:
    for number in range(5):
        file_job(space, number)
    assert OrmQ.objects.count() == 1


def test_a_job_whose_wake_up_was_lost_is_found_by_the_sweep(
    space: Space, laser: SimulatedPrinter, clock: Clock
) -> None:
    job = file_job(space)
    OrmQ.objects.all().delete()
    clock.shift(90)
    assert sweep() == 1
    assert OrmQ.objects.count() == 1
    dispatch()
    job.refresh_from_db()
    assert job.state == JobState.SUCCESSFUL
    assert len(laser.documents()) == 1


def test_a_doubled_wake_up_prints_once(space: Space, laser: SimulatedPrinter) -> None:
    job = file_job(space)
    dispatch(job.printer_id)
    dispatch(job.printer_id)
    assert laser.keys() == [job.key.hex]
