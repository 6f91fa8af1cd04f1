"""A real django-q2 cluster on the test's database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from printing.models import PrintJob
from printing.states import JobState
from tests.processes import ROOT, environment


@contextmanager
def cluster(directory: Path, **extra: str) -> Iterator[Callable[[], bool]]:
    """A cluster of two workers, ended with everything it started; yields whether all jobs are through."""
    log = directory / "cluster.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "qcluster"],
            cwd=ROOT,
            env=environment(QUEUE_WORKERS="2", LANE_THREADS="4", **extra),
            start_new_session=True,
            stdout=output,
            stderr=output,
        )

    def all_successful() -> bool:
        assert process.poll() is None, log.read_text()
        return not PrintJob.objects.exclude(state=JobState.SUCCESSFUL).exists()

    try:
        yield all_successful
    finally:
        process.terminate()
        try:
            process.wait(30)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
