"""A PrintNode that keeps accounts, computers, printers and jobs in memory.

Where nobody knows how the real one decides (``strict``, ``missing_status``), it can be told to decide either way.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.fakes.printnode.memory import (
    CAPABILITIES,
    FINAL,
    KEYS_KEPT,
    NEXT,
    Computer,
    Job,
    Printer,
    in_set,
    refused_option,
)
from tests.fakes.printnode.webhooks import Webhooks
from tests.fakes.server import FakeService, Reply, Request

API_KEY = "fake-printnode-key"
DEFAULT_EXPIRY = 1_209_600  # seconds, the 14 days of the real one
ACCOUNT: dict[str, Any] = {"id": 4711, "firstname": "Alpen", "lastname": "Blick", "email": "print@example.com"}
SETTINGS = frozenset({"pace", "automatic", "strict", "missing_status", "max_body", "per_second", "retry_after", "skew"})

Route = Callable[..., Reply]


class PrintNodeService(FakeService):
    """Settings, changed by the order ``set``: ``pace`` (seconds per state), ``automatic`` (jobs go on by themselves),
    ``strict`` (options a printer does not have are refused), ``missing_status`` (for a printer that is not there),
    ``max_body`` (octets), ``per_second`` (requests; 0: any number), ``retry_after`` (what a 429 says), ``skew``."""

    name = "printnode"

    def __init__(self) -> None:
        super().__init__()
        self.pace, self.automatic, self.strict, self.missing_status = 0.05, True, True, 404
        self.max_body, self.per_second, self.retry_after = 20_000_000, 0, ""
        self.api_keys = {API_KEY}
        self.computers = [Computer(1, "KASSE-1")]
        self.printers = [
            Printer(1001, self.computers[0], "Büro", CAPABILITIES),
            Printer(1002, self.computers[0], "Lager"),
        ]
        self.jobs: list[Job] = []
        self.last_job_id = 500
        self.keys: dict[str, datetime] = {}
        self.webhooks = Webhooks()
        self._recent: deque[float] = deque()
        self._routes: list[tuple[str, str, Route]] = [
            ("GET", r"/whoami", lambda _: Reply(200, ACCOUNT)),
            ("GET", r"/ping|/noop", lambda _: Reply(200, "OK")),
            ("GET", r"/computers", lambda request: _page(request, self.computers)),
            ("GET", r"/printers(?:/([\d,-]+))?", self._list_printers),
            ("GET", r"/printers/(\d+)/printjobs(?:/([\d,-]+))?", self._list_jobs_of),
            ("GET", r"/printjobs(?:/([\d,-]+))?", self._list_jobs),
            ("GET", r"/printjobs/([\d,-]+)/states", self._list_states),
            ("POST", r"/printjobs", self._take),
            ("DELETE", r"/printjobs/([\d,-]+)", self._delete),
        ]

    def introduction(self, url: str) -> str:
        return f"API key: {API_KEY}\nAddress of the service: {url}"

    def controls(self) -> dict[str, Callable[..., object]]:
        return {
            **super().controls(),
            "set": self._set,
            "documents": lambda: [job.document() for job in self.jobs],
            "content": lambda job_id: base64.b64encode(self._job(job_id).content).decode(),
            "finish": self._finish,
            "revoke": self.api_keys.clear,
            "add_key": lambda key: self.api_keys.add(key),
            "add_printers": self._add_printers,
            "change_printer": lambda printer_id, **changes: vars(self._printer(printer_id)).update(changes),
            "change_computer": lambda **changes: vars(self.computers[0]).update(changes),
            "burn_key": lambda key: self.keys.update({key: self.now()}),
            "forget_keys": self.keys.clear,
            "forget_jobs": self.jobs.clear,
            "age_jobs": self._age_jobs,
            "webhook": self.webhooks.add,
            "deliveries": self.webhooks.deliveries,
        }

    def answer(self, request: Request) -> Reply:
        if not self._authenticated(request):
            return _error(401, "Unauthorized", "API Key not found")
        if self._too_many():
            return _error(429, "TooManyRequests", "Slow down", {"Retry-After": self.retry_after})
        known = False
        for method, pattern, route in self._routes:
            if match := re.fullmatch(pattern, request.path):
                known = True
                if method == request.method:
                    return route(request, *match.groups())
        return _error(405, "MethodNotAllowed", request.method) if known else _error(404, "NotFound", request.path)

    def tick(self) -> None:
        now = self.now()
        for job in self.jobs:
            if job.state in FINAL:
                continue
            if job.expires <= now and job.state == "new":
                self._enter(job, "expired", "")
            elif self.automatic and job.printer.computer.state == "connected":
                since = datetime.fromisoformat(job.states[-1]["createTimestamp"])
                if job.state in NEXT and now - since >= timedelta(seconds=self.pace):
                    self._enter(job, NEXT[job.state], "")

    def _authenticated(self, request: Request) -> bool:
        scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
        try:
            user, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return False
        return scheme == "Basic" and user in self.api_keys and colon == ":" and not password

    def _too_many(self) -> bool:
        now = time.monotonic()
        while self._recent and self._recent[0] < now - 1:
            self._recent.popleft()
        if 0 < self.per_second <= len(self._recent):
            return True
        self._recent.append(now)
        return False

    def _list_printers(self, request: Request, wanted: str | None) -> Reply:
        return _page(request, [printer for printer in self.printers if wanted is None or in_set(wanted, printer.id)])

    def _list_jobs_of(self, request: Request, printer_id: str, wanted: str | None) -> Reply:
        if not any(printer.id == int(printer_id) for printer in self.printers):
            return _error(404, "NotFound", f"No printer {printer_id}")
        jobs = [job for job in self.jobs if job.printer.id == int(printer_id)]
        return _page(request, [job for job in jobs if wanted is None or in_set(wanted, job.id)])

    def _list_jobs(self, request: Request, wanted: str | None) -> Reply:
        return _page(request, [job for job in self.jobs if wanted is None or in_set(wanted, job.id)])

    def _list_states(self, request: Request, wanted: str) -> Reply:
        return Reply(200, [job.states for job in self.jobs if in_set(wanted, job.id)])

    def _take(self, request: Request) -> Reply:
        if len(request.body) > self.max_body:
            return _error(413, "PayloadTooLarge", "Too large")
        sent, problem = self._checked(request.body)
        if problem is not None:
            return problem
        key = request.headers.get("X-Idempotency-Key")
        now = self.now()
        if key and now - self.keys.get(key, now - 2 * KEYS_KEPT) < KEYS_KEPT:
            return _error(409, "Conflict", f"Idempotency key collision: {key}")
        if key:
            self.keys[key] = now
        self.last_job_id += 1
        expires = now + timedelta(seconds=sent.get("expireAfter", DEFAULT_EXPIRY))
        printer = self._printer(sent["printerId"])
        content = base64.b64decode(sent.pop("content"))
        job = Job(self.last_job_id, printer, sent, content, now, expires)
        self.jobs.append(job)
        self._enter(job, "new", "")
        return Reply(201, job.id)

    def _checked(self, body: bytes) -> tuple[dict[str, Any], Reply | None]:
        try:
            sent: dict[str, Any] = json.loads(body)
            base64.b64decode(sent["content"], validate=True)
            known = [printer for printer in self.printers if printer.id == sent["printerId"]]
        except (ValueError, KeyError, TypeError):
            return {}, _error(400, "BadRequest", "content: not understood")
        if not known:
            return {}, _error(self.missing_status, "NotFound", f"printerId: no printer {sent['printerId']}")
        if sent.get("contentType") != "pdf_base64":
            return {}, _error(400, "BadRequest", "contentType: not supported here")
        refused = refused_option(sent.get("options", {}), known[0]) if self.strict else ""
        return sent, _error(400, "BadRequest", refused) if refused else None

    def _delete(self, request: Request, wanted: str) -> Reply:
        jobs = [job for job in self.jobs if in_set(wanted, job.id) and job.state not in FINAL]
        for job in jobs:
            self._enter(job, "deleted", "")
        return Reply(200, [job.id for job in jobs])

    def _enter(self, job: Job, state: str, message: str) -> None:
        now = self.now()
        age = round((now - job.created).total_seconds() * 1000)
        entry = {"printJobId": job.id, "state": state, "message": message, "data": None, "clientVersion": "4.27.8"}
        job.states.append({**entry, "createTimestamp": now.isoformat(), "age": age})
        data = {"uid": uuid4().hex, "state": state, "message": message, "printJobId": job.id}
        self.webhooks.tell("print job state", data, ACCOUNT["id"], now)

    def _set(self, **settings: Any) -> None:
        if unknown := set(settings) - SETTINGS:
            raise ValueError(f"no such settings: {sorted(unknown)}")
        vars(self).update(settings)

    def _finish(self, job_id: int, state: str, message: str = "") -> None:
        self._enter(self._job(job_id), state, message)

    def _add_printers(self, count: int) -> None:
        first = max(printer.id for printer in self.printers) + 1
        self.printers += [Printer(first + n, self.computers[0], f"Drucker {n}", CAPABILITIES) for n in range(count)]

    def _age_jobs(self, seconds: float) -> None:
        for job in self.jobs:
            job.created -= timedelta(seconds=seconds)

    def _job(self, job_id: int) -> Job:
        return next(job for job in self.jobs if job.id == job_id)

    def _printer(self, printer_id: int) -> Printer:
        return next(printer for printer in self.printers if printer.id == printer_id)


def _page(request: Request, items: Sequence[Computer | Printer | Job]) -> Reply:
    """``limit``, ``after`` and ``dir``, as every list has them."""
    descending = request.query.get("dir", "desc") == "desc"
    found = sorted(items, key=lambda item: item.id, reverse=descending)
    if after := request.query.get("after"):
        found = [item for item in found if (item.id < int(after) if descending else item.id > int(after))]
    return Reply(200, [item.json() for item in found[: int(request.query.get("limit", "100"))]])


def _error(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Reply:
    uid = uuid4().hex
    sent = {name: value for name, value in (headers or {}).items() if value}
    return Reply(status, {"uid": uid, "code": code, "message": message}, {"Request-Id": uid, **sent})
