"""``make demo``: from nothing to a PDF, again and again, and an honest answer when it does not work."""

from __future__ import annotations

import json
import re
import signal
from pathlib import Path

import pytest

from tests.config.conftest import Start

pytestmark = [pytest.mark.process, pytest.mark.long]


@pytest.fixture
def data(installation: dict[str, str]) -> Path:
    return Path(installation["PRESSROOM_DATA_DIR"])


@pytest.fixture(autouse=True)
def secrets(start: Start) -> None:
    with start("-m", "config.first_run") as first_run:
        assert first_run.process.wait(60) == 0, first_run.text()


def test_it_prints_the_example_order_each_time_and_leaves_no_process(start: Start, data: Path) -> None:
    for _run in (1, 2):
        with start("manage.py", "demo") as demo:
            assert demo.process.wait(120) == 0, demo.text()
            demo.leaves_nothing()
    printed = [Path(line) for line in re.findall(r"\S+/printed/\S+\.pdf", demo.text())]
    assert len(printed) == 4  # the log holds both runs: an invoice and a packing slip each
    assert len(set(printed)) == 4
    assert all(path.read_bytes().startswith(b"%PDF-") for path in printed)
    assert re.search(r"\d\.\d\d s from the commit of the order to printed", demo.text())
    assert "make run" in demo.text()
    assert (data / "demo-login.txt").stat().st_mode & 0o777 == 0o600


def test_a_printer_that_refuses_is_told_and_fails(start: Start, data: Path) -> None:
    mode = data / "printed" / "mode.json"
    mode.parent.mkdir(exist_ok=True)
    mode.write_text(json.dumps({"mode": "reject", "message": "no paper for demos"}))
    try:
        with start("manage.py", "demo") as demo:
            assert demo.process.wait(120) == 1
            assert "The printer refused the document: no paper for demos" in demo.text()
            demo.leaves_nothing()
    finally:
        mode.unlink()


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_leaves_no_process(start: Start, data: Path, signum: signal.Signals) -> None:
    # A printer that is offline: the demo would otherwise be through before the signal, on a machine that is busy.
    mode = data / "printed" / "mode.json"
    mode.parent.mkdir(exist_ok=True)
    mode.write_text(json.dumps({"mode": "offline"}))
    try:
        with start("manage.py", "demo") as demo:
            demo.wait_for("Starting the worker")
            demo.wait_until(lambda: len(demo.living()) > 1, "the worker has been started")
            assert demo.ends(signum) == 130
            assert "the worker is stopped" in demo.text()
            demo.leaves_nothing()
    finally:
        mode.unlink()
