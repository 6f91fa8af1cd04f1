"""The benchmark works at toy size, and says so when a job was lost or doubled. How fast it was is not asked here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.report import Report, at_least, at_most
from benchmarks.rows import Wrong, check_bare
from benchmarks.stub_printer import Taken

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 90  # seconds; it takes a tenth of it on a machine with nothing else to do


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    # On SQLite, whatever the suite runs on: it makes a database of its own either way.
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", "--jobs", "16", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )


@pytest.mark.process
def test_it_prints_its_table() -> None:
    done = run("--only", "lane", "--only", "latency")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "commits per job, in a lane with many" in done.stdout
    assert "commit to printer, 5 orders a second, database broker, p50" in done.stdout
    assert "WRONG" not in done.stdout


def test_a_ratio_is_the_median_of_the_rounds_ratios() -> None:
    report = Report()
    for ours, theirs in ((10, 5), (30, 10), (8, 8)):
        report.add("ours", ours, "jobs/s")
        report.add("theirs", theirs, "jobs/s")

    report.ratio("ours ÷ theirs", "ours", "theirs", at_least(2))
    report.ratio("ours ÷ nobody's", "ours", "nobody's")

    assert [judged.value for judged in report.judged] == [2.0]
    assert next(line for line in report.lines() if "ours ÷ theirs" in line).split()[-3:] == ["≥", "2", "met"]


def test_what_is_missed_is_said() -> None:
    report = Report()
    report.judge("slow", 90.0, "ms", at_most(80))

    assert list(report.lines())[-1].endswith("MISSED")


@pytest.mark.parametrize("keys", [[0, 1], [0, 1, 2, 2], [0, 1, 3]], ids=["lost", "doubled", "another"])
def test_a_wrong_count_is_noticed(keys: list[int]) -> None:
    taken = [Taken("/0/0", f"{key:032d}", 0.0, 0) for key in keys]

    with pytest.raises(Wrong):
        check_bare(3, taken)
