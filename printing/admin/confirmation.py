"""Trust on first use: a certificate that nobody vouches for is shown, and a person confirms it.

What was entered beside it waits in the session meanwhile, so that a password need not be typed twice. The fingerprint
that is confirmed is the one on the page: a server that shows another one by then is not trusted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from printing.admin import drafts
from printing.admin.connection import FINGERPRINT, ConnectionForm
from printing.providers.base import Provider
from printing.providers.errors import Reason
from printing.sentences import readable
from spaces.models import Space

CONFIRM = "confirm"  # the box to tick; its value is the fingerprint on the page
PENDING = "pending"  # names the draft of what was entered


def connection_form(
    request: HttpRequest, space: Space, provider: type[Provider], stored: Mapping[str, str] | None = None
) -> ConnectionForm:
    """The form as it was posted, with the certificate that the person confirmed; empty for a GET."""
    if request.method != "POST":
        return ConnectionForm(provider, None, stored=stored)
    data = request.POST.copy()
    draft = drafts.find(request, space, data.get(PENDING))
    if draft is not None and draft.provider == provider.key:
        stored = draft.credentials
    if confirmed := data.get(CONFIRM):
        data[f"connection-{FINGERPRINT}"] = confirmed
        stored = {**(stored or {}), FINGERPRINT: confirmed}
    return ConnectionForm(provider, data, stored=stored)


def question(request: HttpRequest, space: Space, provider: type[Provider], form: ConnectionForm) -> dict[str, Any]:
    """What the page asks when the provider refused the certificate; nothing otherwise."""
    error = form.refused
    if error is None or not form.asks_to_confirm:
        return {}
    changed = error.reason is Reason.CERTIFICATE_CHANGED
    pending = drafts.Draft(provider.key, form.credentials(), "", ())
    rows = [
        (_("Fingerprint (SHA-256)"), _breakable(str(error.params["fingerprint"]))),
        (_("Issued for"), error.params["subject"]),
        (_("Valid from"), readable("valid_from", error.params["valid_from"])),
        (_("Valid until"), readable("valid_until", error.params["valid_until"])),
    ]
    return {
        "certificate": {
            "changed": changed,
            "host": error.params["host"],
            "fingerprint": error.params["fingerprint"],
            "rows": [(label, value) for label, value in rows if value],
            "pending": drafts.keep(request, space, pending),
        }
    }


def _breakable(fingerprint: str) -> SafeString:
    """Broken between two pairs, never within one; copied, it is still the fingerprint alone."""
    return format_html_join(mark_safe(":<wbr>"), "{}", ((pair,) for pair in fingerprint.split(":")))
