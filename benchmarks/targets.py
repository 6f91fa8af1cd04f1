"""What is compared with what, and what it should come to: the one table of targets.

docs/benchmarks.md says the same to people; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Target:
    """At least, or at most, so much."""

    limit: float
    at_least: bool

    def met(self, value: float) -> bool:
        return value >= self.limit if self.at_least else value <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.limit:g}"


def at_least(limit: float) -> Target:
    return Target(limit, at_least=True)


def at_most(limit: float) -> Target:
    return Target(limit, at_least=False)


CPU_IPP: Final = "CPU per job, IPP printer at 0 ms: Pressroom's lane ÷ bare loop"
CPU_SIMULATED: Final = "CPU per job, simulated printer: Pressroom's lane ÷ bare loop"
RENDERING: Final = "rendering: Pressroom ÷ typst alone"
ONE_DOCUMENT: Final = "an order with an invoice to print ÷ without"
TWO_DOCUMENTS: Final = "an order with two documents to print ÷ without"
LATENCY: Final = {
    "database": "commit to printer, 5 orders a second, database broker, p50",
    "Redis": "commit to printer, 5 orders a second, Redis broker, p50",
}
FAST_BARE: Final = "0 ms: Pressroom ÷ bare loop"
FAST_BARE_NEW: Final = "0 ms: Pressroom ÷ bare loop with new connections, as Pressroom's"
FAST_TASKS: Final = "0 ms: Pressroom ÷ django-q2 task per job"
RENDERED_BARE: Final = "with rendering: Pressroom ÷ bare loop that renders"
SLOW_8_BARE: Final = "50 ms: Pressroom ÷ bare loop, 8 workers each"
SLOW_8_TASKS: Final = "50 ms: Pressroom ÷ django-q2 task per job, 8 workers each"
SLOW_2_BARE: Final = "50 ms: Pressroom ÷ bare loop, 2 workers each"

# None: compared for information.
TARGETS: Final[dict[str, Target | None]] = {
    CPU_IPP: at_most(4),
    CPU_SIMULATED: at_most(2.5),
    RENDERING: at_most(1.2),
    ONE_DOCUMENT: at_most(1.15),
    TWO_DOCUMENTS: at_most(1.25),
    LATENCY["database"]: at_most(60),
    LATENCY["Redis"]: at_most(10),
    FAST_BARE: None,
    FAST_BARE_NEW: None,
    FAST_TASKS: at_least(2),
    RENDERED_BARE: at_least(0.9),
    SLOW_8_BARE: at_least(3),
    SLOW_8_TASKS: None,
    SLOW_2_BARE: None,
}
