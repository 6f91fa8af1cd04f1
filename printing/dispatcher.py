"""Serving the lanes that have work: several at once in threads, each by one worker at a time."""

from __future__ import annotations

import logging
import os
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import lru_cache

from django.conf import settings
from django.db import close_old_connections, transaction

from printing.constants import DISPATCH_SECONDS
from printing.delivery import Worker
from printing.lane import Lane, renew
from printing.models import Printer
from printing.wake import wake

logger = logging.getLogger(__name__)

# Seconds between two looks for lanes that came due while others are served.
LOOK_INTERVAL = 0.2


@lru_cache(maxsize=1)
def _pool(_process_id: int) -> ThreadPoolExecutor:
    """The threads of this process, kept from task to task so that their database connections are kept too."""
    return ThreadPoolExecutor(settings.LANE_THREADS, thread_name_prefix="lane")


def serve(lane: Lane, until: float) -> None:
    """Deliver a claimed lane and let go of it. The worker's edge: nothing that goes wrong in one lane leaves it."""
    try:
        Worker(lane, until).run()
    except Exception:
        # Whatever it was, the open attempt tells the next worker how far it came, as after a death.
        logger.exception("lane of printer %s", lane.printer.pk)
        with transaction.atomic():
            lane.back_off()
    finally:
        lane.release()


def _serve_in_thread(lane: Lane, until: float) -> None:
    close_old_connections()
    serve(lane, until)


def _claim_due(limit: int, first: int | None = None) -> list[Lane]:
    """Claim up to ``limit`` lanes that have work, the one that woke us before the others."""
    lanes: list[Lane] = []
    if first is not None:
        lane = Lane.claim(first)
        if lane is not None:
            lanes.append(lane)
    if len(lanes) < limit:
        for printer_id in Printer.objects.due().values_list("pk", flat=True)[: limit - len(lanes)]:
            lane = Lane.claim(printer_id)
            if lane is not None:
                lanes.append(lane)
    return lanes


def dispatch(printer_id: int | None = None) -> None:
    """Serve the lanes that have work until there are none, or time is up and the next task goes on."""
    if printer_id is not None:
        # From here on a new job needs a new wake-up: this one may have looked before it was committed.
        Printer.objects.filter(pk=printer_id).update(woken_at=None)
    until = time.monotonic() + DISPATCH_SECONDS
    if settings.LANE_THREADS == 0:
        _dispatch_inline(printer_id, until)
    else:
        _dispatch_in_threads(printer_id, until)
    for left in Printer.objects.due().values_list("pk", flat=True)[: max(settings.LANE_THREADS, 1)]:
        wake(left)


def _dispatch_inline(first: int | None, until: float) -> None:
    while time.monotonic() < until:
        lanes = _claim_due(1, first)
        first = None
        if not lanes:
            return
        serve(lanes[0], until)


def _dispatch_in_threads(first: int | None, until: float) -> None:
    pool = _pool(os.getpid())
    at_work: dict[Future[None], Lane] = {}
    renewed = time.monotonic()
    while True:
        if time.monotonic() < until:
            free = settings.LANE_THREADS - len(at_work)
            for lane in _claim_due(free, first) if free else ():
                at_work[pool.submit(_serve_in_thread, lane, until)] = lane
            first = None
        if not at_work:
            return
        done, _running = wait(at_work, timeout=LOOK_INTERVAL, return_when=FIRST_COMPLETED)
        for future in done:
            del at_work[future]
            future.result()
        # A submission may take longer than a lease; the lease of a worker that lives does not end.
        if time.monotonic() - renewed > settings.LANE_LEASE_SECONDS / 4:
            renew(list(at_work.values()))
            renewed = time.monotonic()


def sweep() -> int:
    """Wake every lane that has work and nobody who serves it; returns how many. Lost wake-ups end here."""
    return sum(wake(pk) for pk in Printer.objects.due().values_list("pk", flat=True).iterator())
