"""Printers as ezeep describes them, in our words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from printing.providers.base import PaperSize, RemotePrinter, Tray, gettext_noop
from printing.providers.words import one_line

_TENTHS = 10  # ezeep measures in tenths of a millimetre, we in hundredths
PULL_QUEUE = gettext_noop("A queue: documents wait in it until somebody fetches them at a printer.")


def remote_printers(listed: Iterable[object], properties: Iterable[object]) -> list[RemotePrinter]:
    """``GetPrinter``, each with its ``GetPrinterProperties``; without these nothing is known and nothing refused."""
    known = {one["Id"]: one for one in properties if isinstance(one, dict) and isinstance(one.get("Id"), str)}
    found = [
        _remote_printer(one, known.get(one["id"], {}))
        for one in listed
        if isinstance(one, dict) and isinstance(one.get("id"), str) and one["id"]
    ]
    return sorted(found, key=lambda printer: printer.name)


def is_queue(listed: Iterable[object], printer_id: str) -> bool:
    """Whether the printer of that id is a queue of ezeep's Hub, from which people fetch their documents."""
    return any(isinstance(one, dict) and one.get("id") == printer_id and one.get("is_queue") is True for one in listed)


def _remote_printer(printer: Mapping[str, Any], can: Mapping[str, Any]) -> RemotePrinter:
    name = one_line(printer.get("name")) or printer["id"]
    where = one_line(printer.get("location"))
    return RemotePrinter(
        id=printer["id"],
        name=f"{name} ({where})" if where else name,
        # ezeep does not say which printers are switched on.
        online=None,
        trays=_trays(can.get("Trays")),
        papers=_papers(can.get("PaperFormats")),
        duplex=_flag(can.get("DuplexSupported")),
        # Not "Color": by the driver's default a colour printer may print grey.
        color=_flag(can.get("ColorSupported")),
        detail=PULL_QUEUE if printer.get("is_queue") is True else "",
    )


def _trays(value: object) -> tuple[Tray, ...]:
    """The trays; ``[null]``, which some drivers report, and a list that is missing are none."""
    found: dict[str, Tray] = {}
    for one in value if isinstance(value, list) else ():
        if not isinstance(one, dict):
            continue
        name = one_line(one.get("Name"))
        tray_id = _number(one.get("Index")) or name
        if tray_id:
            found.setdefault(tray_id, Tray(tray_id, name or tray_id))
    return tuple(found.values())


def _papers(value: object) -> tuple[PaperSize, ...]:
    found: dict[str, PaperSize] = {}
    for one in value if isinstance(value, list) else ():
        if not isinstance(one, dict):
            continue
        name = one_line(one.get("Name"))
        paper_id = _number(one.get("Id")) or name
        if paper_id:
            width, height = _length(one.get("XRes")), _length(one.get("YRes"))
            found.setdefault(paper_id, PaperSize(paper_id, name or paper_id, width, height))
    return tuple(found.values())


def _number(value: object) -> str:
    """A number that ezeep knows a thing by, as text; empty for what is none."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else ""


def _length(value: object) -> int:
    return round(value * _TENTHS) if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 else 0


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None
