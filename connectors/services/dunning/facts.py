"""What the rules of dunning decide on, read in a number of queries that does not grow with the invoices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.db.models import QuerySet
from django.utils import timezone

from connectors.dunning import rules
from connectors.dunning.calendar import Calendar
from connectors.dunning.charges import Claim, Terms, is_business
from connectors.dunning.interest import Settlement
from connectors.dunning.reasons import Why
from connectors.models import (
    DunningCase,
    DunningChannel,
    DunningFlow,
    DunningLevel,
    DunningLevelText,
    DunningNotice,
    Invoice,
    Payment,
)
from connectors.models.invoice import UNPAID
from connectors.printing_bridge import NOT_SENT, Progress
from connectors.services.dunning.delivery import progress_of
from spaces.models import FeatureName, Space


@dataclass(frozen=True)
class FlowRows:
    """The flows of a Space as rows, and as the rules see them, by primary key."""

    flows: Mapping[int, rules.Flow]
    rows: Mapping[int, DunningFlow]
    levels: Mapping[tuple[int, int], DunningLevel]
    texts: Mapping[int, list[DunningLevelText]]

    def level(self, flow: rules.Flow, level: rules.Level) -> DunningLevel:
        return self.levels[flow.pk, level.position]


@dataclass(frozen=True)
class Facts:
    """The overdue invoices of one Space on one day, and what the rules need of them."""

    space: Space
    circumstances: rules.Circumstances
    dunning: bool
    invoices: list[Invoice]
    flows: FlowRows
    cases: Mapping[int, DunningCase]  # by invoice
    notices: Mapping[int, list[DunningNotice]]  # by case, those that stand
    progress: Mapping[int, Progress]  # by notice
    settlements: Mapping[int, tuple[Settlement, ...]]  # by invoice

    def claim(self, invoice: Invoice) -> Claim:
        assert invoice.due_on is not None
        due_on = self.circumstances.calendar.working_day_from(invoice.due_on)
        return Claim(invoice.gross, invoice.currency, due_on, self.settlements.get(invoice.pk, ()))

    def overdue(self, invoice: Invoice, claim: Claim) -> rules.Overdue:
        address = invoice.order.billing_party
        return rules.Overdue(
            due_on=claim.due_on,
            open=claim.open,
            currency=invoice.currency,
            country=address.country,
            customer_group=invoice.order.customer_group,
            has_email=bool(address.email),
        )

    def flow_of(self, invoice: Invoice, overdue: rules.Overdue) -> rules.Flow | tuple[Why, ...]:
        """The flow of its case; where there is none yet, the one that the case would be opened with."""
        case = self.cases.get(invoice.pk)
        if case is not None:
            return self.flows.flows[case.flow_id]
        named = invoice.order.connector.dunning_flow_id
        return rules.choose_flow(overdue, self.flows.flows.values(), self.flows.flows[named] if named else None)

    def case_of(self, invoice: Invoice) -> rules.Case | None:
        row = self.cases.get(invoice.pk)
        if row is None:
            return None
        standing = self.notices_of(invoice)
        return rules.Case(
            state=cast("rules.State", row.state),
            suspended_until=row.suspended_until,
            level_position=row.level_position,
            last_notice=self._last(standing[-1]) if standing else None,
        )

    def notices_of(self, invoice: Invoice) -> list[DunningNotice]:
        """The notices that were not withdrawn, in the order of their levels."""
        row = self.cases.get(invoice.pk)
        return self.notices.get(row.pk, []) if row is not None else []

    def terms(self, invoice: Invoice, level: DunningLevel) -> Terms:
        business = is_business(invoice.order.billing_party)
        rate = level.interest_business if business else level.interest_consumer
        return Terms(level.fee, level.fee_tax_rate, rate)

    def _last(self, notice: DunningNotice) -> rules.LastNotice:
        return rules.LastNotice(
            number=notice.number,
            position=notice.position,
            due_on=notice.due_on,
            informed_on=local_day(self.space, notice.informed_at) if notice.informed_at else None,
            progress="task" if notice.channel == DunningChannel.TASK else self._progress(notice).state,
            problem=self._progress(notice).problem,
        )

    def _progress(self, notice: DunningNotice) -> Progress:
        return self.progress.get(notice.pk, NOT_SENT)


def local_day(space: Space, moment: datetime | None = None) -> date:
    """The day on which a moment falls where the Space is; today without a moment."""
    return (moment or timezone.now()).astimezone(space.zone).date()


def read_facts(space: Space, day: date, only: Collection[int] | None = None) -> Facts:
    """The facts about the unpaid invoices whose due day has passed on ``day``; of some of them with ``only``."""
    features = set(space.features.values_list("name", flat=True))
    overdue = Invoice.objects.in_space(space).filter(state__in=UNPAID, due_on__lt=day)
    if only is not None:
        overdue = overdue.filter(pk__in=only)
    invoices: list[Invoice] = list(
        overdue.select_related("order__connector", "order__customer")
        .defer("data", "order__delivery_address", "order__note")
        .order_by("due_on", "pk")
    )
    for invoice in invoices:
        invoice.space = invoice.order.space = space
    cases = {case.invoice_id: case for case in DunningCase.objects.filter(invoice__in=overdue.order_by().values("pk"))}
    notices = _standing_notices(cases)
    return Facts(
        space=space,
        circumstances=rules.Circumstances(day, Calendar(space.country), FeatureName.PRINTING in features),
        dunning=FeatureName.DUNNING in features,
        invoices=invoices,
        flows=read_flows(space),
        cases=cases,
        notices=notices,
        progress=progress_of(_uninformed(notices)),
        settlements=_settlements(overdue),
    )


def _settlements(invoices: QuerySet[Invoice]) -> Mapping[int, tuple[Settlement, ...]]:
    found: dict[int, list[Settlement]] = defaultdict(list)
    payments = Payment.objects.filter(invoice__in=invoices.order_by().values("pk"))
    for payment in payments.only("invoice_id", "amount", "paid_on", "reverses_id"):
        assert payment.invoice_id is not None
        found[payment.invoice_id].append(Settlement(payment.paid_on, payment.counted))
    return {pk: tuple(settlements) for pk, settlements in found.items()}


def _standing_notices(cases: Mapping[int, DunningCase]) -> Mapping[int, list[DunningNotice]]:
    found: dict[int, list[DunningNotice]] = defaultdict(list)
    rows = DunningNotice.objects.filter(case__in=[case.pk for case in cases.values()], withdrawn_at=None)
    for notice in rows.select_related("order").defer("data").order_by("position"):
        found[notice.case_id].append(notice)
    return found


def _uninformed(notices: Mapping[int, list[DunningNotice]]) -> list[DunningNotice]:
    last = [standing[-1] for standing in notices.values()]
    return [notice for notice in last if notice.informed_at is None and notice.channel != DunningChannel.TASK]


def read_flows(space: Space) -> FlowRows:
    """The flows of a Space with their levels and texts."""
    texts: dict[int, list[DunningLevelText]] = defaultdict(list)
    for text in DunningLevelText.objects.filter(level__flow__space=space):
        texts[text.level_id].append(text)
    levels = (
        DunningLevel.objects.filter(flow__space=space)
        .select_related("configuration", "slip_configuration")
        .order_by("position")
    )
    by_flow: dict[int, list[DunningLevel]] = defaultdict(list)
    for level in levels:
        by_flow[level.flow_id].append(level)
    rows = {flow.pk: flow for flow in DunningFlow.objects.in_space(space)}
    return FlowRows(
        flows={pk: _flow(flow, space, by_flow[pk], texts) for pk, flow in rows.items()},
        rows=rows,
        levels={(level.flow_id, level.position): level for level in levels},
        texts=texts,
    )


def _flow(
    flow: DunningFlow, space: Space, levels: list[DunningLevel], texts: Mapping[int, list[DunningLevelText]]
) -> rules.Flow:
    return rules.Flow(
        pk=flow.pk,
        name=flow.name,
        active=flow.active,
        priority=flow.priority,
        currency=flow.currency or space.currency,
        country=flow.country,
        customer_group=flow.customer_group,
        amount_from=flow.amount_from,
        amount_to=flow.amount_to,
        levels=tuple(
            rules.Level(
                position=level.position,
                name=level.name,
                days=level.days,
                payment_days=level.payment_days,
                prints=DunningChannel(level.channel).prints,
                mails=DunningChannel(level.channel).mails,
                has_text=level.pk in texts,
            )
            for level in levels
        ),
    )
