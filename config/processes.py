"""Processes that do not outlive the one that started them, however it ends."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(parent: int, signum: int = signal.SIGKILL) -> None:
    """Have the kernel send ``signum`` to this process when ``parent``, its parent, is gone; even by SIGKILL.

    Linux only. Elsewhere, and from then on, only an orderly end of the parent ends the child.
    """
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(signum), 0, 0, 0)
    # The parent may have died before the call: then nobody would send the signal any more.
    if os.getppid() != parent:
        os._exit(1)


def forks_die_with_parent() -> None:
    """The same for every process that this one forks, and those fork in turn: the request is lost at each fork."""
    parent = os.getpid()

    def remember() -> None:
        nonlocal parent
        parent = os.getpid()

    def ask() -> None:
        die_with_parent(parent)

    os.register_at_fork(before=remember, after_in_child=ask)


class Asked:
    """How often this process was asked to end."""

    times = 0

    def __bool__(self) -> bool:
        return self.times > 0

    @property
    def again(self) -> bool:
        """Somebody is in a hurry."""
        return self.times > 1


@contextmanager
def asked_to_end() -> Iterator[Asked]:
    """Count SIGTERM and SIGINT instead of dying from them."""
    asked = Asked()

    def count(_signum: int, _frame: FrameType | None) -> None:
        asked.times += 1

    before = {signum: signal.signal(signum, count) for signum in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield asked
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)


@contextmanager
def sigterm_interrupts() -> Iterator[None]:
    """Let SIGTERM do what Ctrl-C does, so that ``finally`` blocks run."""

    def interrupt(_signum: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def main() -> None:
    """``python -m config.processes PARENT MODULE ARGUMENT…``: run a module that ends when PARENT does."""
    die_with_parent(int(sys.argv[1]), signal.SIGTERM)
    # The request survives exec.
    os.execv(sys.executable, [sys.executable, "-m", *sys.argv[2:]])  # noqa: S606


if __name__ == "__main__":
    main()
