"""System checks: settings with which a lane would be handed over too early, or a task delivered twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks


def found() -> set[str]:
    return {str(message.id) for message in run_checks() if str(message.id).startswith("printing.")}


def test_the_settings_as_they_are_pass() -> None:
    assert found() == set()


def test_a_lease_that_nobody_renews_is_longer_than_a_submission(settings: Any) -> None:
    settings.LANE_THREADS, settings.LANE_LEASE_SECONDS = 0, 10.0
    assert found() == {"printing.W001"}
    settings.LANE_THREADS = 1
    assert found() == set()


@pytest.mark.parametrize("times", [{"timeout": None}, {"timeout": 300, "retry": 300}], ids=["none", "equal"])
def test_a_running_task_is_not_delivered_again(settings: Any, times: dict[str, int | None]) -> None:
    settings.Q_CLUSTER = {**settings.Q_CLUSTER, **times}
    assert found() == {"printing.E001"}
