"""What all measurements work with, and how large they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.report import Report
from benchmarks.stub_printer import StubPrinters


@dataclass
class Workshop:
    """``jobs`` is how many a fast measurement sends; slow ones send a part of it."""

    directory: Path
    stub: StubPrinters
    jobs: int
    rounds: int
    latency_seconds: int
    deadline: float  # on the monotonic clock: no further round begins that would end after it
    report: Report = field(default_factory=Report)

    @property
    def log(self) -> Path:
        """Where the clusters write."""
        return self.directory / "cluster.log"

    def part(self, share: float) -> int:
        return max(16, int(self.jobs * share))
