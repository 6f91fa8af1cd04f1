"""What runs by the clock; written to the queue's schedules after each migrate."""

from __future__ import annotations

from typing import Any, Final

from django_q.models import Schedule

MARK_OVERDUE: Final = "connectors.tasks.mark_overdue"


def install_schedules(**_signal: Any) -> None:
    """Look for overdue invoices each hour: midnight comes at another time in each time zone."""
    Schedule.objects.update_or_create(
        func=MARK_OVERDUE, defaults={"name": "mark_overdue", "repeats": -1, "schedule_type": Schedule.HOURLY}
    )
