"""Taking back what is not to be printed any more, because what it says is no longer true."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from printing.models import PrintJob
from printing.states import JobState


@dataclass(frozen=True)
class Withdrawn:
    """How many jobs were canceled, and how many have left, are just being sent, or may have come out."""

    canceled: int
    left: int


@transaction.atomic
def withdraw(jobs: Collection[PrintJob]) -> Withdrawn:
    """Cancel of these jobs what has not left: those that wait, and failed ones, which nobody can reschedule any more.

    Inside the caller's transaction. A job that is being sent just now is not stopped; it counts as left.
    """
    rows = PrintJob.objects.filter(pk__in=[job.pk for job in jobs])
    canceled = rows.filter(in_progress=False).change_state(JobState.CANCELED)
    # An unknown outcome that was never resolved is no proof that nothing came out.
    may_be_out = Q(unresolved_since__isnull=False) | Q(possible_duplicate=True)
    left = rows.filter(Q(state=JobState.SUCCESSFUL) | Q(in_progress=True) | may_be_out).count()
    return Withdrawn(canceled, left)
