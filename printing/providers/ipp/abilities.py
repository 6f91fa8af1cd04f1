"""What a printer can do with a job as such, as far as sending one depends on it (RFC 8011 section 5.4).

Asked once and remembered for a while by each process: it changes with the firmware, and asking before every document
would double the time that a document takes on a long line.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from printing.providers.ipp.attributes import keyword
from printing.providers.ipp.client import IppClient, Operation
from printing.providers.ipp.status import UNANSWERED
from printing.providers.ipp.values import AttributeGroup, Group, RangeOfInteger

KEPT = 600.0  # seconds
MAX_KEPT = 5_000  # printers
_WANTED = (
    "operations-supported",
    "page-ranges-supported",
    "media-supported",
    "job-cancel-after-supported",
    "print-scaling-supported",
)


@dataclass(frozen=True, slots=True)
class Abilities:
    """``two_steps``: Create-Job and Send-Document. ``cancel_after``: the seconds that job-cancel-after may have.

    ``scalings``: the keywords of print-scaling.
    """

    two_steps: bool = False
    pages: bool = False
    cancel_after: RangeOfInteger | None = None
    scalings: tuple[str, ...] = ()


_known: dict[str, tuple[float, Abilities]] = {}


def of(client: IppClient) -> Abilities:
    """What the printer says of itself, now or some minutes ago; nothing where it does not answer such questions.

    Raises Transient, ConfigurationProblem.
    """
    now = time.monotonic()
    until, abilities = _known.get(client.uri, (0.0, Abilities()))
    if now < until:
        return abilities
    answer = client.ask(
        Operation.GET_PRINTER_ATTRIBUTES, keyword("requested-attributes", *_WANTED), tolerated=UNANSWERED
    )
    abilities = Abilities() if answer.code in UNANSWERED else _read(answer.group(Group.PRINTER))
    if len(_known) >= MAX_KEPT:
        _known.clear()
    _known[client.uri] = now + KEPT, abilities
    return abilities


def forget(uri: str | None = None) -> None:
    """Ask this printer anew, or all of them, before the next document."""
    if uri is None:
        _known.clear()
    else:
        _known.pop(uri, None)


def _read(printer: AttributeGroup) -> Abilities:
    operations = printer.all("operations-supported")
    cancel_after = printer.first("job-cancel-after-supported")
    return Abilities(
        two_steps=Operation.CREATE_JOB in operations and Operation.SEND_DOCUMENT in operations,
        # A raw queue of CUPS says yes and prints every page: it passes on what it gets. It knows no paper either.
        pages=printer.first("page-ranges-supported") is True and bool(printer.all("media-supported")),
        cancel_after=cancel_after if isinstance(cancel_after, RangeOfInteger) else None,
        scalings=tuple(word for word in printer.all("print-scaling-supported") if isinstance(word, str)),
    )
