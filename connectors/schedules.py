"""What runs by the clock; written to the queue's schedules after each migrate."""

from __future__ import annotations

from typing import Any, Final

from django_q.models import Schedule

from printing.schedules import EACH_MINUTE, install

MARK_OVERDUE: Final = "connectors.tasks.mark_overdue"
DUN: Final = "connectors.tasks.dun_all"
SCHEDULES: Final[dict[str, dict[str, Any]]] = {
    # Each hour: midnight comes at another time in each time zone.
    MARK_OVERDUE: {"schedule_type": Schedule.HOURLY},
    DUN: {"schedule_type": Schedule.HOURLY},
    "connectors.tasks.send_mails": EACH_MINUTE,
}


def install_schedules(**_signal: Any) -> None:
    install(SCHEDULES)
