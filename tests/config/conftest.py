"""Fixtures of the product's own commands: an installation of its own, as `make demo` makes it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.config.programs import Program, program

Start = Callable[..., AbstractContextManager[Program]]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a new installation: its own data directory, secrets, and SQLite database."""
    data = tmp_path_factory.mktemp("installation")
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PRESSROOM_DATA_DIR": str(data),
        "DATABASE_URL": f"sqlite:///{data}/pressroom.sqlite3",
        "LANE_THREADS": "2",
    }


@pytest.fixture
def start(installation: dict[str, str], tmp_path: Path) -> Start:
    """Start Python in the installation: ``with start("manage.py", "run_worker") as worker: …``."""

    def python(*arguments: str, **environment: str) -> AbstractContextManager[Program]:
        return program(tmp_path / "program.log", *arguments, **{**installation, **environment})

    return python
