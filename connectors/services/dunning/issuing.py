"""Runs: all notices that are due and chosen, written together or not at all."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from connectors.dunning.reasons import Reason, Why
from connectors.models import (
    CaseEventKind,
    CaseState,
    DunningCase,
    DunningCaseEvent,
    DunningNotice,
    DunningRun,
    Invoice,
    InvoiceState,
    RunSource,
)
from connectors.services import copies
from connectors.services.dunning import delivery
from connectors.services.dunning.cases import DunningRefused, lock_invoices, open_for
from connectors.services.dunning.facts import read_facts
from connectors.services.dunning.notices import issue_notice
from connectors.services.dunning.proposal import Proposal, ProposalItem, propose
from spaces.models import FeatureName, Space

_ENDED = {
    InvoiceState.PAID: Reason.PAID,
    InvoiceState.CANCELED: Reason.INVOICE_CANCELED,
    InvoiceState.DERECOGNIZED: Reason.DERECOGNIZED,
}


def issue(
    space: Space,
    day: date,
    chosen: Collection[int],
    by: AbstractBaseUser | None = None,
    *,
    source: RunSource = RunSource.PERSON,
    at: datetime | None = None,
) -> DunningRun:
    """Issue the notices of the chosen invoices (primary keys) that are due on ``day``; queue their letters and mails.

    One transaction: there are all notices or none, and nothing leaves before it is committed. One run at a time per
    Space: a second one waits for the first and finds nothing due. What was paid, suspended or issued since the proposal
    is left out; the run says why. Raises DunningRefused, and IntegrityError for a second scheduled run of a day.
    """
    if not space.has_feature(FeatureName.DUNNING):
        raise DunningRefused(_("The feature Dunning is not activated in this Space."))
    moment = at or timezone.now()
    logo_content = copies.read_logo(space)
    with transaction.atomic():
        _lock(space, chosen)
        run: DunningRun = DunningRun.objects.create(
            space=space, day=day, started_at=moment, source=source, by_id=by.pk if by else None
        )
        proposal = propose(space, day, only=chosen)
        cases = _open_and_resume(proposal, moment)
        logo = copies.frozen_logo(space, logo_content)
        sender = copies.sender_of(space, logo)
        notices = [issue_notice(item, cases[item.invoice.pk], run, sender, logo, moment) for item in proposal.items]
        _advance(proposal.items, notices, by, moment)
        for item, notice in zip(proposal.items, notices, strict=True):
            # Where the letter of an earlier one has left, its e-mail may still wait, or have failed: out of date.
            for earlier in item.earlier:
                delivery.withdraw(earlier)
            delivery.send(notice, item.level)
        _finish(run, proposal, notices, chosen)
    return run


def _lock(space: Space, chosen: Collection[int]) -> None:
    """Let nobody else run in this Space, and nobody pay, suspend or cancel what is chosen, until this is committed.

    The Space's row keeps runs apart. Payments lock their invoice only: those of other invoices need not wait.
    """
    Space.objects.select_for_update(no_key=True).get(pk=space.pk)
    lock_invoices(Invoice.objects.in_space(space).filter(pk__in=chosen))


def _open_and_resume(proposal: Proposal, at: datetime) -> dict[int, DunningCase]:
    """The cases of the items by invoice: new ones opened, those whose suspension is over resumed."""
    new = [item.invoice for item in proposal.items if item.case is None]
    if new:
        open_for(read_facts(proposal.space, proposal.day, [invoice.pk for invoice in new]), new, at=at)
    over = [item.case for item in proposal.items if item.case is not None and item.case.state == CaseState.SUSPENDED]
    DunningCase.objects.filter(pk__in=[case.pk for case in over]).change_state(CaseState.RUNNING)
    DunningCaseEvent.objects.bulk_create(
        DunningCaseEvent(case=case, at=at, kind=CaseEventKind.RESUMED) for case in over
    )
    invoices = [item.invoice.pk for item in proposal.items]
    Invoice.objects.filter(pk__in=invoices).change_state(InvoiceState.OVERDUE)
    return {case.invoice_id: case for case in DunningCase.objects.filter(invoice__in=invoices)}


def _advance(
    items: Collection[ProposalItem], notices: list[DunningNotice], by: AbstractBaseUser | None, at: datetime
) -> None:
    for notice in notices:
        notice.case.level_position = notice.position
    DunningCase.objects.bulk_update([notice.case for notice in notices], ["level_position"], batch_size=500)
    DunningCaseEvent.objects.bulk_create(
        DunningCaseEvent(
            case=notice.case,
            at=at,
            kind=CaseEventKind.NOTICE_ISSUED,
            params={
                "number": notice.number,
                "level": item.level.name,
                "total": str(notice.total),
                "currency": notice.currency,
            },
            user_id=by.pk if by else None,
        )
        for item, notice in zip(items, notices, strict=True)
    )


def _finish(run: DunningRun, proposal: Proposal, notices: list[DunningNotice], chosen: Collection[int]) -> None:
    run.notice_count = len(notices)
    run.totals = {currency: str(total) for currency, total in sorted(proposal.totals.items())}
    run.dropped = _dropped(proposal, chosen)
    run.save(update_fields=["notice_count", "totals", "dropped"])


def _dropped(proposal: Proposal, chosen: Collection[int]) -> list[dict[str, object]]:
    """What was chosen and is not due any more, with the reasons, by invoice number."""
    reasons = {exclusion.invoice.pk: exclusion.reasons for exclusion in proposal.exclusions}
    issued = {item.invoice.pk for item in proposal.items}
    left_out = Invoice.objects.in_space(proposal.space).filter(pk__in=set(chosen) - issued).order_by("number")
    return [
        {"invoice": number, "reasons": [[why.reason.value, dict(why.params)] for why in reasons.get(pk, _ended(state))]}
        for pk, number, state in left_out.values_list("pk", "number", "state")
    ]


def _ended(state: str) -> tuple[Why, ...]:
    """Why nothing is asked for an invoice that is no longer open; one that is open was never overdue."""
    return (Why(_ENDED[InvoiceState(state)]),) if InvoiceState(state) in _ENDED else ()
