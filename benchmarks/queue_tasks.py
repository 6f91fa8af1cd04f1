"""The usual way with django-q2: a task per job, which posts and updates one row."""

from __future__ import annotations

import time
from functools import lru_cache

import requests
from django.db import connection

from benchmarks.bodies import HEADERS, Request, pdf


@lru_cache(maxsize=1)
def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    return session


@lru_cache(maxsize=1)
def _request(base: str) -> Request:
    return Request(base)


@lru_cache(maxsize=100)
def _document(number: int) -> bytes:
    return pdf(number)


def post_and_record(base: str, number: int) -> None:
    body = _request(base).body(number, _document(number % 100))
    _session().post(f"{base}/{number % 16}", data=body, headers=HEADERS, timeout=30).raise_for_status()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE benchmark_row SET done = %s WHERE id = %s", (time.time(), number))
