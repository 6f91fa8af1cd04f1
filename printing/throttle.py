"""A service's rate limit, shared by all workers on all hosts: each request takes the next free moment."""

from __future__ import annotations

import time

from django.db import IntegrityError, transaction
from django.db.models import F, FloatField, Value
from django.db.models.functions import Greatest

from printing.models import RequestPace

# How many requests may leave at once after a pause, as a share of a second's allowance.
BURST_SECONDS = 0.5


def reserve(account: str, per_second: float) -> float:
    """Take the next moment at which a request of ``account`` may leave; returns the seconds until then.

    One UPDATE moves the moment on (GCRA), so of two workers neither takes the other's. The clock is the hosts' own:
    hosts whose clocks differ by less than BURST_SECONDS share a limit well enough.
    """
    now = time.time()
    step = 1.0 / per_second
    earliest = Value(now - BURST_SECONDS, output_field=FloatField())
    for _attempt in range(2):
        with transaction.atomic():
            moved = RequestPace.objects.filter(account=account).update(next_at=Greatest(F("next_at"), earliest) + step)
            if moved:
                taken: float = RequestPace.objects.values_list("next_at", flat=True).get(account=account)
                return max(taken - step - now, 0.0)
        try:
            with transaction.atomic():
                RequestPace.objects.create(account=account, next_at=now - BURST_SECONDS)
        except IntegrityError:
            continue  # another worker has just begun with it
    return 0.0
