"""The simplest program that could do the same: post, then commit one row, and so on; no retries, no lanes, no record.

``python -m benchmarks.bare_loop BASE_URL FIRST STOP STEP KEEP_ALIVE COPIES``: the numbers of ``range(FIRST, STOP,
STEP)``. With COPIES, a file of invoices as JSON lines, each document is rendered before it is posted.
Its result is the CPU time it took, in milliseconds per document.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import requests

from benchmarks.bodies import HEADERS, Request, pdf
from benchmarks.processes import await_start, tell

DOCUMENTS = 100  # as many different ones as Pressroom sends


def main() -> None:
    base, copies = sys.argv[1], sys.argv[6]
    first, stop, step = map(int, sys.argv[2:5])
    numbers = range(first, stop, step)
    keep_alive = sys.argv[5] == "keep-alive"
    request = Request(base)
    document = _rendered(Path(copies)) if copies else _stored()
    session = requests.Session()
    session.trust_env = False
    commit = _committer()
    document(0)  # warm
    await_start()
    begin = time.process_time()
    for number in numbers:
        body = request.body(number, document(number))
        if not keep_alive:
            session.close()
        session.post(f"{base}/{number % 16}", data=body, headers=HEADERS, timeout=30).raise_for_status()
        commit(number)
    tell(1000 * (time.process_time() - begin) / len(numbers))


def _stored() -> Callable[[int], bytes]:
    """Documents in memory."""
    documents = [pdf(number) for number in range(DOCUMENTS)]
    return lambda number: documents[number % DOCUMENTS]


def _rendered(copies: Path) -> Callable[[int], bytes]:
    """Invoices, made when they are asked for."""
    # Here, because loading it takes longer than most measurements.
    from connectors.documents.data import InvoiceData
    from connectors.documents.render import render_invoice

    invoices = [InvoiceData.from_json(json.loads(line)) for line in copies.read_text().splitlines()]
    return lambda number: render_invoice(invoices[number])


def _committer() -> Callable[[int], None]:
    """One commit per call, through the driver alone."""
    url = os.environ["DATABASE_URL"]
    if not url.startswith("sqlite:///"):
        postgres = psycopg.connect(url, autocommit=True)
        update = "UPDATE benchmark_row SET done = %s WHERE id = %s"
        return lambda number: postgres.execute(update, (time.time(), number)).close()
    # The settings of the product.
    sqlite = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=20, isolation_level=None)
    sqlite.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;")

    def commit(number: int) -> None:
        with closing(sqlite.cursor()) as cursor:
            cursor.execute("UPDATE benchmark_row SET done = ? WHERE id = ?", (time.time(), number))

    return commit


if __name__ == "__main__":
    main()
