"""What can go wrong between a provider and us, as a fake of it can be told to let it go wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class FaultKind(StrEnum):
    """What a fake does with a request instead of acting on it and answering."""

    CUT_REQUEST = "cut-request"  # reads half of it and hangs up
    LOSE_REQUEST = "lose-request"  # reads it, does nothing, hangs up
    LOSE_REPLY = "lose-reply"  # acts, hangs up
    HANG = "hang"  # reads it, does nothing, never answers
    HANG_AFTER_ACTING = "hang-after-acting"
    CUT_REPLY = "cut-reply"  # acts, and hangs up in the middle of its answer
    TRUNCATED_JSON = "truncated-json"  # acts; the answer is whole, and half a JSON document
    GARBAGE = "garbage"  # acts, and answers 200 with a page of HTML
    STATUS = "status"  # answers ``status`` without acting
    STATUS_AFTER_ACTING = "status-after-acting"
    QUOTE = "quote"  # answers ``status`` without acting, and quotes the log-in it was given, as it came and decoded
    SLOW = "slow"  # waits ``seconds``, then goes on as if nothing were


ACTING = frozenset(
    {
        FaultKind.LOSE_REPLY,
        FaultKind.HANG_AFTER_ACTING,
        FaultKind.CUT_REPLY,
        FaultKind.TRUNCATED_JSON,
        FaultKind.GARBAGE,
        FaultKind.STATUS_AFTER_ACTING,
        FaultKind.SLOW,
    }
)


@dataclass
class Fault:
    """A fault for the next ``times`` requests (None: for all) of a ``method`` and below a ``path``; empty: of any."""

    kind: FaultKind
    times: int | None = 1
    method: str = ""
    path: str = ""
    status: int = 500
    seconds: float = 1.0
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.kind = FaultKind(self.kind)

    def strikes(self, method: str, path: str) -> bool:
        """Whether it is this request's; counts it then."""
        if self.times == 0 or self.method not in ("", method) or not path.startswith(self.path):
            return False
        if self.times is not None:
            self.times -= 1
        return True
