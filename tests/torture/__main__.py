"""``python -m tests.torture [--seed N] [--seconds S] [--broker db|redis] [--plant FAULT]``."""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from types import FrameType

from tests.lab.processes import LabError
from tests.torture.ledger import Found, check, enough
from tests.torture.place import Place
from tests.torture.plan import GROUND, Plan
from tests.torture.plants import PLANTS
from tests.torture.run import torture

SECONDS = 60
# For each second of chaos, so that zeros mean something: a third of what an idle machine with two cores does.
ORDERS_PER_SECOND, FAULTS_PER_SECOND = 1.5, 1.0


def main() -> int:
    """0 where everything that counts as wrong is zero, and enough has happened."""
    options = _options()
    signal.signal(signal.SIGTERM, _interrupt)
    seed = random.randrange(10**6) if options.seed is None else options.seed
    directory = Path(tempfile.mkdtemp(prefix="pressroom-torture-"))
    begin = time.monotonic()

    def say(line: str) -> None:
        if not options.quiet:
            print(f"{time.monotonic() - begin:6.1f} s  {line}", flush=True)

    plan = Plan(seed, options.broker, options.only)
    print(f"seed={seed} seconds={options.seconds:g} broker={options.broker}", flush=True)
    if options.plant:
        print(f"planted: {PLANTS[options.plant].what}", flush=True)
    try:
        evidence = torture(Place(directory, seed, options.plant), plan, options.seconds, say)
    except LabError as error:
        print(f"The torture could not be carried out: {error}", file=sys.stderr)
        print(f"Journals and logs: {directory}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"Interrupted; everything is stopped. Journals and logs: {directory}", file=sys.stderr)
        return 130
    except BaseException:
        print(f"Journals and logs: {directory}", file=sys.stderr)
        raise
    found = check(evidence)
    problems = [*found.problems, *_too_little(options, found)]
    for problem in problems:
        print(problem)
    print(_kinds(evidence.faults))
    print(f"{evidence.told.total()} troubles were told by e-mail, {evidence.to_tell.total()} were there to tell")
    print(f"{time.monotonic() - begin:.0f} s, seed {seed}, {options.seconds:g} s of chaos, broker {options.broker}")
    if problems:
        print(f"Journals and logs: {directory}")
    else:
        shutil.rmtree(directory, ignore_errors=True)
    print(found.line, flush=True)
    return int(bool(problems))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description="Chaos for everything that prints.")
    parser.add_argument("--seed", type=int, help="repeats the blows of an earlier run")
    parser.add_argument("--seconds", type=float, default=SECONDS, help=f"of chaos (default {SECONDS})")
    parser.add_argument("--broker", choices=("db", "redis"), default="db", help="the queue's (default db)")
    parser.add_argument("--only", choices=GROUND, action="append", default=[], help="these blows at the ground alone")
    parser.add_argument("--plant", choices=sorted(PLANTS), default="", help="a fault that is to be found")
    parser.add_argument("--quiet", action="store_true", help="say only what came of it")
    return parser.parse_args()


def _too_little(options: argparse.Namespace, found: Found) -> list[str]:
    if options.plant and not found.counts[PLANTS[options.plant].seen_as]:
        return [f"the planted fault was not found: {PLANTS[options.plant].seen_as}=0"]
    orders, faults = (int(options.seconds * rate) for rate in (ORDERS_PER_SECOND, FAULTS_PER_SECOND))
    return list(enough(found, orders=max(orders, 10), faults=max(faults, 10)))


def _kinds(faults: Counter[str]) -> str:
    return "faults: " + ", ".join(f"{kind} {count}" for kind, count in sorted(faults.items()))


def _interrupt(_signum: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
