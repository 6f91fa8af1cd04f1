"""Sales > Payments: what came in, what waits to be assigned, and the files they were read from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.views import ChangeList

from connectors.admin import labels
from connectors.admin.base import ReadPage, first_found
from connectors.admin.payment_forms import ImportForm, PaymentForm, invoice_by_number
from connectors.bank_files import FileRefused
from connectors.models import Invoice, Payment, PaymentImport, PaymentSource
from connectors.services import payments
from connectors.services.dunning import local_day
from connectors.services.payment_imports import import_file
from connectors.services.payment_suggestions import suggestions
from connectors.services.payments import PaymentRefused
from printing import display
from spaces.admin_base import EDITORS, SpaceScopedAdmin
from spaces.models import Role
from spaces.scoping import space_of

# A web request records so many payments; more than that are a matter of the command.
MOST_IN_A_REQUEST = 2_000


def payment_tag(payment: Payment) -> SafeString:
    """Whether it has its invoice, or was taken back."""
    if payment.reverses_id is not None:
        return display.tag(gettext("Reversal"), "warn")
    if getattr(payment, "reversal", None) is not None:
        return display.tag(gettext("Taken back"), "plain")
    if payment.invoice_id is None:
        return display.tag(gettext("To be assigned"), "bad")
    return display.tag(gettext("Assigned"), "good")


class AssignedFilter(admin.SimpleListFilter):
    """Payments that wait for a person, and those that do not."""

    title = _("assignment")
    parameter_name = "assigned"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", gettext("To be assigned")), ("yes", gettext("Assigned"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Payment]) -> QuerySet[Payment]:
        if self.value() == "no":
            return queryset.to_be_assigned()  # type: ignore[attr-defined,no-any-return]
        return queryset.exclude(invoice=None) if self.value() == "yes" else queryset


class _PlainList(ReadPage):
    """A list without print jobs."""

    actions = None

    def get_list_display(self, request: HttpRequest) -> list[str]:
        return list(SpaceScopedAdmin.get_list_display(self, request))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[Any]:
        return cast("type[Any]", ChangeList)


@admin.register(Payment)
class PaymentAdmin(_PlainList):
    add_roles: ClassVar[frozenset[Role]] = EDITORS
    form = PaymentForm
    fields: ClassVar[list[str]] = list(PaymentForm.Meta.fields)
    page_template = "admin/connectors/payment.html"
    list_display = ["day", "money", "assignment", "invoice_link", "payer", "shown_reference", "source"]
    list_display_links = ["day"]
    list_filter: ClassVar[list[Any]] = [AssignedFilter, "source", "paid_on"]
    search_fields = ["payer"]  # what is searched is decided by get_search_results
    search_help_text = _("Invoice number, payer or reference")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found = super().get_queryset(request).select_related("reversal", "reverses", "created_by", "payment_import")
        return found.select_related("invoice__order").defer("invoice__data")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        by_text = queryset.filter(Q(payer__icontains=term) | Q(reference__icontains=term) | Q(external_id=term))
        return first_found(queryset.filter(invoice__number=term), by_text), False

    @admin.display(description=_("paid on"))
    def day(self, payment: Payment) -> str:
        return labels.day(payment.paid_on)

    @admin.display(description=_("amount"))
    def money(self, payment: Payment) -> str:
        return labels.money(payment.counted, payment.currency)

    @admin.display(description=_("assignment"))
    def assignment(self, payment: Payment) -> SafeString:
        return payment_tag(payment)

    @admin.display(description=_("invoice"))
    def invoice_link(self, payment: Payment) -> SafeString | str:
        return _invoice_link(payment.invoice) if payment.invoice else "–"

    @admin.display(description=_("reference"))
    def shown_reference(self, payment: Payment) -> str:
        return Truncator(payment.reference).chars(40) if payment.reference else "–"

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """From the page of an invoice: its number, and what is open of it."""
        space = space_of(request)
        assert space is not None
        initial: dict[str, Any] = {"paid_on": local_day(space)}
        chosen = request.GET.get("invoice", "")
        invoice = Invoice.objects.in_space(space).filter(pk=chosen).first() if chosen.isdecimal() else None
        if invoice is not None:
            rest = payments.account_of(invoice)
            amount = labels.plain_amount(rest.open or rest.charges_open, invoice.currency)
            initial |= {"invoice_number": invoice.number, "amount": amount or None, "payer": invoice.recipient}
        return initial

    def save_model(self, request: HttpRequest, obj: Payment, form: Any, change: bool) -> None:
        """Record it, as every payment is recorded; the row in the form only carried what was entered."""
        given = form.cleaned_data
        token = given.get("token")
        payment, _created = payments.record(
            obj.space,
            amount=given["amount"],
            currency=given["currency"],
            paid_on=given["paid_on"],
            invoice=form.invoice,
            reference=given["reference"],
            payer=given["payer"],
            note=given["note"],
            source=PaymentSource.MANUAL,
            external_id=f"form:{token}" if token else None,
            created_by=request.user,  # type: ignore[arg-type]
        )
        obj.pk = payment.pk
        obj.refresh_from_db()

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, Any]]:
        return [{"added": {}}]

    def response_add(self, request: HttpRequest, obj: Payment, post_url_continue: Any = None) -> HttpResponse:
        if "_addanother" in request.POST:
            return super().response_add(request, obj, post_url_continue)  # type: ignore[no-any-return]
        if obj.invoice is None:
            messages.warning(request, gettext("The payment is recorded, and waits to be assigned."))
            return HttpResponseRedirect(_page(obj))
        _say_what_is_open(request, obj)
        return HttpResponseRedirect(reverse("admin:connectors_invoice_change", args=[obj.invoice_id]))

    def post_views(self) -> dict[str, Callable[..., HttpResponse]]:
        return {"assign": self.assign_view, "reverse": self.reverse_view}

    def assign_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Make a payment that waits the invoice's whose number was entered or chosen."""
        payment = self.operated(request, object_id)
        number = request.POST.get("number", "").strip()
        invoice = invoice_by_number(payment.space, number)
        if invoice is None:
            messages.error(
                request, gettext("There is no invoice with the number “%(number)s”.") % {"number": number[:64]}
            )
            return HttpResponseRedirect(_page(payment))
        try:
            payments.assign(payment, invoice)
        except PaymentRefused as refused:
            messages.error(request, str(refused))
            return HttpResponseRedirect(_page(payment))
        self.note(request, payment, "assigned")
        _say_what_is_open(request, payment)
        return HttpResponseRedirect(_page(payment))

    def reverse_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take a payment back: it bounced, or it was a mistake."""
        payment = self.operated(request, object_id)
        try:
            day = date.fromisoformat(request.POST.get("paid_on", ""))
        except ValueError:
            messages.error(request, gettext("Choose the day on which the payment went back."))
            return HttpResponseRedirect(_page(payment))
        try:
            note, person = request.POST.get("note", ""), request.user
            payments.reverse(payment, paid_on=day, note=note, created_by=person)  # type: ignore[arg-type]
        except PaymentRefused as refused:
            messages.error(request, str(refused))
            return HttpResponseRedirect(_page(payment))
        self.note(request, payment, "taken back")
        messages.success(request, gettext("The payment was taken back."))
        return HttpResponseRedirect(_page(payment))

    def page_context(self, request: HttpRequest, row: Payment) -> dict[str, Any]:
        taken_back = getattr(row, "reversal", None)
        waits = row.invoice_id is None and row.reverses_id is None and taken_back is None
        return {
            "payment": row,
            "heading": labels.money(row.counted, row.currency),
            "facts": list(_facts(row)),
            "waits": waits,
            "reversible": row.reverses_id is None and taken_back is None,
            "taken_back": taken_back,
            "today": local_day(row.space),
            "suggestions": [
                (invoice, labels.money(invoice.open_amount, invoice.currency), labels.day(invoice.issued_on))
                for invoice in (suggestions(row) if waits else ())
            ],
        }


@admin.register(PaymentImport)
class PaymentImportAdmin(_PlainList):
    add_roles: ClassVar[frozenset[Role]] = EDITORS
    page_template = "admin/connectors/payment_import.html"
    list_display = ["file_name", "imported", "matched_count", "unmatched_count", "known_count", "bad_count"]
    list_display_links = ["file_name"]

    @admin.display(description=_("imported"))
    def imported(self, row: PaymentImport) -> str:
        return labels.moment(row.created_at)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Upload a file: its payments are recorded at once, and its page says what became of them."""
        if request.method not in {"GET", "HEAD", "POST"}:
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ImportForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                return self._imported(request, form)
            except FileRefused as refused:
                form.add_error("file", str(refused))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Import payments"),
            "form": form,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/connectors/import_payments.html", context)

    def _imported(self, request: HttpRequest, form: ImportForm) -> HttpResponse:
        space = space_of(request)
        assert space is not None
        file = form.cleaned_data["file"]
        report = import_file(
            space,
            file.name,
            file.read(),
            file_format=form.cleaned_data["format"],
            created_by=request.user,  # type: ignore[arg-type]
            most=MOST_IN_A_REQUEST,
        )
        assert report.file is not None
        if report.before is not None:
            messages.warning(request, gettext("This file was imported already; nothing has changed."))
        else:
            self.log_addition(request, report.file, [{"added": {}}])
            messages.success(request, gettext("The file is imported."))
        return HttpResponseRedirect(reverse("admin:connectors_paymentimport_change", args=[report.file.pk]))

    def page_context(self, request: HttpRequest, row: PaymentImport) -> dict[str, Any]:
        facts = [
            (gettext("Imported"), labels.moment(row.created_at)),
            (gettext("Imported by"), str(row.created_by or "–")),
            (gettext("Format"), row.get_format_display()),
            (gettext("Assigned"), row.matched_count),
            (gettext("To be assigned"), row.unmatched_count),
            (gettext("Known already"), row.known_count),
            (gettext("Left out"), row.skipped_count),
            (gettext("With errors"), row.bad_count),
        ]
        shown = row.payments.select_related("invoice", "reversal", "reverses").defer("invoice__data").order_by("pk")
        return {"facts": facts, "row": row, "payments": payment_rows(shown[:PAYMENTS_SHOWN])}


