"""Dunning cases: opened, suspended, resumed, canceled, written off, closed by the money.

Whoever changes what is asked for an invoice locks its row first (a run locks all of those it works on): the run and the
payment that arrives in the same moment come one after the other, and the second sees what the first has written.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from connectors.dunning import rules
from connectors.models import (
    CaseEventKind,
    CaseState,
    DunningCase,
    DunningCaseEvent,
    DunningLevel,
    DunningNotice,
    Invoice,
    InvoiceState,
)
from connectors.models.invoice import UNPAID
from connectors.sentences import why_not
from connectors.services.dunning.facts import Facts, local_day, read_facts
from connectors.services.dunning.withdrawal import withdraw_notices
from spaces.models import Space


class DunningRefused(Exception):
    """This cannot be done with the case or the Space as it is; the text is for the person who asked."""


def open_cases(space: Space, day: date, *, at: datetime | None = None) -> int:
    """Open a case for each overdue invoice that a flow fits; returns how many. Nothing without the feature Dunning."""
    new = Invoice.objects.in_space(space).filter(state__in=UNPAID, due_on__lt=day, dunning_case=None)
    with transaction.atomic():
        facts = read_facts(space, day, lock_invoices(new))
        return len(open_for(facts, facts.invoices, at=at or timezone.now())) if facts.dunning else 0


def lock_invoices(invoices: Any) -> list[int]:
    """Lock the rows of a queryset until the caller's transaction ends; returns the keys of those that fit it then.

    In the order of their keys, as everybody does who locks several: nobody waits in a circle.
    """
    rows = invoices.order_by("pk").select_for_update(of=("self",), no_key=True)
    return list(rows.values_list("pk", flat=True))


def open_for(facts: Facts, invoices: list[Invoice], *, at: datetime) -> list[DunningCase]:
    """Open the cases of those of the invoices that have none and that a flow fits, inside the caller's transaction."""
    fitting = [
        DunningCase(space=facts.space, invoice=invoice, flow=facts.flows.rows[flow.pk], opened_at=at)
        for invoice in invoices
        if invoice.pk not in facts.cases
        and isinstance(flow := facts.flow_of(invoice, facts.overdue(invoice, facts.claim(invoice))), rules.Flow)
    ]
    # Of two who open the same case one does nothing.
    DunningCase.objects.bulk_create(fitting, ignore_conflicts=True)
    opened: list[DunningCase] = list(
        DunningCase.objects.filter(invoice__in=[case.invoice_id for case in fitting])
        .exclude(events__kind=CaseEventKind.OPENED)
        .select_related("flow")
    )
    DunningCaseEvent.objects.bulk_create(
        DunningCaseEvent(case=case, at=at, kind=CaseEventKind.OPENED, params={"flow": case.flow.name})
        for case in opened
    )
    return opened


def case_for(invoice: Invoice) -> DunningCase:
    """The case of an overdue invoice, opened if there is none yet. Raises DunningRefused where no flow fits."""
    found: DunningCase | None = DunningCase.objects.filter(invoice=invoice).first()
    if found is not None:
        return found
    with transaction.atomic():
        lock_invoices(Invoice.objects.filter(pk=invoice.pk))
        facts = read_facts(invoice.space, local_day(invoice.space), [invoice.pk])
        if not facts.dunning or not facts.invoices:
            raise DunningRefused(_("Only an overdue invoice of a Space with the feature Dunning can be dunned."))
        open_for(facts, facts.invoices, at=timezone.now())
    case: DunningCase | None = DunningCase.objects.filter(invoice=invoice).first()
    if case is None:
        claim = facts.claim(facts.invoices[0])
        reasons = facts.flow_of(facts.invoices[0], facts.overdue(facts.invoices[0], claim))
        assert isinstance(reasons, tuple)
        raise DunningRefused(" ".join(why_not(why) for why in reasons))
    return case


@transaction.atomic
def suspend(
    case: DunningCase, until: date | None, by: AbstractBaseUser | None = None, *, at: datetime | None = None
) -> None:
    """Ask for nothing before the day ``until`` (without one: until somebody resumes it).

    A notice that has not left yet is withdrawn; its level is issued anew later. Raises DunningRefused.
    """
    moment = at or timezone.now()
    if until is not None and until <= local_day(case.space, moment):
        raise DunningRefused(_("Choose a day in the future."))
    kind = CaseEventKind.SUSPENDED_UNTIL if until else CaseEventKind.SUSPENDED
    params = {"day": until.isoformat()} if until else {}
    _change(case, CaseState.SUSPENDED, kind, by, moment, params, suspended_until=until)
    withdraw_notices(case, by=by, at=moment, say_what_left=False)


@transaction.atomic
def resume(case: DunningCase, by: AbstractBaseUser | None = None, *, at: datetime | None = None) -> None:
    """Let a suspended or canceled case go on. Raises DunningRefused."""
    _change(case, CaseState.RUNNING, CaseEventKind.RESUMED, by, at or timezone.now())


