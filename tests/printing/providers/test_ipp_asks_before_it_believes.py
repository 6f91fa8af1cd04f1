"""Finding, following and cancelling jobs where the printer's answers are odd."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from printing.providers.base import Accepted, CannotTell, PaperState, ProviderContext, Target
from printing.providers.errors import ConfigurationProblem, Reason, Transient
from printing.providers.ipp import provider as provider_module
from printing.providers.ipp.attributes import integer
from printing.providers.ipp.client import Operation
from printing.providers.ipp.provider import IppProvider
from printing.providers.ipp.values import Message
from tests.fakes.ipp_printer import Answers, ipp_printer, job, jobs, printer, status

KEY = "a1b2"


@contextmanager
def _target(answers: Answers) -> Iterator[Target]:
    with ipp_printer(answers) as found:
        url = found.url("/ipp/print", "ipp")
        yield Target({"url": url}, url)


@pytest.mark.parametrize(
    ("state", "paper", "final"),
    [
        (3, PaperState.QUEUED, False),
        (4, PaperState.QUEUED, False),
        (5, PaperState.PRINTING, False),
        (6, PaperState.PROBLEM, False),
        (7, PaperState.PROBLEM, True),
        (8, PaperState.PROBLEM, True),
        (9, PaperState.PRINTED, True),
        (99, PaperState.UNKNOWN, False),
    ],
)
def test_each_state_of_a_job_has_its_state_on_paper(
    context: ProviderContext, state: int, paper: PaperState, final: bool
) -> None:
    with _target(lambda request: jobs(request, job(7, job_name=f"x [{KEY}]", job_state=state))) as target:
        progress = IppProvider(context).progress(target, f"7;;{KEY}")
    assert (progress.paper, progress.final) == (paper, final)


def test_a_problem_is_told_in_the_words_of_the_printer(context: ProviderContext) -> None:
    stopped = job(
        7, job_name=f"x [{KEY}]", job_state=5, job_printer_state_message="The printer may not exist or is unavailable."
    )
    with _target(lambda request: jobs(request, stopped)) as target:
        assert "may not exist" in IppProvider(context).progress(target, f"7;;{KEY}").detail


def test_the_job_that_has_its_number_now_is_not_taken_for_it(context: ProviderContext) -> None:
    asked: list[int] = []

    def answers(request: Message) -> Message:
        asked.append(request.code)
        return jobs(request, job(7, job_name="Somebody else's", job_state=5))

    with _target(answers) as target:
        provider = IppProvider(context)
        assert provider.progress(target, f"7;;{KEY}").paper is PaperState.UNKNOWN
        assert provider.cancel(target, f"7;;{KEY}") is False
    assert Operation.CANCEL_JOB not in asked


@pytest.mark.parametrize("code", [0x0404, 0x0406])
def test_a_job_that_ends_while_it_is_cancelled_was_too_late(context: ProviderContext, code: int) -> None:
    def answers(request: Message) -> Message:
        if request.code == Operation.CANCEL_JOB:
            return status(request, code)
        return jobs(request, job(7, job_name=f"x [{KEY}]", job_state=5))

    with _target(answers) as target:
        assert IppProvider(context).cancel(target, f"7;;{KEY}") is False


def test_a_printer_that_lists_no_jobs_cannot_tell(context: ProviderContext) -> None:
    def answers(request: Message) -> Message:
        if request.code == Operation.GET_JOBS:
            return status(request, 0x040B)
        return printer(request, integer("printer-up-time", 10_000))

    with _target(answers) as target:
        assert isinstance(IppProvider(context).find(target, KEY, datetime.now(UTC)), CannotTell)


def test_a_queue_that_is_gone_is_a_matter_of_configuration(context: ProviderContext) -> None:
    with _target(lambda request: status(request, 0x0406)) as target, pytest.raises(ConfigurationProblem) as caught:
        IppProvider(context).find(target, KEY, datetime.now(UTC))
    assert (caught.value.reason, caught.value.params) == (Reason.PRINTER_NOT_FOUND, {"printer": target.printer_id})


def test_a_job_that_finishes_between_two_questions_is_not_lost(context: ProviderContext) -> None:
    questions: list[str] = []

    def answers(request: Message) -> Message:
        if request.code != Operation.GET_JOBS:
            return printer(request, integer("printer-up-time", 10_000))
        which = str(request.groups[0].first("which-jobs"))
        questions.append(which)
        # Waiting when the first question is asked, whichever that is; finished from then on.
        listed = (
            [job(7, job_name=f"x [{KEY}]")] if which == ("completed" if len(questions) > 1 else "not-completed") else []
        )
        return jobs(request, *listed)

    with _target(answers) as target:
        assert isinstance(IppProvider(context).find(target, KEY, datetime.now(UTC)), Accepted)


def test_a_printer_that_has_only_just_woken_is_asked_again(
    context: ProviderContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider_module, "SLOW", 0.1)

    def answers(request: Message) -> Message:
        if request.code == Operation.GET_PRINTER_ATTRIBUTES:
            time.sleep(0.2)
            return printer(request, integer("printer-up-time", 10_000))
        return jobs(request)

    with _target(answers) as target, pytest.raises(Transient):
        IppProvider(context).find(target, KEY, datetime.now(UTC))
