"""What the queue calls."""

from __future__ import annotations

from typing import Final

from django_q.tasks import async_task

from connectors.mail import delivery
from connectors.services import dunning, invoices
from spaces.models import FeatureName, Space

_DUN: Final = "connectors.tasks.dun"


def mark_overdue() -> int:
    return invoices.mark_overdue()


def send_mails() -> int:
    """After a commit, and each minute: send the e-mails that are due."""
    return delivery.send_due()


def dun_all() -> int:
    """A task of its own for each Space that duns: a Space in trouble does not keep the others waiting."""
    spaces = Space.objects.filter(features__name=FeatureName.DUNNING).order_by("pk").values_list("pk", flat=True)
    for pk in spaces:
        async_task(_DUN, pk)
    return len(spaces)


def dun(space_id: int) -> int:
    """The hourly work of one Space; returns the notices issued. A Space deleted meanwhile has none."""
    space = Space.objects.filter(pk=space_id).first()
    run = dunning.run_daily(space) if space is not None else None
    return run.notice_count if run is not None else 0
