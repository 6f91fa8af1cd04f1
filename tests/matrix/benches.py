"""The print services of the matrix: connected as a merchant connects them, spoiled as a cell wants it.

A provider is added with a subclass of :class:`FakeBench` and a line in :data:`BENCHES`.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, ClassVar, Protocol
from uuid import uuid4

from django.conf import settings

from config.documentation.faults import Fault
from printing.providers.ipp.client import Operation
from tests.fakes.ezeep.fake import OFFICE, EzeepFake, ezeep_fake
from tests.fakes.faults import FaultKind
from tests.fakes.ipp.fake import ipp_fake
from tests.fakes.ipp.service import PATH
from tests.fakes.printnode.fake import PRINTER, printnode_fake
from tests.fakes.process import FakeProcess

OUTAGE = (0.5, 1.5)  # seconds for which a service refuses connections
# Seconds that it thinks about a document while its sender is killed: longer than until all senders are at work and the
# kill comes, shorter than the time for which "no such job" is not believed.
SLOWNESS = (4.0, 6.0)


class Bench(Protocol):
    """One print service of one cell."""

    credentials: Mapping[str, str]
    printer: str  # its id at the service; empty where there is one alone

    def spoil(self, fault: Fault, chance: random.Random) -> float | None:
        """Let the next document go wrong; returns the seconds after which :meth:`heal` is to be called, if any."""
        ...

    def heal(self) -> None:
        """Let everything go well again."""
        ...

    def received(self) -> int:
        """How many documents it took."""
        ...


class FolderBench:
    """The simulated printer: told by its ``mode.json``, as people would."""

    def __init__(self) -> None:
        name = f"matrix-{uuid4().hex[:12]}"
        self.credentials: Mapping[str, str] = {"directory": name}
        self.printer = ""
        self._directory = Path(settings.SIMULATED_PRINTER_ROOT) / name

    def spoil(self, fault: Fault, chance: random.Random) -> float | None:
        modes: dict[Fault, dict[str, object]] = {
            Fault.REFUSED: {"mode": "offline"},
            Fault.LOST_BEFORE: {"mode": "lose-request"},
            Fault.LOST_AFTER: {"mode": "lose-answer"},
            Fault.REPLY_LOST: {"mode": "lose-answer"},
            Fault.KILLED_WORKER: {"mode": "normal", "seconds": chance.uniform(*SLOWNESS)},
        }
        self._directory.mkdir(parents=True, exist_ok=True)
        (self._directory / "mode.json").write_text(json.dumps(modes[fault]))
        return None if fault is Fault.KILLED_WORKER else chance.uniform(*OUTAGE)

    def heal(self) -> None:
        (self._directory / "mode.json").unlink()

    def received(self) -> int:
        return len(list(self._directory.glob("*.pdf")))


class FakeBench:
    """A service that is a fake in a process of its own."""

    method: ClassVar[str] = "POST"
    path: ClassVar[str]  # where documents arrive
    printer: str = ""

    def __init__(self, fake: Any) -> None:
        self.fake: FakeProcess = fake
        self.credentials: Mapping[str, str] = self.connection(fake)

    def connection(self, fake: Any) -> Mapping[str, str]:
        found: Mapping[str, str] = fake.credentials
        return found

    def spoil(self, fault: Fault, chance: random.Random) -> float | None:
        if fault is Fault.REFUSED:
            self.fake.order("refuse")
            return chance.uniform(*OUTAGE)
        kind, options = _wire_fault(fault, chance)
        method, path = self.place(fault)
        self.fake.fault(kind, method=method, path=path, **options)
        return None

    def place(self, fault: Fault) -> tuple[str, str]:
        """The request that goes wrong: its method and path."""
        return self.method, self.path

    def heal(self) -> None:
        self.fake.order("listen")

    def received(self) -> int:
        return len(self.fake.order("documents"))


def _wire_fault(fault: Fault, chance: random.Random) -> tuple[str, dict[str, Any]]:
    """How a fault looks on the wire; where it has several faces, chance picks one."""
    if fault.status:
        acted = fault.acts if fault.acts is not None else chance.random() < 0.5
        kind = FaultKind.STATUS_AFTER_ACTING if acted else FaultKind.STATUS
        return kind, {"status": fault.status, "headers": {"Retry-After": "1"} if fault.status == 429 else {}}
    faces: dict[Fault, tuple[FaultKind, ...]] = {
        Fault.LOST_BEFORE: (FaultKind.HANG,),
        Fault.LOST_AFTER: (FaultKind.HANG_AFTER_ACTING,),
        Fault.REPLY_LOST: (FaultKind.LOSE_REPLY,),
        Fault.GARBAGE: (FaultKind.GARBAGE, FaultKind.TRUNCATED_JSON),
        Fault.TRUNCATED: (FaultKind.CUT_REPLY,),
        # It is taken when the sender is dead already, or before, or never.
        Fault.KILLED_WORKER: (FaultKind.SLOW, FaultKind.HANG_AFTER_ACTING, FaultKind.HANG),
    }
    return chance.choice(faces[fault]), {"seconds": chance.uniform(*SLOWNESS)}


class PrintNodeBench(FakeBench):
    path = "/printjobs"
    printer = str(PRINTER)


class IppBench(FakeBench):
    path = f"{PATH}#{Operation.PRINT_JOB:d}"


class EzeepBench(FakeBench):
    path = "/sfapi/Print/"
    printer = OFFICE

    def connection(self, fake: EzeepFake) -> Mapping[str, str]:
        return fake.credentials()

    def place(self, fault: Fault) -> tuple[str, str]:
        # The document itself goes into a storage; Print only names it.
        return ("PUT", "/userstorage/") if fault is Fault.STATUS_413 else super().place(fault)


def _faked(bench: Callable[[Any], Bench], fake: Callable[[], AbstractContextManager[Any]]) -> Callable[[], Any]:
    @contextmanager
    def opened() -> Iterator[Bench]:
        with fake() as process:
            yield bench(process)

    return opened


@contextmanager
def _folder() -> Iterator[Bench]:
    yield FolderBench()


BENCHES: dict[str, Callable[[], AbstractContextManager[Bench]]] = {
    "ezeep": _faked(EzeepBench, ezeep_fake),
    "folder": _folder,
    "ipp": _faked(IppBench, ipp_fake),
    "printnode": _faked(PrintNodeBench, printnode_fake),
}
