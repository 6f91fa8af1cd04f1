"""The printers and services under torture: fakes over HTTP, the folder, a real ``ippeveprinter`` behind a line."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.fakes.ezeep.fake import OFFICE, EzeepFake, ezeep_fake
from tests.fakes.faults import FaultKind
from tests.fakes.ipp.fake import IppFake, ipp_fake
from tests.fakes.printnode.fake import PRINTER, PrintNodeFake, printnode_fake
from tests.fakes.process import FakeProcess
from tests.fakes.relay import Relay, relay
from tests.lab.ipp import LabServer, ippeveprinter
from tests.lab.processes import LabError
from tests.require import find_program
from tests.torture.lanes import LANES
from tests.torture.ledger import Arrival
from tests.torture.place import Place

# Below these a fake takes documents; the other requests ask, list and renew.
DOCUMENTS = {"printnode": "/printjobs", "ezeep": "/sfapi/Print", "ipp": "/ipp/print#2"}
_KEY = re.compile(r"[0-9a-f]{32}")


class Printers:
    """All of them, open."""

    def __init__(self, place: Place, stack: ExitStack) -> None:
        self.folder = place.data / "folder"
        self.folder.mkdir()
        self.printnode: PrintNodeFake = stack.enter_context(printnode_fake())
        self.ezeep: EzeepFake = stack.enter_context(ezeep_fake())
        self.ipp: IppFake = stack.enter_context(ipp_fake())
        self.real: LabServer = stack.enter_context(ippeveprinter(place.directory / "ippeveprinter"))
        self.line: Relay = stack.enter_context(relay(self.real.port))
        self.fakes: dict[str, FakeProcess] = {"printnode": self.printnode, "ezeep": self.ezeep, "ipp": self.ipp}
        self.refusing: set[str] = set()

    def addresses(self) -> dict[str, Any]:
        """How each lane is connected."""
        found: dict[str, dict[str, Any]] = {
            "folder": {"credentials": {"directory": self.folder.name}},
            "printnode": {"credentials": self.printnode.credentials, "printer": str(PRINTER)},
            "ezeep": {"credentials": self.ezeep.credentials(), "printer": OFFICE, "control": self.ezeep.control_url},
            "ipp": {"credentials": self.ipp.credentials},
            "real": {"credentials": {"url": f"ipp://localhost:{self.line.port}/ipp/print"}},
        }
        missing = LANES.keys() - found.keys()
        if missing:
            raise LabError(f"a lane has no printer in printers.py: {', '.join(sorted(missing))}")
        return found

    def port(self, lane: str) -> int:
        """Where the fake of a lane listens."""
        return int(self.fakes[lane].url.rpartition(":")[2])

    def spoil(self, lane: str, kind: str, *, times: int | None = 1, documents: bool = False, **how: Any) -> None:
        """Let the next requests at a fake go wrong; with ``documents`` those alone that bring one."""
        path = DOCUMENTS[lane] if documents else ""
        self.fakes[lane].fault(kind, times=times, path=path, method="POST" if documents else "", **how)

    def set_folder(self, mode: str, seconds: float = 0) -> None:
        """Let the simulated printer misbehave."""
        new = self.folder / "mode.new"
        new.write_text(json.dumps({"mode": mode, "seconds": seconds, "message": "No."}))
        new.rename(self.folder / "mode.json")

    def refuse(self, lane: str) -> None:
        """Nobody listens any more where a service was."""
        self.fakes[lane].order("refuse")
        self.refusing.add(lane)

    def listen(self, lane: str) -> None:
        self.fakes[lane].order("listen")
        self.refusing.discard(lane)

    def heal(self) -> None:
        """Everything goes well again."""
        for lane in list(self.refusing):
            self.listen(lane)
        for fake in self.fakes.values():
            fake.clear_faults()
        self.line.lose_answers, self.line.cut_after = False, None
        with suppress(FileNotFoundError):
            (self.folder / "mode.json").unlink()

    def count(self, lane: str) -> int:
        """How many documents a fake took so far."""
        return len(self.fakes[lane].order("documents"))

    def faults(self) -> Counter[str]:
        """How often each fault struck a request at the fakes; slowness is none."""
        return Counter(
            f"{lane}: {entry['fault']}"
            for lane, fake in self.fakes.items()
            for entry in fake.requests()
            if entry["fault"] not in (None, FaultKind.SLOW)
        )

    def arrivals(self) -> dict[str, list[Arrival]]:
        """What arrived, lane by lane, in the order of arrival; a document without a key has an empty one."""
        printnode, ezeep, ipp = (self.fakes[name].order("documents") for name in ("printnode", "ezeep", "ipp"))
        return {
            "printnode": [Arrival(key_in(one["source"]), one["sha256"]) for one in printnode],
            "ezeep": [Arrival(key_in(one["alias"]), one["sha256"]) for one in ezeep],
            "ipp": [Arrival(key_in(one["title"]), one["sha256"]) for one in ipp],
            "real": [Arrival(key_in(one.name), _sha256(one.content)) for one in self.real.documents()],
            "folder": folder_arrivals(self.folder),
        }


def folder_arrivals(folder: Path) -> list[Arrival]:
    """By when their name appeared: in the name stands when their sender began."""
    paths = sorted(folder.glob("*.pdf"), key=lambda path: path.stat().st_ctime_ns)
    return [Arrival(key_in(path.stem.rpartition("--")[2]), _sha256(path.read_bytes())) for path in paths]


def key_in(text: str) -> str:
    """The job's key in what a service was told, without the number of its round."""
    found = _KEY.search(text or "")
    return found.group() if found else ""


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def check_programs() -> None:
    """Raise LabError naming what is missing on this machine."""
    if sys.platform != "linux":
        raise LabError("it needs Linux: what processes do is read from /proc.")
    missing = [name for name in ("ippeveprinter", "dbus-run-session") if find_program(name) is None]
    if missing:
        raise LabError(f"not installed: {', '.join(missing)} (Debian: cups-ipp-utils, dbus-daemon).")


@contextmanager
def printers(place: Place) -> Iterator[Printers]:
    """Every printer and service, on ports of their own, ready."""
    with ExitStack() as stack:
        yield Printers(place, stack)
