"""Notices that are not to arrive any more: their print jobs and mails are withdrawn as far as they have not left."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Max

from connectors.models import CaseEventKind, DunningCase, DunningCaseEvent, DunningNotice
from connectors.services.dunning import delivery


def withdraw_notices(
    case: DunningCase, *, by: AbstractBaseUser | None, at: datetime, say_what_left: bool = True
) -> None:
    """Withdraw what has not left of a case's notices, and write down what has; inside the caller's transaction.

    A notice of which nothing has left counts as never issued: its level may be issued again.
    """
    notices = DunningNotice.objects.filter(case=case, withdrawn_at=None).select_related("order", "space")
    withdrawn: list[DunningNotice] = []
    left: list[DunningNotice] = []
    for notice in notices.order_by("position"):  # as many as the flow has levels
        has_left = delivery.withdraw(notice) or notice.informed_at is not None
        (left if has_left else withdrawn).append(notice)
    DunningNotice.objects.filter(pk__in=[notice.pk for notice in withdrawn]).update(withdrawn_at=at)
    events = [(CaseEventKind.WITHDRAWN, notice.number) for notice in withdrawn]
    if left and say_what_left:
        events.append((CaseEventKind.ALREADY_LEFT, left[-1].number))
    DunningCaseEvent.objects.bulk_create(
        DunningCaseEvent(case=case, at=at, kind=kind, params={"number": number}, user_id=by.pk if by else None)
        for kind, number in events
    )
    set_level(case)


def set_level(case: DunningCase) -> None:
    """The level of a case is that of its last notice that stands."""
    standing = DunningNotice.objects.filter(case=case, withdrawn_at=None)
    case.level_position = standing.aggregate(last=Max("position"))["last"] or 0
    case.save(update_fields=["level_position"])
