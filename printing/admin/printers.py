"""Connect > Printers: one form for a printer and how to print on it."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from printing import display
from printing.admin import drafts
from printing.admin.connect_views import ConnectViews, chosen_device, provider_class, webhook_address
from printing.admin.options import ConfigurationForm
from printing.admin.printer_actions import PrinterActions
from printing.admin.printer_columns import PrinterColumns
from printing.admin.steps import space_or_404
from printing.models import Printer, PrinterConfiguration
from printing.providers.base import RemotePrinter
from printing.sentences import translated
from printing.services import save_configuration
from printing.services.printers import delete_configuration
from printing.states import JobState
from spaces.admin_base import SpaceScopedAdmin
from spaces.models import FeatureName

LIST = "admin:printing_printerconfiguration_changelist"


@admin.register(PrinterConfiguration)
class PrinterConfigurationAdmin(PrinterColumns, ConnectViews, PrinterActions, SpaceScopedAdmin):
    """The steps before the form are in ConnectViews, the buttons on its page in PrinterActions."""

    feature = FeatureName.PRINTING
    form = ConfigurationForm
    change_form_template = "admin/printing/printerconfiguration/form.html"
    delete_confirmation_template = "admin/printing/printerconfiguration/delete.html"
    list_display = ["name", "service", "device", "tray_name", "default_tag", "lane", "reported"]
    list_display_links = ["name"]
    list_select_related = ["printer__connection"]
    actions = None
    list_per_page = 50
    sortable_by: ClassVar[list[str]] = []
    ordering = ["name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PrinterConfiguration]:
        own: Any = super().get_queryset(request)
        return own.kept().select_related("printer__connection").defer("printer__connection__credentials")  # type: ignore[no-any-return]

    def get_urls(self) -> list[URLPattern]:
        views = {
            "connection": self.connection_view,
            "connect-again": self.connect_again_view,
            "test-connection": self.test_connection_view,
            "test-page": self.test_page_view,
            "resume": self.resume_view,
        }
        own = [
            path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(view),
                name=f"printing_printerconfiguration_{name.replace('-', '_')}",
            )
            for name, view in views.items()
        ]
        back = path(
            "authorized/",
            self.admin_site.admin_view(self.authorized_view),
            name="printing_printerconfiguration_authorized",
        )
        return [back, *own, *super().get_urls()]

    def get_fieldsets(self, request: HttpRequest, obj: PrinterConfiguration | None = None) -> list[Any]:
        # The form's own switch has no value where there is no form.
        default = "default" if self.has_change_permission(request, obj) else "is_default"
        return [
            (None, {"fields": ["name", default, *(["state"] if obj else [])]}),
            (_("Paper"), {"fields": ["tray", "paper", "sides", "color", "copies", "fit_to_page"]}),
            (
                _("When something goes wrong"),
                {"fields": ["unknown_rule", "max_age_hours", ("substitute", "substitute_after_minutes")]},
            ),
        ]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        if "printer" in request.GET:
            return super().add_view(request, form_url, extra_context)  # type: ignore[no-any-return]
        if "draft" in request.GET:
            found = chosen_device(request)
            if found is None:
                messages.warning(request, _("That took too long, or was saved already. Please connect again."))
                return HttpResponseRedirect(reverse("admin:printing_printerconfiguration_add"))
            if found[1] is None:
                return self.choose_device(request, found[0], request.GET["draft"])
            return super().add_view(request, form_url, extra_context)  # type: ignore[no-any-return]
        if "provider" in request.GET:
            return self.connect(request, provider_class(request.GET["provider"]))
        return self.choose_service(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        configuration = self.get_object(request, object_id)
        found = chosen_device(request) if "draft" in request.GET else None
        if found is not None and found[1] is None:
            return self.choose_device(request, found[0], request.GET["draft"])
        may_change = self.has_change_permission(request, configuration)
        context = {
            "show_save_and_add_another": False,
            "lane": display.lane_note(configuration.printer),
            "online": display.online_tag(configuration.printer),
            "last_words": display.last_words(configuration.printer),
            "reported": translated(configuration.printer.reported_detail),
            "unanswered": configuration.printer.connection.check_sentence,
            "service": display.service_name(configuration.printer.provider),
            "configuration": configuration,
            "remote": configuration.printer.remote,
            "reconnect": configuration.printer.connection.reconnect_needed_at is not None,
            "may_change": may_change,
            "webhook": webhook_address(request, configuration.printer.connection) if may_change else "",
            "token": uuid.uuid4(),
        }
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})  # type: ignore[no-any-return]

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)  # type: ignore[no-any-return]
        except IntegrityError:
            # Checked in the form, and taken by somebody else before it was saved.
            messages.error(request, _("Another printer of this Space has just got this name. Choose another one."))
            return HttpResponseRedirect(request.get_full_path())

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form for the device that is being connected, or for the one that is there."""
        form = super().get_form(request, obj, change, **kwargs)
        device = self._new_device(request)
        if device is None and obj is None:
            device = self._known_printer(request).remote
        return type(form.__name__, (form,), {"device": device, "space": space_or_404(request)})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, str]:
        device = self._new_device(request)
        return {"name": device.name[:200] if device else self._known_printer(request).name}

    def _new_device(self, request: HttpRequest) -> RemotePrinter | None:
        found = chosen_device(request) if "draft" in request.GET else None
        return found[1] if found else None

    def _known_printer(self, request: HttpRequest) -> Printer:
        """The connected printer that gets another configuration, by the address."""
        wanted = request.GET.get("printer", "")
        printer = Printer.objects.in_space(space_or_404(request)).filter(pk=wanted if wanted.isdecimal() else 0).first()
        if printer is None:
            raise Http404
        return printer  # type: ignore[no-any-return]

    def save_model(self, request: HttpRequest, obj: PrinterConfiguration, form: Any, change: bool) -> None:
        space = space_or_404(request)
        found = chosen_device(request) if "draft" in request.GET else None
        if found is not None and found[1] is not None:
            obj.printer = found[0].connect(space, found[1])
            drafts.discard(request, space, request.GET["draft"])
        elif not change:
            obj.printer = self._known_printer(request)
        obj.space = space
        before = PrinterConfiguration.objects.in_space(space).filter(is_default=True).first()
        save_configuration(obj, default=form.cleaned_data["default"])
        _tell_about_default(request, obj, before, asked=form.cleaned_data["default"])

    def response_add(
        self, request: HttpRequest, obj: PrinterConfiguration, post_url_continue: Any = None
    ) -> HttpResponse:
        messages.success(
            request, _("“%(printer)s” is connected. Print a test page to see it work.") % {"printer": obj.name}
        )
        return HttpResponseRedirect(reverse("admin:printing_printerconfiguration_change", args=[obj.pk]))

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Nothing else goes with it: its jobs stay until their own time."""
        return [str(obj) for obj in objs], {}, set(), []

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        configuration = self.get_object(request, object_id)
        waiting = configuration.jobs.filter(state=JobState.PENDING)[:1000].count()
        return super().delete_view(request, object_id, {"configuration": configuration, "waiting": waiting})  # type: ignore[no-any-return]

    def delete_model(self, request: HttpRequest, obj: PrinterConfiguration) -> None:
        was_default = obj.is_default
        delete_configuration(obj)
        if was_default:
            messages.warning(
                request, _("It was the default printer. Documents for which no printer is named fail until one is.")
            )


def _tell_about_default(
    request: HttpRequest, obj: PrinterConfiguration, before: PrinterConfiguration | None, *, asked: bool
) -> None:
    if before is not None and before.pk == obj.pk and not obj.is_default:
        messages.warning(
            request, _("No printer is the default now. Documents for which no printer is named fail until one is.")
        )
    elif obj.is_default and before is not None and before.pk != obj.pk:
        messages.info(request, _("It replaces “%(printer)s” as the default printer.") % {"printer": before.name})
    elif obj.is_default and not asked:
        messages.info(request, _("It is the first printer, so it is the default now."))
