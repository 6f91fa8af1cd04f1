"""``manage.py run_worker`` with real processes: what dies is replaced, and nothing outlives the supervisor."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.config.conftest import Start
from tests.config.programs import Program

pytestmark = [pytest.mark.process, pytest.mark.long]

READY = "takes tasks"
QUICK = ("--beat", "0.5", "--stale", "3", "--stop", "20")


@pytest.fixture(scope="module", autouse=True)
def database(installation: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> None:
    from tests.config.programs import program

    log = tmp_path_factory.mktemp("migrate") / "log"
    for command in (("-m", "config.first_run"), ("manage.py", "migrate", "--verbosity", "0")):
        with program(log, *command, **installation) as running:
            assert running.process.wait(60) == 0, running.text()


@pytest.fixture
def worker(start: Start) -> Iterator[Program]:
    with start("manage.py", "run_worker", *QUICK) as running:
        running.wait_for(READY)
        yield running


def idle_workers(worker: Program) -> list[int]:
    """The process ids django-q2 logs of its workers, in the order in which they began to wait for a task."""
    return [int(pid) for pid in re.findall(r"ready for work at (\d+)", worker.text())]


def test_a_cluster_whose_waiting_worker_was_killed_is_replaced(worker: Program) -> None:
    first = worker.living()
    # One of the two holds the queue's lock while it waits; its death is the one django-q2 does not get over.
    for pid in idle_workers(worker):
        os.kill(pid, signal.SIGKILL)
    worker.wait_for(READY, times=2)
    assert "no heartbeat for" in worker.text()
    assert worker.living() & first == {worker.process.pid}


def test_a_cluster_that_was_killed_is_replaced_and_leaves_no_orphans(worker: Program) -> None:
    first = worker.living()
    cluster = int(re.findall(r"cluster (\d+) started", worker.text())[0])
    os.kill(cluster, signal.SIGKILL)
    worker.wait_for(READY, times=2)
    assert worker.living() & first == {worker.process.pid}


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_asked_to_end_leaves_no_process_behind(worker: Program, signum: signal.Signals) -> None:
    assert len(worker.living()) >= 6
    assert worker.ends(signum) == 0
    worker.leaves_nothing()
    assert "has stopped" in worker.text()  # in good order: django-q2's own last words


def test_a_cluster_that_no_longer_stops_is_killed(start: Start) -> None:
    with start("manage.py", "run_worker", "--beat", "0.5", "--stale", "60", "--stop", "2") as worker:
        worker.wait_for(READY)
        for pid in idle_workers(worker):
            os.kill(pid, signal.SIGKILL)
        assert worker.ends(signal.SIGTERM) == 0
        worker.leaves_nothing()


def test_nothing_outlives_a_supervisor_that_is_killed(worker: Program) -> None:
    os.kill(worker.process.pid, signal.SIGKILL)
    worker.leaves_nothing()


def test_its_sign_of_life_is_there_while_it_runs_and_goes_when_it_is_stopped(
    start: Start, installation: dict[str, str]
) -> None:
    def signs() -> int:
        with closing(sqlite3.connect(Path(installation["PRESSROOM_DATA_DIR"]) / "pressroom.sqlite3")) as database:
            count: int = database.execute("SELECT count(*) FROM printing_workersign").fetchone()[0]
            return count

    with start("manage.py", "run_worker", *QUICK) as running:
        running.wait_for(READY)
        running.wait_until(lambda: signs() == 1, "its sign of life is in the database")
        assert running.ends(signal.SIGTERM) == 0
    assert signs() == 0
