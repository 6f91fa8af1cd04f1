"""Databases of their own, beside the one that tests work on: made empty, filled from a dump, thrown away."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
DUMPS = Path(__file__).parent / "dumps"
LIMIT = 120.0  # seconds for one program; generous, the machine may be busy
# The secrets of the dumps, and of nothing else: what is encrypted in them can be read with these.
SECRETS = {
    "SECRET_KEY": "only-for-the-dumps-of-the-tests-" + "x" * 32,
    "CREDENTIALS_KEYS": "b25seSBmb3IgdGhlIGR1bXBzIG9mIHRoZSB0ZXN0cyE=",
}


@contextmanager
def empty_database(server: str, directory: Path, name: str) -> Iterator[str]:
    """The address of a new database, as DATABASE_URL takes it: a file, or one on the PostgreSQL of ``server``."""
    if server.startswith("sqlite"):
        yield f"sqlite:///{directory / name}.sqlite3"
        return
    with psycopg.connect(_beside(server, "postgres"), autocommit=True) as connection:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        connection.execute(drop)
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name))
        )
        try:
            yield _beside(server, name)
        finally:
            connection.execute(drop)


def _beside(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def backend(url: str) -> str:
    return "sqlite" if url.startswith("sqlite") else "postgresql"


def load(url: str, dump: str) -> None:
    """Fill an empty database from a dump."""
    script = (DUMPS / dump / f"{backend(url)}.sql").read_text()
    if backend(url) == "sqlite":
        with closed(sqlite3.connect(file_of(url))) as connection:
            connection.executescript(script)
    else:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(script.encode())


@contextmanager
def closed(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """The connection, closed in the end: sqlite3's own context only ends a transaction."""
    try:
        yield connection
    finally:
        connection.close()


def file_of(url: str) -> str:
    return unquote(url.removeprefix("sqlite:///"))


def environment(url: str, directory: Path) -> dict[str, str]:
    """What a program of the installation of this database reads; its files lie in ``directory``."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DOCUMENTS_DIR", "REDIS_URL"}}
    return {
        **kept,
        **SECRETS,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": url,
        "PRESSROOM_DATA_DIR": str(directory),
        "PYTHONPATH": str(ROOT),
        "EMAIL_URL": "memorymail://",
        "DEFAULT_FROM_EMAIL": "pressroom@print.example.com",
        "PUBLIC_URL": "https://print.example.com",
    }


def program(url: str, directory: Path, *command: str) -> str:
    """Run Python with ``command`` in the installation of this database; returns what it printed."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment(url, directory),
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def rows(url: str) -> dict[str, int]:
    """How many rows each table has."""
    return dict(_counts(url))


def _counts(url: str) -> Iterator[tuple[str, int]]:
    if backend(url) == "sqlite":
        with closed(sqlite3.connect(file_of(url))) as connection:
            yield from _count(
                connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
    else:
        with psycopg.connect(url) as server:
            yield from _count(server, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")


def _count(connection: Any, tables: str) -> Iterator[tuple[str, int]]:
    for (table,) in connection.execute(tables).fetchall():
        ((count,),) = connection.execute(f'SELECT count(*) FROM "{table}"').fetchall()
        yield table, count
