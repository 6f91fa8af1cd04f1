"""A page that shows which printer, tray and settings it came out of."""

from __future__ import annotations

import json
from pathlib import Path

import typst
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from printing.models import PrinterConfiguration

A4 = (21_000, 29_700)  # hundredths of a millimetre


def render(configuration: PrinterConfiguration) -> bytes:
    """The test page of a printer configuration, on its paper, in the reader's language, as a PDF."""
    paper = configuration.paper_size()
    width, height = (paper.width, paper.height) if paper and paper.width and paper.height else A4
    trays = {tray.id: tray.name for tray in configuration.printer.remote.trays}
    as_set = _("As the printer is set")
    facts = [
        (_("Space"), configuration.space.name),
        (_("Printer"), configuration.name),
        (_("Tray"), trays.get(configuration.tray, configuration.tray) or as_set),
        (_("Paper"), paper.name if paper else as_set),
        (_("Sides"), str(configuration.get_sides_display()) or as_set),
        (_("Color"), str(configuration.get_color_display()) or as_set),
        (_("Copies"), str(configuration.copies)),
        (_("Sent"), date_format(timezone.localtime(), "DATETIME_FORMAT")),
    ]
    data = {
        "width": width / 100,
        "height": height / 100,
        "language": (get_language() or "en")[:2],
        "title": _("Test page"),
        "text": _(
            "If you can read this, documents reach this printer. The frame stands 10 mm inside the paper's edges."
        ),
        "facts": facts,
    }
    templates = Path(settings.BASE_DIR) / "templates"
    compiled: bytes = typst.compile(
        str(templates / "printing" / "test_page.typ"),
        root=str(templates),
        font_paths=[str(templates / "documents" / "fonts")],
        ignore_system_fonts=True,
        sys_inputs={"page": json.dumps(data)},
    )
    return compiled
