"""The list of print jobs over a table that may be large: what it filters, finds and counts stays cheap."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from unfold.views import ChangeList

from printing import kinds
from printing.models import PrinterConfiguration, PrintJob
from printing.states import ConfigurationState
from spaces.scoping import space_of

COUNT_LIMIT = 10_000


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than COUNT_LIMIT: a COUNT over a million rows would cost more than the page itself."""

    template_name = "admin/printing/pagination_capped.html"

    @cached_property
    def count(self) -> int:
        rows = cast("QuerySet[PrintJob]", self.object_list)
        return rows.order_by()[:COUNT_LIMIT].count()

    @property
    def capped(self) -> bool:
        return self.count >= COUNT_LIMIT


class JobChangeList(ChangeList):  # type: ignore[misc]
    """A list whose header does not offer to show all: there is nothing but what it counts."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.full_result_count = self.result_count


def find_jobs(jobs: QuerySet[PrintJob], term: str) -> QuerySet[PrintJob]:
    """The jobs of an order: by its whole number, else by its beginning; else those whose title begins like that.

    One after the other instead of one OR, so that each question has its index and the usual one costs one look.
    """
    term = term.strip()
    if not term:
        return jobs
    for found in (jobs.filter(order_number=term), jobs.filter(order_number__startswith=term)):
        if found.order_by().exists():
            return found
    return jobs.filter(title__startswith=term)


class KindFilter(admin.SimpleListFilter):
    title = _("document")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return kinds.choices()

    def queryset(self, request: HttpRequest, queryset: QuerySet[PrintJob]) -> QuerySet[PrintJob]:
        return queryset.filter(document_kind=self.value()) if self.value() else queryset


class PrinterFilter(admin.SimpleListFilter):
    """By the printers of the Space, those included that are deleted but still have jobs."""

    title = _("printer")
    parameter_name = "printer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        configurations = PrinterConfiguration.objects.in_space(space_of(request)).order_by("name")
        return [
            (
                str(one.pk),
                f"{one.name} ({one.get_state_display()})" if one.state == ConfigurationState.DELETED else one.name,
            )
            for one in configurations[:200]
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[PrintJob]) -> QuerySet[PrintJob]:
        value = self.value() or ""
        return queryset.filter(configuration_id=int(value)) if value.isdecimal() else queryset


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        return list(PrintJob._meta.get_field("state").flatchoices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[PrintJob]) -> QuerySet[PrintJob]:
        return queryset.filter(state=self.value()) if self.value() else queryset
