"""An ezeep that keeps accounts, printers, uploads and jobs in memory.

Where nobody knows how the real one decides (``named``, ``forgotten_status``), it can be told to decide either way.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.ezeep.accounts import CLIENT_ID, CLIENT_SECRET, Accounts
from tests.fakes.ezeep.memory import FINISHED, LASER, NEXT, NOTHING_YET, UNKNOWN, Job, Printer, Upload
from tests.fakes.ezeep.webhooks import Webhooks
from tests.fakes.server import FakeService, Reply, Request

OFFICE = "016bc036-2498-431e-84c6-14552639f515"
STORE = "9620e656-b39b-49ba-a653-a3f168575ec2"
QUEUE = "5c1d9a1e-7a55-4f0e-9a44-2f6a3f1b7c11"
SETTINGS = frozenset(
    {"pace", "automatic", "not_ready", "named", "refusal", "max_body", "forgotten_status", "storage_host", "skew"}
)


class EzeepService(FakeService):
    """Settings, changed by the order ``set``: ``pace`` (seconds per state), ``automatic`` (jobs go on by themselves),
    ``not_ready`` (so many times Print answers 412), ``named`` (whether a job for a queue is named), ``refusal`` (what
    Print answers instead, as status and body), ``max_body`` (octets), ``forgotten_status`` (the HTTP status for a job
    that is not there), ``storage_host`` (where uploads go), ``skew``."""

    name = "ezeep"

    def __init__(self) -> None:
        super().__init__()
        self.pace, self.automatic, self.not_ready, self.named = 0.05, True, 0, True
        self.refusal: list[Any] = []
        # Another host than that of the API, as with the real one.
        self.max_body, self.forgotten_status, self.storage_host = 60_000_000, 200, "localhost"
        self.accounts = Accounts()
        self.printers = [
            Printer(OFFICE, "Büro", "Wien", properties=LASER),
            Printer(STORE, "Lager", properties={"DuplexSupported": False, "Color": False, "Trays": [None]}),
            Printer(QUEUE, "Abholung", is_queue=True),
        ]
        self.uploads: dict[str, Upload] = {}
        self.jobs: list[Job] = []
        self.webhooks = Webhooks()

    def introduction(self, url: str) -> str:
        client = f"Client ID: {CLIENT_ID}\nClient secret: {CLIENT_SECRET}\n"
        return f"{client}Address of the Print API: {url}\nAddress of the accounts: {url}"

    def controls(self) -> dict[str, Callable[..., object]]:
        return {
            **super().controls(),
            "set": self._set,
            "set_accounts": lambda **settings: vars(self.accounts).update(settings),
            "issue": lambda: self.accounts.issue(self.now()),
            "expire": self.accounts.access.clear,
            "revoke": self.accounts.revoke,
            "refreshed": lambda: self.accounts.refreshed,
            "documents": lambda: [job.document() for job in self.jobs],
            "content": lambda job_id: base64.b64encode(self._job(job_id).content).decode(),
            "uploads": lambda: len(self.uploads),
            "finish": self._finish,
            "forget_jobs": self.jobs.clear,
            "change_printer": lambda printer_id, **changes: vars(self._printer(printer_id)).update(changes),
            "remove_printer": lambda printer_id: self.printers.remove(self._printer(printer_id)),
            "webhook": self.webhooks.add,
            "deliveries": self.webhooks.deliveries,
        }

    def answer(self, request: Request) -> Reply:
        if request.path.startswith("/userstorage/"):
            return self._store(request)
        routes: dict[tuple[str, str], Callable[[Request], Reply]] = {
            ("GET", "/oauth/authorize/"): self.accounts.page,
            ("POST", "/oauth/authorize/"): self.accounts.page,
            ("POST", "/oauth/access_token/"): lambda request: self.accounts.token(request, self.now()),
        }
        if route := routes.get((request.method, request.path)):
            return route(request)
        if not self.accounts.knows(request.headers.get("Authorization", ""), self.now()):
            return Reply(401, {"detail": "Authentication credentials were not provided or are not valid."})
        return self._authorized(request)

    def tick(self) -> None:
        now = self.now()
        for job in self.jobs:
            if self.automatic and job.status in NEXT and now - job.since >= timedelta(seconds=self.pace):
                self._enter(job, NEXT[job.status])

    def _authorized(self, request: Request) -> Reply:
        routes: dict[tuple[str, str], Callable[[Request], Reply]] = {
            ("GET", "/sfapi/GetConfiguration/"): lambda _: Reply(200, {"System": {"FILEEXT": "doc;pdf;"}}),
            ("GET", "/sfapi/GetPrinter/"): lambda _: Reply(200, [printer.json() for printer in self.printers]),
            ("GET", "/sfapi/GetPrinterProperties/"): self._properties,
            ("GET", "/sfapi/PrepareUpload/"): self._prepare,
            ("POST", "/sfapi/Print/"): self._print,
            ("GET", "/sfapi/Status/"): self._status,
            ("GET", "/v1/users/"): lambda _: Reply(200, {"count": 1, "results": [{"display_name": "Alpen Blick"}]}),
        }
        route = routes.get((request.method, request.path))
        return route(request) if route else Reply(404, {"detail": "Not found."})

    def _properties(self, request: Request) -> Reply:
        wanted = request.query.get("id")
        found = [one for one in self.printers if one.properties is not None and wanted in (None, one.id)]
        return Reply(200, [printer.properties_json() for printer in found])

    def _prepare(self, request: Request) -> Reply:
        upload = Upload(f"ERI_{secrets.token_hex(8)}", secrets.token_urlsafe(12) + "+/=")
        self.uploads[upload.id] = upload
        port = urlsplit(f"//{request.headers.get('Host', '')}").port
        signature = upload.signature.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
        uri = f"http://{self.storage_host}:{port}/userstorage/{upload.id}?sv=2018-03-28&sr=b&sig={signature}&sp=wl"
        return Reply(200, {"fileid": upload.id, "sasUri": uri})

    def _store(self, request: Request) -> Reply:
        """The storage, which knows an address's signature and nobody's token."""
        upload = self.uploads.get(request.path.removeprefix("/userstorage/"))
        if request.method != "PUT" or upload is None or request.query.get("sig") != upload.signature:
            return Reply(403, b"<Error><Code>AuthenticationFailed</Code></Error>")
        if request.headers.get("x-ms-blob-type") != "BlockBlob" or "Authorization" in request.headers:
            return Reply(400, b"<Error><Code>InvalidHeaderValue</Code></Error>")
        if len(request.body) > self.max_body:
            return Reply(413, b"<Error><Code>RequestBodyTooLarge</Code></Error>")
        upload.content, upload.headers = request.body, dict(request.headers)
        return Reply(201, b"")

    def _print(self, request: Request) -> Reply:
        sent: dict[str, Any] = json.loads(request.body)
        if self.refusal:
            return Reply(*self.refusal)
        upload = self.uploads.get(sent.get("fileid", ""))
        printer = next((one for one in self.printers if one.id == sent.get("printerid")), None)
        if upload is None or upload.content is None:
            return Reply(400, {"code": 2, "message": "file not found"})
        if printer is None:
            return Reply(400, {"code": 1801, "message": "unknown printer"})
        if self.not_ready > 0:
            self.not_ready -= 1
            return Reply(412, {"fileid": upload.id})
        job_id = f"ezprnds-{secrets.token_hex(4)}:Büro 1#{len(self.jobs) + 1}:{printer.id}:4"
        self.jobs.append(Job(job_id, printer, sent, upload.content, upload.headers, NOTHING_YET, self.now()))
        if sent.get("printanddelete"):
            del self.uploads[upload.id]
        return Reply(200, {"jobid": job_id} if self.named or not printer.is_queue else {})

    def _status(self, request: Request) -> Reply:
        job = next((one for one in self.jobs if one.id == request.query.get("id")), None)
        if job is None:
            return Reply(self.forgotten_status, {"jobstatus": UNKNOWN, "jobstatusstring": ""})
        return Reply(200, job.json())

    def _enter(self, job: Job, status: int, words: str = "") -> None:
        job.status, job.since, job.words = status, self.now(), words
        if status not in NEXT:
            self.webhooks.tell(job, succeeded=status == FINISHED)

    def _set(self, **settings: Any) -> None:
        if unknown := set(settings) - SETTINGS:
            raise ValueError(f"no such settings: {sorted(unknown)}")
        vars(self).update(settings)

    def _finish(self, job_id: str, status: int, words: str = "") -> None:
        self._enter(self._job(job_id), status, words)

    def _job(self, job_id: str) -> Job:
        return next(job for job in self.jobs if job.id == job_id)

    def _printer(self, printer_id: str) -> Printer:
        return next(printer for printer in self.printers if printer.id == printer_id)
