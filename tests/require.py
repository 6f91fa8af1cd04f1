"""What a test needs from the machine it runs on."""

from __future__ import annotations

import os
import shutil

import pytest

SYSTEM_PATH = "/usr/sbin:/usr/local/sbin:/sbin"  # cupsd and lpadmin live there, and a user's PATH may not name it


def find_program(name: str) -> str | None:
    """The program's path, also from the directories of system programs; None when it is not installed."""
    return shutil.which(name) or shutil.which(name, path=SYSTEM_PATH)


def require_program(*names: str) -> None:
    """Skip the test with the reason when a program is missing; fail instead under ``REQUIRE_ALL=1``."""
    require(not (missing := [name for name in names if find_program(name) is None]), f"not installed: {missing}")


def require(present: bool, reason: str) -> None:
    """Skip the test with ``reason`` unless ``present``; fail instead under ``REQUIRE_ALL=1``, as CI sets it."""
    if present:
        return
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
