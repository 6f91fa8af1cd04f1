"""S17 with a real printer: a worker killed with SIGKILL before, during and after the submission.

The job ends SUCCESSFUL. Where the printer can tell, it came out once; where it may have come out twice, the job says
so.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from printing.constants import UNKNOWN_SETTLE
from printing.dispatcher import dispatch
from printing.models import PrintAttempt, Printer, PrinterConfiguration, PrintJob
from printing.providers.errors import Reason
from printing.services import connect_printer, enqueue, save_configuration
from printing.services.printers import discover
from printing.states import JobState, Outcome, Phase, UnknownRule
from spaces.models import Space
from tests.conftest import Clock
from tests.fakes.relay import Relay, relay
from tests.lab.ipp import LabServer
from tests.printing.simulated import file_job
from tests.processes import DISPATCH, Process, start, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.process]

SHORT_LEASE = {"LANE_LEASE_SECONDS": "1", "LANE_THREADS": "2"}


def connect(space: Space, port: int, **options: str) -> PrinterConfiguration:
    credentials = {"url": f"ipp://localhost:{port}/ipp/print"}
    remote = discover("ipp", credentials)[1][0]
    device = connect_printer(space, "ipp", credentials, remote)
    return save_configuration(PrinterConfiguration(space=space, printer=device, name="Lab", **options), default=True)


def kill(worker: Process) -> None:
    worker.kill()
    worker.communicate()
    wait_until(lambda: Printer.objects.due().exists(), "the dead worker's lease is over")


def printed(job: PrintJob) -> bool:
    dispatch()
    job.refresh_from_db()
    return job.state == JobState.SUCCESSFUL


def sending() -> bool:
    return PrintAttempt.objects.filter(phase=Phase.SENDING).exists()


def kill_once_sent(job: PrintJob, line: Relay) -> None:
    """Send the job, and kill the worker when its whole document has left and the printer has not answered.

    The document stays on the line until its sender is gone, and goes on to the printer then.
    """
    assert job.document is not None
    line.spared, line.hold = 1, True
    worker = start(DISPATCH, **SHORT_LEASE)
    # Around the document are the HTTP head and the operation's attributes, which leave in one piece with it.
    whole = job.document.size + 300
    wait_until(lambda: line.held > whole, "the document is on the line")
    worker.kill()
    worker.communicate()
    line.hold = False


@contextmanager
def outcome_cannot_be_recorded(job: PrintJob) -> Iterator[None]:
    """Hold what the worker has to write, so that it is stopped between the printer's answer and its own record."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            list(PrintAttempt.objects.select_for_update().filter(job=job))
        yield


def test_killed_while_the_document_is_made_it_prints_once_and_says_nothing_of_twice(
    space: Space, ipp_printer: LabServer, tmp_path: Path
) -> None:
    connect(space, ipp_printer.port)
    job = enqueue(space=space, document_kind="slow", title="Letter", source_id=1)
    assert job is not None
    render = f"""
import pathlib, time
from printing import kinds
from tests.pdfs import make_pdf
here = pathlib.Path({str(tmp_path)!r})
def render(source):
    (here / "rendering").touch()
    while not (here / "go on").exists(): time.sleep(0.01)
    return make_pdf(1)
kinds.register(kinds.DocumentKind("slow", "Slow", render))
"""
    worker = start(render + DISPATCH, **SHORT_LEASE)
    wait_until((tmp_path / "rendering").exists, "the document is being made")
    kill(worker)
    (tmp_path / "go on").touch()
    start(render + DISPATCH, **SHORT_LEASE).communicate(timeout=60)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.possible_duplicate) == (JobState.SUCCESSFUL, 2, False)
    assert len(ipp_printer.wait_for_documents(1)) == 1
    first = job.attempt_set.get(number=1)
    assert (first.outcome, first.reason) == (Outcome.TRANSIENT, Reason.WORKER_STOPPED)


