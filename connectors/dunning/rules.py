"""Whose turn it is: the flow that fits an invoice, its next level, and every reason against a notice today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from connectors.dunning.calendar import Calendar
from connectors.dunning.reasons import Reason, Why
from connectors.money import rounded

Progress = Literal["waits", "failed", "canceled", "not_sent", "task"]
State = Literal["running", "suspended", "canceled", "derecognized", "failed", "succeeded"]

_UNINFORMED: Mapping[Progress, Reason] = {
    "waits": Reason.LAST_NOTICE_WAITS,
    "failed": Reason.LAST_NOTICE_FAILED,
    "canceled": Reason.LAST_NOTICE_CANCELED,
    "not_sent": Reason.LAST_NOTICE_NOT_SENT,
    "task": Reason.TASK_OPEN,
}


@dataclass(frozen=True, slots=True)
class Level:
    """What the rules need of a level."""

    position: int
    name: str
    days: int
    payment_days: int
    prints: bool
    mails: bool
    has_text: bool = True


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow with its levels in order; ``currency`` is never empty."""

    pk: int
    name: str
    active: bool
    priority: int
    currency: str
    country: str = ""
    customer_group: str = ""
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    levels: tuple[Level, ...] = ()

    def level_after(self, position: int) -> Level | None:
        return next((level for level in self.levels if level.position > position), None)


@dataclass(frozen=True, slots=True)
class LastNotice:
    """The last notice of a case.  ``informed_on`` is the day the customer really was informed, None if not yet.

    ``progress`` and ``problem`` then say what has become of the letter or the mail.
    """

    number: str
    position: int
    due_on: date
    informed_on: date | None
    progress: Progress = "waits"
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """Where an invoice stands in its flow."""

    state: State
    suspended_until: date | None = None
    level_position: int = 0
    last_notice: LastNotice | None = None


