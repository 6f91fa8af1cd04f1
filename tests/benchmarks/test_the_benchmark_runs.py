"""The benchmark works at toy size, and says so when a job was lost or doubled. How fast it was is not asked here.

One part of it; ``.ci/run`` runs them all.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import PARTS
from benchmarks.parts import parts
from benchmarks.rows import Wrong, check_bare
from benchmarks.stub_printer import Taken
from benchmarks.targets import CPU_IPP, CPU_SIMULATED

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 90  # seconds; it takes a tenth of it on a machine with nothing else to do


@pytest.mark.process
def test_it_prints_its_table_and_writes_it_down(tmp_path: Path) -> None:
    file = tmp_path / "new" / "result.json"
    # On SQLite, whatever the suite runs on: it makes a database of its own either way.
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", "--only", "lane", "--json", str(file)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "commits per job, in a lane with many" in done.stdout
    assert f"written to {file}" in done.stdout
    written = json.loads(file.read_text())
    assert [one["name"] for one in written["compared"]] == [CPU_IPP, CPU_SIMULATED]
    assert written["machine"]["database"]["settings"]["journal_mode"] == "wal"
    assert written["wrong"] == []


def test_every_part_can_be_asked_for() -> None:
    assert tuple(parts()) == PARTS


@pytest.mark.parametrize("keys", [[0, 1], [0, 1, 2, 2], [0, 1, 3]], ids=["lost", "doubled", "another"])
def test_a_wrong_count_is_noticed(keys: list[int]) -> None:
    taken = [Taken("/0/0", f"{key:032d}", 0.0, 0) for key in keys]

    with pytest.raises(Wrong):
        check_bare(3, taken)
