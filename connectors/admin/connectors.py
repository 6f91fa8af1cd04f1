"""Connect > Connectors: where orders come from, and what prints when."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.forms import PaginationInlineFormSet

from connectors.models import Connector, PrintRule, Slip
from connectors.payees import has_swiss_account
from printing.models import PrinterConfiguration
from spaces.admin_base import EDITORS, SpaceScopedAdmin, without_links
from spaces.models import Role
from spaces.scoping import role_of, space_of


def offers_slip(request: HttpRequest, connector: Connector | None) -> bool:
    """Whether a slip can be chosen: the Space has an account for it, or it is set and has to be switched off."""
    space = space_of(request)
    set_already = connector is not None and connector.slip != Slip.NONE
    return set_already or (space is not None and has_swiss_account(space))


class RuleFormSet(PaginationInlineFormSet):  # type: ignore[misc]
    """The rules of a connector; those without a printer are compared here, because NULL is equal to nothing."""

    def clean(self) -> None:
        super().clean()
        seen = set()
        for form in self.forms:
            data = getattr(form, "cleaned_data", None)
            if not data or data.get("DELETE") or "document" not in data:
                continue
            rule = (data.get("event"), data["document"], data.get("configuration"))
            if rule in seen:
                raise ValidationError(
                    gettext("Two rules print the same on the same printer; set the copies of one instead.")
                )
            seen.add(rule)


class PrintRuleInline(TabularInline):  # type: ignore[misc]
    """When something happens to an order, print a document: where, and how often."""

    model = PrintRule
    formset = RuleFormSet
    fields: ClassVar[list[str]] = ["event", "document", "configuration", "slip_configuration", "copies"]
    extra = 0
    max_num = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[PrintRule]:
        return super().get_queryset(request).select_related("configuration", "slip_configuration")  # type: ignore[no-any-return]

    def get_fields(self, request: HttpRequest, obj: Connector | None = None) -> list[str]:
        return [field for field in self.fields if field != "slip_configuration" or offers_slip(request, obj)]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        empty = {"configuration": gettext("Default printer"), "slip_configuration": gettext("With the invoice")}
        if db_field.name in empty:
            kwargs["queryset"] = PrinterConfiguration.objects.in_space(space_of(request)).kept().order_by("name")
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name in empty:
            field.empty_label = empty[db_field.name]
        return field

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        return without_links(field) if db_field.name.endswith("configuration") else field

    def _may_edit(self, request: HttpRequest) -> bool:
        return role_of(request) in EDITORS

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return role_of(request) is not None

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_edit(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_edit(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_edit(request)


@admin.register(Connector)
class ConnectorAdmin(SpaceScopedAdmin):
    """Orders refer to their connector, so one that has any is switched off instead of deleted."""

    inlines = [PrintRuleInline]
    fields: ClassVar[list[str]] = ["name", "key", "active", "payment_days", "prices_include_tax", "slip"]
    prepopulated_fields: ClassVar[dict[str, list[str]]] = {"key": ["name"]}
    list_display = ["name", "key", "active", "payment_days", "prices_include_tax", "rule_count"]
    list_display_links = ["name"]
    actions = None
    list_per_page = 50
    ordering = ["name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Connector]:
        connectors: QuerySet[Connector] = super().get_queryset(request)
        return connectors.annotate(rule_count=Count("rules"))

    def get_fields(self, request: HttpRequest, obj: Connector | None = None) -> list[str]:
        return [field for field in self.fields if field != "slip" or offers_slip(request, obj)]

    @admin.display(description=_("print rules"))
    def rule_count(self, connector: Any) -> int:
        return int(connector.rule_count)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        # The importing programs know the key: it does not follow a new name.
        return self.prepopulated_fields if obj is None else {}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = self._may(request, frozenset({Role.OWNER}))
        return allowed and (obj is None or not obj.orders.exists())
