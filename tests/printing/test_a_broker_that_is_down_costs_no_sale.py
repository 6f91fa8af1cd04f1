"""Redis as the broker: wake-ups go through it; while it is down nobody waits for it, and nothing is lost."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django_q.models import OrmQ
from redis import Redis
from redis.exceptions import RedisError

from printing.dispatcher import dispatch, sweep
from printing.models import PrintJob
from printing.states import JobState
from spaces.models import Space
from tests.lab.processes import free_port
from tests.printing.cluster import cluster
from tests.printing.conftest import Clock
from tests.printing.simulated import SimulatedPrinter
from tests.processes import finish, start, wait_until
from tests.require import find_program, require_program

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.process, pytest.mark.long]

PATIENCE = 15.0  # seconds a person may look at a page that saves; the start of the process is not counted

ENQUEUE = """
import time
from django.db import transaction
from spaces.models import Space
from tests.printing.simulated import file_job
space = Space.objects.get(pk={space})
begin = time.monotonic()
with transaction.atomic():
    file_job(space)
print(time.monotonic() - begin)
"""


@pytest.fixture(params=["nobody listens", "nobody answers"])
def redis_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where Redis should be: a port that refuses, or one that takes connections and says nothing."""
    if request.param == "nobody listens":
        yield f"redis://127.0.0.1:{free_port()}/0"
        return
    with socket.create_server(("127.0.0.1", 0), backlog=16) as silent:
        yield f"redis://127.0.0.1:{silent.getsockname()[1]}/0"


def test_the_job_is_committed_nobody_waits_and_the_sweep_prints_it(
    space: Space, laser: SimulatedPrinter, redis_url: str, clock: Clock
) -> None:
    saving = start(ENQUEUE.format(space=space.pk), REDIS_URL=redis_url)
    try:
        [took] = finish(saving)
    finally:
        saving.kill()
    assert float(took.split()[-1]) < PATIENCE
    assert PrintJob.objects.get().state == JobState.PENDING
    clock.shift(90)
    assert sweep() == 1
    dispatch()
    assert len(laser.documents()) == 1


@pytest.mark.server
def test_a_wake_up_goes_through_redis_to_the_worker(space: Space, laser: SimulatedPrinter, tmp_path: Path) -> None:
    require_program("redis-server")
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    server = subprocess.Popen([str(find_program("redis-server")), *options], stdout=subprocess.DEVNULL)
    try:
        redis_url = f"redis://127.0.0.1:{port}/0"
        with Redis.from_url(redis_url) as redis:
            wait_until(lambda: _answers(redis), "Redis answers")
            finish(start(ENQUEUE.format(space=space.pk), REDIS_URL=redis_url))
            assert OrmQ.objects.count() == 0
            assert redis.llen("django_q:pressroom:q") == 1
        with cluster(tmp_path, REDIS_URL=redis_url) as all_successful:
            wait_until(all_successful, "the cluster prints what Redis tells it")
    finally:
        server.kill()
        server.wait()
    assert len(laser.documents()) == 1


def _answers(redis: Redis) -> bool:
    try:
        return bool(redis.ping())
    except RedisError:
        return False
