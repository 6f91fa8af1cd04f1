"""What chance decides, from the seed: which blow falls when, on which host, on which service.

The first round has a blow of each kind, in an order of the seed, so that a short run meets all of them; more rounds
follow for as long as there is time.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.faults import FaultKind

HOSTS = ("a", "b")
SERVICES = ("printnode", "ezeep", "ipp")


@dataclass(frozen=True)
class Blow:
    """One thing that goes wrong, and the seconds before it."""

    kind: str
    pause: float
    host: str = "a"
    lane: str = ""
    how: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        words = [self.kind, self.lane, *(f"{name}={value}" for name, value in self.how.items())]
        return " ".join(word for word in words if word)


KILLED = ("supervisor", "main", "sentinel", "pusher", "monitor", "worker")
STOPPED = ("supervisor", "main", "sentinel", "pusher", "monitor")
# Blows at the processes, the database, the broker and the disk, one after the other.
GROUND: tuple[str, ...] = (
    *(f"kill {role}" for role in KILLED),
    *(f"stop {role}" for role in STOPPED),
    "oversleep",
    "kill the sender",
    "stop the database",
    "end connections",
    "broker forgets",
    "broker is flooded",
    "store unwritable",
    "refuse a letter",
)
REDIS_ONLY = ("kill the broker",)
# What services do wrong, beside that.
STATUSES = (500, 503, 401, 429)
MODES = ("offline", "reject", "lose-answer", "lose-request", "busy")
LINE = ("lose answers", "cut")


class Plan:
    """The blows of one seed, in two tracks that go on side by side."""

    def __init__(self, seed: int, broker: str, only: Sequence[str] = ()) -> None:
        self.seed = seed
        self.broker = broker
        self.ground_kinds = tuple(only) or GROUND + (REDIS_ONLY if broker == "redis" else ())

    def first_round(self) -> int:
        """How many blows of the ground are in the first round."""
        return len(self.ground_kinds)

    def ground(self) -> Iterator[Blow]:
        """Blows at the ground, without end."""
        chance = random.Random(f"ground {self.seed}")
        while True:
            kinds = list(self.ground_kinds)
            chance.shuffle(kinds)
            # One after the other on the two hosts: a cluster that dies again and again is started with longer waits.
            first = chance.randrange(2)
            for number, kind in enumerate(kinds):
                yield Blow(kind, chance.uniform(0.1, 0.4), HOSTS[(first + number) % 2])

    def services(self) -> Iterator[Blow]:
        """Blows at the services, without end."""
        chance = random.Random(f"services {self.seed}")
        while True:
            blows = [*self._faults(chance), *self._statuses(chance), *self._others(chance)]
            chance.shuffle(blows)
            yield from blows

    def _faults(self, chance: random.Random) -> Iterator[Blow]:
        left_out = {FaultKind.STATUS, FaultKind.STATUS_AFTER_ACTING, FaultKind.SLOW, FaultKind.QUOTE}
        for kind in FaultKind:
            if kind not in left_out:
                how = {"times": chance.choice((1, 1, 2)), "documents": chance.random() < 0.6}
                yield Blow(kind.value, chance.uniform(0.2, 0.8), lane=chance.choice(SERVICES), how=how)

    def _statuses(self, chance: random.Random) -> Iterator[Blow]:
        for status in STATUSES:
            how = {"status": status, "times": chance.choice((1, 2)), "documents": chance.random() < 0.6}
            yield Blow("status", chance.uniform(0.2, 0.8), lane=chance.choice(SERVICES), how=how)
        how = {"status": 500, "times": 1, "documents": True}
        yield Blow("status-after-acting", chance.uniform(0.2, 0.8), lane=chance.choice(SERVICES), how=how)

    def _others(self, chance: random.Random) -> Iterator[Blow]:
        for mode in MODES:
            yield Blow("mode", chance.uniform(0.2, 0.8), lane="folder", how={"mode": mode})
        for cut in LINE:
            # In the head of a request: a printer that counts no octets takes half a document for a whole one.
            yield Blow(cut, chance.uniform(0.2, 0.8), lane="real", how={"after": chance.choice((0, 150))})
        yield Blow("refuse connections", chance.uniform(0.2, 0.8), lane=chance.choice(SERVICES))
