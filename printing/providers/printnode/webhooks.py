"""PrintNode's calls to us when a job changes (https://www.printnode.com/en/docs/webhooks).

A call that fails is repeated once after about five seconds and then dropped, so webhooks are a hint and no more.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping

from printing.providers.base import ProviderEvent
from printing.providers.errors import WebhookNotUnderstood, WebhookRefused
from printing.providers.printnode.jobs import progress_of
from printing.providers.words import one_line

SECRET_HEADER = "x-printnode-webhook-secret"  # noqa: S105
# Without it the call counts as not received, whatever its status.
ANSWER_HEADERS = {"X-PrintNode-Webhook-Status": "OK"}
JOB_STATE = "print job state"
MAX_BODY = 1_000_000  # octets


def parse(headers: Mapping[str, str], body: bytes, secret: str) -> list[ProviderEvent]:
    """The changes of jobs that a call reports. Raises WebhookRefused, WebhookNotUnderstood.

    The secret travels as it is, without signature or time: whoever reads one call can repeat it. An event that is no
    change of a job, or lacks what one needs, is left out, so that those beside it count.
    """
    sent = next((value for name, value in headers.items() if name.lower() == SECRET_HEADER), "")
    # Without a secret of our own anybody could call, with an empty one.
    if not secret or not hmac.compare_digest(sent.encode("utf-8", "replace"), secret.encode("utf-8", "replace")):
        raise WebhookRefused("the secret is missing or another one")
    if len(body) > MAX_BODY:
        raise WebhookNotUnderstood("too long")
    try:
        events = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise WebhookNotUnderstood("no JSON") from error
    if not isinstance(events, list):
        raise WebhookNotUnderstood("no list of events")
    return [found for event in events if isinstance(event, dict) and (found := _event(event))]


def _event(event: Mapping[str, object]) -> ProviderEvent | None:
    # Some receivers have seen "event" where others have seen "type".
    kind = event.get("type") or event.get("event")
    data = event.get("data")
    if kind != JOB_STATE or not isinstance(data, dict):
        return None
    job_id, state = data.get("printJobId"), one_line(data.get("state"), 50)
    if not isinstance(job_id, int) or isinstance(job_id, bool) or not state:
        return None
    sent_uid = data.get("uid")
    uid = one_line(sent_uid if isinstance(sent_uid, str) else str(sent_uid or ""), 100)
    # A job enters most states once: without an id of its own an event is known by that.
    return ProviderEvent(uid or f"{job_id}:{state}", str(job_id), progress_of(state, data.get("message")))
