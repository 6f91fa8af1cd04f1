"""What has to come of every fault at every print service. The run is held against this table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from config.documentation.faults import Fault
from printing.providers.errors import Reason


@dataclass(frozen=True)
class Expected:
    """How a cell ends. ``documents`` and ``attempts`` are the fewest and the most.

    ``end``: ``successful``, ``failed``, or ``held`` (waiting, its printer paused until somebody acts). ``reason`` is
    the code of the sentence the merchant reads at the attempt that went wrong, if one did. ``why`` says what is not
    obvious.
    """

    end: str
    reason: Reason | None
    attempts: tuple[int, int]
    documents: tuple[int, int] = (1, 1)
    duplicate: bool = False
    why: str = ""


@dataclass(frozen=True)
class NotApplicable:
    """A cell that makes no sense; ``code`` is one of ``config.documentation.faults.NOT_APPLICABLE``."""

    code: str


Cell: TypeAlias = Expected | NotApplicable

NO_NETWORK = NotApplicable("no network")

# What holds for every service that is asked over HTTP and can say what it has taken.
OVER_HTTP: dict[Fault, Cell] = {
    Fault.REFUSED: Expected("successful", Reason.UNREACHABLE, (2, 12), why="tries go on until it listens again"),
    Fault.LOST_BEFORE: Expected(
        "successful", Reason.NO_ANSWER, (2, 2), why="asked first: it is not there, so once more"
    ),
    Fault.LOST_AFTER: Expected("successful", Reason.NO_ANSWER, (1, 1), why="asked first: it is there"),
    Fault.REPLY_LOST: Expected("successful", Reason.CONNECTION_LOST, (1, 1), why="asked first: it is there"),
    Fault.STATUS_401: Expected(
        "held", Reason.AUTHENTICATION_FAILED, (1, 1), (0, 0), why="trying again needs a new key"
    ),
    Fault.STATUS_413: Expected("failed", Reason.DOCUMENT_TOO_LARGE, (1, 1), (0, 0)),
    Fault.STATUS_429: Expected("successful", Reason.RATE_LIMITED, (2, 2), why="429 says that nothing was taken"),
    Fault.STATUS_500: Expected(
        "successful", Reason.SERVICE_ERROR, (1, 2), why="taken or not, as chance will: asked first"
    ),
    Fault.GARBAGE: Expected(
        "successful", Reason.ANSWER_NOT_UNDERSTOOD, (1, 1), why="a page proves nothing: asked first"
    ),
    Fault.TRUNCATED: Expected("successful", Reason.CONNECTION_LOST, (1, 1), why="asked first: it is there"),
    Fault.KILLED_WORKER: Expected("successful", Reason.WORKER_DIED, (1, 3), why="the next worker asks before it sends"),
}

AGAIN = "ezeep cannot be asked, so by the rule it prints again, and the job says so"

EXPECTED: dict[str, dict[Fault, Cell]] = {
    "ezeep": {
        **OVER_HTTP,
        Fault.LOST_BEFORE: Expected("successful", Reason.NO_ANSWER, (2, 2), (1, 1), duplicate=True, why=AGAIN),
        Fault.LOST_AFTER: Expected("successful", Reason.NO_ANSWER, (2, 2), (2, 2), duplicate=True, why=AGAIN),
        Fault.REPLY_LOST: Expected("successful", Reason.CONNECTION_LOST, (2, 2), (2, 2), duplicate=True, why=AGAIN),
        Fault.STATUS_401: Expected("successful", None, (1, 1), why="a token that ended early: renewed, and once more"),
        Fault.STATUS_404: Expected("held", Reason.PRINTER_NOT_FOUND, (1, 1), (0, 0), why="as for PrintNode"),
        Fault.STATUS_409: NotApplicable("no keys"),
        Fault.STATUS_500: Expected("successful", Reason.SERVICE_ERROR, (2, 2), (1, 2), duplicate=True, why=AGAIN),
        Fault.GARBAGE: Expected("successful", Reason.ANSWER_NOT_UNDERSTOOD, (2, 2), (2, 2), duplicate=True, why=AGAIN),
        Fault.TRUNCATED: Expected("successful", Reason.CONNECTION_LOST, (2, 2), (2, 2), duplicate=True, why=AGAIN),
        Fault.KILLED_WORKER: Expected("successful", Reason.WORKER_DIED, (2, 3), (1, 2), duplicate=True, why=AGAIN),
    },
    "folder": {
        Fault.REFUSED: Expected("successful", Reason.PRINTER_OFFLINE, (2, 12)),
        Fault.LOST_BEFORE: Expected("successful", Reason.NO_ANSWER, (2, 12), why="silent until it is well again"),
        Fault.LOST_AFTER: Expected("successful", Reason.NO_ANSWER, (1, 1)),
        Fault.REPLY_LOST: Expected("successful", Reason.NO_ANSWER, (1, 1), why="the same as a time-out after sending"),
        Fault.KILLED_WORKER: Expected("successful", Reason.WORKER_DIED, (1, 3)),
        **{fault: NO_NETWORK for fault in Fault if fault.status or fault in (Fault.GARBAGE, Fault.TRUNCATED)},
    },
    "ipp": {
        **OVER_HTTP,
        Fault.STATUS_404: Expected(
            "held", Reason.NOT_A_PRINT_SERVICE, (1, 1), (0, 0), why="no printer at this address: for a person to mend"
        ),
        Fault.STATUS_409: NotApplicable("no keys"),
    },
    "printnode": {
        **OVER_HTTP,
        Fault.STATUS_404: Expected(
            "held", Reason.PRINTER_NOT_FOUND, (1, 1), (0, 0), why="the printer was deleted there"
        ),
        Fault.STATUS_409: Expected(
            "successful", None, (1, 1), why="the key says which job it is: no attempt goes wrong"
        ),
    },
}
