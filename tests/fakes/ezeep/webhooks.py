"""The fake ezeep's calls to us: the end of each job, sent with a name and password."""

from __future__ import annotations

import base64
import json
import threading
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener
from uuid import uuid4

from tests.fakes.ezeep.memory import Job

_OPENER = build_opener(ProxyHandler({}))


@dataclass(frozen=True)
class Webhook:
    """Where to call, with which name and password; ``topic`` is the field that says what happened, empty: none does."""

    url: str
    basic_username: str
    basic_password: str
    topic: str = ""


class Webhooks:
    """Registered addresses, and what became of every call."""

    def __init__(self) -> None:
        self._webhooks: list[Webhook] = []
        self._deliveries: list[dict[str, Any]] = []

    def add(self, **arguments: Any) -> None:
        """Call this address from now on."""
        self._webhooks.append(Webhook(**arguments))

    def deliveries(self) -> list[dict[str, Any]]:
        """Every call made: its report and the status that came back (None: none did)."""
        return self._deliveries

    def tell(self, job: Job, *, succeeded: bool) -> None:
        """Tell everybody registered that a job has ended."""
        for webhook in self._webhooks:
            report = {
                # Another number than the Print API's: whether the real ones are the same is not known.
                "printjob_id": uuid4().hex,
                "filename": job.sent.get("alias"),
                "status": "succeeded" if succeeded else "failed",
                "printer": {"id": job.printer.id, "name": job.printer.name},
                "copies": job.sent.get("properties", {}).get("copies"),
                "total_printed_pages": 1 if succeeded else 0,
                "type": "print",
            }
            if webhook.topic:
                report[webhook.topic] = "printjob_succeeded" if succeeded else "printjob_failed"
            threading.Thread(target=self._deliver, args=(webhook, report), daemon=True).start()

    def _deliver(self, webhook: Webhook, report: dict[str, Any]) -> None:
        proof = base64.b64encode(f"{webhook.basic_username}:{webhook.basic_password}".encode()).decode()
        headers = {"Content-Type": "application/json", "Authorization": f"Basic {proof}"}
        request = Request(webhook.url, json.dumps(report).encode(), headers, method="POST")
        status: int | None
        try:
            with _OPENER.open(request, timeout=10) as answer:
                status = answer.status
        except HTTPError as error:
            status = error.code
        except OSError:
            status = None
        self._deliveries.append({"report": report, "status": status})
