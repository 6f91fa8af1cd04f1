"""``python -m tests.fakes NAME``: a fake for tests, which says on its first line where it listens, as JSON."""

from __future__ import annotations

import json
import os
import sys
import threading
from contextlib import suppress

from tests.fakes.server import FakeServer
from tests.fakes.table import FAKES


def main(name: str) -> None:
    """Serve until the process is ended, or the one that started it has ended."""
    server = FakeServer(FAKES[name]())
    sys.stdout.write(json.dumps({"url": server.url, "control_url": server.control_url}) + "\n")
    sys.stdout.flush()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # Ctrl-C is for whoever started it, and ends it too.
    with suppress(KeyboardInterrupt):
        server.run()


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
