"""Faults that can be planted in the product, to see that the torture finds them. Never more than one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

FOREVER = timedelta(days=365)


@dataclass(frozen=True)
class Plant:
    """A fault: what it is, how it gets into a process, which blow brings it to light, and the count that sees it."""

    what: str
    plant: Callable[[], None]
    blow: str  # the one that brings it to light
    seen_as: str


def _instead(owner: object, **replacements: object) -> None:
    """Put something in the place of what a module or class has; what it does not have any more cannot be planted."""
    for name, replacement in replacements.items():
        assert hasattr(owner, name), f"{owner} has no {name}: the plant has to follow the product"
        setattr(owner, name, replacement)


def _without_the_fence() -> None:
    from django.db import models
    from django.db.models import Value

    from printing import delivery
    from printing.lane import Lane

    def always(_queryset: Any) -> Any:
        return Value(True, output_field=models.BooleanField())

    # In the claim the fence is the one EXISTS of the module.
    _instead(delivery, Exists=always)
    _instead(Lane, held=lambda _lane: True)


def _a_dead_sender_has_not_sent() -> None:
    from django.db import transaction

    from printing.delivery import Worker
    from printing.models import PrintAttempt
    from printing.providers.errors import Reason, Transient
    from printing.records import close, let_go

    def recover(worker: Worker) -> None:
        for attempt in PrintAttempt.objects.filter(
            job__printer_id=worker.lane.printer.pk, job__in_progress=True, outcome=""
        ).select_related("job"):
            error = Transient(Reason.WORKER_STOPPED)
            with transaction.atomic():
                if close(attempt, error):
                    let_go(attempt, error)

    _instead(Worker, _recover=recover)


def _a_slip_by_itself() -> None:
    from django.db.models import F

    from printing import delivery, turns
    from printing.models import PrintJob
    from printing.models.job import PrintJobQuerySet

    def in_turn(jobs: Any) -> Any:
        return jobs.annotate(turn=F("pk")).order_by("turn", "pk")

    def nothing(_printer_id: int) -> Iterator[PrintJob]:
        return iter(())

    _instead(PrintJobQuerySet, in_turn=in_turn)
    _instead(turns, _behind_what_has_left=nothing)
    _instead(delivery, stays_behind=lambda _job: False)


def _a_wake_up_is_all_there_is() -> None:
    from printing import dispatcher, wake
    from printing.lane import Lane

    def claim_woken(_limit: int, first: int | None = None) -> list[Lane]:
        lane = Lane.claim(first) if first is not None else None
        return [lane] if lane else []

    _instead(dispatcher, _claim_due=claim_woken, sweep=lambda: 0)
    _instead(wake, _WAKE_LOST_AFTER=FOREVER)


def _before_the_commit() -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    from connectors import printing_bridge
    from printing.services import enqueue

    # Its thread has a connection of its own, on which the order's transaction means nothing.
    pool = ThreadPoolExecutor(1)

    def alone(fields: dict[str, Any]) -> Any:
        try:
            return enqueue(**fields)
        finally:
            connection.close()

    _instead(printing_bridge, enqueue=lambda **fields: pool.submit(alone, fields).result())


PLANTS: dict[str, Plant] = {
    "no-fence": Plant(
        "a worker whose lane was taken over goes on sending", _without_the_fence, "oversleep", "out_of_order"
    ),
    "dead-not-sent": Plant(
        "what a dead worker was sending counts as not sent",
        _a_dead_sender_has_not_sent,
        "kill the sender",
        "unmarked_duplicates",
    ),
    "slip-alone": Plant("a slip does not wait for its letter", _a_slip_by_itself, "refuse a letter", "out_of_order"),
    "wake-up-only": Plant(
        "a job is served by its entry in the queue, and nobody looks at the rows",
        _a_wake_up_is_all_there_is,
        "broker forgets",
        "stuck",
    ),
    "before-commit": Plant(
        "a print job is there before its order is committed", _before_the_commit, "end connections", "phantom"
    ),
}
