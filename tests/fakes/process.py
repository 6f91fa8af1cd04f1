"""A fake provider as a process of its own, and the orders that tests give it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from tests.lab.processes import START_DEADLINE, STOP_DEADLINE, LabError

ROOT = Path(__file__).resolve().parent.parent.parent
_OPENER = build_opener(ProxyHandler({}))


class FakeProcess:
    """A running fake. ``url`` is where the provider would be."""

    name = ""

    def __init__(self, process: subprocess.Popen[str], url: str, control_url: str) -> None:
        self._process = process
        self.url = url
        self.control_url = control_url

    @property
    def pid(self) -> int:
        return self._process.pid

    def order(self, command: str, **arguments: object) -> Any:
        """Give an order. Raises LabError with the fake's words when it does not obey."""
        request = Request(f"{self.control_url}/{command}", json.dumps(arguments).encode(), method="POST")
        try:
            with _OPENER.open(request, timeout=START_DEADLINE) as answer:
                return json.load(answer)["result"]
        except HTTPError as error:
            raise LabError(f"{command}: {json.load(error)['error']}") from error

    def fault(
        self,
        kind: str,
        *,
        times: int | None = 1,
        method: str = "",
        path: str = "",
        status: int = 500,
        seconds: float = 1.0,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Let the next ``times`` requests of that method and path (None and empty: all) go wrong; see FaultKind."""
        named = {"method": method, "path": path, "status": status, "seconds": seconds, "headers": dict(headers or {})}
        self.order("fault", kind=kind, times=times, **named)

    def clear_faults(self) -> None:
        """Let everything go well again."""
        self.order("clear_faults")

    def requests(self, method: str = "", path: str = "") -> list[dict[str, Any]]:
        """Every request so far of that method, below that path."""
        log: list[dict[str, Any]] = self.order("requests")
        return [entry for entry in log if entry["method"].startswith(method) and entry["path"].startswith(path)]

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Within it, nobody listens where the provider was."""
        self.order("refuse")
        try:
            yield
        finally:
            self.order("listen")

    def stop(self) -> None:
        """End the process."""
        self._process.terminate()
        try:
            self._process.wait(STOP_DEADLINE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(STOP_DEADLINE)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe
            pipe.close()


Fake = TypeVar("Fake", bound=FakeProcess)


@contextmanager
def running(kind: type[Fake]) -> Iterator[Fake]:
    """A fake of that kind in a new process, on ports of its own, ready."""
    command = [sys.executable, "-m", "tests.fakes", kind.name]
    # Its standard input ends when this process does, however it does, and the fake with it.
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    # A fake that never says a word must not hold up the whole suite.
    overdue = threading.Timer(START_DEADLINE, process.kill)
    overdue.start()
    assert process.stdout
    line = process.stdout.readline()
    overdue.cancel()
    if not line:
        process.wait(STOP_DEADLINE)
        raise LabError(f"the fake {kind.name} did not start")
    started = json.loads(line)
    fake = kind(process, started["url"], started["control_url"])
    try:
        yield fake
    finally:
        fake.stop()
