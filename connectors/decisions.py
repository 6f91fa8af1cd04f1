"""What the rules of a connector come to for an order: one truth for what is done and for what is only tried out.

Of several rules that fit one event and bring one document to one printer (or, by e-mail, to the customer), the first
decides: nothing comes out twice because two rules fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Generic, TypeVar

from django.utils import timezone

from connectors.conditions import Circumstances, Condition, Finding, examine
from connectors.issued_kinds import KINDS
from connectors.models import (
    Document,
    Event,
    Invoice,
    InvoiceState,
    IssuedDocument,
    MailRule,
    Order,
    PrintRule,
)

RuleT = TypeVar("RuleT", PrintRule, MailRule)


# The document of which an event tells that it was issued.
_ISSUED: Final = {Event.INVOICE_ISSUED: Document.INVOICE, Event.CREDIT_NOTE_ISSUED: Document.CREDIT_NOTE}


class Obstacle(StrEnum):
    """Why a rule does nothing although its conditions hold."""

    NO_DOCUMENT = "no_document"
    EARLIER_RULE = "earlier_rule"


@dataclass(frozen=True)
class Decision(Generic[RuleT]):
    """What one rule does for an order, and every reason for it or against it."""

    rule: RuleT
    event: Event
    document: IssuedDocument | None
    circumstances: Circumstances
    findings: tuple[Finding, ...]
    obstacle: Obstacle | None

    @property
    def acts(self) -> bool:
        return self.obstacle is None and not self.unmet

    @property
    def unmet(self) -> tuple[Condition, ...]:
        return tuple(finding.condition for finding in self.findings if not finding.holds)

    @property
    def event_key(self) -> str:
        """The same event with the same document, delivered again, is the same; an invoice issued anew is another."""
        assert self.document is not None
        document = f"{self.rule.document}:{self.document.pk}"
        return f"order:{self.document.order_id}:{self.event}:{document}:{target_of(self.rule)}"


def target_of(rule: PrintRule | MailRule) -> str:
    """Where a rule sends its document, as it is written: no other rule sends the same there for the same event."""
    if isinstance(rule, MailRule):
        return "customer"
    return str(rule.configuration_id or "default")


def decide(
    order: Order, rules: Iterable[RuleT], events: Sequence[Event], documents: Sequence[IssuedDocument] | None = None
) -> list[Decision[RuleT]]:
    """What each rule does when these events happen, in the order of the events and of the rules.

    ``documents`` are those it is about, where they are at hand; otherwise the order's are looked up.
    """
    found = _Documents(order, documents)
    taken: set[tuple[str, str, str]] = set()
    decisions = []
    for rule in sorted(rules, key=lambda rule: (events.index(Event(rule.event)), rule.pk)):
        event, document = Event(rule.event), found.of(Document(rule.document))
        circumstances = circumstances_of(order, found.moment_of(event))
        findings = examine(rule.conditions, circumstances)
        obstacle = Obstacle.NO_DOCUMENT if document is None else None
        if obstacle is None and all(finding.holds for finding in findings):
            place = (rule.event, rule.document, _place(rule))
            obstacle = Obstacle.EARLIER_RULE if place in taken else None
            taken.add(place)
        decisions.append(Decision(rule, event, document, circumstances, findings, obstacle))
    return decisions


def _place(rule: PrintRule | MailRule) -> str:
    """The printer that a rule means: the default one may also be named."""
    if isinstance(rule, PrintRule) and rule.configuration is not None and rule.configuration.is_default:
        return "default"
    return target_of(rule)


def circumstances_of(order: Order, at: datetime | None) -> Circumstances:
    """What conditions are compared with; an event that has not happened is taken for one that happens now."""
    billing, delivery = order.billing_party, order.delivery_party
    return Circumstances(
        billing_country=billing.country,
        delivery_country=(delivery.country if delivery else "") or billing.country,
        amount=order.gross,
        currency=order.currency,
        customer_group=order.customer_group,
        delivery_method=order.delivery_method,
        at=(at or timezone.now()).astimezone(order.space.zone),
    )


def moment_of(order: Order, event: Event) -> datetime | None:
    """When an event happened; None where it has not."""
    return _Documents(order, None).moment_of(event)


class _Documents:
    """The documents of an order that rules speak of, each kind looked up once at most."""

    def __init__(self, order: Order, at_hand: Sequence[IssuedDocument] | None) -> None:
        self._order = order
        self._at_hand = at_hand
        self._found: dict[Document, IssuedDocument | None] = {}

    def of(self, kind: Document) -> IssuedDocument | None:
        if kind not in self._found:
            self._found[kind] = self._look_up(kind)
        return self._found[kind]

    def moment_of(self, event: Event) -> datetime | None:
        if event in _ISSUED:
            issued = self.of(_ISSUED[event])
            return issued.created_at if issued is not None else None
        order = self._order
        return {Event.RECEIVED: order.received_at, Event.PAID: order.paid_at, Event.SHIPPED: order.shipped_at}[event]

    def _look_up(self, kind: Document) -> IssuedDocument | None:
        model = KINDS[kind].model
        if self._at_hand is not None:
            return next((document for document in self._at_hand if isinstance(document, model)), None)
        rows = model.objects.filter(order=self._order)
        if model is Invoice:
            # What was canceled is nobody's invoice any more.
            rows = rows.exclude(state=InvoiceState.CANCELED)
        newest: IssuedDocument | None = rows.order_by("-pk").first()
        return newest
