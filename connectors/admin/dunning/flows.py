"""Dunning > Flows: for which invoices, in which levels, with which words."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline

from connectors.admin import labels
from connectors.admin.dunning.level_form import MOST_LEVELS, LevelForm, LevelFormSet, text_fields
from connectors.dunning.defaults import LEVELS, RATES, Rates
from connectors.dunning.texts import PLACEHOLDERS
from connectors.models import DunningChannel, DunningFlow, DunningLevel, NoticeTemplate, Slip
from connectors.payees import has_swiss_account
from printing import display
from printing.models import PrinterConfiguration
from spaces.admin_base import EDITORS, SpaceScopedAdmin, without_links
from spaces.models import FeatureName, Space
from spaces.scoping import has_feature, role_of, space_of

_PRINTERS = {"configuration": _("Default printer"), "slip_configuration": _("With the letter")}


class DunningLevelInline(StackedInline):  # type: ignore[misc]
    """The levels, in their order."""

    model = DunningLevel
    form = LevelForm
    formset = LevelFormSet
    template_before = "admin/connectors/dunning/placeholders.html"
    placeholders: ClassVar[list[str]] = [f"{{{name}}}" for name in PLACEHOLDERS]
    max_num = MOST_LEVELS

    def get_queryset(self, request: HttpRequest) -> QuerySet[DunningLevel]:
        levels: QuerySet[DunningLevel] = super().get_queryset(request)
        return levels.prefetch_related("texts")

    def get_extra(self, request: HttpRequest, obj: DunningFlow | None = None, **kwargs: Any) -> int:
        return 0 if obj is not None and obj.pk else len(LEVELS)

    def get_fieldsets(self, request: HttpRequest, obj: DunningFlow | None = None) -> list[Any]:
        slip = [("slip", "slip_configuration")] if _offers_slip(request, obj) else []
        what = [("position", "name"), ("days", "payment_days"), ("channel", "template"), "configuration", *slip]
        charges = [("fee", "fee_tax_rate"), ("interest_consumer", "interest_business")]
        if role_of(request) not in EDITORS:
            return [(None, {"fields": what}), (gettext("Charges"), {"fields": charges}), (None, {"fields": ["words"]})]
        texts = [
            (gettext("Words in %(language)s") % {"language": gettext(str(name))}, {"fields": text_fields(language)})
            for language, name in sorted(settings.LANGUAGES, key=lambda pair: pair[0] != _language(request))
        ]
        return [(None, {"fields": what}), (gettext("Charges"), {"fields": charges}), *texts]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [] if role_of(request) in EDITORS else ["words"]

    @admin.display(description=_("words"))
    def words(self, level: DunningLevel) -> SafeString:
        """For whoever only reads: title and text of each language."""
        texts = [(text.get_language_display(), text.title, text.text) for text in level.texts.all()]
        return format_html_join("", '<p class="pr-lead"><b>{}: {}</b></p><p class="pr-lead pr-lines">{}</p>', texts)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        # The words are fields of the form alone: the model has them in rows of their own.
        fields = [name.name for name in DunningLevel._meta.fields if name.name not in {"id", "flow"}]
        if not _offers_slip(request, obj):
            fields = [name for name in fields if not name.startswith("slip")]
        return super().get_formset(request, obj, **{**kwargs, "fields": fields})

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in _PRINTERS:
            kwargs["queryset"] = PrinterConfiguration.objects.in_space(space_of(request)).kept().order_by("name")
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name in _PRINTERS:
            field.empty_label = _PRINTERS[db_field.name]
        return field

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        return without_links(field) if db_field.name in _PRINTERS else field

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return role_of(request) is not None

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return role_of(request) in EDITORS

    has_change_permission = has_add_permission
    has_delete_permission = has_add_permission


@admin.register(DunningFlow)
class DunningFlowAdmin(SpaceScopedAdmin):
    """Cases and notices refer to their flow, so one that was used is deactivated instead of deleted."""

    feature = FeatureName.DUNNING
    inlines = [DunningLevelInline]
    fields: ClassVar[list[Any]] = [
        "name",
        ("active", "automatic"),
        "priority",
        ("country", "currency"),
        ("amount_from", "amount_to"),
        "customer_group",
    ]
    list_display = ["name", "state", "automatic", "priority", "meant_for", "level_names", "case_count"]
    list_display_links = ["name"]
    actions = None
    list_per_page = 50
    sortable_by: ClassVar[list[str]] = []
    ordering = ["priority", "pk"]
    nothing_yet = _(
        "A flow says in which steps you ask for the money of overdue invoices. A new one begins with a reminder, a "
        "dunning letter and a last notice, which you change as you like."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[DunningFlow]:
        flows: QuerySet[DunningFlow] = super().get_queryset(request).select_related("space")
        return flows.prefetch_related("levels").annotate(case_count=Count("cases"))

    @admin.display(description=_("state"))
    def state(self, flow: DunningFlow) -> SafeString:
        return display.tag(gettext("Active"), "good") if flow.active else display.tag(gettext("Inactive"), "plain")

    @admin.display(description=_("for"))
    def meant_for(self, flow: DunningFlow) -> str:
        currency = flow.currency or flow.space.currency
        amounts = [
            gettext("from %(amount)s") % {"amount": labels.money(flow.amount_from, currency)}
            if flow.amount_from is not None
            else "",
            gettext("to %(amount)s") % {"amount": labels.money(flow.amount_to, currency)}
            if flow.amount_to is not None
            else "",
        ]
        parts = [flow.get_country_display() if flow.country else "", currency, *amounts, flow.customer_group]
        return " · ".join(str(part) for part in parts if part)

    @admin.display(description=_("levels"))
    def level_names(self, flow: Any) -> str:
        return " → ".join(level.name for level in flow.levels.all()) or "–"

    @admin.display(description=_("cases"))
    def case_count(self, flow: Any) -> SafeString | int:
        if not flow.case_count:
            return 0
        link = reverse("admin:connectors_dunningcase_changelist")
        return format_html('<a class="pr-link" href="{}?flow={}">{}</a>', link, flow.pk, flow.case_count)

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        """A new flow begins with levels that a merchant can go by."""
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        space = space_of(request)
        if request.method != "POST" and obj.pk is None and space is not None:
            kwargs["initial"] = _default_levels(space, prints=has_feature(request, FeatureName.PRINTING))
        return kwargs

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"name": gettext("Standard"), **super().get_changeform_initial_data(request)}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, EDITORS)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        flow: DunningFlow = self.get_object(request, object_id)
        if self.has_delete_permission(request, flow) and (used := _uses(flow)):
            messages.error(request, " ".join((used, gettext("Deactivate it: then it issues nothing any more."))))
            return HttpResponseRedirect(reverse("admin:connectors_dunningflow_change", args=[flow.pk]))
        return super().delete_view(request, object_id, extra_context)  # type: ignore[no-any-return]


def _uses(flow: DunningFlow) -> str:
    """Why a flow cannot be deleted; empty if it can."""
    cases, connectors = flow.cases.count(), list(flow.connectors.order_by("name").values_list("name", flat=True)[:5])
    if cases:
        sentence = ngettext(
            "%(count)s case goes by the flow “%(flow)s”, so it cannot be deleted.",
            "%(count)s cases go by the flow “%(flow)s”, so it cannot be deleted.",
            cases,
        )
        return sentence % {"count": cases, "flow": flow.name}
    if connectors:
        sentence = gettext("The flow “%(flow)s” is named by %(connectors)s, so it cannot be deleted.")
        return sentence % {"flow": flow.name, "connectors": ", ".join(f"“{name}”" for name in connectors)}
    return ""


def _language(request: HttpRequest) -> str:
    space = space_of(request)
    return space.language if space is not None else ""


def _offers_slip(request: HttpRequest, flow: DunningFlow | None) -> bool:
    """Whether a slip can be chosen: the Space has an account for it, or one is set and has to be switched off."""
    space = space_of(request)
    if space is not None and has_swiss_account(space):
        return True
    return flow is not None and flow.pk is not None and flow.levels.exclude(slip=Slip.NONE).exists()


def _default_levels(space: Space, *, prints: bool) -> list[dict[str, Any]]:
    rates = RATES.get(space.country, Rates())
    return [
        {
            "position": position,
            "name": NoticeTemplate(level.template).label,
            "template": level.template,
            "days": level.days,
            "payment_days": level.payment_days,
            "channel": DunningChannel.PRINT if prints else DunningChannel.EMAIL,
            "fee": rates.fee if level.charges else 0,
            "interest_consumer": rates.consumer if level.charges else 0,
            "interest_business": rates.business if level.charges else 0,
            **{
                name: words
                for language, pair in level.texts.items()
                for name, words in zip(text_fields(language), pair, strict=True)
            },
        }
        for position, level in enumerate(LEVELS, start=1)
    ]
