"""Requests to PrintNode and their answers: key, pace, paging, JSON (https://www.printnode.com/en/docs/api/curl)."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

from requests.auth import HTTPBasicAuth

from printing.providers.addresses import service_address
from printing.providers.base import Credentials, Throttle
from printing.providers.errors import ProviderError, Reason, Transient
from printing.providers.http import Answer, HttpDoor, raise_for_status
from printing.providers.words import one_line

DEFAULT_BASE_URL = "https://api.printnode.com"
REQUESTS_PER_SECOND = 10.0  # per account; short bursts are forgiven, then 429
LONGEST_WAIT = 5.0  # seconds; a worker that would wait longer gives its lane back instead
# Half of what is given by default: each printer comes with its capabilities and each job with its printer, and an
# answer has to stay below what the door reads.
PAGE_SIZE = 50
MAX_PAGES = 200


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a list. ``served_at`` is the service's own clock; ``last`` stands on an empty page behind the others."""

    items: tuple[Mapping[str, Any], ...]
    served_at: datetime
    last: bool = False


class PrintNodeClient:
    """One connection, as a merchant entered it. Safe to share between threads, as the door is."""

    def __init__(self, door: HttpDoor, throttle: Throttle, credentials: Credentials) -> None:
        self._door = door
        self._throttle = throttle
        self._api_key = credentials.get("api_key", "").strip()
        self.address = service_address(credentials.get("base_url", ""), DEFAULT_BASE_URL, field="base_url")
        # Two keys of one account share its limit, but nothing tells us that they do before we ask.
        digest = hashlib.sha256(f"{self.address.url} {self._api_key}".encode()).hexdigest()
        self._account = f"printnode:{digest[:32]}"

    @property
    def has_key(self) -> bool:
        """Whether there is anything to log in with."""
        return bool(self._api_key)

    def ask(self, path: str, *, method: str = "GET", query: Mapping[str, str | int] | None = None) -> Any:
        """A request that may be repeated without harm; None where PrintNode itself says that there is no such thing.

        Raises Transient and ConfigurationProblem.
        """
        answer = self._ask(path, method, query)
        return None if answer is None else self._read(answer)

    def send(self, path: str, body: Mapping[str, object], key: str) -> Answer:
        """A request that prints; the answer is the caller's to judge.

        ``key`` is kept by PrintNode for 24 hours: a second request with it is answered 409 instead of acted on.
        Raises as the door does: OutcomeUnknown from the first octet sent.
        """
        headers = {"Content-Type": "application/json", "X-Idempotency-Key": key}
        return self._exchange("POST", path, json.dumps(body).encode(), headers, harmless=False)

    def pages(self, path: str, missing: ProviderError) -> Iterator[Page]:
        """A list, newest first, until it ends or :data:`MAX_PAGES` are read; only then is there no ``last`` page.

        Raises ``missing`` where PrintNode says that there is no such list. The end is where nothing new comes: a page
        that is not full proves nothing about a server with a smaller limit than ours, and one that does not know
        ``after`` would give its first page for ever.
        """
        seen: set[int] = set()
        query: dict[str, str | int] = {"limit": PAGE_SIZE, "dir": "desc"}
        for _ in range(MAX_PAGES):
            answer = self._ask(path, "GET", query)
            if answer is None:
                raise missing
            items = self._items(answer)
            new = tuple(item for item in items if item["id"] not in seen)
            served_at = _served_at(answer)
            if not new:
                yield Page((), served_at, last=True)
                return
            seen.update(item["id"] for item in new)
            query["after"] = new[-1]["id"]
            yield Page(new, served_at)

    def words(self, answer: Answer) -> str:
        """What PrintNode says about a refusal; empty where the answer is not from PrintNode.

        Errors are ``{"uid", "code", "message"}``. A gateway in front of it, or a web server at a wrong address, answers
        otherwise.
        """
        try:
            error = json.loads(answer.body)
        except (ValueError, RecursionError):
            return ""
        if not isinstance(error, dict):
            return ""
        words = one_line(error.get("message")) or one_line(error.get("code"))
        return words.replace(self._api_key, "…") if self._api_key else words

    def not_understood(self, detail: str) -> Transient:
        """The error for a question that was answered with something else."""
        return Transient(Reason.NOT_A_PRINT_SERVICE, {"host": self.address.host}, detail=detail, field="base_url")

    def _ask(self, path: str, method: str, query: Mapping[str, str | int] | None) -> Answer | None:
        answer = self._exchange(method, f"{path}?{urlencode(query)}" if query else path, harmless=True)
        if answer.status == 404 and self.words(answer):
            return None
        raise_for_status(answer, harmless=True, field="base_url", secret_field="api_key")  # noqa: S106
        return answer

    def _exchange(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None, *, harmless: bool
    ) -> Answer:
        self._wait_for_turn()
        return self._door.exchange(
            method,
            replace(self.address, path=f"{self.address.path.rstrip('/')}{path}"),
            body=body,
            # The version is optional, and pins what the answers look like.
            headers={"Accept": "application/json", "Accept-Version": "~3", **(headers or {})},
            auth=HTTPBasicAuth(self._api_key.encode(), b""),
            harmless=harmless,
        )

    def _wait_for_turn(self) -> None:
        wait = self._throttle(self._account, REQUESTS_PER_SECOND)
        if wait > LONGEST_WAIT:
            raise Transient(Reason.RATE_LIMITED, detail="our own limit, nothing was sent", retry_after=wait)
        if wait > 0:
            time.sleep(wait)

    def _read(self, answer: Answer) -> Any:
        try:
            return json.loads(answer.body)
        except (ValueError, RecursionError) as error:
            raise self.not_understood(f"no JSON: {answer.content_type[:80]}") from error

    def _items(self, answer: Answer) -> tuple[Mapping[str, Any], ...]:
        found = self._read(answer)
        if not isinstance(found, list) or not all(isinstance(i, dict) and isinstance(i.get("id"), int) for i in found):
            raise self.not_understood("not a list of things with ids")
        return tuple(found)


def _served_at(answer: Answer) -> datetime:
    """The service's clock when it answered; ours where it does not say."""
    try:
        moment = parsedate_to_datetime(answer.headers.get("Date", ""))
    except (ValueError, OverflowError):
        return datetime.now(UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
