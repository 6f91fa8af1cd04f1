"""Printers as PrintNode describes them, in our words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from printing.providers.base import PaperSize, RemotePrinter, Tray, gettext_noop
from printing.providers.words import one_line

GONE = "deleted"
_TENTHS = 10  # PrintNode measures in tenths of a millimetre, we in hundredths
_COMPUTER_OFF = gettext_noop("The printer's computer is not connected to PrintNode.")
_DETAILS = {
    "offline": gettext_noop("The printer is switched off, or its computer does not reach it."),
    "disappeared": gettext_noop("The printer's computer does not know the printer any more."),
}


def remote_printer(printer: Mapping[str, Any]) -> RemotePrinter:
    """One entry of ``GET /printers``. Without capabilities, which come late, nothing is known and nothing refused."""
    computer = _mapping(printer.get("computer"))
    capabilities = _mapping(printer.get("capabilities"))
    online, detail = _state(printer.get("state"), computer.get("state"))
    copies = capabilities.get("copies")
    return RemotePrinter(
        id=str(printer["id"]),
        name=_name(printer, computer),
        online=online,
        trays=_trays(capabilities),
        papers=_papers(capabilities),
        duplex=_flag(capabilities, "duplex"),
        color=_flag(capabilities, "color"),
        max_copies=copies if isinstance(copies, int) and not isinstance(copies, bool) and copies > 0 else None,
        detail=detail,
    )


def _name(printer: Mapping[str, Any], computer: Mapping[str, Any]) -> str:
    """The printer's name with its computer's: the same model stands at many a till."""
    name = one_line(printer.get("name")) or str(printer["id"])
    where = one_line(computer.get("name"))
    return f"{name} ({where})" if where else name


def _state(printer: object, computer: object) -> tuple[bool | None, str]:
    if computer == "disconnected":
        # The printer's own state is then the last one that anybody saw.
        return False, _COMPUTER_OFF
    if printer == "online":
        return True, ""
    if isinstance(printer, str) and printer in _DETAILS:
        return False, _DETAILS[printer]
    return None, one_line(printer, 50)


def _trays(capabilities: Mapping[str, Any]) -> tuple[Tray, ...]:
    """``bins``: the names by which the driver calls its trays, in the language of that computer."""
    bins = capabilities.get("bins")
    names = [name for name in bins if _storable(name)] if isinstance(bins, list) else []
    return tuple(Tray(name, name) for name in dict.fromkeys(names))


def _papers(capabilities: Mapping[str, Any]) -> tuple[PaperSize, ...]:
    """``papers``: sizes by name, ``[null, null]`` where the driver does not tell one."""
    return tuple(
        PaperSize(name, name, *_size(size))
        for name, size in _mapping(capabilities.get("papers")).items()
        if _storable(name)
    )


def _size(size: object) -> tuple[int, int]:
    if not isinstance(size, list) or len(size) != 2:
        return 0, 0
    width, height = size
    if not all(isinstance(side, int | float) and 0 < side < 100_000 for side in size):
        return 0, 0
    return round(width * _TENTHS), round(height * _TENTHS)


def _storable(name: object) -> bool:
    """Whether a name can go back to PrintNode as it came: what a database would not keep is no use as a choice."""
    return isinstance(name, str) and bool(name.strip()) and name.isprintable() and len(name) <= 200


def _flag(capabilities: Mapping[str, Any], name: str) -> bool | None:
    value = capabilities.get(name)
    return value if isinstance(value, bool) else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
