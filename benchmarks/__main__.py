"""``python -m benchmarks [--quick] [--jobs N] [--only NAME]``: see docs/benchmarks.md."""

from __future__ import annotations

import argparse
import logging
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.scratch import scratch

NAMES = ("lane", "render", "orders", "latency", "throughput")
LIMIT = 170.0  # seconds for a whole run, about


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="How fast Pressroom prints.")
    parser.add_argument("--quick", action="store_true", help="one round, few jobs: whether it works, not how fast")
    parser.add_argument("--jobs", type=int, help="how many jobs a fast measurement sends (default 800, quick 48)")
    parser.add_argument("--only", choices=NAMES, action="append", help="only this part; may be given several times")
    options = parser.parse_args()
    jobs = options.jobs or (48 if options.quick else 800)
    begin = time.monotonic()
    with scratch() as directory:
        wrong = _run(directory, options.only or NAMES, jobs=jobs, quick=options.quick, deadline=begin + LIMIT)
    print(f"\n{time.monotonic() - begin:.0f} s in all")
    return 1 if wrong else 0


def _run(directory: Path, names: Sequence[str], *, jobs: int, quick: bool, deadline: float) -> bool:
    """Run the parts and print the report; True where something was not only slow but wrong."""
    import django

    django.setup()
    logging.disable(logging.INFO)

    from django.core.management import call_command

    from benchmarks.processes import Late
    from benchmarks.rows import Wrong
    from benchmarks.stub_printer import StubPrinters
    from benchmarks.workshop import Workshop

    call_command("migrate", verbosity=0)
    with StubPrinters() as stub:
        workshop = Workshop(
            directory,
            stub,
            jobs=jobs,
            rounds=1 if quick else 3,
            latency_seconds=2 if quick else 10,
            deadline=deadline,
        )
        report = workshop.report
        for name in [name for name in NAMES if name in names]:
            print(f"{name} …", file=sys.stderr, flush=True)
            try:
                _part(name)(workshop)
            except (Wrong, Late) as error:
                report.wrong.append(f"{name}: {error}")
    print(_machine(workshop.rounds))
    print()
    for line in report.lines():
        print(line)
    if quick:
        print("note: one round of few jobs shows that the benchmark works, not how fast Pressroom is")
    if report.wrong and workshop.log.exists():
        print(workshop.log.read_text(errors="replace")[-4000:], file=sys.stderr)
    return bool(report.wrong)


def _part(name: str) -> Callable[..., None]:
    from benchmarks import lane, latency, receiving, rendering, throughput

    return {
        "lane": lane.run,
        "render": rendering.run,
        "orders": receiving.run,
        "latency": latency.run,
        "throughput": lambda workshop: throughput.Throughput(workshop).run(),
    }[name]


def _machine(rounds: int) -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        version = str(cursor.fetchone()[0]).split()[0]
    return (
        f"Pressroom benchmark: {connection.display_name} {version}, Python {platform.python_version()}, "
        f"{os.cpu_count()} cores, {rounds} round{'s' if rounds > 1 else ''}. "
        "Quote ratios, not figures: those are the machine's."
    )


if __name__ == "__main__":
    sys.exit(main())
