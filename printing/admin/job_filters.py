"""What the list of print jobs can be narrowed down to."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from printing import kinds
from printing.models import PrinterConfiguration, PrintJob
from printing.states import PAPER_CHOICES, ConfigurationState, JobState
from spaces.scoping import space_of


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


class PaperFilter(admin.SimpleListFilter):
    """By what is known of the paper, of jobs that were accepted: of the others nothing can be known."""

    title = _("paper")
    parameter_name = "paper"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        return list(PAPER_CHOICES)

    def queryset(self, request: HttpRequest, queryset: QuerySet[PrintJob]) -> QuerySet[PrintJob]:
        return queryset.filter(state=JobState.SUCCESSFUL, paper=self.value()) if self.value() else queryset


class TwiceFilter(admin.SimpleListFilter):
    title = _("may have come out twice")
    parameter_name = "twice"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[PrintJob]) -> QuerySet[PrintJob]:
        return queryset.filter(possible_duplicate=True) if self.value() == "yes" else queryset
