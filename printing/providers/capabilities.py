"""What a printer can do: checked before a document is sent, and stored as JSON between two looks at the printer.

Checked here because printers do not: many accept a tray they do not have and print from another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from printing.providers.base import ColorMode, PaperSize, RemotePrinter, Sides, Target, Tray
from printing.providers.errors import Permanent, Reason

PAPER_TOLERANCE = 100  # hundredths of a millimetre; printers round inches and metric sizes differently


class TrayJson(TypedDict):
    """A tray as stored."""

    id: str
    name: str


class PaperJson(TypedDict):
    """A paper as stored; hundredths of a millimetre."""

    id: str
    name: str
    width: int
    height: int


class RemotePrinterJson(TypedDict):
    """A printer as stored."""

    id: str
    name: str
    online: bool | None
    trays: list[TrayJson]
    papers: list[PaperJson]
    duplex: bool | None
    color: bool | None
    max_copies: int | None
    detail: str


def check(target: Target, remote_printer: RemotePrinter) -> None:
    """Refuse options that the printer does not report. What it does not report at all is never refused.

    Raises Permanent TRAY_UNKNOWN, PAPER_UNKNOWN, DUPLEX_UNSUPPORTED, COLOR_UNSUPPORTED or TOO_MANY_COPIES, with
    ``field`` naming the option as :class:`Target` does.
    """
    trays = remote_printer.trays
    if target.tray and trays and target.tray not in {tray.id for tray in trays}:
        names = ", ".join(tray.name for tray in trays)
        raise Permanent(Reason.TRAY_UNKNOWN, {"tray": target.tray, "trays": names}, field="tray")
    papers = remote_printer.papers
    if target.paper and papers and not any(same_paper(target.paper, paper) for paper in papers):
        names = ", ".join(paper.name for paper in papers)
        raise Permanent(Reason.PAPER_UNKNOWN, {"paper": target.paper.name, "papers": names}, field="paper")
    two_sided = target.sides in (Sides.LONG_EDGE, Sides.SHORT_EDGE)
    if two_sided and remote_printer.duplex is False:
        raise Permanent(Reason.DUPLEX_UNSUPPORTED, field="sides")
    if target.color is ColorMode.COLOR and remote_printer.color is False:
        raise Permanent(Reason.COLOR_UNSUPPORTED, field="color")
    limit = remote_printer.max_copies
    if limit is not None and target.copies > limit:
        raise Permanent(Reason.TOO_MANY_COPIES, {"copies": target.copies, "limit": limit}, field="copies")


def same_paper(one: PaperSize, other: PaperSize) -> bool:
    """Whether two papers are one: by id, or by size where both are measured."""
    if one.id == other.id:
        return True
    if not (one.width and one.height and other.width and other.height):
        return False
    return abs(one.width - other.width) <= PAPER_TOLERANCE and abs(one.height - other.height) <= PAPER_TOLERANCE


def to_json(printer: RemotePrinter) -> RemotePrinterJson:
    """The printer as plain JSON values."""
    return {
        "id": printer.id,
        "name": printer.name,
        "online": printer.online,
        "trays": [{"id": tray.id, "name": tray.name} for tray in printer.trays],
        "papers": [
            {"id": paper.id, "name": paper.name, "width": paper.width, "height": paper.height}
            for paper in printer.papers
        ],
        "duplex": printer.duplex,
        "color": printer.color,
        "max_copies": printer.max_copies,
        "detail": printer.detail,
    }


def from_json(data: Mapping[str, object]) -> RemotePrinter:
    """Read what :func:`to_json` wrote; what is missing or of another type counts as not reported.

    Lenient on purpose: the rows were written by other versions of this program, and a capability that cannot be read
    must not stop a printer from printing.
    """
    max_copies = data.get("max_copies")
    return RemotePrinter(
        id=_text(data, "id"),
        name=_text(data, "name"),
        online=_flag(data, "online"),
        trays=tuple(Tray(_text(tray, "id"), _text(tray, "name")) for tray in _list(data, "trays")),
        papers=tuple(
            PaperSize(_text(paper, "id"), _text(paper, "name"), _number(paper, "width"), _number(paper, "height"))
            for paper in _list(data, "papers")
        ),
        duplex=_flag(data, "duplex"),
        color=_flag(data, "color"),
        max_copies=max_copies if isinstance(max_copies, int) and not isinstance(max_copies, bool) else None,
        detail=_text(data, "detail"),
    )


def _text(data: Mapping[str, object], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""


def _flag(data: Mapping[str, object], name: str) -> bool | None:
    value = data.get(name)
    return value if isinstance(value, bool) else None


def _number(data: Mapping[str, object], name: str) -> int:
    value = data.get(name)
    return value if isinstance(value, int) else 0


def _list(data: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    value = data.get(name)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
