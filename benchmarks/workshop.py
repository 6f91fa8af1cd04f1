"""What the measurements of a part work with, and how large they are."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.report import Report
from benchmarks.stub_printer import StubPrinters


@dataclass(frozen=True)
class Plan:
    """How much is measured. ``seconds`` is about how long a measurement of throughput takes."""

    quick: bool
    rounds: int
    seconds: float

    def size(self, full: int, quick: int) -> int:
        return quick if self.quick else full


@dataclass
class Workshop:
    directory: Path
    stub: StubPrinters
    plan: Plan
    deadline: float  # on the monotonic clock: no further round begins that would end after it
    report: Report

    @property
    def log(self) -> Path:
        """Where the clusters of this part write."""
        return self.directory / f"{self.report.part}.log"

    def rounds(self) -> Iterator[int]:
        """The rounds of the part. The first is always measured; the report counts those that came to their end."""
        longest = 0.0
        for number in range(self.plan.rounds):
            begin = time.monotonic()
            if number and begin + longest > self.deadline:
                self.report.note("the time was up: the machine is slow or busy")
                return
            yield number
            longest = max(longest, time.monotonic() - begin)
            self.report.done += 1
