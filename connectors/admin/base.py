"""What the pages of orders and their documents have in common: they are read, and buttons act on them by POST."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.views import ChangeList

from connectors import printing_bridge
from connectors.admin import labels
from connectors.models import IssuedDocument
from printing.admin.job_list import CappedPaginator
from printing.models import PrintJob
from spaces.admin_base import EDITORS, SpaceScopedAdmin
from spaces.models import FeatureName, Role
from spaces.scoping import has_feature


class PrintStateList(ChangeList):  # type: ignore[misc]
    """Fetches the print jobs of all rows of a page at once."""

    result_list: Any

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows: list[Any] = list(self.result_list)
        self.result_list = rows
        by_row = {row.pk: self.model_admin.documents_of(row) for row in rows}
        jobs = printing_bridge.jobs_of(document for documents in by_row.values() for document in documents)
        for row in rows:
            row.print_jobs = [job for document in by_row[row.pk] for job in jobs[printing_bridge.job_key(document)]]


class CappedRows(CappedPaginator):
    """Counts no further than the list of print jobs does, and names what it counts."""

    template_name = "admin/connectors/pagination_capped.html"


class ReadPage(SpaceScopedAdmin):
    """A list, and a page per row that shows it; nothing is edited or deleted."""

    change_roles: ClassVar[frozenset[Role]] = frozenset()
    delete_roles: ClassVar[frozenset[Role]] = frozenset()
    page_template: ClassVar[str]
    paginator = CappedRows
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    list_disable_select_all = True
    show_facets = admin.ShowFacets.NEVER
    sortable_by: ClassVar[list[str]] = []
    ordering = ["-pk"]

    def documents_of(self, row: Any) -> list[IssuedDocument]:
        """The issued documents whose print state a row of the list shows."""
        raise NotImplementedError

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        raise NotImplementedError

    def post_views(self) -> dict[str, Callable[..., HttpResponse]]:
        """What the buttons do; only POST gets there."""
        return {}

    def get_views(self) -> dict[str, Callable[..., HttpResponse]]:
        """What is only looked at."""
        return {}

    def has_operate_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, EDITORS)

    def has_print_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_operate_permission(request) and has_feature(request, FeatureName.PRINTING)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PrintStateList

    def get_list_display(self, request: HttpRequest) -> list[str]:
        prints = has_feature(request, FeatureName.PRINTING)
        return [column for column in super().get_list_display(request) if prints or column != "printing"]

    @admin.display(description=_("printing"))
    def printing(self, row: Any) -> SafeString:
        return labels.print_tags(row.print_jobs, links=True)

    def get_urls(self) -> list[URLPattern]:
        posted = {name: _only_post(view) for name, view in self.post_views().items()}
        return [*self._paths({**posted, **self.get_views()}), *super().get_urls()]

    def _paths(self, views: dict[str, Callable[..., HttpResponse]]) -> Iterable[URLPattern]:
        prefix = f"{self.opts.app_label}_{self.opts.model_name}"
        for name, view in views.items():
            route = f"<path:object_id>/{name}/"
            yield path(route, self.admin_site.admin_view(view), name=f"{prefix}_{name.replace('-', '_')}")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        row = self.viewed(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            **self.page_context(request, row),
            "opts": self.opts,
            "title": str(row),
            "original": row,
            "prints": has_feature(request, FeatureName.PRINTING),
            "may_operate": self.has_operate_permission(request),
            "token": uuid.uuid4(),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.page_template, context)

    def viewed(self, request: HttpRequest, object_id: str) -> Any:
        """The row an address names, for whoever may see it. 404 where it is another Space's."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self.get_object(request, object_id)

    def operated(self, request: HttpRequest, object_id: str) -> Any:
        """The row a button acts on, for whoever may press it."""
        row = self.viewed(request, object_id)
        if not self.has_operate_permission(request, row):
            raise PermissionDenied
        return row

    def note(self, request: HttpRequest, row: Model, what: str) -> None:
        """Write into the history who pressed which button."""
        self.log_change(request, row, [{"changed": {"fields": [what]}}])


def _only_post(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    def guarded(request: HttpRequest, object_id: str) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return view(request, object_id)

    return guarded


def jobs_of_one(document: IssuedDocument) -> list[PrintJob]:
    return printing_bridge.jobs_of([document])[printing_bridge.job_key(document)]


def first_found(*questions: QuerySet[Any]) -> QuerySet[Any]:
    """The first question with an answer, else the last: one look at an index each instead of one OR without any."""
    return next((found for found in questions if found.order_by().exists()), questions[-1])
