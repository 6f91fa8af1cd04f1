"""What PrintNode says of a job later on, and what that is worth."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from printing.providers.base import (
    ColorMode,
    Document,
    PaperSize,
    PaperState,
    Progress,
    ProviderContext,
    Sides,
    Target,
)
from printing.providers.printnode.jobs import HANDED_OVER, last_message, progress_of
from printing.providers.printnode.provider import PrintNodeProvider
from tests.fakes.printnode.fake import PRINTER, TRAY, PrintNodeFake

PDF = Document(b"%PDF-1.7", "Invoice 4711")


@pytest.fixture
def provider(context: ProviderContext) -> PrintNodeProvider:
    return PrintNodeProvider(context)


@pytest.fixture
def target(printnode: PrintNodeFake) -> Target:
    """A printer whose jobs go on only when they are told to."""
    printnode.set(automatic=False)
    return Target(printnode.credentials, str(PRINTER))


@pytest.mark.parametrize(
    ("state", "paper", "final"),
    [
        ("new", PaperState.QUEUED, False),
        ("sent_to_client", PaperState.QUEUED, False),
        ("queued_to_print", PaperState.QUEUED, False),
        ("in_progress", PaperState.PRINTING, False),
        ("disappeared", PaperState.UNKNOWN, False),
        ("done", PaperState.PRINTED, True),
        ("error", PaperState.PROBLEM, True),
        ("expired", PaperState.PROBLEM, True),
        ("deleted", PaperState.PROBLEM, True),
    ],
)
def test_each_state_says_what_became_of_the_paper(
    printnode: PrintNodeFake,
    provider: PrintNodeProvider,
    target: Target,
    state: str,
    paper: PaperState,
    final: bool,
) -> None:
    accepted = provider.submit(PDF, target, "5b1c")
    printnode.finish(accepted.remote_id, state)
    progress = provider.progress(target, accepted.remote_id)
    assert (progress.paper, progress.final) == (paper, final)


def test_done_says_that_nobody_saw_the_paper() -> None:
    assert progress_of("done") == Progress(PaperState.PRINTED, HANDED_OVER, final=True)


@pytest.mark.parametrize("state", ["teleported", "", None, 7, "x" * 900])
def test_a_state_that_is_new_to_us_is_not_the_end(state: object) -> None:
    progress = progress_of(state)
    assert (progress.paper, progress.final) == (PaperState.UNKNOWN, False)
    assert len(progress.detail) <= 50


def test_a_problem_is_told_in_the_words_of_the_computer(
    printnode: PrintNodeFake, provider: PrintNodeProvider, target: Target
) -> None:
    accepted = provider.submit(PDF, target, "5b1c")
    printnode.finish(accepted.remote_id, "error", "The printer is\r\nout of paper")
    progress = provider.progress(target, accepted.remote_id)
    assert progress == Progress(PaperState.PROBLEM, "The printer is out of paper", final=True)


@pytest.mark.parametrize("histories", [None, [], {}, [None], [[]], [[{"message": "x"}]], [["x"]], "x"])
def test_a_problem_without_words_has_ours(histories: object) -> None:
    assert last_message(histories, 1) == ""
    assert progress_of("error", last_message(histories, 1)).detail


def test_a_job_that_is_forgotten_stays_unknown(
    printnode: PrintNodeFake, provider: PrintNodeProvider, target: Target
) -> None:
    accepted = provider.submit(PDF, target, "5b1c")
    printnode.order("forget_jobs")
    progress = provider.progress(target, accepted.remote_id)
    assert (progress.paper, progress.final) == (PaperState.UNKNOWN, True)


@pytest.mark.parametrize("remote_id", ["1,2", "1-9", "-5", "5-", "٣", "1 ", "9" * 400])
def test_an_id_that_would_be_a_set_is_asked_for_by_nobody(
    printnode: PrintNodeFake, provider: PrintNodeProvider, target: Target, remote_id: str
) -> None:
    provider.submit(PDF, target, "5b1c")
    assert provider.cancel(target, remote_id) is False
    assert provider.progress(target, remote_id).paper is PaperState.UNKNOWN
    assert printnode.documents()[0]["state"] == "new"


def test_a_job_that_waits_at_printnode_can_be_withdrawn(
    printnode: PrintNodeFake, provider: PrintNodeProvider, target: Target
) -> None:
    accepted = provider.submit(PDF, target, "5b1c")
    assert provider.cancel(target, accepted.remote_id) is True
    assert printnode.documents()[0]["state"] == "deleted"
    assert provider.cancel(target, accepted.remote_id) is True


@pytest.mark.parametrize("state", ["sent_to_client", "queued", "done", "error"])
def test_a_job_that_the_computer_has_is_left_alone(
    printnode: PrintNodeFake, provider: PrintNodeProvider, target: Target, state: str
) -> None:
    accepted = provider.submit(PDF, target, "5b1c")
    printnode.finish(accepted.remote_id, state)
    assert provider.cancel(target, accepted.remote_id) is False
    assert printnode.documents()[0]["state"] == state


def test_a_job_for_a_computer_that_is_off_waits_a_day_and_no_longer(
    printnode: PrintNodeFake, provider: PrintNodeProvider, target: Target
) -> None:
    printnode.order("change_computer", state="disconnected")
    printnode.set(automatic=True)
    accepted = provider.submit(PDF, target, "5b1c")
    assert printnode.documents()[0]["expire_after"] == timedelta(hours=24).total_seconds()
    assert provider.progress(target, accepted.remote_id).paper is PaperState.QUEUED
    printnode.set(skew=25 * 3600)
    printnode.wait_for_state(accepted.remote_id, "expired")
    progress = provider.progress(target, accepted.remote_id)
    assert (progress.paper, progress.final) == (PaperState.PROBLEM, True)


def test_options_arrive_in_the_words_of_printnode(
    printnode: PrintNodeFake, provider: PrintNodeProvider, target: Target
) -> None:
    options = {"tray": TRAY, "paper": PaperSize("A5", "A5", 14800, 21000), "copies": 3, "sides": Sides.SHORT_EDGE}
    provider.submit(PDF, replace(target, **options, color=ColorMode.MONOCHROME), "5b1c")  # type: ignore[arg-type]
    [document] = printnode.documents()
    expected = {"bin": TRAY, "paper": "A5", "copies": 3, "duplex": "short-edge", "color": False, "fit_to_page": False}
    assert (document["options"], document["source"], document["title"]) == (expected, "5b1c", "Invoice 4711")


def test_some_of_the_pages_are_printed_and_scaled_to_the_paper(
    printnode: PrintNodeFake, provider: PrintNodeProvider, target: Target
) -> None:
    provider.submit(PDF, replace(target, pages=(2, 3), fit_to_page=True), "5b1c")
    assert printnode.documents()[0]["options"] == {"fit_to_page": True, "pages": "2-3"}


def test_a_document_expires_there_when_it_does_here(
    printnode: PrintNodeFake, provider: PrintNodeProvider, target: Target
) -> None:
    provider.submit(PDF, replace(target, expires_after=timedelta(minutes=90)), "5b1c")
    assert printnode.documents()[0]["expire_after"] == 5_400


def test_what_is_not_configured_is_not_sent(
    printnode: PrintNodeFake, provider: PrintNodeProvider, target: Target
) -> None:
    provider.submit(PDF, target, "5b1c")
    assert printnode.documents()[0]["options"] == {"fit_to_page": False}
