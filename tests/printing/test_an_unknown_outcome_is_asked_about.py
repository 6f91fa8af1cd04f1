"""Demand 1: never two prints because an answer came late. The provider is asked before anything is sent again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from printing.constants import UNKNOWN_SETTLE
from printing.dispatcher import dispatch
from printing.models import PrinterConfiguration
from printing.providers.errors import Reason
from printing.states import JobState, Outcome
from spaces.models import Space
from tests.printing.conftest import Clock
from tests.printing.simulated import SimulatedPrinter, file_job, simulated_printer

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_lost_answer_is_found_by_asking_and_prints_once(space: Space, laser: SimulatedPrinter) -> None:
    laser.set("lose-answer")
    jobs = [file_job(space, number) for number in range(2)]
    dispatch()
    for job in jobs:
        job.refresh_from_db()
    assert [job.state for job in jobs] == [JobState.SUCCESSFUL, JobState.SUCCESSFUL]
    assert laser.keys() == [job.key.hex for job in jobs]
    assert not any(job.possible_duplicate for job in jobs)
    attempt = jobs[0].attempt_set.get()
    assert (attempt.outcome, attempt.reason) == (Outcome.ACCEPTED, Reason.NO_ANSWER)


def test_a_lost_request_is_sent_again_once_it_cannot_arrive_any_more(
    space: Space, laser: SimulatedPrinter, clock: Clock
) -> None:
    laser.set("lose-request")
    job = file_job(space)
    dispatch()
    laser.set("normal")
    job.refresh_from_db()
    assert (job.state, job.reason) == (JobState.PENDING, Reason.NO_ANSWER)
    assert job.unresolved_since is not None
    clock.shift(UNKNOWN_SETTLE / 2)
    dispatch()
    assert laser.documents() == []
    clock.shift(timedelta(minutes=1))
    dispatch()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.possible_duplicate) == (JobState.SUCCESSFUL, 2, False)
    assert laser.keys() == [job.key.hex]


def test_jobs_behind_an_unknown_outcome_wait_so_that_the_order_is_kept(
    space: Space, laser: SimulatedPrinter, clock: Clock
) -> None:
    laser.set("lose-request")
    first, second = file_job(space, 1), file_job(space, 2)
    dispatch()
    second.refresh_from_db()
    assert (second.state, second.attempts) == (JobState.PENDING, 0)
    laser.set("normal")
    clock.shift(timedelta(minutes=1))
    dispatch()
    assert laser.keys() == [first.key.hex, second.key.hex]


def test_the_device_that_was_sent_to_is_asked_even_when_the_configuration_has_another_one_since(
    space: Space, laser: SimulatedPrinter, clock: Clock
) -> None:
    laser.set("lose-request")
    job = file_job(space)
    dispatch()
    other = simulated_printer(space, "Other")
    PrinterConfiguration.objects.filter(pk=laser.configuration.pk).update(printer=other.configuration.printer)
    laser.set("normal")
    clock.shift(timedelta(minutes=1))
    dispatch()
    dispatch()
    job.refresh_from_db()
    assert (job.state, job.printer_id) == (JobState.SUCCESSFUL, other.configuration.printer_id)
    assert laser.documents() == []
    assert other.keys() == [job.key.hex]
