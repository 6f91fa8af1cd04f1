"""The buttons of an invoice that cancel it, and the form with which it is issued again."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from connectors.corrections import Correction, LineCorrection
from connectors.documents.data import Party
from connectors.models import CreditNote, Invoice, InvoiceState, OrderLine
from connectors.money import MoneyError
from connectors.services import invoices
from connectors.services.invoices import InvoiceRefused
from spaces.choices import country_choices
from spaces.validators import validate_vat_number

REASON_LENGTH = 200
# An order with more lines is corrected in the shop; a page with thousands of fields helps nobody.
MOST_LINES = 100


def _text(label: Any, length: int = 200, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=capfirst(label), required=False, max_length=length, widget=UnfoldAdminTextInputWidget, **options
    )


class CorrectionForm(forms.Form):
    """What can be put right of an invoice, beside its lines."""

    company = _text(_("company"))
    name = _text(_("name"))
    extra = _text(_("address supplement"))
    street = _text(_("street and number"))
    postal_code = _text(_("postal code"), 16)
    city = _text(_("city"), 100)
    country = forms.ChoiceField(label=_("Country"), choices=country_choices, widget=UnfoldAdminSelectWidget)
    email = forms.EmailField(
        label=_("E-mail"), required=False, max_length=254, widget=UnfoldAdminTextInputWidget({"type": "email"})
    )
    vat_number = _text(_("VAT number"), 32, validators=[validate_vat_number])
    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=UnfoldAdminTextareaWidget({"rows": 3})
    )
    tax_note = _text(_("reason without tax"), 300)
    reason = _text(_("reason"), REASON_LENGTH, help_text=_("Said to the customer on the credit note."))

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not given.get("company") and not given.get("name"):
            raise ValidationError(_("Enter a company or a name."))
        if not given.get("city"):
            self.add_error("city", _("This field is required."))
        return given

    def correction(self) -> Correction:
        given = self.cleaned_data
        party = Party(**{name: given[name] for name in asdict(Party())})
        return Correction(party, given["note"], given["tax_note"], reason=given["reason"])


class LineForm(forms.ModelForm):  # type: ignore[type-arg]
    """A line of the invoice."""

    class Meta:
        model = OrderLine
        fields = ("description", "quantity", "unit_price", "tax_rate")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            label = {"aria-label": capfirst(field.label)}
            if name == "description":
                field.widget = UnfoldAdminTextareaWidget({"rows": 1, **label})
            else:
                field.widget = UnfoldAdminDecimalFieldWidget({"step": "any", **label})
                # As it was entered, without the zeros that the column adds.
                self.initial[name] = f"{self.initial[name].normalize():f}"


LineFormSet = forms.modelformset_factory(OrderLine, form=LineForm, extra=0, can_delete=False)


class Cancellation:
    """Cancel an invoice; cancel it and issue it again."""

    def cancel_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        page: Any = self
        invoice: Invoice = page.operated(request, object_id)
        reason = request.POST.get("reason", "").strip()[:REASON_LENGTH]
        try:
            note = invoices.cancel(invoice, request.user, reason=reason)  # type: ignore[arg-type]
        except InvoiceRefused as refused:
            messages.warning(request, str(refused))
            return HttpResponseRedirect(_page(invoice))
        page.note(request, invoice, "canceled")
        _say_canceled(request, note)
        return HttpResponseRedirect(reverse("admin:connectors_creditnote_change", args=[note.pk]))

    def issue_again_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The form, and what it asks for when it is sent."""
        if request.method not in {"GET", "HEAD", "POST"}:
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        page: Any = self
        invoice: Invoice = page.operated(request, object_id)
        obstacle = _obstacle(invoice)
        if obstacle is not None:
            messages.warning(request, obstacle)
            return HttpResponseRedirect(_page(invoice))
        form, lines = _forms(request, invoice)
        if request.method == "POST" and form.is_valid() and (lines is None or lines.is_valid()):
            answer = self._issue_again(request, invoice, form, lines)
            if answer is not None:
                return answer
        context = {
            **page.admin_site.each_context(request),
            "opts": page.opts,
            "title": gettext("Issue invoice %(number)s again") % {"number": invoice.number},
            "original": invoice,
            "invoice": invoice,
            "form": form,
            "lines": lines,
            "many_lines": lines is None and invoice.order.paid_at is None,
            "canceled": invoice.state == InvoiceState.CANCELED,
        }
        request.current_app = page.admin_site.name
        return TemplateResponse(request, "admin/connectors/issue_again.html", context)

    def _issue_again(
        self, request: HttpRequest, invoice: Invoice, form: CorrectionForm, lines: Any
    ) -> HttpResponse | None:
        """Do it; None where the form has to say what is wrong."""
        page: Any = self
        correction = _with_lines(form.correction(), lines)
        try:
            again = invoices.issue_again(invoice, correction, request.user)  # type: ignore[arg-type]
        except MoneyError as error:
            form.add_error(None, str(error))
            return None
        except InvoiceRefused as refused:
            messages.warning(request, str(refused))
            return HttpResponseRedirect(_page(invoice))
        page.note(request, invoice, "issued again")
        if invoice.state != InvoiceState.CANCELED:
            _say_canceled(request, CreditNote.objects.select_related("invoice").get(invoice=invoice))
        text = gettext("Invoice %(number)s is issued; its rules print and send it.") % {"number": again.number}
        messages.success(request, text)
        return HttpResponseRedirect(_page(again))

    def cancellation_context(self, invoice: Invoice, *, may_operate: bool) -> dict[str, Any]:
        """What the page of an invoice shows of it."""
        note = CreditNote.objects.filter(invoice=invoice).defer("data").first()
        again = may_operate and _obstacle(invoice) is None
        return {
            "credit_note": note,
            "cancel_url": reverse("admin:connectors_invoice_cancel", args=[invoice.pk])
            if again and note is None
            else "",
            "issue_again_url": reverse("admin:connectors_invoice_issue_again", args=[invoice.pk]) if again else "",
        }


