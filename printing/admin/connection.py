"""The form that connects a print service: its fields as the provider declares them, its secrets write-only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminPasswordWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from printing.providers.base import ConnectionField, Provider
from printing.providers.errors import ProviderError, Reason
from printing.sentences import sentence_of, translated

MAX_LENGTH = 2_000
MAX_TEXT = 50_000
FINGERPRINT = "fingerprint"
CONFIRMABLE = (Reason.CERTIFICATE_UNVERIFIED, Reason.CERTIFICATE_CHANGED)
# Up to the last @, as the address may be too odd to take apart.
_LOGIN = re.compile(r"//.*@")


class ConnectionForm(forms.Form):
    """``stored`` are the credentials of a printer that is there: its secrets are kept where they are left empty."""

    def __init__(
        self, provider: type[Provider], *args: Any, stored: Mapping[str, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **{**kwargs, "prefix": "connection"})
        self.declared = {field.name: field for field in provider.connection_fields}
        self.stored = dict(stored or {})
        self.refused: ProviderError | None = None
        for field in provider.connection_fields:
            self.fields[field.name] = _form_field(field, self.stored)

    def clean(self) -> dict[str, Any]:
        """Keep a stored secret only for the connection it was entered for.

        Otherwise somebody who may edit printers could have it sent to a server of their own by changing the address.
        """
        cleaned = super().clean() or self.cleaned_data
        moved = any(
            cleaned.get(name, "") != self.stored.get(name, "")
            for name, field in self.declared.items()
            if not field.secret and name in self.stored
        )
        for name, field in self.declared.items():
            if not field.secret or cleaned.get(name) or not self.stored.get(name):
                continue
            if moved:
                self.add_error(name, _("Enter it again: it is only kept for the connection it was entered for."))
            else:
                cleaned[name] = self.stored[name]
        return cleaned

    @property
    def asks_to_confirm(self) -> bool:
        """Whether the certificate that the provider refused is one that a person may confirm."""
        return self.refused is not None and self.refused.reason in CONFIRMABLE and FINGERPRINT in self.declared

    def credentials(self) -> dict[str, str]:
        return {name: str(self.cleaned_data.get(name) or "") for name in self.declared}

    def refuse(self, error: ProviderError) -> None:
        """Show what the provider said, at the input it names."""
        self.refused = error
        if self.asks_to_confirm:
            return  # the page shows the certificate itself
        if error.reason in (Reason.ADDRESS_HAS_CREDENTIALS, Reason.ADDRESS_INVALID):
            self._forget_login(error.field)
        self.add_error(error.field if error.field in self.fields else None, sentence_of(error))

    def _forget_login(self, field: str) -> None:
        """Show an address again without the password that was typed into it."""
        name = self.add_prefix(field)
        self.data = {**dict(self.data.items()), name: _LOGIN.sub("//", self.data.get(name, ""))}


def _form_field(field: ConnectionField, stored: Mapping[str, str]) -> forms.Field:
    kept = field.secret and bool(stored.get(field.name))
    common: dict[str, Any] = {
        "label": translated(field.label),
        "help_text": _("Leave it empty to keep what is stored.") if kept else translated(field.help),
        "required": field.required and not kept,
        "initial": None if field.secret else stored.get(field.name, field.default),
    }
    if field.choices:
        choices = [(value, translated(label)) for value, label in field.choices]
        return forms.ChoiceField(choices=choices, widget=UnfoldAdminSelectWidget, **common)
    if field.multiline:
        area = UnfoldAdminTextareaWidget(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"})
        return forms.CharField(max_length=MAX_TEXT, widget=area, **common)
    if field.secret:
        widget: forms.Widget = UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}, render_value=False)
    else:
        widget = UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(max_length=MAX_LENGTH, widget=widget, **common)
