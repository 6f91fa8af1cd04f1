"""Races with real processes: one wins, nobody sees an error, nothing comes out twice."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from printing.models import PrintAttempt, Printer, PrinterConfiguration, PrintJob
from printing.states import JobState
from spaces.models import Space
from tests.printing.simulated import SimulatedPrinter, file_job, simulated_printer
from tests.processes import DISPATCH, Gate, finish, start

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.process]


def test_two_workers_on_one_lane_print_fifty_jobs_in_order_and_once(
    space: Space, laser: SimulatedPrinter, tmp_path: Path
) -> None:
    jobs = [file_job(space, number) for number in range(50)]
    gate = Gate(tmp_path)
    workers = [start(gate.code(number) + DISPATCH, LANE_THREADS="4") for number in range(2)]
    gate.open(2)
    finish(*workers)
    assert laser.keys() == [job.key.hex for job in jobs]
    assert PrintJob.objects.filter(state=JobState.SUCCESSFUL, attempts=1).count() == 50


def test_twenty_lanes_go_side_by_side(space: Space, tmp_path: Path) -> None:
    """Each printer takes half a second: one after the other would be ten seconds of waiting alone."""
    printers = [simulated_printer(space, f"Printer {number}") for number in range(20)]
    for number, printer in enumerate(printers):
        printer.set("normal", seconds=0.5)
        file_job(space, number, configuration=printer.configuration)
    gate = Gate(tmp_path)
    workers = [start(gate.code(number) + DISPATCH, LANE_THREADS="10") for number in range(2)]
    gate.open(2)
    finish(*workers)
    assert [len(printer.documents()) for printer in printers] == [1] * 20
    spans = PrintAttempt.objects.order_by("sending_at").values_list("sending_at", "finished_at")
    overlapping = sum(begin < end for (_start, end), (begin, _end) in pairwise(spans) if begin and end)
    assert overlapping >= 15


def test_two_first_printers_at_the_same_moment_leave_one_default(space: Space, tmp_path: Path) -> None:
    gate = Gate(tmp_path)
    code = """
from printing.models import PrinterConfiguration
from printing.services import connect_printer, save_configuration
from printing.services.printers import discover
from spaces.models import Space
space = Space.objects.get(pk={space})
remote = discover("folder", {{"directory": "race-{number}"}})[1][0]
printer = connect_printer(space, "folder", {{"directory": "race-{number}"}}, remote)
{gate}
save_configuration(PrinterConfiguration(space=space, printer=printer, name="Printer {number}"), default=False)
"""
    processes = [start(code.format(space=space.pk, number=n, gate=gate.code(n))) for n in range(4)]
    gate.open(4)
    finish(*processes)
    assert PrinterConfiguration.objects.count() == 4
    assert PrinterConfiguration.objects.filter(is_default=True).count() == 1


def test_the_default_moved_by_several_at_the_same_moment_is_one(space: Space, tmp_path: Path) -> None:
    printers = [simulated_printer(space, f"Printer {number}") for number in range(4)]
    gate = Gate(tmp_path)
    code = """
from printing.models import PrinterConfiguration
from printing.services import save_configuration
configuration = PrinterConfiguration.objects.select_related("space").get(pk={pk})
{gate}
save_configuration(configuration, default=True)
"""
    processes = [
        start(code.format(pk=printer.configuration.pk, gate=gate.code(n))) for n, printer in enumerate(printers)
    ]
    gate.open(4)
    finish(*processes)
    assert PrinterConfiguration.objects.filter(is_default=True).count() == 1


def test_the_same_event_from_two_processes_is_one_job(space: Space, laser: SimulatedPrinter, tmp_path: Path) -> None:
    gate = Gate(tmp_path)
    code = """
from printing.services import enqueue
from spaces.models import Space
space = Space.objects.get(pk={space})
{gate}
print(enqueue(space=space, document_kind="file", title="Letter", event_key="order:1:received").pk)
"""
    processes = [start(code.format(space=space.pk, gate=gate.code(n))) for n in range(4)]
    gate.open(4)
    printed = finish(*processes)
    assert len(set(printed)) == 1
    assert PrintJob.objects.count() == 1


def test_the_same_device_connected_twice_at_the_same_moment_is_one_lane(space: Space, tmp_path: Path) -> None:
    gate = Gate(tmp_path)
    code = """
from printing.services import connect_printer
from printing.services.printers import discover
from spaces.models import Space
space = Space.objects.get(pk={space})
remote = discover("folder", {{"directory": "same"}})[1][0]
{gate}
connect_printer(space, "folder", {{"directory": "same"}}, remote)
"""
    processes = [start(code.format(space=space.pk, gate=gate.code(n))) for n in range(3)]
    gate.open(3)
    finish(*processes)
    assert Printer.objects.count() == 1
