"""The fake PrintNode's calls to us: each state of a job, sent as it happens and, if need be, once more."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

_OPENER = build_opener(ProxyHandler({}))


@dataclass(frozen=True)
class Webhook:
    """Where to call. ``word`` is the name under which an event says what it is: receivers have seen two."""

    url: str
    secret: str
    word: str = "type"
    retry_after: float = 0.2  # seconds; the real one waits about five


class Webhooks:
    """Registered addresses, and what became of every call."""

    def __init__(self) -> None:
        self._webhooks: list[Webhook] = []
        self._deliveries: list[dict[str, Any]] = []

    def add(self, **arguments: Any) -> None:
        """Call this address from now on."""
        self._webhooks.append(Webhook(**arguments))

    def deliveries(self) -> list[dict[str, Any]]:
        """Every call made: its event, the status that came back (None: none did), and whether it was received."""
        return self._deliveries

    def tell(self, kind: str, data: dict[str, Any], account: int, now: datetime) -> None:
        """Tell everybody registered."""
        for webhook in self._webhooks:
            event = {
                webhook.word: kind,
                "accountId": account,
                "controllingAccountId": account,
                "createdAt": now.isoformat(),
                "data": data,
            }
            threading.Thread(target=self._deliver, args=(webhook, event), daemon=True).start()

    def _deliver(self, webhook: Webhook, event: dict[str, Any]) -> None:
        for attempt in range(2):
            if attempt:
                time.sleep(webhook.retry_after)
            status, receipt = _call(webhook, event)
            received = status == 200 and receipt == "OK"
            self._deliveries.append({"event": event, "status": status, "received": received})
            if received:
                return


def _call(webhook: Webhook, event: dict[str, Any]) -> tuple[int | None, str]:
    headers = {"Content-Type": "application/json", "X-PrintNode-Webhook-Secret": webhook.secret}
    request = Request(webhook.url, json.dumps([event]).encode(), headers, method="POST")
    try:
        with _OPENER.open(request, timeout=10) as answer:
            return answer.status, answer.headers.get("X-PrintNode-Webhook-Status", "")
    except HTTPError as error:
        return error.code, ""
    except OSError:
        return None, ""
