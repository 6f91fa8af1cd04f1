"""The markers by which parts of the suite are chosen: what a command line needs, and what an unmarked test is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests import needs
from tests.processes import LIMIT, ROOT, environment

INNER = """
import subprocess, sys
import pytest

def start():
    subprocess.run([sys.executable, "-c", ""], check=True)

def test_unmarked():
    start()

@pytest.mark.process
def test_marked():
    start()

@pytest.mark.server
def test_marked_for_something_else():
    start()

def test_that_starts_nothing():
    pass
"""


@pytest.mark.parametrize(
    ("command", "marker"),
    [
        ("/usr/sbin/cupsd -f -c cupsd.conf", "server"),
        ("dbus-run-session -- sh -c 'exec ippeveprinter'", "server"),
        ("/usr/bin/python3.11 -m tests.lab.smtp 2525 mail", "server"),
        ("/usr/lib/chromium/chromium --headless", "browser"),
        ("/usr/bin/python3.11 -m tests.fakes ezeep", "fake"),
        ("/usr/bin/python3.11 manage.py run_worker", "process"),
        ("/usr/bin/msgmerge de.po", None),
    ],
)
def test_a_command_line_has_its_need(command: str, marker: str | None) -> None:
    assert needs.need(command) == marker


def test_what_a_test_started_without_saying_so_is_named_with_the_marker_to_add() -> None:
    commands = ["/usr/sbin/cupsd -f", "/usr/bin/python3 manage.py run_worker", "/usr/bin/xgettext"]
    assert needs.unmarked(commands, {"process", "django_db"}) == [
        "mark this test with @pytest.mark.server: it runs /usr/sbin/cupsd -f"
    ]
    assert needs.unmarked(commands, {"process", "server"}) == []


@pytest.mark.process
def test_an_unmarked_test_fails_and_a_marked_one_does_not(tmp_path: Path) -> None:
    (tmp_path / "test_inner.py").write_text(INNER)
    options = ["-p", "tests.needs", "-p", "no:cacheprovider", "-c", str(ROOT / "pyproject.toml"), "-rA"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "--rootdir", str(tmp_path), str(tmp_path)],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    lines = (line.partition("::")[2] for line in done.stdout.splitlines() if line.startswith("ERROR "))
    erred = {line.partition(" ")[0] for line in lines}
    assert erred == {"test_unmarked", "test_marked_for_something_else"}, done.stdout + done.stderr
    assert "4 passed, 2 errors" in done.stdout


def test_every_marker_that_chooses_a_part_of_the_suite_is_known() -> None:
    makefile = (ROOT / "Makefile").read_text()
    chosen = {word for line in makefile.splitlines() if "-m 'not " in line for word in line.split("'")[1].split()}
    assert chosen - {"not", "and"} <= needs.MARKERS.keys()
    assert chosen
