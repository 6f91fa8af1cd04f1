"""What a printer says of itself, Get-Printer-Attributes (RFC 8011 section 4.2.5), as a :class:`RemotePrinter`."""

from __future__ import annotations

from urllib.parse import urlsplit

from printing.providers.base import RemotePrinter, gettext_noop
from printing.providers.ipp import papers
from printing.providers.ipp.values import AttributeGroup, RangeOfInteger

WANTED = (
    "printer-name",
    "printer-info",
    "printer-make-and-model",
    "printer-uri-supported",
    "printer-state",
    "printer-state-message",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "media-source-supported",
    "media-col-ready",
    "media-supported",
    "media-size-supported",
    "sides-supported",
    "print-color-mode-supported",
    "color-supported",
    "copies-supported",
    "document-format-supported",
)
STOPPED = 5  # printer-state, RFC 8011 section 5.4.11
_ABSENT = frozenset({"offline", "offline-report", "shutdown", "connecting-to-device"})
# What holds up a job that is being printed until somebody comes (RFC 8011 section 5.4.12, PWG 5100.9).
_TROUBLES = {
    "media-empty": gettext_noop("out of paper"),
    "media-needed": gettext_noop("out of paper"),
    "media-jam": gettext_noop("paper jam"),
    "cover-open": gettext_noop("a cover is open"),
    "door-open": gettext_noop("a cover is open"),
    "interlock-open": gettext_noop("a cover is open"),
    "toner-empty": gettext_noop("no toner left"),
    "marker-supply-empty": gettext_noop("no ink left"),
    "input-tray-missing": gettext_noop("a tray is missing"),
    "output-area-full": gettext_noop("the output tray is full"),
    "paused": gettext_noop("paused at the printer"),
}
_HARMLESS_REASONS = frozenset({"none", "cups-waiting-for-job-completed"})


def remote_printer(group: AttributeGroup, printer_id: str) -> RemotePrinter:
    """Read the attributes; what is absent stays unreported, so that nothing is refused for it."""
    return RemotePrinter(
        id=printer_id,
        name=display_name(group) or printer_id,
        online=_online(group),
        trays=papers.trays(group),
        papers=papers.papers(group),
        duplex=_duplex(group),
        color=_color(group),
        max_copies=_max_copies(group),
        detail=_detail(group),
    )


def display_name(group: AttributeGroup) -> str:
    """What its administrator called it, else its queue, else its model."""
    return group.text("printer-info") or group.text("printer-name") or group.text("printer-make-and-model")


def troubles(group: AttributeGroup) -> tuple[str, bool]:
    """What is wrong with a printer that prints, in words, and whether that stops it.

    Only a reason with the suffix ``-error``, or none, does; with ``-warning`` it may be about a tray that is not used.
    """
    levels = [reason.partition("-warning") for reason in _reasons(group) if not reason.endswith("-report")]
    found = [
        (_TROUBLES[name], not warning)
        for reason, warning, _ in levels
        if (name := reason.removesuffix("-error")) in _TROUBLES
    ]
    stopping = [words for words, stops in found if stops]
    return "; ".join(dict.fromkeys(stopping or [words for words, _ in found])), bool(stopping)


def queue_path(group: AttributeGroup) -> str:
    """The path of a queue on a CUPS server, or nothing when it names none.

    Its host is left out: the server's own name may mean nothing here, and the password must not go to another.
    """
    try:
        path = urlsplit(group.text("printer-uri-supported")).path
    except ValueError:
        return ""
    return path if path.startswith("/") else ""


def _online(group: AttributeGroup) -> bool | None:
    """CUPS takes jobs for a stopped printer, and they wait: for who wants paper now that is offline."""
    state, accepting = group.number("printer-state"), group.first("printer-is-accepting-jobs")
    if state is None and accepting is None:
        return None
    absent = _ABSENT.intersection(_reasons(group))
    return state != STOPPED and accepting is not False and not absent


def _duplex(group: AttributeGroup) -> bool | None:
    sides = group.all("sides-supported")
    return any(isinstance(side, str) and side.startswith("two-sided") for side in sides) if sides else None


def _color(group: AttributeGroup) -> bool | None:
    modes = group.all("print-color-mode-supported")
    if modes:
        return "color" in modes
    supported = group.first("color-supported")
    return supported if isinstance(supported, bool) else None


def _max_copies(group: AttributeGroup) -> int | None:
    copies = group.first("copies-supported")
    if isinstance(copies, RangeOfInteger):
        return copies.upper
    return copies if isinstance(copies, int) and not isinstance(copies, bool) else None


def _reasons(group: AttributeGroup) -> list[str]:
    return [reason for reason in group.all("printer-state-reasons") if isinstance(reason, str)]


def _detail(group: AttributeGroup) -> str:
    """Its state in words: reasons such as ``media-empty``, then its own message."""
    words = [reason for reason in _reasons(group) if reason not in _HARMLESS_REASONS]
    if group.first("printer-is-accepting-jobs") is False:
        words.append("not accepting jobs")
    message = " ".join(group.text("printer-state-message").split())
    return "; ".join([", ".join(words), message] if words and message else words or [message] * bool(message))[:200]
