"""Requests to ezeep's Print API with the access token of a connection
(https://apidocs.ezeep.com/ezeepblue/api/printapi/AGENT.md)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from printing.providers.addresses import parse_address, service_address
from printing.providers.base import Credentials
from printing.providers.errors import (
    ConfigurationProblem,
    Permanent,
    ProviderError,
    Reason,
    TokenExpired,
    Transient,
)
from printing.providers.http import Address, Answer, HttpDoor, megabytes, raise_for_status, retry_after
from printing.providers.words import one_line

DEFAULT_API_URL = "https://printapi.ezeep.com"
DEFAULT_ACCOUNT_URL = "https://account.ezeep.com"


class EzeepClient:
    """One connection. Safe to share between threads, as the door is."""

    def __init__(self, door: HttpDoor, credentials: Credentials) -> None:
        self._door = door
        self._token = credentials.get("access_token", "")
        self.address = service_address(credentials.get("api_url", ""), DEFAULT_API_URL, field="api_url")
        self._account = service_address(credentials.get("account_url", ""), DEFAULT_ACCOUNT_URL, field="account_url")
        if not self._token:
            raise ConfigurationProblem(Reason.RECONNECT_NEEDED, detail="there is no access token")

    def ask(self, path: str, query: Mapping[str, str] | None = None) -> Any:
        """A question, answered in JSON. Raises ConfigurationProblem, Transient; TokenExpired for a token that ended."""
        answer = self.get(path, query)
        raise_for_status(answer, harmless=True, field="api_url")
        return self.read(answer)

    def get(self, path: str, query: Mapping[str, str] | None = None) -> Answer:
        """The answer to a question, whatever its status but 401. Raises as the door does, and TokenExpired."""
        # quote_via would leave a blank as "+", which is no blank in a job's id.
        text = urlencode(query, safe="").replace("+", "%20") if query else ""
        target = _below(self.address, f"{path}?{text}" if text else path)
        return self._unexpired(self._door.exchange("GET", target, headers=self._headers(), harmless=True))

    def print(self, body: Mapping[str, object]) -> Answer:
        """``POST /sfapi/Print/``: the one request after which something may have been printed.

        Raises as the door does (OutcomeUnknown from the first octet sent), and TokenExpired: a token that is refused
        prints nothing. Any other status is the caller's to judge.
        """
        headers = {**self._headers(), "Content-Type": "application/json"}
        target = _below(self.address, "/sfapi/Print/")
        return self._unexpired(self._door.exchange("POST", target, body=json.dumps(body).encode(), headers=headers))

    def account_name(self) -> str:
        """What ezeep calls the person who connected; empty where it does not say.

        ``GET /v1/users/`` lists the person alone, or for an administrator everybody: then nobody can tell who it is.
        It is not part of the Print API, so whatever it answers must not keep anybody from printing.
        """
        try:
            answer = self._door.exchange(
                "GET", _below(self._account, "/v1/users/"), headers=self._headers(), harmless=True
            )
            users = self.read(answer) if answer.status == 200 else None
        except ProviderError:
            return ""
        results = users.get("results") if isinstance(users, dict) else None
        if not isinstance(results, list) or len(results) != 1 or not isinstance(results[0], dict):
            return ""
        return one_line(results[0].get("display_name")) or one_line(results[0].get("email"))

    def upload(self, url: object, content: bytes) -> None:
        """Put a document where ezeep told us to: a blob in a storage of Microsoft's.

        The octets go as they are: in the multipart form that ezeep's documentation shows, the form itself would end up
        in the document. The address carries its own signature: our token stays here, and the address out of all errors.
        Nothing is printed before ``Print``, so every failure is Transient, but for a document that is too large.
        """
        storage = self._storage(url)
        headers = {"x-ms-blob-type": "BlockBlob", "Content-Type": "application/octet-stream"}
        answer = self._door.exchange("PUT", storage, body=content, headers=headers, harmless=True)
        if 200 <= answer.status < 300:
            return
        detail = f"the storage answered HTTP {answer.status}"
        if answer.status == 413:
            raise Permanent(Reason.DOCUMENT_TOO_LARGE, {"size": megabytes(len(content)), "limit": "?"}, detail=detail)
        wait = retry_after(answer.headers)
        raise Transient(Reason.SERVICE_ERROR, {"status": answer.status}, detail=detail, retry_after=wait)

    def read(self, answer: Answer) -> Any:
        """The JSON of an answer to a question. Raises Transient."""
        found = read_json(answer)
        if found is None:
            raise self.not_understood(f"no JSON: {answer.content_type[:80]}")
        return found

    def not_understood(self, detail: str) -> Transient:
        """The error for a question that was answered with something else."""
        return Transient(Reason.NOT_A_PRINT_SERVICE, {"host": self.address.host}, detail=detail, field="api_url")

    def _storage(self, url: object) -> Address:
        # A document that goes to ezeep encrypted goes to its storage encrypted too.
        schemes = ("https",) if self.address.secure else ("https", "http")
        try:
            return parse_address(url if isinstance(url, str) else "", schemes=schemes)
        except ConfigurationProblem as error:
            if error.reason is Reason.ADDRESS_NOT_ALLOWED:
                raise
            # Not "from": the error that was caught quotes the address.
            raise self.not_understood("no address to upload to") from None

    def _headers(self) -> dict[str, str]:
        return {"Accept": "application/json", "Authorization": f"Bearer {self._token}"}

    def _unexpired(self, answer: Answer) -> Answer:
        if answer.status == 401:
            raise TokenExpired(Reason.ACCESS_EXPIRED, detail="HTTP 401")
        return answer


def read_json(answer: Answer) -> Any:
    """The JSON of an answer; None where it is none."""
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        return None


def _below(address: Address, path: str) -> Address:
    return replace(address, path=f"{address.path.rstrip('/')}{path}")
