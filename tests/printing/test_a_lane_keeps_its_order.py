"""FIFO in a lane, lanes side by side, one worker at a time."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from printing.delivery import Worker
from printing.dispatcher import dispatch
from printing.lane import Lane
from printing.models import PrinterConfiguration, PrintJob
from printing.services import save_configuration
from printing.states import JobState
from spaces.models import Space
from tests.printing.conftest import Clock
from tests.printing.simulated import SimulatedPrinter, file_job, simulated_printer

pytestmark = pytest.mark.django_db(transaction=True)


def test_jobs_leave_in_the_order_they_came(space: Space, laser: SimulatedPrinter) -> None:
    jobs = [file_job(space, number) for number in range(60)]
    dispatch()
    assert laser.keys() == [job.key.hex for job in jobs]


def test_two_configurations_on_one_device_share_its_lane(space: Space, laser: SimulatedPrinter) -> None:
    slip = PrinterConfiguration(space=space, printer=laser.configuration.printer, name="Slip", tray="tray-2")
    save_configuration(slip, default=False)
    jobs = [file_job(space, n, configuration=slip if n % 2 else laser.configuration) for n in range(6)]
    dispatch()
    assert laser.keys() == [job.key.hex for job in jobs]
    assert [options["tray"] for options in laser.options()] == ["", "tray-2"] * 3


def test_a_claimed_lane_cannot_be_claimed_again_until_it_is_released(space: Space, laser: SimulatedPrinter) -> None:
    file_job(space)
    printer_id = laser.configuration.printer_id
    lane = Lane.claim(printer_id)
    assert lane is not None
    assert Lane.claim(printer_id) is None
    lane.release()
    assert Lane.claim(printer_id) is not None


def test_a_worker_that_overslept_its_lease_sends_nothing_more(
    space: Space, laser: SimulatedPrinter, clock: Clock
) -> None:
    file_job(space)
    overslept = Lane.claim(laser.configuration.printer_id)
    assert overslept is not None
    clock.shift(3600)
    successor = Lane.claim(laser.configuration.printer_id)
    assert successor is not None
    Worker(overslept, until=float("inf")).run()
    assert laser.documents() == []
    Worker(successor, until=float("inf")).run()
    assert len(laser.documents()) == 1


def test_a_failing_lane_does_not_hold_up_another(space: Space, laser: SimulatedPrinter) -> None:
    laser.set("offline")
    other = simulated_printer(space, "Other")
    file_job(space, 1)
    file_job(space, 2, configuration=other.configuration)
    dispatch()
    assert len(other.documents()) == 1


def test_the_queries_for_each_further_job_do_not_grow(space: Space, laser: SimulatedPrinter) -> None:
    """Claim, attempt, outcome: a job costs a handful of statements and one commit, however many wait."""

    def queries_for(count: int) -> int:
        for number in range(count):
            file_job(space, number)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            dispatch()
        return len(captured)

    few, many = queries_for(5), queries_for(25)
    assert (many - few) / 20 <= 7
    assert PrintJob.objects.filter(state=JobState.SUCCESSFUL).count() == 30
