"""Looking at processes through /proc: who descends from whom, what each is, who talks to a port, who is left."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.torture.place import MARK

PROC = Path("/proc")


def parents() -> dict[int, int]:
    """The parent of each living process."""
    found = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                # pid (comm) state ppid …; the name may contain blanks and brackets
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
                if state != "Z":
                    found[int(entry.name)] = int(parent)
    return found


def descendants(pid: int) -> list[int]:
    """The living processes that a process has started, directly or not; parents before children."""
    tree = parents()
    found, rest = [], [pid]
    while rest:
        children = [child for child, parent in tree.items() if parent == rest[0]]
        found += children
        rest = rest[1:] + children
    return found


def name_of(pid: int) -> str:
    """What a process calls itself; empty when it is gone."""
    with suppress(OSError):
        return (PROC / str(pid) / "comm").read_text().strip()
    return ""


def marked(directory: Path) -> list[int]:
    """The living processes of the product that belong to a torture in this directory."""
    mark = f"{MARK}={directory}".encode()
    found = []
    for pid in parents():
        with suppress(OSError):
            if mark in (PROC / str(pid) / "environ").read_bytes().split(b"\0"):
                found.append(pid)
    return found


def talking_to(port: int, pids: list[int]) -> list[int]:
    """Those of the processes that have an open connection to a port of this machine."""
    sockets = set(_connections(port))
    return [pid for pid in pids if sockets & set(_sockets_of(pid))]


def _connections(port: int) -> Iterator[str]:
    """The sockets that are connected to a port, as /proc/PID/fd names them."""
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in (PROC / "net" / table).read_text().splitlines()[1:]:
                words = line.split()
                if words[3] == "01" and words[2].endswith(f":{port:04X}"):
                    yield f"socket:[{words[9]}]"


def _sockets_of(pid: int) -> Iterator[str]:
    with suppress(OSError):
        for descriptor in (PROC / str(pid) / "fd").iterdir():
            with suppress(OSError):
                yield str(descriptor.readlink())


def kill(pid: int) -> None:
    """SIGKILL, if it still lives."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
