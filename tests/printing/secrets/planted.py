"""A key that would be recognised anywhere, and the evidence that is searched for it."""

from __future__ import annotations

import base64
import html
import json
import logging
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django_q.models import OrmQ, Task
from django_q.signing import SignedPackage

PLANTED = "planted/Key+of&the=merchant%4711"
PAGES = 200  # at most; a crawl that goes in circles is not evidence


def disguises(secret: str) -> Iterator[bytes]:
    """How the secret may stand somewhere: as it is, and as pages, addresses, JSON, headers and dumps write it."""
    plain = secret.encode()
    yield plain
    yield html.escape(secret).encode()
    yield quote(secret).encode()
    yield quote(secret, safe="").encode()
    yield quote_plus(secret).encode()
    yield json.dumps(secret)[1:-1].replace("/", "\\/").encode()
    yield plain.hex().encode()
    for before in (b"", b"u:", b"u"):
        # What stands before and behind shifts and joins the ends: the middle stays the same.
        middle = base64.b64encode(before + plain)[4:-4]
        yield middle
        yield middle.replace(b"+", b"-").replace(b"/", b"_")


@dataclass
class Evidence:
    """What the product said, wrote and stored, by the name of the place."""

    places: dict[str, list[bytes]] = field(default_factory=dict)

    def add(self, place: str, found: object) -> None:
        self.places.setdefault(place, []).append(found if isinstance(found, bytes) else str(found).encode())

    def holding(self, secret: str) -> list[str]:
        """The places where the secret stands, each with what is around it."""
        return [
            f"{place}: {text[max(at - 80, 0) : at + len(form)]!r}"
            for place, texts in self.places.items()
            for form in set(disguises(secret))
            for text in texts
            if (at := text.find(form)) >= 0
        ]

    def answer(self, place: str, response: Any) -> Any:
        """Keep a response with its headers; returns it."""
        body = b"".join(response.streaming_content) if response.streaming else response.content
        self.add(place, f"{response.status_code} {response.headers}")
        self.add(place, body)
        return response

    def crawl(self, client: Client, start: str) -> int:
        """Keep every page that links lead to from ``start`` without leaving what lies below it; returns how many."""
        seen: set[str] = set()
        queue = [start]
        while queue and len(seen) < PAGES:
            address = queue.pop()
            if address in seen:
                continue
            seen.add(address)
            answer = self.answer(f"page {address}", client.get(address))
            links = re.findall(r'(?:href|src)="([^"#]+)', self.places[f"page {address}"][-1].decode(errors="replace"))
            if answer.status_code in (301, 302):
                links.append(answer.headers["Location"])
            queue += [html.unescape(link) for link in links if link.startswith(start)]
        return len(seen)

    def database(self) -> None:
        """Keep everything that is stored: as dumpdata writes it, as the database dumps it, and its files."""
        self.add("sessions", [session.get_decoded() for session in Session.objects.all()])
        for entry in OrmQ.objects.all():
            self.add("queue", f"{entry.payload} {SignedPackage.loads(entry.payload)}")
        self.add("tasks", list(Task.objects.values()))
        call_command("dumpdata", stdout=_Pages(self, "dumpdata"))
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            self.add("dump", "\n".join(connection.connection.iterdump()))
            name = str(connection.settings_dict["NAME"])
            for path in (Path(name), Path(f"{name}-wal")):
                # By another process: a file that this one closes takes with it the locks that SQLite holds on it.
                if path.exists():
                    self.add(path.name, subprocess.run(["cat", str(path)], capture_output=True, check=True).stdout)
            return
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names():
                with cursor.copy(f'COPY "{table}" TO STDOUT') as rows:
                    self.add(f"dump of {table}", b"".join(bytes(row) for row in rows))


@dataclass
class _Pages:
    """A stream that keeps what is written to it as evidence."""

    evidence: Evidence
    place: str

    def write(self, text: str) -> None:
        self.evidence.add(self.place, text)


class KeepingHandler(logging.Handler):
    """Keeps every line that is logged, formatted with its traceback, and the objects it was made of."""

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(logging.DEBUG)
        self.evidence = evidence

    def emit(self, record: logging.LogRecord) -> None:
        self.evidence.add(f"log {record.name}", f"{self.format(record)} {record.args}")
