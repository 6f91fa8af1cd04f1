"""The forms of payments: entering one, and importing a file of them."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from connectors.bank_files import MAX_BYTES
from connectors.models import ImportFormat, Invoice, Payment
from connectors.payment_checks import PaymentInput, PaymentRefused
from connectors.services.dunning import local_day
from connectors.services.payment_matching import obstacle_of


def invoice_by_number(space: Any, number: str) -> Invoice | None:
    """The invoice of a Space that a person names."""
    found: Invoice | None = Invoice.objects.in_space(space).filter(number=number.strip()).defer("data").first()
    return found


class PaymentForm(forms.ModelForm):  # type: ignore[type-arg]
    """A payment that a person enters: for an invoice, in its currency; or without one, to be assigned later."""

    invoice_number = forms.CharField(
        label=_("invoice number"),
        required=False,
        max_length=64,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Empty: the payment waits to be assigned."),
    )
    # Of the page: sent twice, it is the same payment.
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Payment
        fields: ClassVar[list[str]] = ["invoice_number", "amount", "paid_on", "payer", "reference", "note", "token"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = uuid.uuid4
        self.fields["amount"].help_text = _("In the currency of the invoice; without one in that of the Space.")
        self.invoice: Invoice | None = None

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        space = self.instance.space
        currency = space.currency
        if number := given.get("invoice_number"):
            self.invoice = invoice_by_number(space, number)
            if self.invoice is None:
                self.add_error("invoice_number", _("There is no invoice with this number."))
            elif obstacle_of(self.invoice, self.invoice.currency).unmatched:
                self.add_error("invoice_number", _("This invoice is canceled."))
            else:
                currency = self.invoice.currency
        given["currency"] = currency
        if {"amount", "paid_on"} <= given.keys():
            self._check(given, space)
        return given

    def _check(self, given: dict[str, Any], space: Any) -> None:
        try:
            PaymentInput(given["amount"], given["currency"], given["paid_on"]).cleaned(local_day(space))
        except PaymentRefused as refused:
            for name, sentence in refused.problems.items():
                self.add_error(name if name in self.fields else None, sentence)


class ImportForm(forms.Form):
    """A file of payments to be uploaded."""

    file = forms.FileField(label=_("file"), widget=UnfoldAdminFileFieldWidget)
    format = forms.ChoiceField(
        label=_("format"),
        required=False,
        choices=[("", _("By its content")), *ImportFormat.choices],
        widget=UnfoldAdminSelectWidget,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than %(most)s MB.") % {"most": MAX_BYTES // 1_000_000})
        return file
