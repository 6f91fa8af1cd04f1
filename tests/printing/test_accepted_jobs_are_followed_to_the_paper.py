"""Demand 5: "sent" is not "printed". Providers are asked what became of a job, ever more seldom, to the final word."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from printing.constants import FOLLOW_UP_WAITS
from printing.dispatcher import dispatch
from printing.follow_up import follow_up
from printing.models import PrinterConfiguration, PrintJob
from printing.providers.base import PaperState
from printing.services import connect_printer, save_configuration
from printing.services.printers import discover
from printing.states import JobState
from spaces.models import Space
from tests.fakes.printnode.fake import PrintNodeFake
from tests.lab.ipp import Cups, LabServer
from tests.lab.processes import wait_until
from tests.printing.conftest import Clock
from tests.printing.printnode import printnode_printer
from tests.printing.simulated import SimulatedPrinter, file_job

pytestmark = pytest.mark.django_db(transaction=True)

SOON = FOLLOW_UP_WAITS[0] + timedelta(seconds=1)


def accepted(space: Space) -> PrintJob:
    """A job that was accepted just now, of which nothing is known yet."""
    job = file_job(space)
    dispatch()
    job.refresh_from_db()
    assert (job.state, job.paper, job.reason) == (JobState.SUCCESSFUL, PaperState.UNKNOWN, "")
    return job


def asked(job: PrintJob) -> PrintJob:
    """The job after its provider was asked now, whenever that was due; a final word is not asked about."""
    PrintJob.objects.filter(pk=job.pk, paper_final=False).update(follow_up_at=timezone.now(), follow_ups=0)
    follow_up()
    job.refresh_from_db()
    return job


def ipp(space: Space, url: str) -> PrinterConfiguration:
    printer = connect_printer(space, "ipp", {"url": url}, discover("ipp", {"url": url})[1][0])
    return save_configuration(PrinterConfiguration(space=space, printer=printer, name="IPP"), default=True)


def test_it_is_asked_with_growing_waits_until_nobody_asks_any_more(
    space: Space, printnode: PrintNodeFake, clock: Clock
) -> None:
    printnode_printer(space, printnode)
    job = accepted(space)
    for number, wait in enumerate(FOLLOW_UP_WAITS):
        assert job.follow_up_at is not None
        clock.shift(wait - timedelta(seconds=5))
        assert follow_up() == 0
        clock.shift(timedelta(seconds=10))
        assert follow_up() == 1
        assert follow_up() == 0
        job.refresh_from_db()
        assert (job.follow_ups, job.paper) == (number + 1, PaperState.QUEUED)
    assert job.follow_up_at is None
    clock.shift(timedelta(days=2))
    assert follow_up() == 0
    assert len(printnode.requests("GET", f"/printjobs/{job.remote_id}")) == len(FOLLOW_UP_WAITS)


@pytest.mark.parametrize(
    ("state", "message", "paper", "words"),
    [
        ("done", "", PaperState.PRINTED, "Handed to the printer's queue"),
        ("error", "Kein Papier in Fach 2", PaperState.PROBLEM, "Kein Papier in Fach 2"),
        ("error", "", PaperState.PROBLEM, "could not print it"),
        ("expired", "", PaperState.PROBLEM, "waited too long"),
        ("deleted", "", PaperState.PROBLEM, "deleted at PrintNode"),
    ],
)
def test_a_final_word_ends_the_questions_and_leaves_the_state(
    space: Space, printnode: PrintNodeFake, clock: Clock, state: str, message: str, paper: PaperState, words: str
) -> None:
    printnode_printer(space, printnode)
    job = accepted(space)
    printnode.finish(job.remote_id, state, message)
    clock.shift(SOON)
    assert follow_up() == 1
    job.refresh_from_db()
    assert (job.state, job.paper, job.paper_final) == (JobState.SUCCESSFUL, paper, True)
    assert words in job.paper_detail
    assert job.paper_at is not None
    clock.shift(timedelta(days=2))
    assert follow_up() == 0


def test_what_was_known_stays_when_the_service_forgets_the_job(
    space: Space, printnode: PrintNodeFake, clock: Clock
) -> None:
    printnode_printer(space, printnode)
    job = accepted(space)
    printnode.finish(job.remote_id, "in_progress")
    assert asked(job).paper == PaperState.PRINTING
    printnode.order("forget_jobs")
    assert (asked(job).paper, job.paper_final, job.follow_up_at) == (PaperState.PRINTING, True, None)
    clock.shift(timedelta(days=2))
    assert follow_up() == 0


def test_a_service_that_is_away_is_asked_again_and_the_job_stays_as_it_is(
    space: Space, printnode: PrintNodeFake, clock: Clock
) -> None:
    printnode_printer(space, printnode)
    jobs = [accepted(space) for _number in range(2)]
    clock.shift(SOON)
    with printnode.refusing():
        assert follow_up() == 1  # the second is not asked about where the first had no answer
    for job in jobs:
        printnode.finish(job.remote_id, "done")
        assert asked(job).paper == PaperState.PRINTED


def test_the_simulated_printer_has_printed_what_it_took(space: Space, laser: SimulatedPrinter, clock: Clock) -> None:
    job, tidied = accepted(space), accepted(space)
    laser.documents()[1].unlink()
    clock.shift(SOON)
    assert follow_up() == 2
    for one in (job, tidied):
        one.refresh_from_db()
    assert (job.paper, job.paper_final, job.follow_up_at) == (PaperState.PRINTED, True, None)
    assert (tidied.paper, tidied.paper_final, tidied.follow_up_at) == (PaperState.UNKNOWN, True, None)
    assert tidied.paper_detail == "The file is not there any more."


def test_a_real_printer_says_that_it_runs_out_of_paper_and_then_that_it_printed(
    space: Space, ipp_printer: LabServer
) -> None:
    ipp(space, ipp_printer.url)
    ipp_printer.misbehave(state="+media-empty", sleep=3)
    job = accepted(space)
    wait_until(lambda: asked(job).paper_detail == "out of paper", "its words are there")
    # It calls that a warning and goes on: no problem of this job yet.
    assert (job.paper, job.paper_final) == (PaperState.PRINTING, False)
    wait_until(lambda: asked(job).paper == PaperState.PRINTED, "it is printed")
    assert (job.paper_detail, job.paper_final, job.follow_up_at) == ("", True, None)


def test_a_real_printer_that_gives_up_is_a_problem_with_its_words(space: Space, ipp_printer: LabServer) -> None:
    ipp(space, ipp_printer.url)
    ipp_printer.misbehave(exit_code=1, error="The drum is worn out")
    job = accepted(space)
    wait_until(lambda: asked(job).paper_final, "it gives up")
    assert (job.state, job.paper) == (JobState.SUCCESSFUL, PaperState.PROBLEM)
    assert "aborted by the printer" in job.paper_detail


def test_with_a_deleted_printer_nobody_can_say_what_came_out(space: Space, cups_server: Cups) -> None:
    url = cups_server.add_queue("extra", f"capture:{cups_server.directory}")
    ipp(space, url)
    cups_server.hold()
    job = accepted(space)
    wait_until(lambda: asked(job).paper == PaperState.PRINTING, "it is known to be printing")
    cups_server.command("cancel", "-a", "-x", "extra")
    cups_server.command("lpadmin", "-x", "extra")
    cups_server.release()
    assert (asked(job).paper, job.paper_final, job.follow_up_at) == (PaperState.PROBLEM, True, None)
    assert "does not know this printer any more" in job.paper_detail
