"""What runs by the clock; written to the queue's schedules after each migrate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django_q.models import Schedule

from printing.constants import SWEEP_INTERVAL

EACH_MINUTE: dict[str, Any] = {
    "schedule_type": Schedule.MINUTES,
    "minutes": int(SWEEP_INTERVAL.total_seconds() // 60),
}
SCHEDULES: dict[str, dict[str, Any]] = {
    "printing.tasks.sweep": EACH_MINUTE,
    "printing.tasks.follow_up": EACH_MINUTE,
    "printing.tasks.printer_health": EACH_MINUTE,
    "printing.tasks.incidents": EACH_MINUTE,
    "printing.tasks.purge": {"schedule_type": Schedule.DAILY},
}


def install_schedules(**_signal: Any) -> None:
    install(SCHEDULES)


def install(schedules: Mapping[str, Mapping[str, Any]]) -> None:
    """Make the queue's schedules what ``schedules`` say, without moving the next run of one that is there."""
    for function, fields in schedules.items():
        Schedule.objects.update_or_create(
            func=function, defaults={"name": function.rpartition(".")[2], "repeats": -1, **fields}
        )
