"""When a cluster counts as dead, and when it is only busy."""

from __future__ import annotations

import os

import pytest

from config.supervisor import Limits, SignsOfLife

LIMITS = Limits(beat=15, stale=45, start=60, quiet=5, busy=270)
OURSELVES = os.getpid()  # a process that lives
GONE = 2**22 + 1  # above the highest process id there can be


@pytest.fixture
def signs() -> SignsOfLife:
    """A cluster that was started at 0 and answered at 1."""
    signs = SignsOfLife(LIMITS, 0)
    signs.note("beat", OURSELVES, 1)
    return signs


def test_a_cluster_has_time_to_start() -> None:
    signs = SignsOfLife(LIMITS, 0)
    assert signs.trouble(60) == ""
    assert signs.trouble(61) == "it did not start"


def test_silence_while_nobody_works_is_death(signs: SignsOfLife) -> None:
    assert signs.trouble(46) == ""
    assert signs.trouble(47) == "no heartbeat for 46 s and nobody at work"


def test_a_heartbeat_is_enough(signs: SignsOfLife) -> None:
    signs.note("beat", OURSELVES, 40)
    assert signs.trouble(80) == ""


def test_a_heartbeat_may_wait_behind_a_long_task(signs: SignsOfLife) -> None:
    signs.note("begins", OURSELVES, 10)
    assert signs.trouble(250) == ""


def test_between_two_long_tasks_a_cluster_is_not_dead(signs: SignsOfLife) -> None:
    signs.note("begins", OURSELVES, 10)
    signs.note("ends", OURSELVES, 200)
    assert signs.trouble(200.01) == ""
    assert signs.trouble(205) != ""


def test_a_worker_that_died_at_work_is_not_busy(signs: SignsOfLife) -> None:
    signs.note("begins", GONE, 10)
    assert signs.trouble(60) != ""


def test_no_task_excuses_silence_for_ever(signs: SignsOfLife) -> None:
    signs.note("begins", OURSELVES, 10)
    assert signs.trouble(10 + LIMITS.busy) == ""
    assert signs.trouble(11 + LIMITS.busy) != ""


def test_many_short_tasks_do_not_excuse_silence_for_ever_either(signs: SignsOfLife) -> None:
    """They go on where it is the monitor that is dead, and nobody acknowledges any of them."""
    for second in range(2, 300, 2):
        signs.note("begins", OURSELVES, second)
        signs.note("ends", OURSELVES, second + 0.1)
    assert signs.trouble(1 + LIMITS.busy) == ""
    assert signs.trouble(299) == "no heartbeat for 298 s and nobody at work"


def test_silence_that_nobody_listened_to_says_nothing(signs: SignsOfLife) -> None:
    signs.excuse(10_000)
    assert signs.trouble(10_001) == ""


def test_a_task_lost_with_its_worker_ends_before_the_supervisor_gives_up() -> None:
    from config.queue import Q_CLUSTER

    timeout = Q_CLUSTER["timeout"]
    assert isinstance(timeout, int)
    assert timeout < Limits().busy
