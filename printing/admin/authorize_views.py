"""Print services that are connected in their own pages: there, and back again (RFC 6749 section 4.1, RFC 7636).

Connect (POST) → the service's page → the callback of the installation (GET) → the Space's part of it → the printers.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from printing.admin import authorizations, drafts
from printing.admin.authorizations import Authorization
from printing.admin.steps import ADD, CHANGE, space_or_404
from printing.display import service_name
from printing.models import Connection, PrinterConfiguration
from printing.provider_context import provider_for
from printing.providers.base import OAuthProvider
from printing.providers.errors import ProviderError
from printing.sentences import sentence_of
from printing.services.printers import discover
from spaces.middleware import root_url
from spaces.models import Space

CALLBACK = "connect/callback/"
_STATE = re.compile(r"(?P<slug>[-\w]{1,100})\.[-\w]{20,100}", re.ASCII)


def callback_url(request: HttpRequest) -> str:
    """Where print services send people back to: one address for the whole installation, to be registered once."""
    return request.build_absolute_uri(f"{root_url(request)}{CALLBACK}")


def callback(request: HttpRequest) -> HttpResponse:
    """Lead who comes back into the Space they left. It is entered there by who may, and nothing happens here."""
    found = _STATE.fullmatch(request.GET.get("state", ""))
    if found is None:
        raise Http404
    inside = f"space/{found['slug']}/printing/printerconfiguration/authorized/"
    return HttpResponseRedirect(f"{root_url(request)}{inside}?{request.GET.urlencode()}")


def browser_provider(key: str) -> OAuthProvider | None:
    """The print service of that key, where it is connected in its own pages."""
    provider = provider_for(key)
    return provider if isinstance(provider, OAuthProvider) else None


class AuthorizeViews:
    """The way to a print service's own pages and back; a part of the printers' admin."""

    def begin_authorization(
        self, request: HttpRequest, key: str, credentials: Mapping[str, str], configuration: int | None = None
    ) -> HttpResponse:
        """Send the browser to the service. Raises ProviderError where the address is none."""
        provider, space, verifier = browser_provider(key), space_or_404(request), secrets.token_urlsafe(64)
        if provider is None:
            raise Http404
        redirect_uri = callback_url(request)
        authorization = Authorization(key, dict(credentials), redirect_uri, verifier, configuration)
        state = authorizations.begin(request, space, authorization)
        return HttpResponseRedirect(provider.authorization_url(credentials, redirect_uri, state, verifier))

    def connect_again_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One button: the same connection, allowed once more."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        configuration = self._changeable(request, object_id)
        printer = configuration.printer
        fields = [field.name for field in provider_for(printer.provider).connection_fields]
        kept = {name: printer.credentials.get(name, "") for name in fields}
        try:
            return self.begin_authorization(request, printer.provider, kept, configuration.pk)
        except ProviderError as error:
            messages.error(request, sentence_of(error))
            return HttpResponseRedirect(reverse(CHANGE, args=[configuration.pk]))

    def authorized_view(self, request: HttpRequest) -> HttpResponse:
        """Back from the service, with a code or with a no.

        A GET that changes something, because it is the service's redirect: the state proves that this person, in this
        session, has pressed the button a moment ago, and it is used up before anything else happens.
        """
        admin: Any = self
        if not admin.has_add_permission(request):
            raise PermissionDenied
        space = space_or_404(request)
        authorization = authorizations.take(request, space, request.GET.get("state", ""))
        if authorization is None:
            messages.warning(request, _("This was used already, or took too long. Please connect again."))
            return HttpResponseRedirect(reverse(ADD))
        configuration = self._to_reconnect(request, authorization)
        refusal = _refusal(request, service_name(authorization.provider))
        if refusal or (draft := _draft(request, authorization)) is None:
            if refusal:
                messages.error(request, refusal)
            return HttpResponseRedirect(_form_of(authorization))
        if configuration is not None:
            return admin.reconnected(request, configuration, draft)  # type: ignore[no-any-return]
        token = drafts.keep(request, space, draft)
        return HttpResponseRedirect(f"{reverse(ADD)}?{urlencode({'draft': token})}")

    def _to_reconnect(self, request: HttpRequest, authorization: Authorization) -> PrinterConfiguration | None:
        if authorization.configuration is None:
            return None
        return self._changeable(request, str(authorization.configuration))

    def _changeable(self, request: HttpRequest, object_id: str) -> PrinterConfiguration:
        admin: Any = self
        configuration: PrinterConfiguration = admin.get_object(request, object_id)
        if not admin.has_change_permission(request, configuration):
            raise PermissionDenied
        return configuration


def known_credentials(request: HttpRequest, space: Space, key: str) -> Mapping[str, str]:
    """What is known already of a service that is connected in its pages: entered a moment ago, or another printer's."""
    if browser_provider(key) is None:
        return {}
    latest = Connection.objects.in_space(space).filter(provider=key).order_by("-pk").first()
    return authorizations.entered(request, space, key) or (latest.credentials if latest is not None else {})


def _refusal(request: HttpRequest, service: str) -> str:
    """Why the service sent the person back without a code (RFC 6749 section 4.1.2.1), in our words; empty for a yes."""
    if request.GET.get("code"):
        return ""
    sentences = {
        "access_denied": _("%(service)s was not connected: the access was not allowed there. Connect to try again."),
        "server_error": _("%(service)s could not connect just now. Try again in a few minutes."),
        "temporarily_unavailable": _("%(service)s could not connect just now. Try again in a few minutes."),
        "unauthorized_client": _("%(service)s does not let this client ID connect. Ask there what is missing."),
        "invalid_scope": _("%(service)s does not let this client ID print. Ask there what is missing."),
    }
    unknown = _("%(service)s did not understand the request. Check the client ID and the callback address there.")
    return sentences.get(request.GET.get("error", ""), unknown) % {"service": service}


def _draft(request: HttpRequest, authorization: Authorization) -> drafts.Draft | None:
    """The tokens for the code, and the printers behind them. What goes wrong is told, and None returned."""
    provider = browser_provider(authorization.provider)
    assert provider is not None
    code = request.GET["code"]
    try:
        credentials = provider.exchange(
            authorization.credentials, code, authorization.redirect_uri, authorization.verifier
        )
        account, printers = discover(authorization.provider, credentials)
    except ProviderError as error:
        messages.error(request, sentence_of(error))
        return None
    if not printers:
        messages.error(request, _("The connection works, but there is no printer behind it."))
        return None
    return drafts.Draft(authorization.provider, credentials, account, tuple(printers))


def _form_of(authorization: Authorization) -> str:
    """The form in which the person began."""
    if authorization.configuration is None:
        return f"{reverse(ADD)}?{urlencode({'provider': authorization.provider})}"
    return reverse("admin:printing_printerconfiguration_connection", args=[authorization.configuration])
