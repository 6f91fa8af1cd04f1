"""``python -m tests.matrix [--seed N]``: run the whole matrix on a database of its own, and write what it found."""

from __future__ import annotations

import argparse
import logging
import os
import random
import sys
import tempfile
import time
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.matrix", description="Every print service, every fault.")
    parser.add_argument("--seed", type=int, help="repeats the times and the order of an earlier run")
    seed = parser.parse_args().seed
    seed = random.randrange(10**6) if seed is None else seed
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    logging.disable(logging.WARNING)

    from django.test.utils import setup_databases, teardown_databases

    from tests.matrix import real_printer, report
    from tests.matrix.run import run

    begin = time.monotonic()
    real = "and the real ippeveprinter" if real_printer.installed() else "alone; ippeveprinter of CUPS is not installed"
    print(f"seed={seed}; IPP: a printer of our own {real}", flush=True)
    databases = setup_databases(verbosity=0, interactive=False)
    with tempfile.TemporaryDirectory(prefix="pressroom-matrix-") as directory:
        log = Path(directory) / "worker.log"
        try:
            cells = run(seed, log)
        finally:
            teardown_databases(databases, verbosity=0)
        whole = report.whole(cells)
        if not whole:
            print(log.read_text(errors="replace")[-10_000:], file=sys.stderr)
    print(report.table(cells))
    for cell in cells:
        for problem in cell.problems:
            print(f"{cell.provider} {cell.fault}: {problem}")
    if whole:
        report.write(cells)
    print(f"{time.monotonic() - begin:.0f} s, seed {seed}")
    print(report.closing_line(cells))
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main())
