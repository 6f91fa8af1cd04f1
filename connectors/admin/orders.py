"""Sales > Orders: received, paid, shipped, and what was printed of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from connectors import printing_bridge
from connectors.admin import labels
from connectors.admin.base import ReadPage, first_found
from connectors.admin.order_form import OrderForm, OrderLineInline
from connectors.models import Connector, CreditNote, Invoice, IssuedDocument, Order, OrderLine, PackingSlip
from connectors.services import orders
from spaces.admin_base import EDITORS, without_links
from spaces.choices import country_choices
from spaces.models import Role
from spaces.scoping import space_of

BULK_LIMIT = 1_000
LINES_SHOWN = 200


class OrderColumns:
    """The columns of the list."""

    @admin.display(description=_("total"))
    def total(self, order: Order) -> str:
        return labels.money(order.gross, order.currency)

    @admin.display(description=_("placed"))
    def placed(self, order: Order) -> str:
        return labels.moment(order.placed_at)

    @admin.display(description=_("paid"))
    def paid(self, order: Order) -> str:
        return labels.moment(order.paid_at)

    @admin.display(description=_("shipped"))
    def shipped(self, order: Order) -> str:
        return labels.moment(order.shipped_at)


class OrderButtons:
    """What can be reported of an order, one by one and for many."""

    def paid_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._report(request, object_id, orders.mark_paid, gettext("The order is paid."), "paid")

    def shipped_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._report(request, object_id, orders.mark_shipped, gettext("The order is shipped."), "shipped")

    def _report(
        self, request: HttpRequest, object_id: str, report: Callable[[Order], bool], text: str, what: str
    ) -> HttpResponse:
        page: Any = self
        order: Order = page.operated(request, object_id)
        if report(order):
            page.note(request, order, what)
            messages.success(request, text)
        else:
            messages.warning(request, gettext("That was known already. Nothing was changed and nothing is printed."))
        return HttpResponseRedirect(reverse("admin:connectors_order_change", args=[order.pk]))

    @admin.action(description=_("Mark as paid"), permissions=["operate"])
    def paid_selected(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        done = sum(orders.mark_paid(order) for order in _selected(queryset))
        text = ngettext("%(count)s order is now paid.", "%(count)s orders are now paid.", done)
        messages.success(request, text % {"count": done})

    @admin.action(description=_("Mark as shipped"), permissions=["operate"])
    def shipped_selected(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        done = sum(orders.mark_shipped(order) for order in _selected(queryset))
        text = ngettext("%(count)s order is now shipped.", "%(count)s orders are now shipped.", done)
        messages.success(request, text % {"count": done})


@admin.register(Order)
class OrderAdmin(OrderColumns, OrderButtons, ReadPage):
    """An order is entered once, by an import or here, and is only read afterwards."""

    add_roles: ClassVar[frozenset[Role]] = EDITORS
    form = OrderForm
    inlines = [OrderLineInline]
    autocomplete_fields = ["customer"]
    page_template = "admin/connectors/order.html"
    list_display = ["number", "customer", "total", "placed", "paid", "shipped", "printing"]
    list_display_links = ["number"]
    list_filter = ["placed_at", ("paid_at", admin.EmptyFieldListFilter), ("shipped_at", admin.EmptyFieldListFilter)]
    search_fields = ["number"]  # what is searched is decided by get_search_results
    search_help_text = _("Order number, number in the shop system, or customer")
    actions = ["paid_selected", "shipped_selected"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        rows: QuerySet[Order] = super().get_queryset(request).select_related("customer", "connector", "space")
        # Without what is printed on them: a list needs their numbers only.
        prefetches = [
            Prefetch(f"{model._meta.model_name}_set", model.objects.defer("data").select_related("order"))
            for model in (Invoice, PackingSlip, CreditNote)
        ]
        return rows.prefetch_related(*prefetches)

    def documents_of(self, row: Order) -> list[IssuedDocument]:
        return printing_bridge.documents_of(row)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Order], search_term: str
    ) -> tuple[QuerySet[Order], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        found = first_found(
            queryset.filter(Q(number=term) | Q(external_id=term)),
            queryset.filter(number__startswith=term),
            queryset.filter(Q(customer__company__icontains=term) | Q(customer__name__icontains=term)),
        )
        return found, False

    def post_views(self) -> dict[str, Callable[..., HttpResponse]]:
        return {"paid": self.paid_view, "shipped": self.shipped_view}

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        address = ["delivery_company", "delivery_name", "delivery_extra", "delivery_street"]
        place = [("delivery_postal_code", "delivery_city"), "delivery_country"]
        return [
            (None, {"fields": ["token", "customer", "number", "placed_at", "connector"]}),
            (_("Prices"), {"fields": [("currency", "prices_include_tax"), ("discount_percent", "discount")]}),
            (_("Delivery"), {"fields": ["delivery_method", ("shipping", "shipping_tax_rate")]}),
            (_("Delivery address, if it is another one"), {"fields": [*address, *place]}),
            (_("Texts"), {"fields": ["note", "tax_note"]}),
        ]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "connector":
            kwargs["queryset"] = Connector.objects.in_space(space_of(request)).filter(active=True).order_by("name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        return without_links(field) if db_field.name == "connector" else field

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        space = space_of(request)
        assert space is not None
        initial = {"currency": space.currency, "placed_at": timezone.now(), "prices_include_tax": True}
        return {**initial, **super().get_changeform_initial_data(request)}

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Order:
        order: Order = super().save_form(request, form, change)
        order.entered = form  # type: ignore[attr-defined]  # the lines' form set checks the whole
        return order

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Receive it, as every order is received; the row in the form only carried what was entered."""
        customer = form.cleaned_data["customer"]
        order, _created = orders.receive(obj.space, obj.order_input, obj.connector, customer=customer)
        obj.pk = order.pk
        obj.refresh_from_db()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The lines were saved with the order."""

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, Any]]:
        return [{"added": {}}]

    def page_context(self, request: HttpRequest, row: Order) -> dict[str, Any]:
        lines = list(row.lines.all()[: LINES_SHOWN + 1])
        facts = [
            (gettext("Customer"), str(row.customer)),
            (gettext("Customer group"), row.customer_group or "–"),
            (gettext("Number in the shop system"), row.external_id),
            (gettext("Connector"), row.connector.name),
            (gettext("Placed"), labels.moment(row.placed_at)),
            (gettext("Received"), labels.moment(row.received_at)),
            (gettext("Paid"), labels.moment(row.paid_at)),
            (gettext("Shipped"), labels.moment(row.shipped_at)),
            (gettext("Delivery method"), row.delivery_method or "–"),
            (gettext("Total"), labels.money(row.gross, row.currency)),
        ]
        return {
            "order": row,
            "facts": facts,
            "lines": [_line_context(line, row.currency) for line in lines[:LINES_SHOWN]],
            "more_lines": len(lines) > LINES_SHOWN,
            "invoices": [(invoice, labels.invoice_tag(invoice)) for invoice in row.invoice_set.all()],
            "packing_slips": row.packingslip_set.all(),
            "credit_notes": row.creditnote_set.all(),
            "print_jobs": printing_bridge.jobs_of_order(row),
            "addresses": _addresses(row),
        }


def _line_context(line: OrderLine, currency: str) -> dict[str, Any]:
    return {
        "line": line,
        "quantity": labels.number(line.quantity),
        "tax_rate": labels.number(line.tax_rate),
        "amount": labels.money(line.amount, currency),
    }


def _selected(queryset: QuerySet[Order]) -> list[Order]:
    return list(queryset.order_by("pk")[:BULK_LIMIT])


def _addresses(order: Order) -> list[tuple[str, list[str]]]:
    countries = dict(country_choices())
    parties = [(gettext("Billing address"), order.billing_party), (gettext("Delivery address"), order.delivery_party)]
    return [
        (
            title,
            [
                line
                for line in (
                    party.company,
                    party.name,
                    party.extra,
                    party.street,
                    f"{party.postal_code} {party.city}".strip(),
                    countries.get(party.country, party.country),
                )
                if line
            ],
        )
        for title, party in parties
        if party is not None
    ]