PAYMENTS_SHOWN = 200


def payment_rows(found: Any) -> list[dict[str, Any]]:
    """Payments for the table of a page."""
    return [
        {
            "payment": payment,
            "amount": labels.money(payment.counted, payment.currency),
            "day": labels.day(payment.paid_on),
            "tag": payment_tag(payment),
        }
        for payment in found
    ]


def _facts(payment: Payment) -> Iterator[tuple[str, Any]]:
    yield gettext("State"), payment_tag(payment)
    if payment.unmatched:
        yield gettext("Why"), payment.unmatched_sentence
    yield gettext("Amount"), labels.money(payment.counted, payment.currency)
    yield gettext("Paid on"), labels.day(payment.paid_on)
    if payment.invoice is not None:
        yield gettext("Invoice"), _invoice_link(payment.invoice)
    if payment.reverses is not None:
        yield (
            gettext("Takes back"),
            format_html('<a class="pr-link" href="{}">{}</a>', _page(payment.reverses), gettext("Payment")),
        )
    yield gettext("Payer"), payment.payer or "–"
    yield gettext("Reference"), payment.reference or "–"
    yield gettext("Source"), payment.get_source_display()
    if payment.payment_import is not None:
        link = reverse("admin:connectors_paymentimport_change", args=[payment.payment_import_id])
        yield gettext("Payment file"), format_html('<a class="pr-link" href="{}">{}</a>', link, payment.payment_import)
    if payment.external_id and payment.source != PaymentSource.MANUAL:
        yield gettext("Number at the source"), payment.external_id
    yield gettext("Note"), payment.note or "–"
    yield gettext("Recorded"), labels.moment(payment.created_at)
    yield gettext("Recorded by"), str(payment.created_by or "–")


def _say_what_is_open(request: HttpRequest, payment: Payment) -> None:
    assert payment.invoice is not None
    account, currency = payments.account_of(payment.invoice), payment.currency
    values = {"number": payment.invoice.number}
    if account.open > 0:
        values["open"] = labels.money(account.open, currency)
        messages.success(
            request, gettext("The payment is recorded. Of the invoice %(number)s %(open)s are open.") % values
        )
    elif account.overpaid > 0:
        values["over"] = labels.money(account.overpaid, currency)
        sentence = gettext("The invoice %(number)s is paid; %(over)s were paid too much.")
        messages.warning(request, sentence % values)
    else:
        messages.success(request, gettext("The invoice %(number)s is paid.") % values)


def _invoice_link(invoice: Invoice) -> SafeString:
    link = reverse("admin:connectors_invoice_change", args=[invoice.pk])
    return format_html('<a class="pr-link" href="{}">{}</a>', link, invoice.number)


def _page(payment: Payment) -> str:
    return reverse("admin:connectors_payment_change", args=[payment.pk])
