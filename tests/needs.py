"""What tests need, as markers to choose by (``-m "not server"``), and the guard that keeps the markers true.

A test says what it needs by a marker, or by a fixture that has one. What it really starts is listened to, so that one
that starts a server, a browser or a process without saying so fails, whichever helper it used.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import forks

MARKERS = {
    "server": "talks to a real server program: ippeveprinter, cupsd, Redis, an SMTP server, PostgreSQL",
    "browser": "opens pages in a real Chromium",
    "process": "starts processes of the product: workers, commands, shops that race",
    "fake": "talks to a fake of a print service, a process of its own",
    "long": "takes more than five seconds, waiting or working; begun before the others",
    "torture": "lets processes, servers and the network fail at random while orders come in",
}
# Fixtures that stand for a need, wherever they are used.
FIXTURES = {
    "tests.lab.fixtures.ipp_printer": "server",
    "tests.lab.fixtures.cups_server": "server",
    "tests.lab.fixtures.smtp_server": "server",
    "tests.pages.conftest.page": "browser",
    "tests.printing.conftest.printnode": "fake",
    "tests.printing.providers.conftest.printnode": "fake",
    "tests.printing.providers.conftest.ezeep": "fake",
}
_SERVERS = ("ippeveprinter", "cupsd", "redis-server", "tests.lab.smtp", "initdb", "pg_ctl")
_BROWSERS = ("chromium", "playwright")

_started: list[str] = []


def _listen(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "subprocess.Popen":
        command = arguments[1]
        _started.append(command if isinstance(command, str) else " ".join(map(_text, command)))
    elif event == forks.EVENT:
        _started.append(f"python -c {arguments[0]}")


def started() -> list[str]:
    """The command lines that were started since the last test's end."""
    return list(_started)


def _text(part: Any) -> str:
    return part.decode() if isinstance(part, bytes) else str(part)


def need(command: str) -> str | None:
    """The marker that a test which runs this command line must have; None for a tool, as xgettext."""
    if any(program in command for program in _SERVERS):
        return "server"
    if any(program in command for program in _BROWSERS):
        return "browser"
    if "tests.fakes" in command:
        return "fake"
    return "process" if Path(command.partition(" ")[0]).name.startswith("python") else None


def unmarked(commands: Iterable[str], markers: Iterable[str]) -> list[str]:
    """A sentence for each need of these command lines that is not among the markers."""
    have = set(markers)
    if "torture" in have:
        return []  # it starts everything
    wanted = {wanted: command for command in commands if (wanted := need(command)) and wanted not in have}
    return [f"mark this test with @pytest.mark.{name}: it runs {command[:200]}" for name, command in wanted.items()]


def _fixtures(item: pytest.Item) -> set[str]:
    """The fixtures a test uses, by where they are defined: a name alone may be another one's in the next module."""
    found: dict[str, Any] = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined]
    return {f"{chain[-1].func.__module__}.{name}" for name, chain in found.items()}


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Give each test the markers of its fixtures before ``-m`` chooses, and begin with what takes long."""
    for item in items:
        for fixture in _fixtures(item) & FIXTURES.keys():
            item.add_marker(FIXTURES[fixture])
    yield
    # In the end, nobody waits for one that was begun last.
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known and begin to listen, once per process."""
    for name, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")
    sys.addaudithook(_listen)


@pytest.fixture(autouse=True)
def needs_are_marked(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that started what none of its markers says."""
    yield
    # Also what fixtures of its module started before it.
    commands, _started[:] = started(), []
    missing = unmarked(commands, (marker.name for marker in request.node.iter_markers()))
    if missing:
        pytest.fail("\n".join(missing), pytrace=False)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two workers a core for ``-n auto``: half of the tests wait for a process or a server most of their time.

    ``-n logical`` is one a core, for tests that work all the time.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores if config.option.numprocesses == "logical" else 2 * cores
