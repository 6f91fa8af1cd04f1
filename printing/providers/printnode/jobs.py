"""Jobs at PrintNode: what is sent, which one in a list is ours, what its states mean."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from printing.providers.base import (
    ColorMode,
    Document,
    PaperState,
    Progress,
    Sides,
    Target,
    gettext_noop,
)
from printing.providers.printnode.client import Page
from printing.providers.words import one_line

CLOCKS_DIFFER = timedelta(minutes=5)  # among the service's own machines; ours is not compared with them
MAX_TITLE = 200
# A job waits at PrintNode for the printer's computer; without a limit of ours it would for 14 days, and a computer that
# is switched on after the holidays would print old invoices.
EXPIRE_AFTER = timedelta(hours=24)
_DUPLEX = {Sides.ONE_SIDED: "one-sided", Sides.LONG_EDGE: "long-edge", Sides.SHORT_EDGE: "short-edge"}
_COLOR = {ColorMode.COLOR: True, ColorMode.MONOCHROME: False}

HANDED_OVER = gettext_noop(
    "Handed to the printer's queue on its computer. PrintNode does not see whether the paper came out."
)
FORGOTTEN = gettext_noop("PrintNode does not know the job any more.")
# The states of a job, as printnode.com's own clients know them. The first five are the stable ones; the client on the
# merchant's computer may report those of the second part, depending on its version and system.
_STATES: dict[str, tuple[PaperState, str, bool]] = {
    "new": (PaperState.QUEUED, gettext_noop("Waits at PrintNode for the printer's computer."), False),
    "sent_to_client": (PaperState.QUEUED, gettext_noop("Sent to the printer's computer."), False),
    "done": (PaperState.PRINTED, HANDED_OVER, True),
    "error": (PaperState.PROBLEM, gettext_noop("The printer's computer could not print it."), True),
    "expired": (
        PaperState.PROBLEM,
        gettext_noop("It waited too long for the printer's computer and will not be printed any more."),
        True,
    ),
    "deleted": (PaperState.PROBLEM, gettext_noop("It was deleted at PrintNode."), True),
    "pending_confirmation": (PaperState.QUEUED, "", False),
    "received": (PaperState.QUEUED, "", False),
    "downloading": (PaperState.QUEUED, "", False),
    "downloaded": (PaperState.QUEUED, "", False),
    "preparing_to_print": (PaperState.QUEUED, "", False),
    "queued_to_print": (PaperState.QUEUED, "", False),
    "queued": (PaperState.QUEUED, "", False),
    "in_progress": (PaperState.PRINTING, "", False),
    # Gone from the system's queue without a word, as a printed job is too on some systems: a final state may follow.
    "disappeared": (PaperState.UNKNOWN, gettext_noop("It disappeared from the printer's queue."), False),
}
WAITING = "new"  # the only state in which the merchant's computer surely has nothing of it yet
DELETED = "deleted"


def request_of(document: Document, target: Target, key: str) -> dict[str, object]:
    """The body of ``POST /printjobs``; an option that is not sent is the printer's own default."""
    expire_after = target.expires_after or EXPIRE_AFTER
    return {
        "printerId": int(target.printer_id),
        "title": one_line(document.title, MAX_TITLE),
        "contentType": "pdf_base64",
        "content": base64.b64encode(document.content).decode(),
        # Free text that comes back with the job: what find() knows it by.
        "source": key,
        "expireAfter": max(int(expire_after.total_seconds()), 1),
        "options": _options(target),
    }


def _options(target: Target) -> dict[str, object]:
    # Said either way: left out, some drivers scale, and a payment slip or a window address has to keep its size.
    options: dict[str, object] = {"fit_to_page": target.fit_to_page}
    if target.pages:
        options["pages"] = "{}-{}".format(*target.pages)
    if target.tray:
        options["bin"] = target.tray
    if target.paper:
        options["paper"] = target.paper.id
    if target.copies > 1:
        options["copies"] = target.copies
    if target.sides in _DUPLEX:
        options["duplex"] = _DUPLEX[target.sides]
    if target.color in _COLOR:
        options["color"] = _COLOR[target.color]
    return options


@dataclass(frozen=True, slots=True)
class Search:
    """What a printer's list of jobs says about a key.

    ``complete``: the list was read to its end. ``reached``: it was read to a job older than the one looked for.
    """

    job_id: int | None = None
    complete: bool = False
    reached: bool = False


def search(pages: Iterable[Page], key: str, elapsed: timedelta) -> Search:
    """Look for the job that was sent under ``key`` at most ``elapsed`` ago.

    Measured on the service's clock, whatever ours says. An old job ends the search only in a list that really comes
    newest first; in any other order younger ones may follow.
    """
    newest_first = True
    last_id: int | None = None
    for page in pages:
        if page.last:
            return Search(complete=True)
        for job in page.items:
            if job.get("source") == key:
                return Search(job["id"])
        ids = [job["id"] for job in page.items]
        known = ids if last_id is None else [last_id, *ids]
        newest_first = newest_first and all(one > other for one, other in pairwise(known))
        last_id = ids[-1]
        horizon = page.served_at - elapsed - CLOCKS_DIFFER
        if newest_first and any(_created_before(job, horizon) for job in page.items):
            return Search(reached=True)
    return Search()


def progress_of(state: object, message: object = "") -> Progress:
    """What a state says about the paper; one that is new to us is no end, and is passed on by its name."""
    name = one_line(state, 50)
    paper, words, final = _STATES.get(name, (PaperState.UNKNOWN, name, False))
    if paper is PaperState.PROBLEM:
        return Progress(paper, one_line(message) or words, final)
    return Progress(paper, words, final)


def last_message(histories: object, job_id: int) -> str:
    """The words that came with a job's last state, from ``GET /printjobs/{id}/states``; empty where there are none."""
    states = [state for history in _lists(histories) for state in history if _is_of(state, job_id)]
    return next((words for state in reversed(states) if (words := one_line(state.get("message")))), "")


def _lists(value: object) -> list[list[Any]]:
    return [inner for inner in value if isinstance(inner, list)] if isinstance(value, list) else []


def _is_of(state: object, job_id: int) -> bool:
    return isinstance(state, dict) and state.get("printJobId") == job_id


def _created_before(job: Mapping[str, Any], moment: datetime) -> bool:
    try:
        created = datetime.fromisoformat(job.get("createTimestamp", ""))
    except (TypeError, ValueError):
        return False
    return (created if created.tzinfo else created.replace(tzinfo=UTC)) < moment
