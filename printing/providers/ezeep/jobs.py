"""Jobs at ezeep: what is sent, how our key travels, what its states mean."""

from __future__ import annotations

import re

from printing.providers.base import ColorMode, Document, PaperState, Progress, Sides, Target, gettext_noop
from printing.providers.words import one_line

MAX_TITLE = 150
# Values follow Windows' DEVMODE: dmDuplex 1 simplex, 2 vertical (bound at the long edge), 3 horizontal.
_DUPLEX = {Sides.ONE_SIDED: (False, 1), Sides.LONG_EDGE: (True, 2), Sides.SHORT_EDGE: (True, 3)}
_COLOR = {ColorMode.COLOR: True, ColorMode.MONOCHROME: False}
# As jobs have them: other people's documents end in brackets too.
_KEY = re.compile(r"\[([0-9a-f]{32}(?:-[0-9]{1,6})?)\](?:\.pdf)?\s*$")

FORGOTTEN = gettext_noop("ezeep does not know the job any more.")
IN_QUEUE = gettext_noop("Handed to the queue. It comes out when somebody fetches it at a printer; ezeep does not say.")
_PRINTED = gettext_noop("ezeep has handed it to the printer. It does not see whether the paper came out.")
_FAILED = gettext_noop("ezeep could not print it. Reschedule it if it is still to be printed.")
_HUB_FAILED = gettext_noop("The ezeep Hub could not print it. Look at the Hub and at the printer.")
# GET /sfapi/Status/: numbers of Windows, as ezeep documents them; the last four are the Hub driver's, as its own
# client takes them.
UNKNOWN_JOB = 2
_STATES: dict[int, tuple[PaperState, str, bool]] = {
    1246: (PaperState.QUEUED, "", False),  # nothing known yet: keep asking
    129: (PaperState.PRINTING, "", False),
    0: (PaperState.PRINTED, _PRINTED, True),
    3011: (PaperState.PROBLEM, _FAILED, True),
    UNKNOWN_JOB: (PaperState.UNKNOWN, FORGOTTEN, True),
    412: (PaperState.PROBLEM, _HUB_FAILED, True),
    500: (PaperState.PROBLEM, _HUB_FAILED, True),
    503: (PaperState.PROBLEM, _HUB_FAILED, True),
    1048579: (PaperState.PROBLEM, _HUB_FAILED, True),
}
# A queue may take a document without naming a job (see EzeepProvider.submit): there is nothing to ask about then.
QUEUED_ID = "queue:"


def request_of(document: Document, target: Target, key: str, file_id: str) -> dict[str, object]:
    """The body of ``POST /sfapi/Print/``; what is not sent is the printer's own default. No empty strings: ezeep's own
    client strips them."""
    return {
        "fileid": file_id,
        "type": "pdf",
        "printerid": target.printer_id,
        "alias": alias_of(document.title, key),
        # By default ezeep keeps what it printed.
        "printanddelete": True,
        "properties": _properties(target),
    }


def alias_of(title: str, key: str) -> str:
    """The document's name at ezeep and in the printer's queue: the only thing of ours that ezeep's reports carry."""
    return f"{one_line(title, MAX_TITLE)} [{key}]".strip()


def key_of(alias: object) -> str:
    """The key in a document's name; empty for a name that is not ours."""
    found = _KEY.search(alias) if isinstance(alias, str) else None
    return found[1] if found else ""


def _properties(target: Target) -> dict[str, object]:
    properties: dict[str, object] = {"copies": target.copies}
    if target.tray:
        properties.update({"defaultSource": int(target.tray)} if _is_number(target.tray) else {"trayname": target.tray})
    if target.paper:
        properties["paper"] = target.paper.name or target.paper.id
        if _is_number(target.paper.id):
            properties["paperid"] = int(target.paper.id)
    if target.sides in _DUPLEX:
        properties["duplex"], properties["duplexmode"] = _DUPLEX[target.sides]
    if target.color in _COLOR:
        properties["color"] = _COLOR[target.color]
    if target.pages:
        # Written so by ezeep's documentation; other programs have been seen with a small p, and nothing tells which of
        # the two a server would not know.
        properties["PageRanges"] = "{}-{}".format(*target.pages)
    return properties


def progress_of(status: object, words: object = "") -> Progress:
    """What the number of a state says about the paper; one that is not known is a failure, as ezeep's client has it."""
    if not isinstance(status, int) or isinstance(status, bool):
        return Progress(PaperState.UNKNOWN)
    if status in _STATES:
        return Progress(*_STATES[status])
    said = one_line(words, 100).strip("| ")
    return Progress(PaperState.PROBLEM, f"{said} ({status})".strip(), final=True)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
