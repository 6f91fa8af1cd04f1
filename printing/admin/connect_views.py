"""The steps to a new printer, each an address of its own that works without JavaScript.

Choose a service (GET) → connect (POST, asks the provider) → choose the printer where there are several (GET) → the form
with what that printer reports (:mod:`printing.admin.printers`).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext as _

from printing.admin import confirmation, drafts
from printing.admin.authorize_views import AuthorizeViews, browser_provider, callback_url, known_credentials
from printing.admin.connection import ConnectionForm
from printing.admin.steps import ADD, CHANGE, space_or_404
from printing.display import service_name
from printing.models import Connection, Printer, PrinterConfiguration
from printing.provider_context import webhook_provider
from printing.providers import registry
from printing.providers.base import Provider, RemotePrinter
from printing.providers.errors import ProviderError
from printing.services.printers import discover
from spaces.middleware import root_url

PRINTERS_OFFERED = 50


def provider_class(key: str) -> type[Provider]:
    for provider in registry.all_providers():
        if provider.key == key:
            return provider
    raise Http404


def webhook_address(request: HttpRequest, connection: Connection) -> str:
    """What to enter at the print service so that it calls us, as the browser reaches us; empty where it never does."""
    if webhook_provider(connection.provider) is None:
        return ""
    inside = reverse("webhook", args=[connection.provider, connection.hook_key])
    return request.build_absolute_uri(root_url(request) + inside.removeprefix(get_script_prefix()))


def try_connection(form: ConnectionForm, provider: type[Provider]) -> drafts.Draft | None:
    """Ask the provider with what was entered; what it objects to is shown in the form. No transaction is open here."""
    try:
        account, printers = discover(provider.key, form.credentials())
    except ProviderError as error:
        form.refuse(error)
        return None
    if not printers:
        form.add_error(None, _("The connection works, but there is no printer behind it."))
        return None
    return drafts.Draft(provider.key, form.credentials(), account, tuple(printers))


class ConnectViews(AuthorizeViews):
    """The pages before the form; a part of the printers' admin."""

    admin_site: Any
    model: Any
    opts: Any

    def _page(self, request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, **context}
        request.current_app = self.admin_site.name
        return TemplateResponse(request, f"admin/printing/printerconfiguration/{template}", shared)

    def choose_service(self, request: HttpRequest) -> HttpResponse:
        """The first step: a print service, or another tray of a printer that is connected already."""
        printers = Printer.objects.in_space(space_or_404(request)).order_by("name")
        printers = list(printers.filter(configurations__in=_kept(request)).distinct()[:PRINTERS_OFFERED])
        providers = registry.all_providers()
        if len(providers) == 1 and not printers:
            return HttpResponseRedirect(f"{reverse(ADD)}?{urlencode({'provider': providers[0].key})}")
        services = [(service_name(provider.key), urlencode({"provider": provider.key})) for provider in providers]
        return self._page(request, "choose_service.html", _("Add a printer"), services=services, printers=printers)

    def connect(self, request: HttpRequest, provider: type[Provider]) -> HttpResponse:
        """The second step: what the service needs to be reached."""
        space = space_or_404(request)
        form = confirmation.connection_form(request, space, provider, known_credentials(request, space, provider.key))
        if form.is_bound and form.is_valid():
            if browser_provider(provider.key) is not None:
                answer = self._sent_away(request, form, provider)
                if answer is not None:
                    return answer
            elif (draft := try_connection(form, provider)) is not None:
                token = drafts.keep(request, space, draft)
                return HttpResponseRedirect(f"{reverse(ADD)}?{urlencode({'draft': token})}")
        return self._connect_page(
            request, _("Add a printer"), form, provider, several=len(registry.all_providers()) > 1
        )

    def choose_device(self, request: HttpRequest, draft: drafts.Draft, token: str) -> HttpResponse:
        """The third step, where several printers stand behind the connection."""
        choices = [(printer, urlencode({"draft": token, "device": printer.id})) for printer in draft.printers]
        return self._page(
            request,
            "choose_device.html",
            _("Choose the printer"),
            choices=choices,
            account=draft.account,
            service=service_name(draft.provider),
        )

    def connection_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Change how a printer that is there is reached: a new key, a new address."""
        configuration = self.get_object(request, object_id)  # type: ignore[attr-defined]
        if not self.has_change_permission(request, configuration):  # type: ignore[attr-defined]
            raise PermissionDenied
        printer = configuration.printer
        provider = provider_class(printer.provider)
        form = confirmation.connection_form(request, space_or_404(request), provider, printer.credentials)
        if form.is_bound and form.is_valid():
            if browser_provider(provider.key) is not None:
                answer = self._sent_away(request, form, provider, configuration.pk)
                if answer is not None:
                    return answer
            elif (draft := try_connection(form, provider)) is not None:
                return self.reconnected(request, configuration, draft)
        return self._connect_page(
            request,
            _("Change the connection"),
            form,
            provider,
            webhook=webhook_address(request, printer.connection),
            configuration=configuration,
            original=configuration,
        )

    def _connect_page(
        self, request: HttpRequest, title: str, form: ConnectionForm, provider: type[Provider], **context: Any
    ) -> HttpResponse:
        """The connection's form; of a service with pages of its own it says where that has to send people back to."""
        back_to = callback_url(request) if browser_provider(provider.key) is not None else ""
        service = service_name(provider.key)
        shown = {"form": form, "service": service, "callback": back_to, **context}
        question = confirmation.question(request, space_or_404(request), provider, form)
        return self._page(request, "connect.html", title, **shown, **question)

    def _sent_away(
        self, request: HttpRequest, form: ConnectionForm, provider: type[Provider], configuration: int | None = None
    ) -> HttpResponse | None:
        """To the service's own pages; None, with the reason in the form, where there is no way there."""
        try:
            return self.begin_authorization(request, provider.key, form.credentials(), configuration)
        except ProviderError as error:
            form.refuse(error)
            return None

    def reconnected(
        self, request: HttpRequest, configuration: PrinterConfiguration, draft: drafts.Draft
    ) -> HttpResponse:
        """The same printer is there: done. Otherwise the person picks which of those that are there it is now."""
        change = reverse(CHANGE, args=[configuration.pk])
        same = draft.device(configuration.printer.remote_id)
        if same is None:
            token = drafts.keep(request, space_or_404(request), draft)
            messages.warning(
                request, _("The printer is not behind this connection. Choose the one that takes its place.")
            )
            query = urlencode(
                {"draft": token, **({"device": draft.printers[0].id} if len(draft.printers) == 1 else {})}
            )
            return HttpResponseRedirect(f"{change}?{query}")
        draft.connect(space_or_404(request), same)
        self.log_change(request, configuration, [{"changed": {"fields": ["connection"]}}])  # type: ignore[attr-defined]
        messages.success(request, _("The connection is saved and works."))
        return HttpResponseRedirect(change)


def _kept(request: HttpRequest) -> Any:
    return PrinterConfiguration.objects.in_space(space_or_404(request)).kept()


def chosen_device(request: HttpRequest) -> tuple[drafts.Draft, RemotePrinter | None] | None:
    """The draft the address names, and the printer picked from it; None without a draft that still exists."""
    draft = drafts.find(request, space_or_404(request), request.GET.get("draft"))
    return (draft, draft.device(request.GET.get("device"))) if draft is not None else None
