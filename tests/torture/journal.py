"""What writers and merchant did, line by line, written by themselves: a line is there before they go on.

It knows nothing of the product: the reader takes these lines as the word of those who were there.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Journal:
    """A file of JSON lines that one process appends to, from any of its threads."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self._lock = threading.Lock()

    def note(self, what: str, **facts: Any) -> None:
        """Write down that something happened, with the moment."""
        line = json.dumps({"what": what, "at": time.time(), **facts}) + "\n"
        with self._lock:
            os.write(self._descriptor, line.encode())


def read(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a journal; none where nobody wrote one. A line that its writer's death cut off counts as none."""
    if not path.exists():
        return
    for line in path.read_text().splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            continue
