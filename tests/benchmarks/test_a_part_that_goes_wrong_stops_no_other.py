"""Whatever happens to one part of the benchmark, the others are measured, and it is said which one it was."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.processes import ROOT, environment

# In a process without threads, as the benchmark is.
PARTS = """
import json, os, signal, threading, time
from pathlib import Path
from benchmarks.parts import run_apart
from benchmarks.processes import Late
from benchmarks.report import Report
from benchmarks.rows import Wrong
from benchmarks.stub_printer import StubPrinters
from benchmarks.workshop import Plan, Workshop

def measured(end):
    def run(workshop):
        for _round in workshop.rounds():
            workshop.report.add("figure", 1.0, "ms")
            end()
    return run

def wrong():
    raise Wrong("2 of 3 jobs arrived")

def late():
    raise Late("not within 1 s: 3 jobs have ended")

ends = {
    "crashes": lambda: {}["no such key"],
    "is wrong": wrong,
    "is late": late,
    "is killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "hangs": threading.Event().wait,
    "is fine": lambda: None,
}
for name, end in ends.items():
    workshop = Workshop(Path("/nowhere"), StubPrinters(), Plan(False, 2, 1.0),
                        time.monotonic() + 60, Report(name, 2))
    report = run_apart(measured(end), workshop, 1.0)
    print(json.dumps([name, report.done, len(report.figures), report.wrong]))
"""


@pytest.mark.process
def test_every_end_of_a_part_is_said_and_the_next_one_runs() -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{PARTS}"],
        cwd=ROOT,
        env={**environment(), "DATABASE_URL": "sqlite://:memory:"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        ["crashes", 0, 1, ["crashed; its traceback stands above"]],
        ["is wrong", 0, 1, ["2 of 3 jobs arrived"]],
        ["is late", 0, 1, ["not within 1 s: 3 jobs have ended"]],
        ["is killed", 0, 0, ["died by SIGKILL"]],
        ["hangs", 0, 1, ["not done within 1 s, and was ended; where it was stands above"]],
        ["is fine", 2, 1, []],
    ]
    assert "KeyError: 'no such key'" in done.stderr
