"""S15: jobs and their documents are deleted after the retention time, neither before nor half."""

from __future__ import annotations

from datetime import timedelta

import pytest

from printing.constants import PRINT_JOB_RETENTION
from printing.dispatcher import dispatch
from printing.models import Incident, IncidentKind, PrintAttempt, PrintJob, StoredDocument
from printing.models.document import document_storage
from printing.services.retention import purge_expired
from printing.states import JobState
from spaces.models import Space
from tests.factories import PrintJobFactory
from tests.printing.conftest import Clock
from tests.printing.simulated import SimulatedPrinter, file_job

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_retention_is_fourteen_days() -> None:
    assert timedelta(days=14) == PRINT_JOB_RETENTION


def test_a_job_is_kept_until_its_time_and_then_gone_with_its_document(
    space: Space, laser: SimulatedPrinter, clock: Clock
) -> None:
    job = file_job(space)
    dispatch()
    assert job.document is not None
    path = str(job.document.file.name)
    clock.shift(PRINT_JOB_RETENTION - timedelta(minutes=1))
    assert list(purge_expired()) == []
    clock.shift(timedelta(minutes=2))
    assert list(purge_expired()) == [1]
    assert PrintJob.objects.count() == PrintAttempt.objects.count() == StoredDocument.objects.count() == 0
    assert not document_storage().exists(path)


def test_a_document_another_job_refers_to_is_kept(space: Space, laser: SimulatedPrinter, clock: Clock) -> None:
    file_job(space)
    dispatch()
    clock.shift(PRINT_JOB_RETENTION + timedelta(hours=1))
    newer = file_job(space)
    list(purge_expired())
    assert list(PrintJob.objects.all()) == [newer]
    assert newer.document is not None
    assert document_storage().exists(str(newer.document.file.name))


def test_jobs_that_still_wait_are_never_deleted(space: Space, laser: SimulatedPrinter, clock: Clock) -> None:
    job = file_job(space)
    clock.shift(PRINT_JOB_RETENTION * 10)
    list(purge_expired())
    assert PrintJob.objects.filter(pk=job.pk).exists()


def test_many_are_deleted_in_batches(space: Space, laser: SimulatedPrinter, clock: Clock) -> None:
    for number in range(5):
        file_job(space, number)
    dispatch()
    clock.shift(PRINT_JOB_RETENTION + timedelta(hours=1))
    assert list(purge_expired(batch=2)) == [2, 2, 1]


def test_a_job_of_which_people_were_told_is_deleted_with_what_was_told(space: Space, clock: Clock) -> None:
    job = PrintJobFactory(space=space, state=JobState.FAILED)
    Incident.objects.create(space=space, kind=IncidentKind.JOB_FAILED, job=job)
    clock.shift(PRINT_JOB_RETENTION + timedelta(hours=1))
    assert list(purge_expired()) == [1]
    assert PrintJob.objects.count() == Incident.objects.count() == 0
