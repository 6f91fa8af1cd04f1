"""The daily run: once per day where the Space is, from the morning on, whatever happened to the hours before."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import IntegrityError
from django.utils import timezone

from connectors.models import DunningRun, RunSource
from connectors.services.dunning.cases import close_finished, open_cases
from connectors.services.dunning.facts import local_day
from connectors.services.dunning.informed import note_informed
from connectors.services.dunning.issuing import issue
from connectors.services.dunning.proposal import propose
from spaces.models import FeatureName, Space

# From this hour on, where the Space is: people who come to work find the letters in the printer. No clock is ever set
# forward over it, and a worker that was down then runs later that day.
DUNNING_HOUR: Final = 6


def upkeep(space: Space, at: datetime | None = None) -> None:
    """Note who was informed meanwhile, open the cases of newly overdue invoices, and end those that have run out."""
    moment = at or timezone.now()
    day = local_day(space, moment)
    note_informed(space)
    open_cases(space, day, at=moment)
    close_finished(space, day, at=moment)


def run_daily(space: Space, at: datetime | None = None) -> DunningRun | None:
    """Issue what is due in the flows that run by themselves; None where it is too early or done already.

    Asked each hour. A day that was missed altogether is not run afterwards: what was due then is due today as well, and
    the next level counts from when the customer is informed of this one.
    """
    moment = at or timezone.now()
    day = local_day(space, moment)
    if not space.has_feature(FeatureName.DUNNING):
        return None
    upkeep(space, moment)
    if moment.astimezone(space.zone).hour < DUNNING_HOUR or _done(space, moment):
        return None
    chosen = [item.invoice.pk for item in propose(space, day).items if item.automatic]
    try:
        return issue(space, day, chosen, source=RunSource.SCHEDULE, at=moment)
    except IntegrityError:
        # Another worker ran since the look, and has committed it.
        if not _done(space, moment):
            raise
        return None


def _done(space: Space, moment: datetime) -> bool:
    runs = DunningRun.objects.in_space(space).filter(day=local_day(space, moment), source=RunSource.SCHEDULE)
    return bool(runs.exists())
