"""The IPP cells once more against a real printer, ``ippeveprinter`` of CUPS, with a line in front that can be cut."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from config.documentation.faults import Fault
from printing.providers.errors import Reason
from tests.fakes.relay import Relay, relay
from tests.lab.ipp import LabServer, ippeveprinter
from tests.matrix.benches import OUTAGE, Bench
from tests.matrix.expected import Expected
from tests.require import find_program

PEER = "ippeveprinter"
PROGRAMS = (PEER, "dbus-run-session")
FROZEN = "it is frozen with the request in its hands, and goes on later"

# What it can be brought to do. The first question, what it can do at all, meets the fault before any document does: so
# nothing is sent until that is over.
EXPECTED: Mapping[Fault, Expected] = {
    Fault.REFUSED: Expected("successful", Reason.UNREACHABLE, (2, 12), why="it is switched off, and on again"),
    Fault.LOST_AFTER: Expected("successful", Reason.UNREACHABLE, (2, 12), why=FROZEN),
    Fault.REPLY_LOST: Expected("successful", Reason.UNREACHABLE, (2, 12), why="the line is cut one way"),
    Fault.KILLED_WORKER: Expected("successful", Reason.WORKER_DIED, (1, 12), why=FROZEN),
}


def installed() -> bool:
    """Whether this machine has what it takes."""
    return all(find_program(name) for name in PROGRAMS)


class RealBench:
    """A real printer behind a relay."""

    printer = ""

    def __init__(self, server: LabServer, line: Relay) -> None:
        self.credentials: Mapping[str, str] = {"url": f"ipp://localhost:{line.port}/ipp/print"}
        self._server, self._line = server, line
        self._heal: Callable[[], object] = lambda: None

    def spoil(self, fault: Fault, chance: random.Random) -> float | None:
        if fault is Fault.REFUSED:
            self._server.kill()
            self._heal = self._server.restart
        elif fault is Fault.REPLY_LOST:
            self._line.lose_answers = True
            self._heal = lambda: setattr(self._line, "lose_answers", False)
        else:
            self._server.freeze()
            self._heal = self._server.thaw
        return chance.uniform(*OUTAGE)

    def heal(self) -> None:
        self._heal()

    def received(self) -> int:
        return len(self._server.documents())


@contextmanager
def opened(directory: Path) -> Iterator[Bench]:
    """A bench whose files lie in ``directory``."""
    with ippeveprinter(directory) as server, relay(server.port) as line:
        # It cannot tell about a request that is older than itself.
        server.grow_old()
        yield RealBench(server, line)