@transaction.atomic
def cancel(case: DunningCase, by: AbstractBaseUser | None = None, *, at: datetime | None = None) -> None:
    """Dun this invoice no more; what has not left is withdrawn. Raises DunningRefused."""
    moment = at or timezone.now()
    _change(case, CaseState.CANCELED, CaseEventKind.CANCELED, by, moment)
    withdraw_notices(case, by=by, at=moment)


@transaction.atomic
def write_off(case: DunningCase, by: AbstractBaseUser | None = None, *, at: datetime | None = None) -> None:
    """Give the money up: the invoice is derecognized, what has not left is withdrawn. Raises DunningRefused."""
    moment = at or timezone.now()
    _change(case, CaseState.DERECOGNIZED, CaseEventKind.WRITTEN_OFF, by, moment)
    Invoice.objects.filter(pk=case.invoice_id).change_state(InvoiceState.DERECOGNIZED)
    withdraw_notices(case, by=by, at=moment)


def settled(invoice: Invoice, *, at: datetime | None = None) -> None:
    """The invoice is paid: its case ends, and what has not left is withdrawn.

    Inside the transaction that made the invoice PAID, after that: then a run that was working on the invoice has ended,
    and its notice is found here.
    """
    _end(invoice, CaseState.SUCCEEDED, CaseEventKind.PAID, at or timezone.now())


def invoice_canceled(invoice: Invoice, *, at: datetime | None = None) -> None:
    """The invoice was canceled by a credit note: its case ends. Inside that transaction, like :func:`settled`."""
    _end(invoice, CaseState.CANCELED, CaseEventKind.INVOICE_CANCELED, at or timezone.now())


def reopened(invoice: Invoice, *, at: datetime | None = None) -> None:
    """A payment was taken back, and the invoice is open again: a case that it had ended goes on."""
    case = DunningCase.objects.filter(invoice=invoice, state=CaseState.SUCCEEDED).first()
    if case is not None and _move(case, CaseState.RUNNING):
        record(case, CaseEventKind.REOPENED, at=at or timezone.now())


def close_finished(space: Space, day: date, *, at: datetime | None = None) -> int:
    """End the cases that have no level left and whose last term has passed; returns how many."""
    midnight = datetime.combine(day, datetime.min.time(), space.zone)
    last = DunningNotice.objects.filter(
        case=OuterRef("pk"),
        position=OuterRef("level_position"),
        withdrawn_at=None,
        due_on__lt=day,
        informed_at__lt=midnight,
    )
    further = DunningLevel.objects.filter(flow=OuterRef("flow"), position__gt=OuterRef("level_position"))
    finished = DunningCase.objects.in_space(space).filter(Exists(last), ~Exists(further), state=CaseState.RUNNING)
    moment = at or timezone.now()
    with transaction.atomic():
        cases = list(finished.select_for_update(of=("self",), no_key=True).order_by("pk"))
        DunningCase.objects.filter(pk__in=[case.pk for case in cases]).change_state(CaseState.FAILED, closed_at=moment)
        DunningCaseEvent.objects.bulk_create(
            DunningCaseEvent(case=case, at=moment, kind=CaseEventKind.FAILED) for case in cases
        )
    return len(cases)


def record(
    case: DunningCase,
    kind: CaseEventKind,
    params: dict[str, str] | None = None,
    by: AbstractBaseUser | None = None,
    *,
    at: datetime,
) -> None:
    """Write a line of the case's history."""
    DunningCaseEvent.objects.create(case=case, at=at, kind=kind, params=params or {}, user_id=by.pk if by else None)


def _end(invoice: Invoice, to: CaseState, kind: CaseEventKind, at: datetime) -> None:
    case: DunningCase | None = DunningCase.objects.filter(invoice=invoice).first()
    if case is None:
        return
    if _move(case, to, closed_at=at):
        record(case, kind, at=at)
    # Whatever state it is in: a letter that was printed again by hand may still wait.
    withdraw_notices(case, by=None, at=at)


def _change(
    case: DunningCase,
    to: CaseState,
    kind: CaseEventKind,
    by: AbstractBaseUser | None,
    at: datetime,
    params: dict[str, str] | None = None,
    **fields: Any,
) -> None:
    """Move a case of an open invoice because a person asks for it.

    Raises DunningRefused where it cannot come there from where it is, or where the invoice is paid, canceled or written
    off already.
    """
    invoice = Invoice.objects.select_for_update(no_key=True).get(pk=case.invoice_id)
    if invoice.state not in UNPAID:
        raise DunningRefused(_("The invoice is not open any more."))
    if not _move(case, to, **fields):
        case.refresh_from_db(fields=["state"])
        raise DunningRefused(_("The case is in the state “%(state)s”.") % {"state": case.get_state_display()})
    record(case, kind, params, by, at=at)


def _move(case: DunningCase, to: CaseState, **fields: Any) -> bool:
    moved = DunningCase.objects.filter(pk=case.pk).change_state(to, **fields)
    if moved:
        case.refresh_from_db(fields=["state", "suspended_until", "closed_at", "version"])
    return bool(moved)