def _obstacle(invoice: Invoice) -> str | None:
    """Why an invoice cannot be issued again."""
    if invoice.state == InvoiceState.DERECOGNIZED:
        return gettext("The invoice was written off; it is neither canceled nor issued again.")
    if invoice.state != InvoiceState.CANCELED:
        return None
    valid = Invoice.objects.filter(order=invoice.order_id).exclude(state=InvoiceState.CANCELED).defer("data").first()
    if valid is None:
        return None
    return gettext("This was done already: the order has the invoice %(number)s.") % {"number": valid.number}


def _forms(request: HttpRequest, invoice: Invoice) -> tuple[CorrectionForm, Any]:
    """The forms for the whole and for the lines; no lines where these cannot be corrected."""
    order, data = invoice.order, request.POST or None
    initial = {**asdict(order.billing_party), "note": order.note, "tax_note": order.tax_note}
    form = CorrectionForm(data, initial=initial)
    if order.paid_at is not None or order.lines.count() > MOST_LINES:
        return form, None
    return form, LineFormSet(data, queryset=order.lines.all(), prefix="lines")


def _with_lines(correction: Correction, lines: Any) -> Correction:
    if lines is None or not lines.has_changed():
        return correction
    names = ("description", "quantity", "unit_price", "tax_rate")
    return replace(
        correction,
        lines=tuple(LineCorrection(**{name: line.cleaned_data[name] for name in names}) for line in lines.forms),
    )


def _say_canceled(request: HttpRequest, note: CreditNote) -> None:
    """What has become of the invoice: withdrawn, or gone already, which somebody may have to explain."""
    link = reverse("admin:connectors_creditnote_change", args=[note.pk])
    text = gettext("Invoice {invoice} is canceled by the credit note {number}.")
    number = format_html('<a class="pr-link" href="{}">{}</a>', link, note.number)
    messages.success(request, format_html(text, invoice=note.invoice.number, number=number))
    if note.left_count:
        sentence = ngettext(
            "The invoice had left already, as %(count)s print job or e-mail: the customer may have it.",
            "The invoice had left already, as %(count)s print jobs or e-mails: the customer may have it.",
            note.left_count,
        )
        messages.warning(request, sentence % {"count": note.left_count})


def _page(invoice: Invoice) -> str:
    return reverse("admin:connectors_invoice_change", args=[invoice.pk])
