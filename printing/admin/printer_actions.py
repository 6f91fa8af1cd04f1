"""What can be done with a printer besides changing it: each a POST with the permission to change it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from printing import kinds, test_page
from printing.models import PrinterConfiguration
from printing.providers.errors import ProviderError
from printing.sentences import sentence_of
from printing.services import enqueue, refresh_printer, resume, store_document


def once_key(request: HttpRequest, what: str) -> str:
    """The event key of a button: its page carries a token, so a second click on it is the same event."""
    try:
        token = uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        token = uuid.uuid4()
    return f"{what}:{token}"


class PrinterActions:
    """The buttons of a printer's page; a part of the printers' admin."""

    def _posted(self, request: HttpRequest, object_id: str) -> PrinterConfiguration | HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        admin: Any = self
        configuration: PrinterConfiguration = admin.get_object(request, object_id)
        if not admin.has_change_permission(request, configuration):
            raise PermissionDenied
        return configuration

    def test_connection_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask the print service for the printer, and remember what it says."""
        configuration = self._posted(request, object_id)
        if isinstance(configuration, HttpResponse):
            return configuration
        try:
            remote = refresh_printer(configuration.printer)
        except ProviderError as error:
            messages.error(request, sentence_of(error))
            return _back(configuration)
        if remote.online is False:
            messages.warning(request, _("The print service answers, but the printer is offline. Switch it on."))
        else:
            messages.success(request, _("The connection works."))
        if configuration.printer.paused_at:
            messages.info(request, _("The printer is still paused. Press “Resume” to let its jobs go on."))
        return _back(configuration)

    def test_page_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Print a page that says where it came from."""
        configuration = self._posted(request, object_id)
        if isinstance(configuration, HttpResponse):
            return configuration
        job = enqueue(
            space=configuration.space,
            document_kind=kinds.FILE.key,
            title=_("Test page: %(printer)s") % {"printer": configuration.name},
            configuration=configuration,
            document=store_document(configuration.space, test_page.render(configuration)),
            created_by=request.user,  # type: ignore[arg-type]
            event_key=once_key(request, "test-page"),
        )
        if job is not None:
            link = reverse("admin:printing_printjob_change", args=[job.pk])
            text = _("The test page is on its way.")
            messages.success(
                request, format_html('{} <a class="pr-link" href="{}">{}</a>', text, link, _("See its job"))
            )
        return _back(configuration)

    def resume_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Let a paused printer go on."""
        configuration = self._posted(request, object_id)
        if isinstance(configuration, HttpResponse):
            return configuration
        resume(configuration.printer)
        messages.success(request, _("The printer goes on. Jobs that wait for it are sent now."))
        return _back(configuration)


def _back(configuration: PrinterConfiguration) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:printing_printerconfiguration_change", args=[configuration.pk]))
