"""A place of the benchmark's own: directory, keys, queue and database, all gone afterwards."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
from cryptography.fernet import Fernet
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
# Of what the product reads from its environment (config/env.py): what a run sets for itself,
SET = frozenset({"CREDENTIALS_KEYS", "DATABASE_URL", "PRESSROOM_DATA_DIR", "REDIS_URL", "SECRET_KEY"})
# and the rest: what a person has set for another purpose must not change what is measured.
UNSET = frozenset(
    {
        *("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "DEBUG", "DOCUMENTS_DIR", "HTTPS", "SECRET_KEY_FALLBACKS"),
        *("DEFAULT_FROM_EMAIL", "EMAIL_URL", "PUBLIC_URL"),
        *("LANE_BACKOFF_SECONDS", "LANE_LEASE_SECONDS", "LANE_THREADS", "QUEUE_WORKERS"),
        *("PRINTER_NETWORKS", "PROVIDER_CONNECT_TIMEOUT", "PROVIDER_READ_TIMEOUT"),
    }
)


@contextmanager
def scratch() -> Iterator[Path]:
    """Set the environment up for this process and those it starts; yields the directory.

    With ``DATABASE_URL=postgres://…`` a new database on that server, else an SQLite file. Nothing that exists is used.
    """
    with tempfile.TemporaryDirectory(prefix="pressroom-benchmark-") as name:
        directory = Path(name)
        url = os.environ.get("DATABASE_URL", "")
        redis_url = os.environ.pop("REDIS_URL", "")
        for variable in UNSET:
            os.environ.pop(variable, None)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "PRESSROOM_DATA_DIR": name,
            "SECRET_KEY": uuid4().hex + uuid4().hex,
            "CREDENTIALS_KEYS": Fernet.generate_key().decode(),
            "BENCHMARK_QUEUE": f"benchmark-{uuid4().hex[:12]}",
            # Only the measurement that is about it uses Redis.
            "BENCHMARK_REDIS_URL": redis_url,
        }
        if re.match(r"postgres(ql)?://", url):
            with _postgres(url) as scratch_url:
                os.environ["DATABASE_URL"] = scratch_url
                yield directory
        else:
            os.environ["DATABASE_URL"] = f"sqlite:///{directory / 'benchmark.sqlite3'}"
            yield directory


@contextmanager
def _postgres(url: str) -> Iterator[str]:
    """Create a database on the server of ``url`` and drop it afterwards, whoever is still connected to it."""
    name = f"pressroom_benchmark_{uuid4().hex[:12]}"
    server = urlsplit(url)
    maintenance, scratch_url = (
        urlunsplit((*server[:2], f"/{database}", *server[3:])) for database in ("postgres", name)
    )
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield scratch_url
        finally:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
