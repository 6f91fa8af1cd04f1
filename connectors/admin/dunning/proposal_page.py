"""Dunning > Run: what is due, for a person to confirm, and why all the other overdue invoices are not dunned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.dateparse import parse_date
from django.utils.http import urlencode

from connectors.admin import labels
from connectors.admin.dunning.reason_labels import LABELS
from connectors.dunning.reasons import Reason
from connectors.models import DunningChannel, Invoice
from connectors.services import dunning
from connectors.services.dunning import Exclusion, Proposal, ProposalItem
from spaces.models import Space

# So many notices are confirmed at once; the next ones are proposed right after.
ITEMS_SHOWN = 500
EXCLUSIONS_PER_PAGE = 100
# So far ahead one can look at what will be due.
DAYS_AHEAD = 60


@dataclass(frozen=True)
class Question:
    """What the address of the page asks for: a day, a search, and a reason that the others have."""

    today: date
    day: date
    term: str
    reason: str
    page: str

    @property
    def of_today(self) -> bool:
        return self.day == self.today

    def query(self, **changes: Any) -> str:
        """The address of the same page with something else asked for."""
        day = "" if self.of_today else self.day.isoformat()
        asked = {"day": day, "q": self.term, "reason": self.reason, "page": "", **changes}
        return "?" + urlencode({name: value for name, value in asked.items() if value})


def question_of(request: HttpRequest, space: Space) -> Question:
    """A day that is none, has passed or is too far away is today."""
    today = dunning.local_day(space)
    try:
        day = parse_date(request.GET.get("day", "")) or today
    except ValueError:
        day = today
    if not today <= day <= today + timedelta(days=DAYS_AHEAD):
        day = today
    reason = request.GET.get("reason", "")
    return Question(
        today=today,
        day=day,
        term=request.GET.get("q", "").strip()[:100],
        reason=reason if reason in set(Reason) else "",
        page=request.GET.get("page", ""),
    )


def context(space: Space, question: Question) -> dict[str, Any]:
    """What the page shows. The number of queries does not depend on the number of invoices."""
    proposal = dunning.propose(space, question.day)
    items = [item for item in proposal.items if _matches(item.invoice, question.term)]
    others = [exclusion for exclusion in proposal.exclusions if _matches(exclusion.invoice, question.term)]
    with_reason = [one for one in others if not question.reason or question.reason in _codes(one)]
    page = Paginator(with_reason, EXCLUSIONS_PER_PAGE).get_page(question.page)
    return {
        "question": question,
        "last_day": question.today + timedelta(days=DAYS_AHEAD),
        "items": [_item_row(item, question.day) for item in items[:ITEMS_SHOWN]],
        "item_count": len(items),
        "more_items": len(items) > ITEMS_SHOWN,
        "items_shown": ITEMS_SHOWN,
        "totals": _totals(items),
        "reasons": _reasons(others, question),
        "exclusions": [_exclusion_row(exclusion, question.day) for exclusion in page.object_list],
        "exclusion_count": len(with_reason),
        "page": page,
        "previous": question.query(page=page.previous_page_number()) if page.has_previous() else "",
        "next": question.query(page=page.next_page_number()) if page.has_next() else "",
        "all_reasons": question.query(reason=""),
        "nothing_overdue": not proposal.items and not proposal.exclusions,
    }


def chosen_of(request: HttpRequest) -> list[int]:
    """The invoices that are ticked; what is no number names none."""
    values: Sequence[str] = request.POST.getlist("invoice")
    return [int(value) for value in values if value.isascii() and value.isdecimal() and len(value) < 19]


def _matches(invoice: Invoice, term: str) -> bool:
    """By the whole number of the invoice or the order, or by part of the customer's name."""
    if not term:
        return True
    return term in {invoice.number, invoice.order.number} or term.casefold() in invoice.recipient.casefold()


def _codes(exclusion: Exclusion) -> set[str]:
    return {why.reason.value for why in exclusion.reasons}


def _totals(items: Iterable[ProposalItem]) -> list[str]:
    sums = Proposal.sums_of(items)
    return [labels.money(total, currency) for currency, total in sorted(sums.items())]


def _reasons(exclusions: Iterable[Exclusion], question: Question) -> list[dict[str, Any]]:
    """Each reason that occurs, the most frequent first, with the address that narrows the list down to it."""
    counts = Counter(code for exclusion in exclusions for code in _codes(exclusion))
    return [
        {
            "label": LABELS[Reason(code)],
            "count": count,
            "chosen": code == question.reason,
            "query": question.query(reason="" if code == question.reason else code),
        }
        for code, count in counts.most_common()
    ]


def _item_row(item: ProposalItem, day: date) -> dict[str, Any]:
    charges, currency = item.charges, item.invoice.currency
    return {
        "invoice": item.invoice,
        "case": item.case,
        "days": _days_overdue(item.invoice, day),
        "open": labels.money(charges.principal, currency),
        "fees": labels.money(charges.fees, currency) if charges.fees else "",
        "interest": labels.money(charges.interest.total, currency) if charges.interest.total else "",
        "total": labels.money(charges.total, currency),
        "level": item.level,
        "channel": DunningChannel(item.level.channel).label,
        "automatic": item.automatic,
    }


def _exclusion_row(exclusion: Exclusion, day: date) -> dict[str, Any]:
    return {
        "invoice": exclusion.invoice,
        "case": exclusion.case,
        "days": _days_overdue(exclusion.invoice, day),
        "open": labels.money(exclusion.open, exclusion.invoice.currency),
        "reasons": exclusion.sentences,
    }


def _days_overdue(invoice: Invoice, day: date) -> int:
    assert invoice.due_on is not None
    return (day - invoice.due_on).days
