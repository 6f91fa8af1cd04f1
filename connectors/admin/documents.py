"""Sales > Invoices, and the packing slips: issued documents, to look at and to print again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from connectors import issued_kinds, printing_bridge
from connectors.admin import labels
from connectors.admin.base import ReadPage, first_found, jobs_of_one
from connectors.admin.cancellation import Cancellation
from connectors.admin.dunning.invoice_box import invoice_box
from connectors.admin.mail_labels import mail_rows
from connectors.admin.payments import payment_rows
from connectors.documents.references import grouped
from connectors.models import Invoice, InvoiceState, IssuedDocument, MailState, PackingSlip
from connectors.services import mails
from connectors.services.payments import Account, account_of
from printing.admin.downloads import CONTENT_POLICY, file_name
from printing.admin.printer_actions import once_key
from printing.kinds import RenderingFailed
from printing.models import PrinterConfiguration
from spaces.models import FeatureName, Role
from spaces.scoping import has_feature, space_of

BULK_LIMIT = 1_000


class IssuedAdmin(ReadPage):
    """A kind of issued documents."""

    add_roles: ClassVar[frozenset[Role]] = frozenset()
    page_template = "admin/connectors/document.html"
    list_display_links = ["number"]
    search_fields = ["number"]  # what is searched is decided by get_search_results
    search_help_text = _("Number, order number or customer")
    actions = ["print_selected"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("order__customer", "space")

    def documents_of(self, row: IssuedDocument) -> list[IssuedDocument]:
        return [row]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        by_name = queryset.filter(order__customer__company__icontains=term)
        by_name |= queryset.filter(order__customer__name__icontains=term)
        found = first_found(queryset.filter(number=term), queryset.filter(order__number=term), by_name)
        return found, False

    def post_views(self) -> dict[str, Callable[..., HttpResponse]]:
        return {"print-again": self.print_again_view, "send-by-email": self.send_by_email_view}

    def get_views(self) -> dict[str, Callable[..., HttpResponse]]:
        return {"show": self.show_view, "download": self.download_view}

    def show_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._pdf(request, object_id, attachment=False)

    def download_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._pdf(request, object_id, attachment=True)

    def _pdf(self, request: HttpRequest, object_id: str, *, attachment: bool) -> HttpResponse:
        """The document as it prints, made anew from its frozen copy: the same copy, the same bytes."""
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        document = self.viewed(request, object_id)
        try:
            content = issued_kinds.pdf_of(document)
        except RenderingFailed as error:
            messages.error(request, gettext("The document cannot be made: %(problem)s") % {"problem": error})
            return HttpResponseRedirect(_page(document))
        return pdf_response(content, issued_kinds.title_of(document), attachment=attachment)

    def print_again_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A print job of its own; a second click on the same button is the same job."""
        document = self.operated(request, object_id)
        if not self.has_print_permission(request):
            raise PermissionDenied
        job = printing_bridge.print_again(
            document,
            configuration=_chosen(request),
            created_by=request.user,  # type: ignore[arg-type]
            event_key=once_key(request, "print"),
        )
        if job is None:
            messages.warning(request, gettext("Printing is not activated in this Space."))
            return HttpResponseRedirect(_page(document))
        self.note(request, document, "printed again")
        messages.success(request, gettext("The document is printed. This is its job."))
        return HttpResponseRedirect(reverse("admin:printing_printjob_change", args=[job.pk]))

    def send_by_email_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """An e-mail of its own; a second click on the same button is the same e-mail."""
        document = self.operated(request, object_id)
        recipient = request.POST.get("recipient", "").strip()
        try:
            validate_email(recipient)
        except ValidationError:
            messages.error(request, gettext("“%(address)s” is not an e-mail address.") % {"address": recipient[:254]})
            return HttpResponseRedirect(_page(document))
        mail = mails.enqueue(
            document,
            event_key=once_key(request, "mail"),
            recipient=recipient,
            created_by=request.user,  # type: ignore[arg-type]
        )
        self.note(request, document, "e-mailed")
        if mail.state == MailState.FAILED:
            messages.error(request, mail.reason_sentence)
        else:
            messages.success(request, gettext("The document is e-mailed. This is its e-mail."))
        return HttpResponseRedirect(reverse("admin:connectors_outgoingmail_change", args=[mail.pk]))

    @admin.action(description=_("Print on the default printer"), permissions=["print"])
    def print_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        documents = list(queryset.order_by("pk")[:BULK_LIMIT])
        for document in documents:
            printing_bridge.print_again(document, created_by=request.user)  # type: ignore[arg-type]
        text = ngettext("%(count)s document is printed.", "%(count)s documents are printed.", len(documents))
        messages.success(request, text % {"count": len(documents)})

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        printers = PrinterConfiguration.objects.in_space(row.space).usable().order_by("-is_default", "name")
        return {
            "document": row,
            "order_link": reverse("admin:connectors_order_change", args=[row.order_id]),
            "print_jobs": jobs_of_one(row),
            "mails": mail_rows(mails.mails_of([row])[printing_bridge.job_key(row)]),
            "recipient": row.order.billing_party.email,
            "printers": printers,
            "urls": {
                name: reverse(f"admin:connectors_{row._meta.model_name}_{name}", args=[row.pk])
                for name in ("show", "download", "print_again", "send_by_email")
            },
        }


