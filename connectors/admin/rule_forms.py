"""The rules of a connector in its form: what happens when, and below it, folded away, under which conditions."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelect2MultipleWidget,
    UnfoldAdminTextInputWidget,
)

from connectors.models import MailRule, Weekday
from spaces.choices import country_choices
from spaces.scoping import EDITORS, role_of

# Each on a line of its own: only then does Django unfold them where one of them is wrong.
CONDITIONS = (
    *("countries", "country_of", "amount_from", "amount_to", "customer_group", "delivery_method"),
    *("weekdays", "time_from", "time_to"),
)


class TimeOfDayWidget(UnfoldAdminTextInputWidget):  # type: ignore[misc]
    """The browser's own field for a time of day."""

    input_type = "time"


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """A rule; its countries and weekdays are chosen from lists."""

    countries = forms.MultipleChoiceField(
        label=_("Countries"), required=False, choices=country_choices, widget=UnfoldAdminSelect2MultipleWidget
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"),
        required=False,
        coerce=int,
        choices=Weekday.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("amount_from", "amount_to"):
            if (amount := self.initial.get(name)) is not None:
                # As it was entered, without the zeros that the column adds.
                self.initial[name] = f"{amount.normalize():f}"
        for name in ("time_from", "time_to"):
            if name in self.fields:  # whoever may only look has none
                self.fields[name].widget = TimeOfDayWidget()


class RuleFormSet(PaginationInlineFormSet):  # type: ignore[misc]
    """The rules of a connector; two that are the same in everything are one too many."""

    def clean(self) -> None:
        super().clean()
        seen = set()
        for form in self.forms:
            data = getattr(form, "cleaned_data", None)
            if not data or data.get("DELETE") or "document" not in data:
                continue
            names = ("event", "document", "configuration", *CONDITIONS)
            rule = tuple(str(data.get(name) or "") for name in names)
            if rule in seen:
                raise ValidationError(
                    gettext("Two rules say the same on the same conditions; the second would never do anything.")
                )
            seen.add(rule)


class RuleInline(StackedInline):  # type: ignore[misc]
    """What print and e-mail rules have in common: who may change them, and the conditions."""

    form = RuleForm
    formset = RuleFormSet
    extra = 0
    max_num = 50
    what: ClassVar[tuple[Any, ...]] = (("event", "document"),)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        conditions = {"fields": CONDITIONS, "classes": ["collapse"]}
        return [(None, {"fields": self.get_what(request, obj)}), (_("Conditions: all that are filled in"), conditions)]

    def get_what(self, request: HttpRequest, obj: Any) -> list[Any]:
        return list(self.what)

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


class MailRuleInline(RuleInline):
    """When something happens to an order, e-mail a document to the customer."""

    model = MailRule
