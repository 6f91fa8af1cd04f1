#!/usr/bin/env python3
"""Everything that takes too long for each change, one part after the other: ``make nightly``.

A line per part says what it found and how long it took; what a part printed stands in its file below
``var/nightly/``. Exit code 0 where every part was well. ``ONLY=matrix,torture`` runs those parts alone.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

LOGS = Path("var/nightly")
LIMIT = 2 * 60 * 60  # seconds for one part; what hangs has found something too
GRACE = 60.0  # seconds to put away what it began
# Twenty times the generated inputs of the daily suite.
MANY = {"GENERATED_TIMES": "20"}


@dataclass(frozen=True)
class Part:
    """A command, and how to find what it found among its lines."""

    name: str
    command: tuple[str, ...]
    found: str  # a regular expression; the last line that matches is the result
    environment: Mapping[str, str] = field(default_factory=dict)


# Chaos is chance: another seed each night, which the log names.
TORTURES = 3
_PYTEST = r"\d+ (passed|failed|error).* in .*s"
PARTS = (
    Part("suite", ("make", "test", "ARGS=-q"), _PYTEST, MANY),
    Part("matrix", ("make", "matrix"), r"cells=\d+"),
    Part("year", ("make", "simulate-year"), r"invoices=\d+"),
    *(
        Part(f"torture-{broker}-{number}", ("make", "torture", f"BROKER={broker}"), r"orders=\d+ committed=")
        for broker in ("db", "redis")
        for number in range(1, TORTURES + 1)
    ),
    Part("planted", (".venv/bin/python", "-m", "tests.torture.planted"), r"planted=\d+"),
    Part("benchmark", ("make", "bench"), r"\d+ s in all"),
)


def carry_out(part: Part, log: Path) -> int | None:
    """Run the command in a process group of its own; its exit code, or None where it took too long.

    Whatever ends the wait, the group is ended with it: nothing of one part runs beside the next.
    """
    with log.open("wb") as file:
        process = subprocess.Popen(  # noqa: S603
            part.command,
            env={**os.environ, **part.environment},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        return process.wait(LIMIT)
    except subprocess.TimeoutExpired:
        return None
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """As Ctrl-C would, so that it can put away what it began; by force where that does not help."""
    for signum in (signal.SIGINT, signal.SIGKILL):
        if process.poll() is None:
            os.killpg(process.pid, signum)
            with suppress(subprocess.TimeoutExpired):
                process.wait(GRACE)


def run(part: Part) -> bool:
    """Run a part to its end, and say in one line what it found; returns whether it was well."""
    log = LOGS / f"{part.name}.log"
    begin = time.monotonic()
    code = carry_out(part, log)
    took = time.monotonic() - begin
    lines = [line for line in log.read_text(errors="replace").splitlines() if re.search(part.found, line)]
    result = lines[-1].strip("= ") if lines else f"it said nothing of what was expected: {log}"
    if code is None:
        result = f"ended after {LIMIT} s; {result}"
    well = code == 0 and bool(lines)
    print(f"{'well  ' if well else 'FAILED'} {part.name:<12} {took:6.0f} s  {result}", flush=True)
    return well


def main() -> int:
    only = {name.strip() for name in os.environ.get("ONLY", "").split(",") if name.strip()}
    if unknown := only - {part.name for part in PARTS}:
        print(f"There is no part {', '.join(sorted(unknown))}; there are: {', '.join(part.name for part in PARTS)}.")
        return 2
    LOGS.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what a service manager sends ends it as Ctrl-C does
    try:
        results = [run(part) for part in PARTS if not only or part.name in only]
    except KeyboardInterrupt:
        print(f"Stopped; what was printed until then is in {LOGS}/")
        return 130
    print(f"{sum(results)} of {len(results)} parts were well; what they printed is in {LOGS}/")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
