"""When customers were really informed: days count from when a letter or mail left, or a person did what was asked."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from connectors.models import CaseEventKind, DunningCaseEvent, DunningChannel, DunningNotice
from connectors.services.dunning import delivery
from connectors.services.dunning.cases import DunningRefused, record
from connectors.services.dunning.withdrawal import set_level
from spaces.models import Space


def note_informed(space: Space) -> int:
    """Note of which notices the customers know since the last look; returns of how many.

    The first accepted print job or sent mail counts, with its own moment. Hourly and before each run; a print job is
    kept much longer than that (printing.constants.PRINT_JOB_RETENTION).
    """
    waiting = DunningNotice.objects.in_space(space).filter(informed_at=None, withdrawn_at=None)
    with transaction.atomic():
        notices: list[DunningNotice] = list(
            waiting.exclude(channel=DunningChannel.TASK)
            .select_related("order", "case")
            .defer("data")
            .select_for_update(of=("self",), no_key=True)
            .order_by("pk")
        )
        left = delivery.left_at(notices)
        informed = [(notice, left[notice.pk]) for notice in notices if notice.pk in left]
        for notice, moment in informed:
            notice.informed_at = moment
        DunningNotice.objects.bulk_update([notice for notice, _moment in informed], ["informed_at"], batch_size=500)
        DunningCaseEvent.objects.bulk_create(
            DunningCaseEvent(case=notice.case, at=moment, kind=CaseEventKind.INFORMED, params={"number": notice.number})
            for notice, moment in informed
        )
    return len(informed)


@transaction.atomic
def task_done(notice: DunningNotice, by: AbstractBaseUser | None = None, *, at: datetime | None = None) -> None:
    """A person has done what the level asks for; the days until the next count from here. Raises DunningRefused."""
    moment = at or timezone.now()
    open_tasks = DunningNotice.objects.filter(channel=DunningChannel.TASK, informed_at=None, withdrawn_at=None)
    if open_tasks.filter(pk=notice.pk).update(informed_at=moment) != 1:
        raise DunningRefused(_("This task is done already, or not to be done any more."))
    notice.informed_at = moment
    record(notice.case, CaseEventKind.TASK_DONE, {"number": notice.number}, by, at=moment)


@transaction.atomic
def withdraw_notice(notice: DunningNotice, by: AbstractBaseUser | None = None, *, at: datetime | None = None) -> None:
    """Take back a notice of which nothing has left, so that its level can be issued anew. Raises DunningRefused."""
    moment = at or timezone.now()
    last = DunningNotice.objects.filter(case=notice.case_id, position__gt=notice.position, withdrawn_at=None)
    standing = DunningNotice.objects.filter(pk=notice.pk, informed_at=None, withdrawn_at=None)
    if delivery.withdraw(notice) or last.exists() or standing.update(withdrawn_at=moment) != 1:
        raise DunningRefused(_("This notice has left already, or is withdrawn."))
    record(notice.case, CaseEventKind.WITHDRAWN, {"number": notice.number}, by, at=moment)
    set_level(notice.case)
