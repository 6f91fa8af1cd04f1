"""Running the cells: jobs in the database, a real worker, and a service process for each, all at the same time.

First the cells whose worker is killed; what that worker leaves behind, and all other cells, are another one's.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from config.documentation.faults import Fault
from printing.dispatcher import sweep
from printing.models import PrintAttempt, PrinterConfiguration, PrintJob
from printing.services import connect_printer, save_configuration
from printing.services.printers import discover
from printing.states import JobState, Phase
from tests.config.programs import Program, program
from tests.factories import SpaceFactory
from tests.matrix import real_printer
from tests.matrix.benches import BENCHES, Bench
from tests.matrix.expected import EXPECTED, Expected
from tests.printing.simulated import file_job
from tests.processes import environment

LIMIT = 120.0  # seconds for all cells; each takes some 15 on an idle machine
LOOK = 0.1  # seconds between two looks
KILL_WITHIN = 1.0  # seconds from the moment when every document is being sent
# Short, so that a run takes seconds; every one is the operator's to set.
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "tests.settings",
    "LANE_THREADS": "16",
    "QUEUE_WORKERS": "2",
    "LANE_LEASE_SECONDS": "3",
    "LANE_BACKOFF_SECONDS": "1",
    "PROVIDER_CONNECT_TIMEOUT": "2",
    "PROVIDER_READ_TIMEOUT": "2",
}


@dataclass
class Cell:
    """One service with one fault, and what was found when it came to its end."""

    provider: str
    fault: Fault
    expected: Expected
    bench: Bench
    peer: str = ""  # the real program behind it; empty for a stand-in
    job: PrintJob | None = None
    outage: float | None = None  # seconds from the first failure to the end of the trouble
    heal_at: float | None = None
    end: str = "pending"
    documents: int = 0
    attempts: int = 0
    reason: str = ""
    duplicate: bool = False
    problems: list[str] = field(default_factory=list)

    @property
    def lost(self) -> bool:
        """Neither printed nor told to anybody."""
        return self.end == "pending" or (self.end == "successful" and self.documents == 0)

    @property
    def unmarked_duplicate(self) -> bool:
        return self.documents > 1 and not self.duplicate


def run(seed: int, log: Path) -> list[Cell]:
    """Run all cells, with times and order as chance has them. The files of real printers lie beside ``log``."""
    chance = random.Random(seed)
    wanted = [
        (provider, fault, cell, BENCHES[provider](), "")
        for provider, expected in EXPECTED.items()
        for fault, cell in expected.items()
        if isinstance(cell, Expected)
    ]
    if real_printer.installed():
        wanted += [
            ("ipp", fault, cell, real_printer.opened(log.parent / f"printer-{fault}"), real_printer.PEER)
            for fault, cell in real_printer.EXPECTED.items()
        ]
    with ExitStack() as stack:
        with ThreadPoolExecutor(4) as pool:
            benches = list(pool.map(stack.enter_context, [bench for *_what, bench, _peer in wanted]))
        cells = [
            Cell(provider, fault, cell, bench, peer)
            for (provider, fault, cell, _opened, peer), bench in zip(wanted, benches, strict=True)
        ]
        chance.shuffle(cells)
        killed = [cell for cell in cells if cell.fault is Fault.KILLED_WORKER]
        if killed:
            _kill_in_the_middle(killed, chance, log)
        for cell in cells:
            if cell not in killed:
                _begin(cell, chance)
        with _worker(log) as worker:
            _wait(lambda: _all_ended(cells), LIMIT)
            worker.ends(signal.SIGTERM)
        for cell in cells:
            _judge(cell)
    return sorted(cells, key=lambda cell: (cell.provider, cell.peer, list(Fault).index(cell.fault)))


def _worker(log: Path, **extra: str) -> AbstractContextManager[Program]:
    return program(log, "manage.py", "run_worker", **environment(**{**SETTINGS, **extra}))


def _begin(cell: Cell, chance: random.Random) -> None:
    """Connect the printer of a Space of its own, spoil the service, and give it a document."""
    space = SpaceFactory(features=["printing"])
    account, remotes = discover(cell.provider, cell.bench.credentials)
    remote = next(one for one in remotes if cell.bench.printer in ("", one.id))
    printer = connect_printer(space, cell.provider, cell.bench.credentials, remote, account=account)
    configuration = PrinterConfiguration(space=space, printer=printer, name=f"{cell.provider} {cell.fault}")
    save_configuration(configuration, default=True)
    cell.outage = cell.bench.spoil(cell.fault, chance)
    cell.job = file_job(space)


def _kill_in_the_middle(cells: list[Cell], chance: random.Random, log: Path) -> None:
    for cell in cells:
        _begin(cell, chance)
    jobs = [cell.job.pk for cell in cells if cell.job]
    # It is to be killed, not to lose patience before.
    with _worker(log, PROVIDER_READ_TIMEOUT="30") as worker:
        _wait(lambda: PrintAttempt.objects.filter(job__in=jobs, phase=Phase.SENDING).count() == len(jobs), LIMIT)
        time.sleep(chance.uniform(0, KILL_WITHIN))  # the moment is what is tried
        _kill(worker)


def _kill(worker: Program) -> None:
    """SIGKILL to the supervisor and everything it has started."""
    worker.process.kill()
    for pid in worker.living():
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _wait(condition: Callable[[], bool], limit: float) -> bool:
    deadline = time.monotonic() + limit
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(LOOK)
    return True


def _all_ended(cells: list[Cell]) -> bool:
    """Heal what is due, wake what waits (the worker's own sweep comes once a minute), and look."""
    _heal(cells)
    sweep()
    ended = True
    jobs = PrintJob.objects.select_related("printer").in_bulk([cell.job.pk for cell in cells if cell.job])
    for cell in cells:
        assert cell.job is not None
        cell.job = jobs[cell.job.pk]
        cell.end = _end(cell.job)
        ended = ended and cell.end != "pending"
    return ended


def _heal(cells: list[Cell]) -> None:
    """End the troubles that end by themselves, each some time after it was first felt."""
    now = time.monotonic()
    felt = set(PrintAttempt.objects.exclude(outcome="").values_list("job_id", flat=True))
    for cell in cells:
        if cell.outage is not None and cell.job is not None and cell.job.pk in felt:
            cell.heal_at, cell.outage = now + cell.outage, None
        elif cell.heal_at is not None and cell.heal_at <= now:
            cell.bench.heal()
            cell.heal_at = None


def _end(job: PrintJob) -> str:
    assert job.printer is not None
    if job.state == JobState.PENDING:
        return "held" if job.printer.paused_at is not None and not job.in_progress else "pending"
    return "successful" if job.state == JobState.SUCCESSFUL else "failed"


def _judge(cell: Cell) -> None:
    """Hold what was found against what was expected."""
    assert cell.job is not None
    first = cell.job.attempt_set.exclude(reason="").order_by("number").first()
    cell.documents, cell.attempts = cell.bench.received(), cell.job.attempts
    cell.reason, cell.duplicate = first.reason if first else "", cell.job.possible_duplicate
    expected = cell.expected
    compared = {
        "end": (cell.end, cell.end == expected.end),
        "documents": (cell.documents, expected.documents[0] <= cell.documents <= expected.documents[1]),
        "attempts": (cell.attempts, expected.attempts[0] <= cell.attempts <= expected.attempts[1]),
        "reason": (cell.reason, cell.reason == (expected.reason or "")),
        "duplicate": (cell.duplicate, cell.duplicate == expected.duplicate),
    }
    cell.problems = [
        f"{name} is {found or 'none'}, not {getattr(expected, name)}"
        for name, (found, fits) in compared.items()
        if not fits
    ]
