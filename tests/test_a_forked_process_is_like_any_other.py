"""What tests start by a fork has its own id, output, exit code and connections, and needs the marker of a process."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from spaces.models import Space
from tests import forks, needs
from tests.factories import SpaceFactory
from tests.processes import environment, finish, start

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]


def test_each_works_on_the_test_database_with_its_own_connection_and_settings() -> None:
    SpaceFactory(name="Seen by both")
    code = """
import os
from django.conf import settings
from spaces.models import Space
Space.objects.create(name=f"Made by {os.getpid()}", slug=f"made-{os.getpid()}")
print(os.getpid(), settings.LANE_THREADS, Space.objects.count() >= 2)
"""
    processes = [start(code, LANE_THREADS="7") for _ in range(2)]
    printed = finish(*processes)
    assert printed == [f"{process.pid} 7 True\n" for process in processes]
    assert len({os.getpid(), *(process.pid for process in processes)}) == 3
    made = set(Space.objects.filter(slug__startswith="made-").values_list("slug", flat=True))
    assert made == {f"made-{process.pid}" for process in processes}


def test_it_draws_other_random_numbers_than_its_brothers() -> None:
    code = "import random, uuid; print(random.random(), uuid.uuid4())"
    assert len(set(finish(*(start(code) for _ in range(3))))) == 3


def test_its_end_is_told_as_that_of_any_process() -> None:
    ended = start("print('said'); raise SystemExit(3)")
    assert (ended.communicate(), ended.returncode) == (("said\n", ""), 3)

    broken = start("import atexit; atexit.register(print, 'cleaned up'); 1 / 0")
    out, error = broken.communicate()
    assert (out, broken.returncode) == ("cleaned up\n", 1)
    assert error.rstrip().endswith("ZeroDivisionError: division by zero")

    endless = start("import signal; signal.pause()")
    assert endless.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        endless.wait(timeout=0.05)
    endless.kill()
    assert endless.wait() == -signal.SIGKILL
    endless.kill()  # the second time nothing happens


def test_ctrl_c_ends_it() -> None:
    asked = start("import time\nwhile True: time.sleep(0.01)")
    asked.send_signal(signal.SIGINT)
    assert "KeyboardInterrupt" in asked.communicate()[1]


def test_starting_one_needs_the_marker() -> None:
    finish(start("pass"))
    assert [sentence.partition(":")[0] for sentence in needs.unmarked(needs.started(), set())] == [
        "mark this test with @pytest.mark.process"
    ]


def test_nothing_of_them_outlives_their_template() -> None:
    template = forks.Template(environment())
    endless = template.fork("import time\nwhile True: time.sleep(0.01)")
    template.end()
    assert not Path(f"/proc/{endless.pid}").exists()
    assert not template.directory.exists()
