"""Connect > Print Jobs: every document that was to be printed, what became of it, and how to put it right."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from printing import display, kinds
from printing.admin import job_page
from printing.admin.downloads import DownloadViews
from printing.admin.job_actions import JobActions
from printing.admin.job_filters import KindFilter, PaperFilter, PrinterFilter, StateFilter, TwiceFilter
from printing.admin.job_list import CappedPaginator, JobChangeList, find_jobs
from printing.models import PrintJob
from printing.providers.base import PaperState
from printing.states import JobState
from spaces.admin_base import EDITORS, SpaceScopedAdmin
from spaces.models import FeatureName, Role


class JobColumns:
    """The columns of the list."""

    @admin.display(description=_("state"), ordering="state")
    def state_tag(self, job: PrintJob) -> SafeString:
        count = job.attempts
        hints = [ngettext("%(count)s attempt", "%(count)s attempts", count) % {"count": count}] if count > 1 else []
        if job.state == JobState.PENDING:
            hints.append(_("next try: %(when)s") % {"when": display.next_try(job)})
        return _with_hint(display.state_tag(job), " · ".join(hints))

    @admin.display(description=_("paper"))
    def paper_tag(self, job: PrintJob) -> SafeString:
        hint = display.paper_words(job) if job.paper == PaperState.PROBLEM else ""
        return _with_hint(display.paper_tag(job), hint)

    @admin.display(description=_("document"))
    def document_title(self, job: PrintJob) -> SafeString:
        marks = format_html_join("", " {}", ((mark,) for mark in display.job_marks(job)))
        return _with_hint(job.title, format_html("{}{}", kinds.label(job.document_kind), marks))

    @admin.display(description=_("printer"))
    def printer_name(self, job: PrintJob) -> SafeString:
        name = job.configuration.name if job.configuration else "–"
        return _with_hint(name, display.instead_of(job))

    @admin.display(description=_("created"))
    def created(self, job: PrintJob) -> str:
        return display.moment(job.created_at)


def _with_hint(text: str, hint: str) -> SafeString:
    """A cell's text, and below it in small print what helps to understand it."""
    below = format_html('<br><span class="pr-subtle pr-small">{}</span>', hint) if hint else ""
    return format_html('<span class="pr-cell">{}{}</span>', text, below)


@admin.register(PrintJob)
class PrintJobAdmin(JobColumns, JobActions, DownloadViews, SpaceScopedAdmin):
    """Jobs are made by events and end by themselves; people read them and use the buttons."""

    feature = FeatureName.PRINTING
    add_roles: ClassVar[frozenset[Role]] = frozenset()
    change_roles: ClassVar[frozenset[Role]] = frozenset()
    delete_roles: ClassVar[frozenset[Role]] = frozenset()
    list_display = [
        "state_tag",
        "document_title",
        "order_number",
        "printer_name",
        "paper_tag",
        "created",
    ]
    list_display_links = ["document_title"]
    list_select_related = ["configuration", "printer"]
    list_filter = [StateFilter, PaperFilter, PrinterFilter, KindFilter, TwiceFilter, "created_at"]
    search_fields = ["order_number"]  # what is searched is decided by get_search_results
    nothing_yet = _("Print jobs appear here as soon as a document is to be printed.")
    search_help_text = _("Order number, or the beginning of the title")
    actions = ["reschedule_selected", "cancel_selected"]
    paginator = CappedPaginator
    list_per_page = 50
    list_fullwidth = True
    list_max_show_all = 0
    show_full_result_count = False
    list_disable_select_all = True
    show_facets = admin.ShowFacets.NEVER
    sortable_by: ClassVar[list[str]] = []
    ordering = ["-pk"]

    def has_operate_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Reschedule, cancel, print again."""
        return self._may(request, EDITORS)

    def get_queryset(self, request: HttpRequest) -> QuerySet[PrintJob]:
        queryset: Any = super().get_queryset(request).defer("printer__capabilities")
        return queryset.with_former_printer().select_related("configuration", "printer", "document")  # type: ignore[no-any-return]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[JobChangeList]:
        return JobChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[PrintJob], search_term: str
    ) -> tuple[QuerySet[PrintJob], bool]:
        return find_jobs(queryset, search_term), False

    def get_urls(self) -> list[URLPattern]:
        views = {
            "reschedule": self.reschedule_view,
            "reschedule-both": self.reschedule_both_view,
            "cancel": self.cancel_view,
            "print-again": self.print_again_view,
            "print-both-again": self.print_both_again_view,
            "download": self.download_view,
            "show": self.show_view,
        }
        own = [
            path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(view),
                name=f"printing_printjob_{name.replace('-', '_')}",
            )
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The job's page: there is nothing to fill in."""
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        job = self.get_object(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            **job_page.context(job, self.has_operate_permission(request)),
            "opts": self.opts,
            "title": job.title,
            "original": job,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/printing/printjob/page.html", context)
