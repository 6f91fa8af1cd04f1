"""The purge takes what has expired, not what a person has called back while it was at work."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone

from printing.dispatcher import dispatch
from printing.models import PrintAttempt, PrintJob
from printing.services import reschedule
from printing.states import JobState
from spaces.models import Space
from tests.printing.simulated import SimulatedPrinter, file_job
from tests.processes import Process, finish, somebody_waits_for_a_lock, start, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.process]

# The purge says when it has looked for what expired; on SQLite nobody can see it wait for its turn to write.
PURGE = """
import pathlib
from django.db import connection
from printing.services.retention import purge_expired

def tell(execute, sql, params, many, context):
    result = execute(sql, params, many, context)
    if "planned_purge_at" in sql:
        pathlib.Path({looked!r}).touch()
    return result

with connection.execute_wrapper(tell):
    print(sum(purge_expired()))
"""


def _expired_failure(space: Space, laser: SimulatedPrinter, number: int) -> PrintJob:
    job = file_job(space, number)
    laser.set("reject", message="no")
    dispatch()
    PrintJob.objects.filter(pk=job.pk).update(planned_purge_at=timezone.now() - timedelta(minutes=1))
    return job


def _waits_for_a_lock(process: Process) -> bool:
    if process.poll() is not None:
        return True  # it did not wait, and the assertions say what it did
    return somebody_waits_for_a_lock()


def test_a_job_called_back_while_the_purge_waits_for_it_keeps_its_attempts(
    space: Space, laser: SimulatedPrinter, tmp_path: Path
) -> None:
    called_back = _expired_failure(space, laser, 1)
    left = _expired_failure(space, laser, 2)
    looked = tmp_path / "looked"
    with transaction.atomic():
        reschedule(called_back)
        purge = start(PURGE.format(looked=str(looked)))
        wait_until(lambda: looked.exists() or purge.poll() is not None, "the purge has looked for expired jobs")
        if connection.vendor == "postgresql":
            wait_until(lambda: _waits_for_a_lock(purge), "the purge waits for the job")
    assert finish(purge) == ["1\n"]
    called_back.refresh_from_db()
    assert called_back.state == JobState.PENDING
    assert PrintAttempt.objects.filter(job=called_back).count() == 1
    assert called_back.document is not None
    assert not PrintJob.objects.filter(pk=left.pk).exists()
    laser.set("normal")
    dispatch()
    called_back.refresh_from_db()
    assert (called_back.state, called_back.attempts) == (JobState.SUCCESSFUL, 2)
