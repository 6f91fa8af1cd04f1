"""Real processes on the test database: workers that race, and workers that are killed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from tests.forks import LIMIT, ROOT, Process, fork

__all__ = [
    "DISPATCH",
    "LIMIT",
    "ROOT",
    "Gate",
    "Process",
    "database_url",
    "environment",
    "finish",
    "somebody_waits_for_a_lock",
    "start",
    "wait_until",
]

DISPATCH = "from printing.dispatcher import dispatch; dispatch()"


def database_url() -> str:
    """The address of the database the test works on."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    user, password = quote(settings["USER"] or "", safe=""), quote(settings["PASSWORD"] or "", safe="")
    host, port = quote(settings["HOST"] or "", safe=""), settings["PORT"] or 5432
    return f"postgres://{user}:{password}@{host}:{port}/{settings['NAME']}"


def environment(**extra: str) -> dict[str, str]:
    """The environment of a process that works on the test database with the test's directories and secrets."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": database_url(),
        "PYTHONPATH": str(ROOT),
        **extra,
    }


def start(code: str, **extra: str) -> Process:
    """Run Python code in a Django process of its own."""
    # Other in each test, and nothing to the product.
    own = {name: value for name, value in environment(**extra).items() if name != "PYTEST_CURRENT_TEST"}
    return fork(own, code)


def finish(*processes: Process, limit: float = LIMIT) -> list[str]:
    """Wait for processes to end well and return what they printed; a traceback is the test's failure."""
    printed = []
    for process in processes:
        out, err = process.communicate(timeout=limit)
        assert process.returncode == 0, err
        printed.append(out)
    return printed


def wait_until(condition: Callable[[], object], what: str, limit: float = LIMIT) -> None:
    """Wait for a condition; fails naming ``what`` when it does not come true in time."""
    deadline = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < deadline, f"not within {limit:.0f} s: {what}"
        time.sleep(0.02)


def somebody_waits_for_a_lock() -> bool:
    """Whether a session waits for what another one has locked in the test's own database of PostgreSQL.

    In the others of the same server are other tests, at the same time.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


class Gate:
    """Lets processes begin at the same moment: each waits for a file that the test writes once all are there."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def code(self, number: int) -> str:
        return (
            "import pathlib, time\n"
            f"here = pathlib.Path({str(self.directory)!r})\n"
            f"(here / 'ready-{number}').touch()\n"
            "while not (here / 'open').exists(): time.sleep(0.001)\n"
        )

    def open(self, expected: int) -> None:
        wait_until(lambda: len(list(self.directory.glob("ready-*"))) == expected, "all processes are ready")
        (self.directory / "open").touch()
