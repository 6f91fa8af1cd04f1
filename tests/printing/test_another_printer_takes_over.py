"""Demand 14: what waits for a printer that is out of order goes to the one that is named for it, once, and says so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from printing import health, tasks
from printing.dispatcher import dispatch
from printing.models import Printer, PrinterConfiguration, PrintJob
from printing.services.printers import delete_configuration
from printing.states import ConfigurationState, JobState
from printing.substitution import move_to_substitutes
from spaces.models import Space
from tests.printing.conftest import Clock
from tests.printing.simulated import SimulatedPrinter, file_job, simulated_printer

pytestmark = pytest.mark.django_db(transaction=True)

AFTER = timedelta(minutes=30)


@pytest.fixture
def spare(space: Space, laser: SimulatedPrinter) -> SimulatedPrinter:
    """Takes over from the default printer after half an hour."""
    spare = simulated_printer(space, "Spare")
    name_substitute(laser, spare)
    return spare


def name_substitute(printer: SimulatedPrinter, substitute: SimulatedPrinter) -> None:
    PrinterConfiguration.objects.filter(pk=printer.configuration.pk).update(substitute=substitute.configuration)


def sweep_and_serve() -> None:
    """What a minute of the clock does."""
    tasks.sweep()
    dispatch()


def where(job: PrintJob) -> tuple[str, str, int | None]:
    job.refresh_from_db()
    assert job.configuration is not None
    return job.state, job.configuration.name, job.substituted_for


def test_it_takes_over_after_its_time_and_not_before(
    space: Space, laser: SimulatedPrinter, spare: SimulatedPrinter, clock: Clock
) -> None:
    laser.set("offline")
    jobs = [file_job(space, number) for number in range(3)]
    sweep_and_serve()
    clock.shift(AFTER - timedelta(minutes=1))
    sweep_and_serve()
    assert [where(job) for job in jobs] == [(JobState.PENDING, "Laser", None)] * 3
    clock.shift(timedelta(minutes=2))
    sweep_and_serve()
    assert [where(job) for job in jobs] == [(JobState.SUCCESSFUL, "Spare", laser.configuration.pk)] * 3
    assert spare.keys() == [job.key.hex for job in jobs]
    laser.set("normal")
    clock.shift(timedelta(hours=1))
    sweep_and_serve()
    assert laser.documents() == []
    assert [job.attempts for job in jobs] == [job.attempt_set.count() for job in jobs]


def test_once_it_is_back_new_documents_go_to_the_printer_itself(
    space: Space, laser: SimulatedPrinter, spare: SimulatedPrinter, clock: Clock
) -> None:
    laser.set("offline")
    file_job(space, 1)
    for _round in range(2):
        sweep_and_serve()
        clock.shift(AFTER + timedelta(minutes=1))
    sweep_and_serve()
    assert len(spare.documents()) == 1
    laser.set("normal")
    health.check_printers()
    job = file_job(space, 2)
    sweep_and_serve()
    assert where(job) == (JobState.SUCCESSFUL, "Laser", None)


@pytest.mark.parametrize("down", ["offline_since", "paused_at", "failing_since"])
def test_offline_paused_and_failing_all_count_as_out_of_order(
    space: Space, laser: SimulatedPrinter, spare: SimulatedPrinter, clock: Clock, down: str
) -> None:
    Printer.objects.filter(pk=laser.configuration.printer_id).update(**{down: timezone.now()})
    job = file_job(space)
    clock.shift(AFTER + timedelta(minutes=1))
    sweep_and_serve()
    assert where(job) == (JobState.SUCCESSFUL, "Spare", laser.configuration.pk)


def test_what_may_have_arrived_stays_where_it_may_come_out(
    space: Space, laser: SimulatedPrinter, spare: SimulatedPrinter, clock: Clock
) -> None:
    laser.set("lose-request")
    job = file_job(space)
    dispatch()
    clock.shift(AFTER * 2)
    tasks.sweep()
    assert where(job)[1:] == ("Laser", None)
    job.refresh_from_db()
    assert job.unresolved_since is not None


def test_in_a_circle_nothing_goes_round(
    space: Space, laser: SimulatedPrinter, spare: SimulatedPrinter, clock: Clock
) -> None:
    name_substitute(spare, laser)
    for printer in (laser, spare):
        printer.set("offline")
    job = file_job(space)
    other = file_job(space, configuration=spare.configuration)
    for _round in range(3):
        sweep_and_serve()
        clock.shift(AFTER + timedelta(minutes=1))
    assert (where(job)[1:], where(other)[1:]) == (("Laser", None), ("Spare", None))
    spare.set("normal")
    health.check_printers()
    sweep_and_serve()  # the spare one serves its own again, and is in order from then on
    sweep_and_serve()
    assert where(other) == (JobState.SUCCESSFUL, "Spare", None)
    assert where(job) == (JobState.SUCCESSFUL, "Spare", laser.configuration.pk)


def test_a_job_moves_once_and_not_along_a_chain(
    space: Space, laser: SimulatedPrinter, spare: SimulatedPrinter, clock: Clock
) -> None:
    third = simulated_printer(space, "Third")
    name_substitute(spare, third)
    laser.set("offline")
    job = file_job(space)
    sweep_and_serve()
    clock.shift(AFTER + timedelta(minutes=1))
    spare.set("offline")
    sweep_and_serve()
    assert where(job) == (JobState.PENDING, "Spare", laser.configuration.pk)
    clock.shift(AFTER * 2)
    sweep_and_serve()
    assert where(job) == (JobState.PENDING, "Spare", laser.configuration.pk)
    assert third.documents() == []


@pytest.mark.parametrize("state", [ConfigurationState.INACTIVE, ConfigurationState.DELETED])
def test_a_printer_that_is_not_in_use_takes_nothing_over(
    space: Space, laser: SimulatedPrinter, spare: SimulatedPrinter, clock: Clock, state: ConfigurationState
) -> None:
    PrinterConfiguration.objects.filter(pk=spare.configuration.pk).update(state=state)
    laser.set("offline")
    job = file_job(space)
    sweep_and_serve()
    clock.shift(AFTER * 2)
    sweep_and_serve()
    assert where(job) == (JobState.PENDING, "Laser", None)


def test_a_deleted_printer_is_nobodys_substitute_any_more(
    space: Space, laser: SimulatedPrinter, spare: SimulatedPrinter
) -> None:
    file_job(space, configuration=spare.configuration)  # so that its row stays
    delete_configuration(spare.configuration)
    laser.configuration.refresh_from_db()
    assert laser.configuration.substitute is None


def test_looking_for_what_is_to_be_moved_costs_the_same_with_many_printers(
    space: Space, spare: SimulatedPrinter
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            move_to_substitutes()
        return len(captured)

    few = queries()
    for number in range(10):
        printer = simulated_printer(space, f"Printer {number}")
        name_substitute(printer, spare)
        Printer.objects.filter(pk=printer.configuration.printer_id).update(offline_since=timezone.now())
        file_job(space, number, configuration=printer.configuration)
    assert queries() == few
