"""The one door to the network: every request of every provider goes through :class:`HttpDoor`.

It has time-outs, follows no redirect, reads no proxy or netrc setting of its surroundings, verifies TLS, refuses
addresses a printer cannot have, caps what it reads, and tells a request that was certainly not sent from one that may
have arrived.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests
import urllib3
from requests.auth import AuthBase
from requests.structures import CaseInsensitiveDict

from printing.providers.addresses import Address, parse_address
from printing.providers.base import ProviderContext
from printing.providers.errors import (
    ConfigurationProblem,
    OutcomeUnknown,
    Permanent,
    ProviderError,
    Reason,
    Transient,
)
from printing.providers.trust import Certificate, Trust
from printing.providers.wire import GuardedAdapter, Wire, presented_certificate

__all__ = [
    "Address",
    "Answer",
    "HttpDoor",
    "megabytes",
    "parse_address",
    "raise_for_status",
    "retry_after",
    "uncertain",
]

SLOWEST_LINE = 32 * 1024  # octets per second; the time they take is added to the time-outs of an upload
_HEADERS = {"Accept-Encoding": "identity", "User-Agent": "Pressroom"}  # nothing compressed: what comes is counted
MAX_RETRY_AFTER = 24 * 3600.0  # seconds; a service that asks for more is not believed


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, read to its end (or, for an error status, as far as it came)."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    host: str
    sent: int = 0  # octets of the request's body

    @property
    def content_type(self) -> str:
        """The media type alone, in lower case."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()


class HttpDoor:
    """Sends requests. Safe to share between threads: each has its own connections."""

    def __init__(self, context: ProviderContext) -> None:
        self._context = context
        self._local = threading.local()

    def exchange(
        self,
        method: str,
        address: Address,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        auth: AuthBase | None = None,
        trust: Trust | None = None,
        harmless: bool = False,
    ) -> Answer:
        """Send one request and read its answer, whatever its status: see :func:`raise_for_status`.

        ``harmless`` says that repeating the request changes nothing (asking, cancelling): then a lost answer is
        Transient, and a kept-alive connection may be used. Otherwise it is OutcomeUnknown, and the connection is new:
        a kept one may have been closed by the peer, and a document sent into it could not be called unsent.

        ``trust`` is given where a person may confirm a certificate; without it only known authorities count.

        Raises Transient UNREACHABLE, NAME_NOT_RESOLVED; ConfigurationProblem TLS_FAILED, ADDRESS_NOT_ALLOWED, and with
        ``trust`` CERTIFICATE_UNVERIFIED or CERTIFICATE_CHANGED, which carry what was presented; OutcomeUnknown
        CONNECTION_LOST, NO_ANSWER, ANSWER_NOT_UNDERSTOOD (or what :func:`uncertain` makes of them).
        """
        trusted = trust or Trust()
        session, wire = self._kept_session(trusted) if harmless else self._new_session(trusted)
        context = self._context
        wire.field = address.field
        wire.failed_to_connect = False
        # The whole document may still lie in our own kernel's buffer when the wait for the answer begins.
        wire.patience = context.read_timeout + len(body) / SLOWEST_LINE
        wire.deadline = time.monotonic() + context.connect_timeout + wire.patience
        request = requests.Request(method, address.url, headers={**_HEADERS, **(headers or {})}, data=body, auth=auth)
        timeout = (context.connect_timeout, wire.patience)
        try:
            prepared = session.prepare_request(request)
            response = session.send(prepared, timeout=timeout, allow_redirects=False, stream=True, verify=True)
            return self._read(response, address, len(body))
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            translated = _translate(error, wire, address, harmless)
            if translated.reason is Reason.TLS_FAILED and trust is not None:
                translated = self._shown(translated, address, wire)
            raise translated from error
        finally:
            if not harmless:
                session.close()

    def _read(self, response: requests.Response, address: Address, sent: int) -> Answer:
        content = bytearray()
        try:
            for chunk in response.raw.stream(64 * 1024, decode_content=False):
                content += chunk
                if len(content) > self._context.max_response_bytes:
                    raise _TooLong("the answer is longer than allowed")
        except (urllib3.exceptions.HTTPError, OSError):
            # An error status says all there is to know; a broken rest must not turn a plain no into an unknown outcome.
            response.close()
            if response.status_code < 400:
                raise
        return Answer(response.status_code, CaseInsensitiveDict(response.headers), bytes(content), address.host, sent)

    def _shown(self, failure: ProviderError, address: Address, wire: Wire) -> ProviderError:
        """A refused certificate together with what it says of itself; the failure as it is where there is none."""
        try:
            der = presented_certificate(wire, address.host, address.port, self._context.connect_timeout)
        except (ProviderError, urllib3.exceptions.HTTPError, OSError):
            return failure
        if der is None:
            return failure
        reason = Reason.CERTIFICATE_CHANGED if wire.trust.fingerprint else Reason.CERTIFICATE_UNVERIFIED
        params = {"host": address.host, **Certificate.of(der).params}
        return ConfigurationProblem(reason, params, detail=failure.detail, field="fingerprint")

    def _new_session(self, trust: Trust) -> tuple[requests.Session, Wire]:
        wire = Wire(self._context.printer_networks, trust)
        session = requests.Session()
        session.trust_env = False
        adapter = GuardedAdapter(wire)
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        return session, wire

    def _kept_session(self, trust: Trust) -> tuple[requests.Session, Wire]:
        """The thread's own; its open connections were verified for one trust and serve no other."""
        kept: tuple[requests.Session, Wire] | None = getattr(self._local, "kept", None)
        if kept is not None and kept[1].trust != trust:
            kept[0].close()
            kept = None
        if kept is None:
            kept = self._local.kept = self._new_session(trust)
        kept[0].cookies.clear()
        return kept


