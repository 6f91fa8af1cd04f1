"""The log files of the commands that talk to a person: details go there, not between the lines they read."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from config.env import DATA_DIR

LOG_DIR = DATA_DIR / "log"
TAIL_LINES = 25
_TAIL_BYTES = 20_000


class LogFile:
    """A log file that is appended to, by us and by the processes that we start."""

    def __init__(self, name: str) -> None:
        LOG_DIR.mkdir(parents=True, exist_ok=True)
        self.path: Path = LOG_DIR / name
        self.file: BinaryIO = self.path.open("ab")
        self._begin = self.file.tell()

    def tail(self) -> str:
        """The last lines written since it was opened."""
        with self.path.open("rb") as file:
            file.seek(max(self._begin, self.path.stat().st_size - _TAIL_BYTES))
            lines = file.read().decode(errors="replace").splitlines()
        return "\n".join(lines[-TAIL_LINES:])


@contextmanager
def logging_into(log: LogFile) -> Iterator[None]:
    """Send what this process logs into the file."""
    root = logging.getLogger()
    before = root.handlers
    handler = logging.FileHandler(log.path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("{asctime} {levelname} {name}: {message}", style="{"))
    root.handlers = [handler]
    try:
        yield
    finally:
        root.handlers = before
        handler.close()