def test_killed_while_sending_it_is_found_at_the_printer_and_came_out_once(
    space: Space, ipp_printer: LabServer
) -> None:
    with relay(ipp_printer.port) as line:
        connect(space, line.port)
        job = file_job(space)
        kill_once_sent(job, line)
        ipp_printer.wait_for_documents(1)
        wait_until(lambda: Printer.objects.due().exists(), "the dead worker's lease is over")
        dispatch()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.possible_duplicate) == (JobState.SUCCESSFUL, 1, False)
    assert len(ipp_printer.documents()) == 1
    assert job.attempt_set.get().reason == Reason.WORKER_DIED


def test_killed_before_a_byte_of_the_document_arrived_it_comes_out_once_and_says_nothing_of_twice(
    space: Space, ipp_printer: LabServer, clock: Clock, settings: Settings
) -> None:
    settings.LANE_BACKOFF_SECONDS = 0
    with relay(ipp_printer.port) as line:
        connect(space, line.port)
        job = file_job(space)
        line.cut_after = 0  # what the dead worker sent gets lost, and the printer waits for it
        kill_once_sent(job, line)
        line.cut_after = None
        wait_until(lambda: Printer.objects.due().exists(), "the dead worker's lease is over")
        dispatch()
        assert ipp_printer.documents() == []
        clock.shift(UNKNOWN_SETTLE)
        wait_until(lambda: printed(job), "the printer takes the document")
    assert (job.state, job.possible_duplicate) == (JobState.SUCCESSFUL, False)
    assert job.attempt_set.get(number=1).reason == Reason.WORKER_DIED
    assert len(ipp_printer.wait_for_documents(1)) == 1


def test_killed_between_the_answer_and_its_record_it_came_out_once(space: Space, ipp_printer: LabServer) -> None:
    connect(space, ipp_printer.port)
    job = file_job(space)
    ipp_printer.freeze()
    worker = start(DISPATCH, **SHORT_LEASE)
    wait_until(sending, "the document is being sent")
    with outcome_cannot_be_recorded(job):
        ipp_printer.thaw()
        ipp_printer.wait_for_documents(1)
        wait_until(lambda: connections(ipp_printer.port) == 0, "the answer has arrived")
        worker.kill()
        worker.communicate()
    wait_until(lambda: Printer.objects.due().exists(), "the dead worker's lease is over")
    dispatch()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.possible_duplicate) == (JobState.SUCCESSFUL, 1, False)
    assert len(ipp_printer.documents()) == 1


def _forgotten(space: Space, printer: LabServer, rule: UnknownRule) -> PrintJob:
    """A job whose worker was killed after it came out, at a printer that has forgotten everything since."""
    with relay(printer.port) as line:
        connect(space, line.port, unknown_rule=rule)
        job = file_job(space)
        kill_once_sent(job, line)
        printer.wait_for_documents(1)
        printer.kill()
        printer.restart()
        wait_until(lambda: Printer.objects.due().exists(), "the dead worker's lease is over")
        dispatch()
    job.refresh_from_db()
    return job


def test_a_printer_that_forgot_prints_again_and_the_job_says_that_it_may_be_twice(
    space: Space, ipp_printer: LabServer
) -> None:
    job = _forgotten(space, ipp_printer, UnknownRule.PRINT_AGAIN)
    assert (job.state, job.attempts, job.possible_duplicate) == (JobState.SUCCESSFUL, 2, True)
    assert len(ipp_printer.wait_for_documents(2)) == 2


def test_a_printer_that_forgot_prints_nothing_where_a_person_is_to_decide(space: Space, ipp_printer: LabServer) -> None:
    job = _forgotten(space, ipp_printer, UnknownRule.HOLD)
    assert (job.state, job.reason, job.possible_duplicate) == (JobState.FAILED, Reason.HELD_FOR_PERSON, True)
    assert len(ipp_printer.documents()) == 1


def connections(port: int) -> int:
    """Connections that are open to the printer."""
    return sum(
        line.split()[3] == "01" and line.split()[2].endswith(f":{port:04X}")
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for line in Path(table).read_text().splitlines()[1:]
    )
