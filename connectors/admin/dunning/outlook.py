"""What is going to happen next to invoices in dunning: a notice today, or why there is none."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from connectors.dunning.reasons import Reason
from connectors.models import Invoice
from connectors.services import dunning
from spaces.models import Space


@dataclass(frozen=True)
class Outlook:
    """What a run of today would do with an overdue invoice. ``due_on`` is the day of the next level, if one is known.

    ``level`` is the name of the level that is due today; otherwise ``reasons`` says why none is.
    """

    due_on: date | None
    level: str
    reasons: tuple[str, ...]


def outlooks(space: Space, invoices: Collection[Invoice]) -> dict[int, Outlook]:
    """The outlook of overdue invoices of a Space by primary key; those that nothing is owed of are left out.

    The number of queries does not depend on the number of invoices.
    """
    day = dunning.local_day(space)
    proposal = dunning.propose(space, day, only=[invoice.pk for invoice in invoices])
    found = {item.invoice.pk: Outlook(day, item.level.name, ()) for item in proposal.items}
    for exclusion in proposal.exclusions:
        days = [why.params["day"] for why in exclusion.reasons if why.reason is Reason.NOT_DUE_UNTIL]
        due_on = date.fromisoformat(days[0]) if days else None
        found[exclusion.invoice.pk] = Outlook(due_on, "", tuple(exclusion.sentences))
    return found
