"""django-q2's settings, a reason for every number (docs/decisions/0003-queue.md has the observations)."""

from __future__ import annotations

import logging

from config import env


def says_something(record: logging.LogRecord) -> bool:
    """Whether a line of django-q's belongs in the log: not that a wake-up was queued, at each order and each minute."""
    return record.levelno > logging.INFO or record.module != "tasks"


Q_CLUSTER: dict[str, object] = {
    "name": "pressroom",
    "label": "Queue",
    "workers": env.QUEUE_WORKERS,
    # What lies in a worker's own queue has to be worked off before SIGTERM ends it: as little as possible.
    "queue_limit": env.QUEUE_WORKERS,
    "bulk": 1,
    # A dispatch stops taking work after printing.constants.DISPATCH_SECONDS and one submission may still be under way:
    # the time-out only ends what hangs. retry above timeout, or a running task would be delivered twice.
    "timeout": 240,
    "retry": 300,
    # Rows are the truth and retries are ours: a task is delivered once and never kept.
    "max_attempts": 1,
    "ack_failures": True,
    "save_limit": -1,
    # A fork per 50 tasks (the default) costs more than the tasks; memory decides instead (KB).
    "recycle": 100_000,
    "max_rss": 500_000,
    # Seconds between looks into the database broker; the latency of a print is about half of it.
    "poll": 0.1,
    # A schedule missed while everything was down runs once, not once per missed time.
    "catch_up": False,
    **({"broker_class": "config.redis_broker.RedisBroker"} if env.REDIS_URL else {"orm": "default"}),
}
