"""The columns of the list of printers."""

from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from printing import display
from printing.models import PrinterConfiguration
from printing.states import ConfigurationState


class PrinterColumns:
    """A part of the printers' admin."""

    @admin.display(description=gettext_lazy("Default"))
    def default_tag(self, obj: PrinterConfiguration) -> SafeString | str:
        return display.tag(_("Default"), "wait") if obj.is_default else ""

    @admin.display(description=gettext_lazy("print service"))
    def service(self, obj: PrinterConfiguration) -> str:
        return display.service_name(obj.printer.provider)

    @admin.display(description=gettext_lazy("printer"))
    def device(self, obj: PrinterConfiguration) -> str:
        return obj.printer.name

    @admin.display(description=gettext_lazy("tray"))
    def tray_name(self, obj: PrinterConfiguration) -> str:
        trays = {tray.id: tray.name for tray in obj.printer.remote.trays}
        return trays.get(obj.tray, obj.tray) or "–"

    @admin.display(description=gettext_lazy("state"))
    def lane(self, obj: PrinterConfiguration) -> SafeString:
        if obj.state != ConfigurationState.ACTIVE:
            return display.tag(obj.get_state_display(), "warn")
        if obj.printer.connection.reconnect_needed_at:
            return display.tag(_("Connect again"), "bad")
        return display.tag(*display.lane_word(obj.printer))

    @admin.display(description=gettext_lazy("reported"))
    def reported(self, obj: PrinterConfiguration) -> SafeString:
        return format_html(
            '{}<br><span class="pr-subtle pr-small">{}</span>',
            display.online_tag(obj.printer),
            format_html_join(SafeString("<br>"), "{}", ((one,) for one in display.last_words(obj.printer))),
        )
