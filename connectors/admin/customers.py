"""Sales > Customers."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from connectors.admin.base import CappedRows, first_found
from connectors.models import Customer
from spaces.admin_base import SpaceScopedAdmin


@admin.register(Customer)
class CustomerAdmin(SpaceScopedAdmin):
    """Who ordered. What is changed here holds for the next order: documents keep their copies."""

    fields: ClassVar[list[Any]] = [
        ("company", "name"),
        "extra",
        "street",
        ("postal_code", "city"),
        "country",
        ("email", "language"),
        ("number", "group"),
        ("vat_number", "external_id"),
    ]
    list_display = ["__str__", "number", "name", "city", "country", "email"]
    search_fields = ["company"]  # what is searched is decided by get_search_results
    search_help_text = _("Number, company, name or e-mail")
    actions = None
    paginator = CappedRows
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    sortable_by: ClassVar[list[str]] = []
    ordering = ["-pk"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Customer], search_term: str
    ) -> tuple[QuerySet[Customer], bool]:
        return find_customers(queryset, search_term), False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed: bool = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not obj.orders.exists())


def find_customers(customers: QuerySet[Customer], term: str) -> QuerySet[Customer]:
    """By a whole number; else by part of company, name or e-mail."""
    term = term.strip()
    if not term:
        return customers
    return first_found(
        customers.filter(Q(external_id=term) | Q(number=term)),
        customers.filter(Q(company__icontains=term) | Q(name__icontains=term) | Q(email__icontains=term)),
    )
