"""Dunning notices: issued documents like invoices, reached from their case and their run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from connectors.admin import labels
from connectors.admin.base import first_found
from connectors.admin.documents import IssuedAdmin
from connectors.admin.dunning import words
from connectors.models import DunningChannel, DunningNotice
from connectors.services import dunning
from spaces.models import FeatureName


@admin.register(DunningNotice)
class DunningNoticeAdmin(IssuedAdmin):
    """What was issued, and what a person can still do about it."""

    feature = FeatureName.DUNNING
    list_display = ["number", "recipient", "level_name", "amount", "issued", "informed", "invoice_number", "printing"]
    list_filter: ClassVar[list[Any]] = [
        "channel",
        "issued_on",
        ("informed_at", admin.EmptyFieldListFilter),
        ("withdrawn_at", admin.EmptyFieldListFilter),
    ]
    search_help_text = _("Number of the notice, the invoice or the order, or customer")
    actions: list[str] = []
    nothing_yet = _("Notices are issued by dunning runs.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("level", "case__invoice")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        found = first_found(
            queryset.filter(number=term),
            queryset.filter(case__invoice__number=term),
            queryset.filter(order__number=term),
            queryset.filter(recipient__icontains=term),
        )
        return found, False

    def post_views(self) -> dict[str, Callable[..., HttpResponse]]:
        return {**super().post_views(), "task-done": self.task_done_view, "withdraw": self.withdraw_view}

    def task_done_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        notice: DunningNotice = self.operated(request, object_id)
        done = gettext("The task is done. The days until the next level count from here.")
        return _act(request, notice, lambda: dunning.task_done(notice, request.user), done)  # type: ignore[arg-type]

    def withdraw_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        notice: DunningNotice = self.operated(request, object_id)
        done = gettext("The notice %(number)s is withdrawn. Its level can be issued anew.") % {"number": notice.number}
        return _act(request, notice, lambda: dunning.withdraw_notice(notice, request.user), done)  # type: ignore[arg-type]

    def print_again_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        notice: DunningNotice = self.operated(request, object_id)
        if notice.withdrawn_at:
            messages.error(request, gettext("This notice was withdrawn: it is not printed any more."))
            return _case_page(notice)
        return super().print_again_view(request, object_id)

    def send_by_email_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        notice: DunningNotice = self.operated(request, object_id)
        if notice.withdrawn_at:
            messages.error(request, gettext("This notice was withdrawn: it is not sent any more."))
            return _case_page(notice)
        return super().send_by_email_view(request, object_id)

    @admin.display(description=_("level"))
    def level_name(self, notice: DunningNotice) -> str:
        return str(notice.level)

    @admin.display(description=_("total"))
    def amount(self, notice: DunningNotice) -> str:
        return labels.money(notice.total, notice.currency)

    @admin.display(description=_("issued"))
    def issued(self, notice: DunningNotice) -> str:
        return labels.day(notice.issued_on)

    @admin.display(description=_("informed"))
    def informed(self, notice: DunningNotice) -> SafeString | str:
        return words.informed_tag(notice)

    @admin.display(description=_("invoice"))
    def invoice_number(self, notice: DunningNotice) -> str:
        return notice.case.invoice.number

    def page_context(self, request: HttpRequest, row: DunningNotice) -> dict[str, Any]:
        invoice_link = reverse("admin:connectors_invoice_change", args=[row.case.invoice_id])
        case_link = reverse("admin:connectors_dunningcase_change", args=[row.case_id])
        facts = [
            (gettext("Customer"), row.recipient),
            (gettext("Level"), str(row.level)),
            (gettext("What it does"), row.get_channel_display()),
            *((name, labels.money(amount, row.currency)) for name, amount in _sums(row) if amount),
            (gettext("Total"), labels.money(row.total, row.currency)),
            (gettext("Issued"), labels.day(row.issued_on)),
            (gettext("Due"), labels.day(row.due_on)),
            (gettext("Informed"), words.informed_tag(row)),
            (gettext("Invoice"), format_html('<a class="pr-link" href="{}">{}</a>', invoice_link, row.case.invoice)),
            (gettext("Dunning case"), format_html('<a class="pr-link" href="{}">{}</a>', case_link, row.case.invoice)),
        ]
        return {**super().page_context(request, row), "facts": facts, "withdrawn": bool(row.withdrawn_at)}


def _sums(notice: DunningNotice) -> list[tuple[str, Any]]:
    """What the total is made of."""
    return [
        (gettext("Open of the invoice"), notice.principal),
        (gettext("Earlier fees"), notice.fees_before),
        (gettext("Fee"), notice.fee + notice.fee_tax),
        (gettext("Interest"), notice.interest),
    ]


def is_open_task(notice: DunningNotice) -> bool:
    """Whether the notice asks a person for something that is not done yet."""
    return notice.channel == DunningChannel.TASK and notice.informed_at is None and notice.withdrawn_at is None


def _act(request: HttpRequest, notice: DunningNotice, act: Callable[[], None], done: str) -> HttpResponse:
    try:
        act()
    except dunning.DunningRefused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, done)
    return _case_page(notice)


def _case_page(notice: DunningNotice) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:connectors_dunningcase_change", args=[notice.case_id]))
