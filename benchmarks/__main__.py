"""``python -m benchmarks [--quick] [--only PART] [--json [FILE]]``: see docs/benchmarks.md."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.scratch import scratch
from config.processes import sigterm_interrupts

if TYPE_CHECKING:
    # It needs Django, and Django the settings that scratch() makes.
    from benchmarks.report import Report

PARTS: Final = ("lane", "render", "orders", "latency", "throughput")
ROUNDS: Final = 3
SECONDS: Final = 2.0  # of each measurement of throughput
# Seconds from the beginning: no further round begins that would end later,
LIMIT: Final = 600.0
# and a part that is not done so much later hangs.
GRACE: Final = 180.0
DEFAULT_FILE: Final = Path()  # --json without a name


def main() -> int:
    options = _options()
    try:
        with sigterm_interrupts(), scratch() as directory:
            return _run(options, directory)
    except KeyboardInterrupt:
        print("stopped; nothing is left of the run", file=sys.stderr)
        return 128 + signal.SIGINT


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="How fast Pressroom prints.")
    parser.add_argument("--quick", action="store_true", help="one round, few jobs: whether it works, not how fast")
    parser.add_argument("--only", choices=PARTS, action="append", help="only this part; may be given several times")
    parser.add_argument(
        "--seconds",
        type=float,
        default=SECONDS,
        help=f"about how long each measurement of throughput takes (default {SECONDS:g}; not with --quick)",
    )
    parser.add_argument(
        "--json",
        type=Path,
        nargs="?",
        const=DEFAULT_FILE,
        metavar="FILE",
        help="write everything to a file too; without a name into var/benchmarks/",
    )
    return parser.parse_args()


def _run(options: argparse.Namespace, directory: Path) -> int:
    """Run the parts, print what they found out, write it down, and return the exit code."""
    import django

    django.setup()
    logging.disable(logging.INFO)

    from benchmarks import machine, report, result

    begun_at, begin, load = datetime.now(UTC), time.monotonic(), machine.load()
    rounds = 1 if options.quick else ROUNDS
    reports = _reports(options, directory, rounds, begin)
    run = result.Run(
        begun_at=begun_at,
        seconds=time.monotonic() - begin,
        options={
            "quick": options.quick,
            "parts": [one.part for one in reports],
            "rounds": rounds,
            "seconds": None if options.quick else options.seconds,
        },
        product=machine.product(),
        machine=machine.machine(load, os.environ["BENCHMARK_REDIS_URL"]),
    )
    print(_head(run.machine, rounds), end="\n\n")
    for line in report.lines(reports):
        print(line)
    if options.quick:
        print("note: one round of few jobs shows that the benchmark works, not how fast Pressroom is")
    if options.json is not None:
        path = result.default_path(begun_at) if options.json == DEFAULT_FILE else options.json
        result.write(path, run, reports)
        print(f"written to {path}")
    print(f"{report.targets_met(reports)}, {run.seconds:.0f} s in all")
    return report.exit_code(reports)


def _reports(options: argparse.Namespace, directory: Path, rounds: int, begin: float) -> list[Report]:
    from django.core.management import call_command

    from benchmarks.parts import parts, run_apart
    from benchmarks.report import Report
    from benchmarks.stub_printer import StubPrinters
    from benchmarks.workshop import Plan, Workshop

    call_command("migrate", verbosity=0)
    plan = Plan(quick=options.quick, rounds=rounds, seconds=options.seconds)
    reports = []
    with StubPrinters() as stub:
        for name, run in parts().items():
            if options.only and name not in options.only:
                continue
            print(f"{name} …", file=sys.stderr, flush=True)
            workshop = Workshop(directory, stub, plan, deadline=begin + LIMIT, report=Report(name, rounds))
            limit = max(begin + LIMIT - time.monotonic(), 0) + GRACE
            report = run_apart(run, workshop, limit)
            if report.wrong and workshop.log.exists():
                print(workshop.log.read_text(errors="replace")[-4000:], file=sys.stderr, flush=True)
            reports.append(report)
    return reports


def _head(machine: dict[str, Any], rounds: int) -> str:
    database = machine["database"]
    redis = f", Redis {machine['redis']}" if machine["redis"] else ""
    return (
        f"Pressroom benchmark: {database['name']} {database['version']}{redis}, {machine['python']}, "
        f"{machine['cores']} × {machine['cpu']}, {rounds} round{'s' if rounds > 1 else ''}. "
        "Quote ratios, not figures: those are the machine's."
    )


if __name__ == "__main__":
    sys.exit(main())
