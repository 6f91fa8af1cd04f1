"""Connect > Connectors: where orders come from, and what prints when."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from connectors.admin.rule_forms import MailRuleInline, RuleInline
from connectors.admin.try_out import TryOut
from connectors.models import Connector, PrintRule, Slip
from connectors.payees import has_swiss_account
from printing.models import PrinterConfiguration
from spaces.admin_base import SpaceScopedAdmin, without_links
from spaces.models import FeatureName, Role
from spaces.scoping import has_feature, space_of


def offers_slip(request: HttpRequest, connector: Connector | None) -> bool:
    """Whether a slip can be chosen: the Space has an account for it, or it is set and has to be switched off."""
    space = space_of(request)
    set_already = connector is not None and connector.slip != Slip.NONE
    return set_already or (space is not None and has_swiss_account(space))


def offers_flow(request: HttpRequest, connector: Connector | None) -> bool:
    """Whether a dunning flow can be named: the Space duns, or one is named and has to be taken away."""
    named = connector is not None and connector.dunning_flow_id is not None
    return named or has_feature(request, FeatureName.DUNNING)


class PrintRuleInline(RuleInline):
    """When something happens to an order, print a document: where, and how often."""

    model = PrintRule

    def get_queryset(self, request: HttpRequest) -> QuerySet[PrintRule]:
        return super().get_queryset(request).select_related("configuration", "slip_configuration")  # type: ignore[no-any-return]

    def get_what(self, request: HttpRequest, obj: Connector | None) -> list[Any]:
        slip = ["slip_configuration"] if offers_slip(request, obj) else []
        return [*super().get_what(request, obj), ("configuration", "copies"), *slip]

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


@admin.register(Connector)
class ConnectorAdmin(TryOut, SpaceScopedAdmin):
    """Orders refer to their connector, so one that has any is switched off instead of deleted."""

    inlines = [PrintRuleInline, MailRuleInline]
    fields: ClassVar[list[str]] = [
        "name",
        "key",
        "active",
        "payment_days",
        "prices_include_tax",
        "slip",
        "dunning_flow",
    ]
    prepopulated_fields: ClassVar[dict[str, list[str]]] = {"key": ["name"]}
    list_display = ["name", "key", "active", "payment_days", "prices_include_tax", "rule_count", "mail_rule_count"]
    list_display_links = ["name"]
    actions = None
    list_per_page = 50
    ordering = ["name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Connector]:
        connectors: QuerySet[Connector] = super().get_queryset(request)
        counts = {name: Count(name, distinct=True) for name in ("rules", "mail_rules")}
        return connectors.annotate(rule_count=counts["rules"], mail_rule_count=counts["mail_rules"])

    def get_fields(self, request: HttpRequest, obj: Connector | None = None) -> list[str]:
        offered = {"slip": offers_slip(request, obj), "dunning_flow": offers_flow(request, obj)}
        return [field for field in self.fields if offered.get(field, True)]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        return without_links(field) if db_field.name == "dunning_flow" else field

    @admin.display(description=_("print rules"))
    def rule_count(self, connector: Any) -> int:
        return int(connector.rule_count)

    @admin.display(description=_("e-mail rules"))
    def mail_rule_count(self, connector: Any) -> int:
        return int(connector.mail_rule_count)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        # The importing programs know the key: it does not follow a new name.
        return self.prepopulated_fields if obj is None else {}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = self._may(request, frozenset({Role.OWNER}))
        return allowed and (obj is None or not obj.orders.exists())
