"""A real django-q2 cluster: what was committed while it was down prints once it is up; wake-ups may get lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone
from django_q.models import OrmQ, Schedule

from printing.constants import SWEEP_INTERVAL
from printing.models import Printer
from printing.schedules import SCHEDULES
from spaces.models import Space
from tests.printing.cluster import cluster
from tests.printing.simulated import SimulatedPrinter, file_job
from tests.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.process
def test_what_was_committed_while_the_queue_was_down_prints_once_it_is_up(
    space: Space, laser: SimulatedPrinter, tmp_path: Path
) -> None:
    jobs = [file_job(space, number) for number in range(3)]
    with cluster(tmp_path) as all_successful:
        wait_until(all_successful, "the cluster prints what waited")
    assert laser.keys() == [job.key.hex for job in jobs]


@pytest.mark.process
def test_a_wake_up_that_was_lost_is_made_good_by_the_schedule(
    space: Space, laser: SimulatedPrinter, tmp_path: Path
) -> None:
    job = file_job(space)
    OrmQ.objects.all().delete()
    Printer.objects.update(woken_at=timezone.now() - SWEEP_INTERVAL)
    with cluster(tmp_path, DJANGO_SETTINGS_MODULE="tests.printing.prompt_schedules") as all_successful:
        wait_until(all_successful, "the sweep finds the job", limit=120)
    assert laser.keys() == [job.key.hex]


@pytest.mark.parametrize("function", SCHEDULES)
def test_what_runs_by_the_clock_is_installed_once_and_for_good(function: str) -> None:
    schedule = Schedule.objects.get(func=function)
    assert schedule.repeats == -1
