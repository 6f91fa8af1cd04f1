"""What a run was measured on: without it, figures say nothing. No name of a host, no address, no password."""

from __future__ import annotations

import os
import platform
import subprocess
import tomllib
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import redis
from django.db import connection

from benchmarks.scratch import ROOT

PACKAGES: Final = ("Django", "django-q2", "psycopg", "requests", "typst")
# What decides how much a commit costs, and a query.
_POSTGRESQL: Final = (
    *("fsync", "synchronous_commit", "full_page_writes", "wal_level", "shared_buffers", "work_mem"),
    *("max_connections", "jit"),
)
_SQLITE: Final = ("journal_mode", "synchronous", "page_size", "cache_size", "wal_autocheckpoint")


def product() -> dict[str, Any]:
    """Which state of the product: its version, and the commit where that is known."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    changes = _git("status", "--porcelain")
    return {
        "name": project["name"],
        "version": project["version"],
        "commit": _git("rev-parse", "HEAD"),
        # Whether anything in the checkout differs from that commit.
        "changed": None if changes is None else bool(changes),
    }


def machine(load_at_begin: list[float], redis_url: str) -> dict[str, Any]:
    """The machine at the end of a run, and the programs the run needed. ``redis_url`` is empty where none was used."""
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "cores_usable": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_mb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20,
        "system": _system(),
        "kernel": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "packages": {package: version(package) for package in PACKAGES},
        "database": _database(),
        "redis": _redis_version(redis_url),
        "load_at_begin": load_at_begin,
        "load_at_end": load(),
    }


def load() -> list[float]:
    """How busy the machine was over the last 1, 5 and 15 minutes: processes that ran or waited for a core."""
    return [round(average, 2) for average in os.getloadavg()]


def _database() -> dict[str, Any]:
    """The database of the run, and its settings."""
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:

        def ask(statement: str) -> str:
            cursor.execute(statement)
            return str(cursor.fetchone()[0])

        return {
            "name": connection.display_name,
            "version": ask("SELECT sqlite_version()" if sqlite else "SHOW server_version").split()[0],
            "settings": {
                name: ask(f"PRAGMA {name}" if sqlite else f"SHOW {name}")
                for name in (_SQLITE if sqlite else _POSTGRESQL)
            },
        }


def _redis_version(url: str) -> str | None:
    """None where no Redis was used, or it does not answer."""
    if not url:
        return None
    with suppress(redis.RedisError), redis.Redis.from_url(url) as server:
        return str(server.info("server")["redis_version"])
    return None


def _cpu() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            name, _colon, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


def _system() -> str:
    with suppress(OSError):
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    return platform.platform()


def _git(*arguments: str) -> str | None:
    """What git says of this checkout; None where it is none, or there is no git."""
    if not (ROOT / ".git").exists():
        return None  # it may lie in another checkout
    with suppress(OSError, subprocess.CalledProcessError):
        return subprocess.run(
            ["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=True, timeout=10
        ).stdout.strip()
    return None