class _TooLong(urllib3.exceptions.HTTPError):
    pass


def uncertain(
    harmless: bool, reason: Reason, params: Mapping[str, str | int] | None = None, *, detail: str = ""
) -> ProviderError:
    """The error for a request whose answer is missing or useless.

    The reasons of an unknown outcome tell the merchant that a document may have been printed. Where none was sent,
    the same failure is called by what it is then.
    """
    if not harmless:
        return OutcomeUnknown(reason, params, detail=detail)
    if reason in (Reason.NO_ANSWER, Reason.CONNECTION_LOST):
        reason = Reason.UNREACHABLE
    elif reason is Reason.ANSWER_NOT_UNDERSTOOD:
        reason = Reason.NOT_A_PRINT_SERVICE
    return Transient(reason, params, detail=detail)


def raise_for_status(answer: Answer, *, harmless: bool = False, field: str = "", secret_field: str = "") -> None:
    """Raise what an HTTP status means to a printing client; return for 2xx.

    A provider handles the statuses it knows more about before it calls this. ``field`` names the form input of the
    address, ``secret_field`` that of the key or password. 500, 502 and 504 may come from something that stands in front
    of a service which did take the document; 503 and 429 say that it did not (RFC 9110 section 15.6, RFC 6585).
    """
    status = answer.status
    if 200 <= status < 300:
        return
    detail = f"HTTP {status}"
    host = {"host": answer.host}
    if status == 401:
        raise ConfigurationProblem(Reason.AUTHENTICATION_FAILED, detail=detail, field=secret_field)
    if status == 403:
        raise ConfigurationProblem(Reason.FORBIDDEN, detail=detail, field=secret_field)
    if status == 413:
        raise Permanent(Reason.DOCUMENT_TOO_LARGE, {"size": megabytes(answer.sent), "limit": "?"}, detail=detail)
    if status == 426:
        raise ConfigurationProblem(Reason.TLS_REQUIRED, host, detail=detail, field=field)
    if status == 429:
        raise Transient(Reason.RATE_LIMITED, detail=detail, retry_after=retry_after(answer.headers))
    if status == 503:
        wait = retry_after(answer.headers)
        raise Transient(Reason.SERVICE_ERROR, {"status": status}, detail=detail, retry_after=wait)
    if status >= 500 or status == 408:
        raise uncertain(harmless, Reason.SERVICE_ERROR, {"status": status}, detail=detail)
    raise ConfigurationProblem(Reason.NOT_A_PRINT_SERVICE, host, detail=detail, field=field)


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds to wait by a Retry-After header, given as seconds or as a date (RFC 9110 section 10.2.3)."""
    value = headers.get("Retry-After", "").strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return min(float(value), MAX_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    seconds = (moment - (now or datetime.now(UTC))).total_seconds()
    return min(max(seconds, 0.0), MAX_RETRY_AFTER)


def megabytes(octets: int) -> str:
    """A size as people read it: megabytes with one decimal."""
    return f"{octets / 1_000_000:.1f}"


def _translate(error: Exception, wire: Wire, address: Address, harmless: bool) -> ProviderError:
    """Every outcome begins as unknown; only a failure while connecting proves that nothing was sent."""
    host = {"host": address.host}
    causes = list(_causes(error))
    detail = type(causes[-1]).__name__  # class names only: the texts may quote what was sent
    if any(isinstance(cause, urllib3.exceptions.NameResolutionError) for cause in causes):
        return Transient(Reason.NAME_NOT_RESOLVED, host, detail=detail)
    if isinstance(error, requests.exceptions.InvalidURL):
        return ConfigurationProblem(Reason.NOT_A_PRINT_SERVICE, host, detail=detail, field=address.field)
    if wire.failed_to_connect:
        # A peer that hangs up in the handshake may be restarting; anything else TLS says is for a person to mend.
        hung_up = any(isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError) for cause in causes)
        if not hung_up and any(isinstance(cause, ssl.SSLError | urllib3.exceptions.SSLError) for cause in causes):
            return ConfigurationProblem(Reason.TLS_FAILED, host, detail=detail, field=address.field)
        return Transient(Reason.UNREACHABLE, host, detail=detail)
    if any(isinstance(cause, _TooLong) for cause in causes):
        return uncertain(harmless, Reason.ANSWER_NOT_UNDERSTOOD, host, detail=detail)
    if any(isinstance(cause, requests.ConnectTimeout | urllib3.exceptions.ConnectTimeoutError) for cause in causes):
        return Transient(Reason.UNREACHABLE, host, detail=detail)
    timed_out = requests.Timeout | urllib3.exceptions.TimeoutError | TimeoutError
    if any(isinstance(cause, timed_out) for cause in causes):
        return uncertain(harmless, Reason.NO_ANSWER, host, detail=detail)
    return uncertain(harmless, Reason.CONNECTION_LOST, host, detail=detail)


def _causes(error: BaseException) -> list[BaseException]:
    """The error and what lies behind it: requests and urllib3 wrap in arguments as well as in causes."""
    found: list[BaseException] = []
    queue: list[BaseException] = [error]
    while queue and len(found) < 20:
        current = queue.pop(0)
        if current in found:
            continue
        found.append(current)
        inner = [getattr(current, "reason", None), current.__cause__, current.__context__, *current.args]
        queue.extend(cause for cause in inner if isinstance(cause, BaseException))
    return found