@dataclass(frozen=True, slots=True)
class Overdue:
    """An overdue invoice as the rules see it; ``country`` is that of the billing address, ``open`` what is left."""

    due_on: date
    open: Decimal
    currency: str
    country: str = ""
    customer_group: str = ""
    has_email: bool = False


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What holds for the whole Space on the day."""

    day: date
    calendar: Calendar
    prints: bool = True


@dataclass(frozen=True, slots=True)
class Decision:
    """The level that is due (then there are no reasons), or all reasons against it."""

    level: Level | None = None
    reasons: tuple[Why, ...] = field(default=())


def choose_flow(invoice: Overdue, flows: Iterable[Flow], named: Flow | None) -> Flow | tuple[Why, ...]:
    """The flow that the connector names, otherwise the first by priority that fits; or why there is none.

    A named flow need not fit by country, group or amount: naming it is the choice.
    """
    if named is not None:
        return named
    active = sorted((flow for flow in flows if flow.active), key=lambda flow: (flow.priority, flow.pk))
    misfits = {flow.pk: _misfits(invoice, flow) for flow in active}
    for flow in active:
        if not misfits[flow.pk]:
            return flow
    too_small = next((flow for flow in active if misfits[flow.pk] == {"amount_from"}), None)
    if too_small is not None:
        return (_below_minimum(invoice, too_small),)
    if active and all("currency" in misfits[flow.pk] for flow in active):
        return (Why(Reason.OTHER_CURRENCY, {"currency": invoice.currency}),)
    return (Why(Reason.NO_FLOW),)


def _misfits(invoice: Overdue, flow: Flow) -> set[str]:
    """The conditions of a flow that an invoice does not meet."""
    met = {
        "currency": flow.currency == invoice.currency,
        "country": flow.country in {"", invoice.country},
        "customer_group": flow.customer_group in {"", invoice.customer_group},
        "amount_from": flow.amount_from is None or invoice.open >= flow.amount_from,
        "amount_to": flow.amount_to is None or invoice.open <= flow.amount_to,
    }
    return {name for name, holds in met.items() if not holds}


def decide(invoice: Overdue, flow: Flow, case: Case | None, at: Circumstances) -> Decision:
    """Whether a notice is due today: its level, or every reason against it, the claim's before the case's."""
    case = case or Case("running")
    level = flow.level_after(case.level_position)
    reasons = [
        *_about_claim(invoice, flow),
        *_about_flow(flow),
        *_about_state(case, at),
        *_about_last_notice(case),
        *(_about_level(invoice, case, level, at) if level else _about_end(flow, case)),
    ]
    return Decision(None, tuple(reasons)) if reasons else Decision(level)


def _about_claim(invoice: Overdue, flow: Flow) -> Iterable[Why]:
    if invoice.open <= 0:
        yield Why(Reason.PAID)
    elif flow.amount_from is not None and invoice.open < flow.amount_from:
        yield _below_minimum(invoice, flow)
    if flow.currency != invoice.currency:
        yield Why(Reason.OTHER_CURRENCY, {"currency": invoice.currency})


def _below_minimum(invoice: Overdue, flow: Flow) -> Why:
    assert flow.amount_from is not None
    amounts = {"open": invoice.open, "minimum": flow.amount_from}
    written = {name: str(rounded(amount, invoice.currency)) for name, amount in amounts.items()}
    return Why(Reason.BELOW_MINIMUM, {**written, "currency": invoice.currency, "flow": flow.name})


def _about_flow(flow: Flow) -> Iterable[Why]:
    if not flow.active:
        yield Why(Reason.FLOW_INACTIVE, {"flow": flow.name})
    if not flow.levels:
        yield Why(Reason.FLOW_WITHOUT_LEVELS, {"flow": flow.name})


def _about_state(case: Case, at: Circumstances) -> Iterable[Why]:
    if case.state == "suspended":
        if case.suspended_until is None:
            yield Why(Reason.SUSPENDED)
        elif at.day < case.suspended_until:
            yield Why(Reason.SUSPENDED_UNTIL, {"day": case.suspended_until.isoformat()})
    elif case.state == "canceled":
        yield Why(Reason.CANCELED)
    elif case.state == "derecognized":
        yield Why(Reason.DERECOGNIZED)
    elif case.state == "succeeded":
        yield Why(Reason.PAID)


def _about_last_notice(case: Case) -> Iterable[Why]:
    last = case.last_notice
    if last is not None and last.informed_on is None:
        yield Why(_UNINFORMED[last.progress], {"number": last.number, "problem": last.problem})


def _about_level(invoice: Overdue, case: Case, level: Level, at: Circumstances) -> Iterable[Why]:
    due_from = due_day(invoice.due_on, case.last_notice, level, at.calendar)
    if due_from is not None and due_from > at.day:
        yield Why(Reason.NOT_DUE_UNTIL, {"level": level.name, "day": due_from.isoformat()})
    if not level.has_text:
        yield Why(Reason.TEXT_MISSING, {"level": level.name})
    if level.prints and not level.mails and not at.prints:
        yield Why(Reason.PRINTING_OFF, {"level": level.name})
    if level.mails and not invoice.has_email and not (level.prints and at.prints):
        yield Why(Reason.NO_EMAIL_ADDRESS, {"level": level.name})


def _about_end(flow: Flow, case: Case) -> Iterable[Why]:
    if case.level_position:
        names: Sequence[str] = [level.name for level in flow.levels if level.position == case.level_position]
        yield Why(Reason.LAST_LEVEL_REACHED, {"level": names[0] if names else str(case.level_position)})


def due_day(due_on: date, last: LastNotice | None, level: Level, calendar: Calendar) -> date | None:
    """The working day from which a level may be issued; None while the customer does not know of the level before.

    The first level counts from the end of the invoice's term, a later one from the day on which the customer was
    informed of the level before, but never before the term that its notice set has passed.
    """
    if last is None:
        return calendar.after(calendar.working_day_from(due_on), max(level.days, 1))
    if last.informed_on is None:
        return None
    term_over = calendar.after(calendar.working_day_from(last.due_on), 1)
    return max(calendar.after(last.informed_on, max(level.days, 1)), term_over)
