"""Dump the database of today's state, with rows in every table: ``python -m tests.migrations.dump NAME``.

Writes ``dumps/NAME/sqlite.sql`` or, with DATABASE_URL on a PostgreSQL server, ``dumps/NAME/postgresql.sql``; a dump
needs both. The server's pg_dump has to be in the path.
"""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.migrations.databases import DUMPS, backend, closed, empty_database, file_of, program, rows

FILL = "import django; django.setup(); from tests.migrations.seed import fill; fill()"
# What only psql understands, and what another server or another run would say differently.
NOISE = re.compile(r"^(--.*|\\.*|SET .*|SELECT pg_catalog\.set_config.*|)\n", re.MULTILINE)


def main(name: str) -> None:
    server = os.environ.get("DATABASE_URL", "sqlite")
    with tempfile.TemporaryDirectory() as directory, empty_database(server, Path(directory), "pressroom_dump") as url:
        program(url, Path(directory), "manage.py", "migrate", "--no-input", "--verbosity=0")
        program(url, Path(directory), "-c", FILL)
        file = DUMPS / name / f"{backend(url)}.sql"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_sqlite(url) if backend(url) == "sqlite" else _postgresql(url))
        empty = sorted(table for table, count in rows(url).items() if not count)
        sys.stdout.write(f"{file.name}: {file.stat().st_size // 1024} KB; empty tables: {', '.join(empty)}\n")


def _sqlite(url: str) -> str:
    with closed(sqlite3.connect(file_of(url))) as connection:
        return "".join(f"{line}\n" for line in connection.iterdump())


def _postgresql(url: str) -> str:
    command = ["pg_dump", "--inserts", "--no-owner", "--no-privileges", url]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return NOISE.sub("", text)


if __name__ == "__main__":
    main(sys.argv[1])
