"""``.ci/venv``, which make calls: exact sentences on a machine whose Python does not fit."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from config.env import BASE_DIR

pytestmark = pytest.mark.process


def venv(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BASE_DIR / ".ci" / "venv", tmp_path / "venv", "requirements.txt"],
        cwd=BASE_DIR,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def python(tmp_path: Path) -> Path:
    return tmp_path / "python"


def fake(python: Path, script: str) -> str:
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    return str(python)


def test_no_python_that_is_new_enough(tmp_path: Path, python: Path) -> None:
    # Every question about the version is answered with no.
    result = venv(tmp_path, PYTHON=fake(python, "exit 1"))
    assert result.returncode == 1
    assert f"Pressroom needs Python 3.11 or later; found none as {python}." in result.stderr
    assert "make PYTHON=/path/to/python3.12 demo" in result.stderr


def test_a_python_without_venv(tmp_path: Path, python: Path) -> None:
    script = 'case "$*" in *version_info*) exit 0;; -V) echo Python 3.12.9;; *) exit 1;; esac'
    result = venv(tmp_path, PYTHON=fake(python, script))
    assert result.returncode == 1
    assert result.stderr == "Python 3.12.9 has no module venv (on Debian and Ubuntu: apt-get install python3-venv).\n"


def test_a_package_that_cannot_be_installed(tmp_path: Path, python: Path) -> None:
    # A virtual environment whose pip fails, as without a network.
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    fake(tmp_path / "venv" / "bin" / "python", 'case "$*" in *install*) exit 1;; *) exit 0;; esac')
    result = venv(tmp_path)
    assert result.returncode == 1
    assert "could not be installed; pip says why above. Run the same command again to go on." in result.stderr
