"""Two jobs that belong together, as a letter and its payment slip: found, rescheduled and printed again together."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from printing.models import PrintJob
from printing.services.jobs import NotPossible, reprint, reschedule
from printing.states import ENDED, JobState


def both(job: PrintJob) -> list[PrintJob]:
    """A job and its partner as they are now, the one that comes out first before the other; a job alone is one."""
    pair = Q(pk=job.pk) | Q(pk=job.follows) | Q(follows=job.pk)
    jobs = PrintJob.objects.in_space(job.space).filter(pair).select_related("space", "configuration", "printer")
    return sorted(jobs, key=lambda one: (one.follows is not None, one.pk))[:2]


def partner_of(job: PrintJob) -> PrintJob | None:
    """The job that this one follows, or that follows it; None where there is none, or not any more."""
    return next((one for one in both(job) if one.pk != job.pk), None)


@transaction.atomic
def reschedule_both(job: PrintJob) -> int:
    """Send those of a pair that are FAILED once more; returns how many. Raises NotPossible where neither is."""
    failed = [one for one in both(job) if one.state == JobState.FAILED]
    if not failed:
        raise NotPossible(_("Only a failed print job can be rescheduled."))
    for one in failed:
        reschedule(one)
    return len(failed)


@transaction.atomic
def reprint_both(
    job: PrintJob, *, created_by: AbstractBaseUser | None = None, event_key: str | None = None
) -> list[PrintJob]:
    """Print both of a pair once more, again one behind the other. Raises NotPossible where one has not ended yet.

    The same ``event_key`` again, from a second click on one button, returns the reprints there are.
    """
    pair = both(job)
    if any(one.state not in ENDED for one in pair):
        raise NotPossible(_("One of the two has not ended yet: it is going to be printed anyway."))
    jobs: list[PrintJob] = []
    for number, one in enumerate(pair):
        key = f"{event_key}:{number}" if event_key else None
        again = reprint(one, created_by=created_by, event_key=key, follows=jobs[0] if jobs else None)
        jobs += [again] if again else []
    return jobs
