"""ezeep's calls to us when a job has ended (https://apidocs.ezeep.com/ezeepblue/api/rest_api/webhooks/README.html).

Who calls is proven by HTTP Basic authentication with a name and password that the merchant chose; nothing is signed.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Mapping

from printing.providers.base import Progress, ProviderEvent
from printing.providers.errors import WebhookNotUnderstood, WebhookRefused
from printing.providers.ezeep.jobs import key_of, progress_of
from printing.providers.words import one_line

MAX_BODY = 1_000_000  # octets
MAX_UID = 100
# The topics are documented, the name of the field in a call that carries one is not; nor are the words of ``status``.
_TOPIC_FIELDS = ("topic", "event_type", "event")
_SUCCEEDED, _FAILED = 0, 3011
_WORDS = {
    "printjob_succeeded": _SUCCEEDED,
    "succeeded": _SUCCEEDED,
    "success": _SUCCEEDED,
    "printed": _SUCCEEDED,
    "finished": _SUCCEEDED,
    "completed": _SUCCEEDED,
    "printjob_failed": _FAILED,
    "failed": _FAILED,
    "failure": _FAILED,
    "error": _FAILED,
}


def parse(headers: Mapping[str, str], body: bytes, secret: str) -> list[ProviderEvent]:
    """The ends of jobs that a call reports. Raises WebhookRefused, WebhookNotUnderstood.

    ``secret`` is the password; the name before it may be any. A report that lacks what one needs is left out.
    """
    # Without a password of our own anybody could call, with an empty one.
    sent = _password(next((value for name, value in headers.items() if name.lower() == "authorization"), ""))
    if not secret or sent is None or not hmac.compare_digest(sent, secret.encode("utf-8", "replace")):
        raise WebhookRefused("the password is missing or another one")
    if len(body) > MAX_BODY:
        raise WebhookNotUnderstood("too long")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise WebhookNotUnderstood("no JSON") from error
    reports = found if isinstance(found, list) else [found]
    if not all(isinstance(report, dict) for report in reports):
        raise WebhookNotUnderstood("no report of a job")
    return [event for report in reports if (event := _event(report))]


def _password(header: str) -> bytes | None:
    """The password of an Authorization header (RFC 7617); None for any other header."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    _, colon, password = decoded.partition(b":")
    return password if colon else None


def _event(report: Mapping[str, object]) -> ProviderEvent | None:
    """One report. The job's data may stand in it, or in a ``data`` within it: both are thinkable."""
    inner = report.get("data")
    data = inner if isinstance(inner, dict) else report
    remote_id, key = one_line(data.get("printjob_id"), 500), key_of(data.get("filename"))
    progress = _progress(report, data)
    if progress is None or not (remote_id or key):
        return None
    sent_uid = one_line(report.get("event_id"), MAX_UID)
    # Without an id of its own an event is known by the end of the job, which comes once.
    uid = sent_uid or f"{remote_id or key}:{progress.paper}"[-MAX_UID:]
    # Whether ``printjob_id`` is the job's id of the Print API is not known: the key in its name leads to it anyway.
    return ProviderEvent(uid, remote_id, progress, key)


def _progress(report: Mapping[str, object], data: Mapping[str, object]) -> Progress | None:
    for value in (*(report.get(name) for name in _TOPIC_FIELDS), data.get("status")):
        if isinstance(value, int) and not isinstance(value, bool):
            return progress_of(value)
        number = _WORDS.get(one_line(value, 50).lower())
        if number is not None:
            return progress_of(number)
    return None
