"""What a run would issue today, and for every other overdue invoice all reasons why not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from connectors.dunning import rules
from connectors.dunning.charges import Charges, charges
from connectors.dunning.reasons import Reason, Why
from connectors.models import DunningCase, DunningFlow, DunningLevel, DunningLevelText, DunningNotice, Invoice
from connectors.money import ZERO
from connectors.sentences import why_not
from connectors.services.dunning.facts import Facts, read_facts
from spaces.models import Space


@dataclass(frozen=True)
class ProposalItem:
    """A notice that is due. ``case`` is None where the run would open it."""

    invoice: Invoice
    case: DunningCase | None
    flow: DunningFlow
    level: DunningLevel
    texts: tuple[DunningLevelText, ...]
    charges: Charges
    due_on: date
    earlier: tuple[DunningNotice, ...]

    @property
    def automatic(self) -> bool:
        """Whether the daily run issues it, without anybody confirming it."""
        return self.flow.automatic


@dataclass(frozen=True)
class Exclusion:
    """An overdue invoice without a notice today, and all reasons for that. ``open`` is what is left of it."""

    invoice: Invoice
    case: DunningCase | None
    open: Decimal
    reasons: tuple[Why, ...]

    @property
    def sentences(self) -> list[str]:
        """The reasons in the reader's language."""
        return [why_not(why) for why in self.reasons]


@dataclass(frozen=True)
class Proposal:
    """All overdue invoices of a Space: every one is either an item or an exclusion."""

    space: Space
    day: date
    items: tuple[ProposalItem, ...]
    exclusions: tuple[Exclusion, ...]

    @property
    def totals(self) -> dict[str, Decimal]:
        """The sum of the items by currency."""
        return self.sums_of(self.items)

    @staticmethod
    def sums_of(items: Iterable[ProposalItem]) -> dict[str, Decimal]:
        """The same of some of them."""
        sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
        for item in items:
            sums[item.invoice.currency] += item.charges.total
        return dict(sums)


def propose(space: Space, day: date, *, only: Collection[int] | None = None) -> Proposal:
    """Look at all overdue invoices of a Space (or at those with the primary keys ``only``); changes nothing.

    The number of queries does not depend on the number of invoices.
    """
    facts = read_facts(space, day, only)
    items, exclusions = [], []
    for invoice in facts.invoices:
        outcome = _judged(invoice, facts)
        if isinstance(outcome, ProposalItem):
            items.append(outcome)
        else:
            exclusions.append(Exclusion(invoice, facts.cases.get(invoice.pk), facts.claim(invoice).open, outcome))
    return Proposal(space, day, tuple(items), tuple(exclusions))


def _judged(invoice: Invoice, facts: Facts) -> ProposalItem | tuple[Why, ...]:
    off = () if facts.dunning else (Why(Reason.FEATURE_OFF),)
    claim = facts.claim(invoice)
    overdue = facts.overdue(invoice, claim)
    flow = facts.flow_of(invoice, overdue)
    if not isinstance(flow, rules.Flow):
        return (*off, *flow)
    decision = rules.decide(overdue, flow, facts.case_of(invoice), facts.circumstances)
    if off or decision.level is None:
        return (*off, *decision.reasons)
    return _item(invoice, facts, flow, decision.level)


def _item(invoice: Invoice, facts: Facts, flow: rules.Flow, due: rules.Level) -> ProposalItem:
    at = facts.circumstances
    level = facts.flows.level(flow, due)
    earlier = tuple(facts.notices_of(invoice))
    return ProposalItem(
        invoice=invoice,
        case=facts.cases.get(invoice.pk),
        flow=facts.flows.rows[flow.pk],
        level=level,
        texts=tuple(facts.flows.texts[level.pk]),
        charges=charges(
            facts.claim(invoice),
            facts.terms(invoice, level),
            [notice.fee + notice.fee_tax for notice in earlier],
            at.day,
        ),
        due_on=at.calendar.after(at.day, due.payment_days),
        earlier=earlier,
    )
