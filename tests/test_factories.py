"""The factories themselves: a wrong row would make every other test say something else than it means."""

from __future__ import annotations

import pytest

from printing.states import JobState
from tests.conftest import Stranger
from tests.factories import PrintAttemptFactory, PrintJobFactory

pytestmark = pytest.mark.django_db


def test_it_keeps_a_job_in_one_space() -> None:
    job = PrintJobFactory()
    assert job.space == job.configuration.space == job.printer.space == job.document.space
    assert job.document.pages == 1
    job.full_clean(exclude=["copies", "created_by", "accepted_at", "finished_at", "planned_purge_at"])


def test_it_gives_ended_jobs_their_purge_date() -> None:
    assert PrintJobFactory(state=JobState.FAILED).planned_purge_at is not None
    assert PrintJobFactory(state=JobState.PENDING).planned_purge_at is None


def test_it_makes_attempts_of_the_jobs_printer() -> None:
    attempt = PrintAttemptFactory()
    assert attempt.printer_name == attempt.job.printer.name


def test_the_stranger_owns_something(stranger: Stranger) -> None:
    assert len(stranger.jobs) == len(JobState)
