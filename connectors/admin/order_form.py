"""The form for an order that comes by telephone or letter: it goes the way of every order."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError as SchemaError
from unfold.admin import TabularInline
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from connectors.models import Order, OrderLine
from connectors.order_errors import OrderRefused, refusal
from connectors.order_schema import OrderInput
from connectors.services.connectors import connector_for
from connectors.services.orders import totals_of
from spaces.choices import country_choices, currency_choices
from spaces.scoping import EDITORS, role_of

MOST_LINES = 500
_ADDRESS = ("company", "name", "extra", "street", "postal_code", "city", "country")
ZERO = Decimal(0)


def _text(label: Any, length: int = 200) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=length, widget=UnfoldAdminTextInputWidget)


class OrderForm(forms.ModelForm):  # type: ignore[type-arg]
    """An order without its lines. The delivery address is left empty where goods go to the customer's own."""

    # Two clicks on "Save" are one order.
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    currency = forms.ChoiceField(label=_("currency"), choices=currency_choices, widget=UnfoldAdminSelectWidget)
    delivery_company = _text(_("company"))
    delivery_name = _text(_("name"))
    delivery_extra = _text(_("address supplement"))
    delivery_street = _text(_("street and number"))
    delivery_postal_code = _text(_("postal code"), 16)
    delivery_city = _text(_("city"), 100)
    delivery_country = forms.ChoiceField(
        label=_("country"),
        required=False,
        choices=lambda: [("", "–"), *country_choices()],
        widget=UnfoldAdminSelectWidget,
    )

    class Meta:
        model = Order
        fields: ClassVar[list[str]] = [
            "customer",
            "connector",
            "number",
            "placed_at",
            "currency",
            "prices_include_tax",
            "delivery_method",
            "discount_percent",
            "discount",
            "shipping",
            "shipping_tax_rate",
            "note",
            "tax_note",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["connector"].required = False
        for name in ("discount_percent", "discount", "shipping", "shipping_tax_rate"):
            self.fields[name].required = False
            self.fields[name].initial = None
        for field in self.fields.values():
            field.label = capfirst(field.label)

    def delivery_address(self) -> dict[str, str] | None:
        address = {name: self.cleaned_data.get(f"delivery_{name}") or "" for name in _ADDRESS}
        return address if any(address.values()) else None


class OrderLineFormSet(PaginationInlineFormSet):  # type: ignore[misc]
    """The lines; once they are right by themselves, the whole order is checked as one that an import brings."""

    def clean(self) -> None:
        super().clean()
        form: OrderForm | None = getattr(self.instance, "entered", None)
        if form is None or any(self.errors):
            return
        rows = [line.cleaned_data for line in self.forms if line.cleaned_data and not line.cleaned_data.get("DELETE")]
        try:
            order_input = _order_input(form, rows)
            connector = self.instance.connector if self.instance.connector_id else connector_for(self.instance.space)
            totals_of(order_input, connector)
        except OrderRefused as refused:
            raise ValidationError(refused.problems) from refused
        self.instance.order_input = order_input
        self.instance.connector = connector


class OrderLineInline(TabularInline):  # type: ignore[misc]
    model = OrderLine
    formset = OrderLineFormSet
    fields: ClassVar[list[str]] = [
        "sku",
        "description",
        "quantity",
        "unit",
        "unit_price",
        "tax_rate",
        "discount_percent",
    ]
    extra = 3
    min_num = 1
    max_num = MOST_LINES
    validate_min = True

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        discount = formset.form.base_fields["discount_percent"]
        discount.required, discount.initial = False, None
        formset.form.base_fields["description"].widget = UnfoldAdminTextInputWidget({"style": "min-width: 16rem"})
        return formset

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return role_of(request) is not None

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return role_of(request) in EDITORS

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _order_input(form: OrderForm, rows: list[dict[str, Any]]) -> OrderInput:
    """What was entered, as an import would have brought it. Raises OrderRefused."""
    data, customer = form.cleaned_data, form.cleaned_data["customer"]
    names = (*_ADDRESS, "number", "email", "language", "vat_number")
    order: dict[str, Any] = {
        "external_id": f"manual-{data['token']}",
        "customer": {name: getattr(customer, name) for name in names},
        "delivery_address": form.delivery_address(),
        "discount": _discount(data),
        "lines": [_line(row) for row in rows],
    }
    if data["shipping"]:
        order["shipping"] = {"amount": data["shipping"], "tax_rate": data["shipping_tax_rate"] or ZERO}
    same = ("number", "placed_at", "currency", "prices_include_tax", "delivery_method", "note", "tax_note")
    try:
        return OrderInput.model_validate({**order, **{name: data[name] for name in same}})
    except SchemaError as error:
        raise refusal(error) from error


def _line(row: dict[str, Any]) -> dict[str, Any]:
    same = ("sku", "description", "quantity", "unit", "unit_price", "tax_rate")
    return {**{name: row[name] for name in same}, "discount": _discount(row)}


def _discount(entered: dict[str, Any]) -> dict[str, Any] | None:
    """The forms of a discount that were filled in; both are refused where the order is checked."""
    amounts = {"percent": entered.get("discount_percent"), "amount": entered.get("discount")}
    return {name: value for name, value in amounts.items() if value} or None
