"""``python -m tests.simulation [--seed N]``: simulate a year on a database of its own, and check it."""

from __future__ import annotations

import argparse
import logging
import os
import random
import sys
import tempfile
import time
from pathlib import Path

INVOICES = 2000


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description="A year of a Space that duns.")
    parser.add_argument("--seed", type=int, help="repeats an earlier year")
    parser.add_argument("--invoices", type=int, default=INVOICES, help=f"how many (default {INVOICES})")
    options = parser.parse_args()
    seed = random.randrange(10**6) if options.seed is None else options.seed
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    logging.disable(logging.WARNING)

    from django.test.utils import setup_databases, teardown_databases

    from tests.simulation.ledger import check
    from tests.simulation.plan import year
    from tests.simulation.year import simulate

    begin = time.monotonic()
    print(f"seed={seed}", flush=True)
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        with tempfile.TemporaryDirectory(prefix="pressroom-year-") as directory:
            journal = simulate(year(seed, options.invoices), Path(directory), lambda line: print(line, flush=True))
    finally:
        teardown_databases(databases, verbosity=0)
    found = check(journal)
    for problem in found.problems:
        print(problem)
    print(f"{time.monotonic() - begin:.0f} s, seed {seed}")
    print(found.line)
    return found.exit_code(INVOICES)


if __name__ == "__main__":
    sys.exit(main())
