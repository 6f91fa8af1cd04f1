"""S17 with a real printer: a worker killed with SIGKILL before, during and after the submission.

The job ends SUCCESSFUL. Where the printer can tell, it came out once; where it may have come out twice, the job says
so.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, transaction

from printing.dispatcher import dispatch
from printing.models import PrintAttempt, Printer, PrinterConfiguration, PrintJob
from printing.providers.errors import Reason
from printing.services import connect_printer, enqueue, save_configuration
from printing.services.printers import discover
from printing.states import JobState, Outcome, Phase, UnknownRule
from spaces.models import Space
from tests.lab.ipp import LabServer
from tests.printing.simulated import file_job
from tests.processes import DISPATCH, start, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

SHORT_LEASE = {"LANE_LEASE_SECONDS": "1", "LANE_THREADS": "2"}


def connect(space: Space, printer: LabServer, **options: str) -> PrinterConfiguration:
    credentials = {"url": printer.url}
    remote = discover("ipp", credentials)[1][0]
    device = connect_printer(space, "ipp", credentials, remote)
    return save_configuration(PrinterConfiguration(space=space, printer=device, name="Lab", **options), default=True)


def kill(worker: subprocess.Popen[str]) -> None:
    worker.kill()
    worker.communicate()
    wait_until(lambda: Printer.objects.due().exists(), "the dead worker's lease is over")


def sending() -> bool:
    return PrintAttempt.objects.filter(phase=Phase.SENDING).exists()


def kill_once_sent(worker: subprocess.Popen[str], job: PrintJob, printer: LabServer) -> None:
    """Kill the worker when the whole request lies with the printer, which is frozen and has not answered."""
    assert job.document is not None
    # The request around the document has some 450 bytes; body and document leave in one piece.
    whole = job.document.size + 300
    wait_until(lambda: received_unread(printer.port) > whole, "the request is in the printer's hands")
    worker.kill()
    worker.communicate()


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
    connect(space, ipp_printer)
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
    connect(space, ipp_printer)
    job = file_job(space)
    ipp_printer.freeze()
    worker = start(DISPATCH, **SHORT_LEASE)
    wait_until(sending, "the document is being sent")
    kill_once_sent(worker, job, ipp_printer)
    ipp_printer.thaw()
    ipp_printer.wait_for_documents(1)
    wait_until(lambda: Printer.objects.due().exists(), "the dead worker's lease is over")
    dispatch()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.possible_duplicate) == (JobState.SUCCESSFUL, 1, False)
    assert len(ipp_printer.documents()) == 1
    assert job.attempt_set.get().reason == Reason.WORKER_DIED


def test_killed_between_the_answer_and_its_record_it_came_out_once(space: Space, ipp_printer: LabServer) -> None:
    connect(space, ipp_printer)
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
    connect(space, printer, unknown_rule=rule)
    job = file_job(space)
    printer.freeze()
    worker = start(DISPATCH, **SHORT_LEASE)
    wait_until(sending, "the document is being sent")
    kill_once_sent(worker, job, printer)
    printer.thaw()
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


def received_unread(port: int) -> int:
    """Bytes the kernel has taken for the (frozen) printer on all its connections, from its own table."""
    unread = 0
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            _number, local, _remote, state, queues = line.split()[:5]
            if state == "01" and local.endswith(f":{port:04X}"):
                unread += int(queues.partition(":")[2], 16)
    return unread


def connections(port: int) -> int:
    """Connections that are open to the printer."""
    return sum(
        line.split()[3] == "01" and line.split()[2].endswith(f":{port:04X}")
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for line in Path(table).read_text().splitlines()[1:]
    )