@admin.register(Invoice)
class InvoiceAdmin(Cancellation, IssuedAdmin):
    list_display = ["number", "recipient", "state_tag", "amount", "open", "issued", "due", "order_number", "printing"]
    list_filter = ["state", "issued_on"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).with_open_amount()  # type: ignore[attr-defined,no-any-return]

    @admin.display(description=_("state"))
    def state_tag(self, invoice: Invoice) -> SafeString:
        return labels.invoice_tag(invoice)

    @admin.display(description=_("amount"))
    def amount(self, invoice: Invoice) -> str:
        return labels.money(invoice.gross, invoice.currency)

    @admin.display(description=pgettext_lazy("amount", "open"))
    def open(self, invoice: Invoice) -> str:
        owed = invoice.state != InvoiceState.CANCELED and invoice.open_amount > 0  # type: ignore[attr-defined]
        return labels.money(invoice.open_amount, invoice.currency) if owed else "–"  # type: ignore[attr-defined]

    @admin.display(description=_("issued"))
    def issued(self, invoice: Invoice) -> str:
        return labels.day(invoice.issued_on)

    @admin.display(description=_("due"))
    def due(self, invoice: Invoice) -> str:
        return labels.day(invoice.due_on)

    @admin.display(description=_("order"))
    def order_number(self, invoice: Invoice) -> str:
        return invoice.order.number

    def post_views(self) -> dict[str, Callable[..., HttpResponse]]:
        return {**super().post_views(), "cancel": self.cancel_view}

    def get_views(self) -> dict[str, Callable[..., HttpResponse]]:
        return {**super().get_views(), "issue-again": self.issue_again_view}

    def page_context(self, request: HttpRequest, row: Invoice) -> dict[str, Any]:
        account = account_of(row)
        facts = [
            (gettext("State"), labels.invoice_tag(row)),
            (gettext("Customer"), row.recipient),
            (gettext("Net"), labels.money(row.net, row.currency)),
            (gettext("Tax"), labels.money(row.tax, row.currency)),
            (gettext("Total"), labels.money(row.gross, row.currency)),
            (gettext("Issued"), labels.day(row.issued_on)),
            (gettext("Due"), labels.day(row.due_on)),
            (gettext("Payment reference"), grouped(row.payment_reference) or "–"),
            *_account_facts(account, row.currency),
        ]
        add = reverse("admin:connectors_payment_add")
        return {
            **super().page_context(request, row),
            **self.cancellation_context(row, may_operate=self.has_operate_permission(request)),
            "facts": facts,
            "payments": payment_rows(account.payments),
            "dunning": invoice_box(row) if has_feature(request, FeatureName.DUNNING) else None,
            "record_payment": f"{add}?invoice={row.pk}" if row.state != InvoiceState.CANCELED else "",
        }


@admin.register(PackingSlip)
class PackingSlipAdmin(IssuedAdmin):
    list_display = ["number", "customer", "issued", "order_number", "printing"]
    list_filter = ["issued_on"]

    @admin.display(description=_("customer"))
    def customer(self, slip: PackingSlip) -> str:
        return str(slip.order.customer)

    @admin.display(description=_("issued"))
    def issued(self, slip: PackingSlip) -> str:
        return labels.day(slip.issued_on)

    @admin.display(description=_("order"))
    def order_number(self, slip: PackingSlip) -> str:
        return slip.order.number

    def page_context(self, request: HttpRequest, row: PackingSlip) -> dict[str, Any]:
        facts = [
            (gettext("Customer"), str(row.order.customer)),
            (gettext("Issued"), labels.day(row.issued_on)),
            (gettext("Delivery method"), row.order.delivery_method or "–"),
        ]
        return {**super().page_context(request, row), "facts": facts}


def _account_facts(account: Account, currency: str) -> Iterator[tuple[str, str]]:
    yield gettext("Paid so far"), labels.money(account.paid, currency)
    yield pgettext("amount", "Open"), labels.money(account.open, currency)
    if account.charges:
        yield gettext("Open fees and interest"), labels.money(account.charges_open, currency)
    if account.overpaid:
        yield gettext("Paid too much"), labels.money(account.overpaid, currency)


def pdf_response(content: bytes, title: str, *, attachment: bool) -> HttpResponse:
    """A PDF for the person who asked, kept by nobody on the way."""
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(attachment, file_name(title)) or ""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = CONTENT_POLICY
    return response


def link_to(document: IssuedDocument) -> SafeString:
    """A document's number, which leads to its page."""
    return format_html('<a class="pr-link" href="{}">{}</a>', _page(document), document.number)


def _page(document: IssuedDocument) -> str:
    return reverse(f"admin:connectors_{document._meta.model_name}_change", args=[document.pk])


def _chosen(request: HttpRequest) -> PrinterConfiguration | None:
    """The printer picked beside the button, among those of the Space; none is the default printer."""
    chosen = request.POST.get("configuration", "")
    if not chosen:
        return None
    usable = PrinterConfiguration.objects.in_space(space_of(request)).usable()
    found: PrinterConfiguration | None = usable.filter(pk=chosen).first() if chosen.isdecimal() else None
    if found is None:
        raise Http404
    return found
