"""Dunning > Cases: how far each overdue invoice has come, what comes next, and the buttons."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from unfold.views import ChangeList

from connectors import printing_bridge
from connectors.admin import labels
from connectors.admin.base import first_found
from connectors.admin.dunning import words
from connectors.admin.dunning.base import DunningReadPage
from connectors.admin.dunning.notices import is_open_task
from connectors.admin.dunning.outlook import Outlook, outlooks
from connectors.admin.mail_labels import mail_rows
from connectors.models import (
    CaseState,
    DunningCase,
    DunningChannel,
    DunningFlow,
    DunningNotice,
    Invoice,
    InvoiceState,
)
from connectors.models.dunning_case import CASE_TRANSITIONS
from connectors.models.dunning_flow import MAX_LEVELS
from connectors.sentences import what_happened
from connectors.services import dunning, mails
from connectors.services.payment_sums import account_of
from spaces.scoping import space_of

EVENTS_SHOWN = 200
_NOTHING_OWED = frozenset({InvoiceState.CANCELED, InvoiceState.PAID})


class CaseList(ChangeList):  # type: ignore[misc]
    """Works out for all rows of a page at once what comes next."""

    result_list: Any

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.full_result_count = self.result_count
        rows: list[Any] = list(self.result_list)
        self.result_list = rows
        space = space_of(request)
        next_steps = outlooks(space, [row.invoice for row in rows]) if space is not None and rows else {}
        for row in rows:
            row.outlook = next_steps.get(row.invoice_id)


class FlowFilter(admin.SimpleListFilter):
    title = _("dunning flow")
    parameter_name = "flow"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        flows = DunningFlow.objects.in_space(space_of(request)).order_by("priority", "pk")
        return [(str(flow.pk), flow.name) for flow in flows[:200]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[DunningCase]) -> QuerySet[DunningCase]:
        return queryset.filter(flow_id=int(self.value() or 0)) if _offered(self) else queryset


class LevelFilter(admin.SimpleListFilter):
    title = _("level")
    parameter_name = "level"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("0", _("none yet")), *((str(number), str(number)) for number in range(1, MAX_LEVELS + 1))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[DunningCase]) -> QuerySet[DunningCase]:
        return queryset.filter(level_position=self.value() or 0) if _offered(self) else queryset


def _offered(chosen: admin.SimpleListFilter) -> bool:
    """Whether the value in the address is one of those that the filter offers."""
    return chosen.value() in {key for key, _name in chosen.lookup_choices}


class TaskFilter(admin.SimpleListFilter):
    title = _("task to be done")
    parameter_name = "task"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("Yes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[DunningCase]) -> QuerySet[DunningCase]:
        if self.value() != "open":
            return queryset
        tasks = DunningNotice.objects.in_space(space_of(request)).filter(channel=DunningChannel.TASK)
        return queryset.filter(pk__in=tasks.filter(informed_at=None, withdrawn_at=None).values("case"))


class CaseButtons:
    """What a person can do with a case, each by POST."""

    def suspend_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        page: Any = self
        case: DunningCase = page.operated(request, object_id)
        try:
            until = _day(request.POST.get("until", ""))
        except ValueError:
            messages.error(request, gettext("Enter the day as 2026-12-31."))
            return _back(case)
        if case.state == CaseState.SUSPENDED and case.suspended_until == until:
            messages.info(request, gettext("The case is suspended already."))
            return _back(case)
        said = gettext("The case is suspended until %(day)s.") % {"day": labels.day(until)}
        return self._act(
            request,
            case,
            lambda: dunning.suspend(case, until, request.user),  # type: ignore[arg-type]
            said if until else gettext("The case is suspended until somebody resumes it."),
        )

    def resume_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        page: Any = self
        case: DunningCase = page.operated(request, object_id)
        if case.state == CaseState.RUNNING:
            messages.info(request, gettext("The case is running already."))
            return _back(case)
        return self._act(request, case, lambda: dunning.resume(case, request.user), gettext("The case goes on."))  # type: ignore[arg-type]

    def cancel_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        page: Any = self
        case: DunningCase = page.operated(request, object_id)
        if case.state == CaseState.CANCELED:
            messages.info(request, gettext("Dunning is canceled already."))
            return _back(case)
        done = gettext("Dunning is canceled for this invoice.")
        return self._act(request, case, lambda: dunning.cancel(case, request.user), done)  # type: ignore[arg-type]

    def write_off_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        page: Any = self
        case: DunningCase = page.operated(request, object_id)
        if case.state == CaseState.DERECOGNIZED:
            messages.info(request, gettext("The invoice is written off already."))
            return _back(case)
        if request.POST.get("confirm") != "yes":
            messages.error(request, gettext("Nothing was written off: tick the box that says you mean it."))
            return _back(case)
        done = gettext("The invoice is written off.")
        return self._act(request, case, lambda: dunning.write_off(case, request.user), done)  # type: ignore[arg-type]

    def _act(self, request: HttpRequest, case: DunningCase, act: Callable[[], None], done: str) -> HttpResponse:
        try:
            act()
        except dunning.DunningRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, done)
        return _back(case)


@admin.register(DunningCase)
class DunningCaseAdmin(CaseButtons, DunningReadPage):
    """Cases are opened and closed by what happens; people suspend, resume, cancel and write off."""

    page_template = "admin/connectors/dunning/case.html"
    list_display = ["number", "state_tag", "customer", "level", "open", "next_step"]
    list_display_links = ["number"]
    list_filter: ClassVar[list[Any]] = ["state", FlowFilter, LevelFilter, TaskFilter]
    search_fields = ["invoice__number"]  # what is searched is decided by get_search_results
    search_help_text = _("Invoice number, order number or customer")
    actions = None
    nothing_yet = _("A case is opened by itself, once a day, for each invoice that is overdue and that a flow fits.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[DunningCase]:
        cases: QuerySet[DunningCase] = super().get_queryset(request)
        invoices = Invoice.objects.with_open_amount().defer("data").select_related("order__customer", "space")
        return cases.select_related("flow", "space").prefetch_related(Prefetch("invoice", invoices), "flow__levels")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return CaseList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[DunningCase], search_term: str
    ) -> tuple[QuerySet[DunningCase], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        found = first_found(
            queryset.filter(invoice__number=term),
            queryset.filter(invoice__order__number=term),
            queryset.filter(invoice__recipient__icontains=term),
        )
        return found, False

    def post_views(self) -> dict[str, Callable[..., HttpResponse]]:
        return {
            "suspend": self.suspend_view,
            "resume": self.resume_view,
            "cancel": self.cancel_view,
            "write-off": self.write_off_view,
        }

    @admin.display(description=_("invoice"))
    def number(self, case: DunningCase) -> str:
        return case.invoice.number

    @admin.display(description=_("state"))
    def state_tag(self, case: DunningCase) -> SafeString:
        if case.suspended_until is None:
            return words.case_tag(case)
        until = gettext("until %(day)s") % {"day": labels.day(case.suspended_until)}
        return format_html('{} <span class="pr-subtle pr-nowrap">{}</span>', words.case_tag(case), until)

    @admin.display(description=_("customer"))
    def customer(self, case: DunningCase) -> str:
        return case.invoice.recipient

    @admin.display(description=_("level"))
    def level(self, case: DunningCase) -> str:
        return words.level_of(case)

    @admin.display(description=pgettext_lazy("amount", "open"))
    def open(self, case: DunningCase) -> str:
        invoice: Any = case.invoice
        if invoice.state in _NOTHING_OWED:
            return "–"
        return labels.money(invoice.open_amount, invoice.currency)

    @admin.display(description=_("next step"))
    def next_step(self, case: Any) -> SafeString | str:
        outlook: Outlook | None = case.outlook
        if outlook is None:
            return "–"
        if outlook.level:
            return format_html('<span class="pr-cell">{}</span>', gettext("due: %(level)s") % {"level": outlook.level})
        return format_html('<span class="pr-cell">{}</span>', " ".join(outlook.reasons))

    def page_context(self, request: HttpRequest, row: DunningCase) -> dict[str, Any]:
        invoice = row.invoice
        notices = list(row.notices.select_related("level", "order", "space").defer("data").order_by("pk"))
        jobs, sent = printing_bridge.jobs_of(notices), mails.mails_of(notices)
        events = list(row.events.select_related("user").order_by("-at", "-pk")[: EVENTS_SHOWN + 1])
        may = self.has_operate_permission(request)
        return {
            "case": row,
            "case_tag": words.case_tag(row),
            "facts": _facts(row),
            "outlook": outlooks(row.space, [invoice]).get(invoice.pk),
            "invoice": invoice,
            "notices": [_notice_row(notice, notices) for notice in notices],
            "print_jobs": [job for found in jobs.values() for job in found],
            "mails": mail_rows([mail for found in sent.values() for mail in found]),
            "events": [(event, what_happened(event)) for event in events[:EVENTS_SHOWN]],
            "more_events": len(events) > EVENTS_SHOWN,
            "may_suspend": may and _can(row, CaseState.SUSPENDED),
            "may_resume": may and row.state in {CaseState.SUSPENDED, CaseState.CANCELED},
            "may_cancel": may and _can(row, CaseState.CANCELED),
            "may_write_off": may and _can(row, CaseState.DERECOGNIZED),
            "tomorrow": date.fromordinal(dunning.local_day(row.space).toordinal() + 1),
        }


def _facts(case: DunningCase) -> list[tuple[str, Any]]:
    invoice = case.invoice
    account = account_of(invoice)
    facts: list[tuple[str, Any]] = [
        (gettext("Customer"), invoice.recipient),
        (gettext("Level"), words.level_of(case)),
        (gettext("Amount"), labels.money(invoice.gross, invoice.currency)),
        (gettext("Open of the invoice"), labels.money(account.open, invoice.currency)),
    ]
    if account.charges:
        facts.append((gettext("Open fees and interest"), labels.money(account.charges_open, invoice.currency)))
    facts += [(gettext("Due"), labels.day(invoice.due_on)), (gettext("Opened"), labels.moment(case.opened_at))]
    if case.closed_at:
        facts.append((gettext("Closed"), labels.moment(case.closed_at)))
    return facts


def _notice_row(notice: DunningNotice, notices: list[DunningNotice]) -> dict[str, Any]:
    """A notice in the table, and what can be done with it."""
    waits = notice.informed_at is None and notice.withdrawn_at is None
    later = any(other.position > notice.position and other.withdrawn_at is None for other in notices)
    return {
        "notice": notice,
        "total": labels.money(notice.total, notice.currency),
        "informed": words.informed_tag(notice),
        "is_task": is_open_task(notice),
        "may_withdraw": waits and not later,
        "token": uuid.uuid4(),
    }


def _can(case: DunningCase, to: CaseState) -> bool:
    return to in CASE_TRANSITIONS[CaseState(case.state)]


def _day(text: str) -> date | None:
    """The day of a date field; None where it is empty. Raises ValueError."""
    if not text.strip():
        return None
    day = parse_date(text.strip())
    if day is None:
        raise ValueError(text)
    return day


def _back(case: DunningCase) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:connectors_dunningcase_change", args=[case.pk]))
