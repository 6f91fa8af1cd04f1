"""The list of print jobs over a table that may be large: what it filters, finds and counts stays cheap."""

from __future__ import annotations

from typing import cast

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from unfold.views import ChangeList

from printing.models import PrintJob

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
