"""PrintNode, and servers that speak like it (https://www.printnode.com/en/docs/api/curl).

A document goes to PrintNode, waits there for a program on the merchant's computer, and is handed by that to the
computer's own print queue. What the pages of PrintNode leave open is said where the code lives with both answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from printing.providers.base import (
    Accepted,
    CannotTell,
    ConnectionField,
    Credentials,
    Document,
    FindResult,
    NotFound,
    PaperState,
    Progress,
    ProviderContext,
    ProviderEvent,
    RemotePrinter,
    Target,
    gettext_noop,
)
from printing.providers.errors import ConfigurationProblem, OutcomeUnknown, ProviderError, Reason
from printing.providers.http import Answer, HttpDoor
from printing.providers.printnode import jobs, printers, refusals, webhooks
from printing.providers.printnode.client import DEFAULT_BASE_URL, PrintNodeClient
from printing.providers.words import one_line

KEY_KEPT = timedelta(hours=24)  # how long a second request under the same key is refused
_MAX_DIGITS = 18


class PrintNodeProvider:
    """Prints through an account at PrintNode."""

    key: ClassVar[str] = "printnode"
    label: ClassVar[str] = gettext_noop("PrintNode")
    connection_fields: ClassVar[tuple[ConnectionField, ...]] = (
        ConnectionField(
            name="api_key",
            label=gettext_noop("API key"),
            help=gettext_noop("From your account at app.printnode.com, under “API Keys”."),
            secret=True,
        ),
        ConnectionField(
            name="base_url",
            label=gettext_noop("Address of the service"),
            help=gettext_noop("Only for a server of your own that speaks like PrintNode."),
            required=False,
            default=DEFAULT_BASE_URL,
        ),
        ConnectionField(
            name="webhook_secret",
            label=gettext_noop("Webhook secret"),
            help=gettext_noop("Only if PrintNode is to report by itself: the secret that you entered there."),
            required=False,
            secret=True,
        ),
    )
    # PrintNode names no limit. Base64 makes a third more of it; what is too much after all is answered with 413.
    max_document_bytes: ClassVar[int] = 10_000_000
    webhook_secret_field: ClassVar[str] = "webhook_secret"  # noqa: S105
    webhook_answer_headers: ClassVar[Mapping[str, str]] = webhooks.ANSWER_HEADERS

    def __init__(self, context: ProviderContext) -> None:
        self._door = HttpDoor(context)
        self._throttle = context.throttle

    def describe(self, credentials: Credentials) -> str:
        """``GET /whoami``: the name of the account. Raises ConfigurationProblem, Transient."""
        client = self._client(credentials)
        account = client.ask("/whoami")
        if not isinstance(account, dict):
            raise client.not_understood("no account")
        person = " ".join(filter(None, (one_line(account.get("firstname")), one_line(account.get("lastname")))))
        return person or one_line(account.get("email")) or f"PrintNode {account.get('id', '')}".strip()

    def printers(self, credentials: Credentials) -> list[RemotePrinter]:
        """Every printer of every computer of the account. Raises as :meth:`describe` does."""
        client = self._client(credentials)
        found = [item for page in client.pages("/printers", client.not_understood("no list")) for item in page.items]
        kept = [item for item in found if item.get("state") != printers.GONE]
        return sorted((printers.remote_printer(item) for item in kept), key=lambda printer: printer.name)

    def submit(self, document: Document, target: Target, key: str) -> Accepted:
        """``POST /printjobs``, under our key.

        Raises every class of error. Every 5xx is OutcomeUnknown, 503 too: it may come from something in front of a
        service that did take the document. That costs one question, and never a second print.
        """
        client = self._client_of(target)
        answer = client.send("/printjobs", jobs.request_of(document, target, key), key)
        if answer.status == 409:
            return self._taken_before(client, target, key)
        if 200 <= answer.status < 300:
            return _accepted(client, answer)
        raise refusals.error_of(answer, client.words(answer), len(document.content), target)

    def find(self, target: Target, key: str, since: datetime) -> FindResult:
        """Look for the key among the printer's jobs.

        A list without it, read to its end, proves something for as long as PrintNode keeps the key: were the list
        wrong, a second request under it would be refused. After that only a list that reaches back does: how long a
        job stays listed is not known.
        """
        elapsed = max(datetime.now(UTC) - since, timedelta(0))
        found = self._search(self._client_of(target), target, key, elapsed)
        if found.job_id is not None:
            return Accepted(str(found.job_id), note="found in the printer's list of jobs")
        if found.reached or (found.complete and elapsed < KEY_KEPT):
            return NotFound()
        hours = elapsed.total_seconds() / 3600
        return CannotTell(f"asked after {hours:.1f} h; the printer's list of jobs does not reach back that far")

    def progress(self, target: Target, remote_id: str) -> Progress:
        """``GET /printjobs/{id}``, and for what went wrong the words of its last state."""
        job_id = _number(remote_id)
        client = self._client(target.credentials)
        job = self._job(client, job_id) if job_id else None
        if job is None or job_id is None:
            return Progress(PaperState.UNKNOWN, jobs.FORGOTTEN, final=True)
        state = job.get("state")
        if jobs.progress_of(state).paper is not PaperState.PROBLEM:
            return jobs.progress_of(state)
        return jobs.progress_of(state, jobs.last_message(client.ask(f"/printjobs/{job_id}/states"), job_id))

    def cancel(self, target: Target, remote_id: str) -> bool:
        """``DELETE /printjobs/{id}``, while the job still waits at PrintNode.

        Later it would be marked as deleted there and printed all the same.
        """
        job_id = _number(remote_id)
        client = self._client(target.credentials)
        job = self._job(client, job_id) if job_id else None
        if job is None:
            return False
        if job.get("state") == jobs.WAITING:
            deleted = client.ask(f"/printjobs/{job_id}", method="DELETE")
            return isinstance(deleted, list) and job_id in deleted
        # A DELETE whose answer was lost.
        return bool(job.get("state") == jobs.DELETED)

    def parse_webhook(self, headers: Mapping[str, str], body: bytes, secret: str) -> list[ProviderEvent]:
        """The jobs that one call tells of. Raises WebhookRefused, WebhookNotUnderstood."""
        return webhooks.parse(headers, body, secret)

    def _taken_before(self, client: PrintNodeClient, target: Target, key: str) -> Accepted:
        """A job under this key was sent before. The refusal does not name it, so it is looked up.

        Where it cannot be found, it may still be on its way into the list, or may never have become a job: whether a
        request that was refused or failed uses up its key is not known.
        """
        try:
            found = self._search(client, target, key, KEY_KEPT)
        except ProviderError as error:
            detail = f"HTTP 409, and asking for the job failed: {error}"
            params = {"host": client.address.host}
            raise OutcomeUnknown(Reason.NO_ANSWER, params, detail=detail, retry_after=error.retry_after) from error
        if found.job_id is None:
            detail = "HTTP 409, and no job carries the key"
            raise OutcomeUnknown(Reason.ANSWER_NOT_UNDERSTOOD, {"host": client.address.host}, detail=detail)
        return Accepted(str(found.job_id), note="HTTP 409: it had been taken before")

    def _search(self, client: PrintNodeClient, target: Target, key: str, elapsed: timedelta) -> jobs.Search:
        # With the printer its list is gone, and proves nothing about what was printed before.
        gone = ConfigurationProblem(Reason.PRINTER_NOT_FOUND, {"printer": target.printer_id})
        return jobs.search(client.pages(f"/printers/{target.printer_id}/printjobs", gone), key, elapsed)

    def _job(self, client: PrintNodeClient, job_id: int) -> Mapping[str, Any] | None:
        found = client.ask(f"/printjobs/{job_id}")
        # For a job that is not there, an empty list and 404 are both thinkable.
        listed = [job for job in found if isinstance(job, dict)] if isinstance(found, list) else []
        return next((job for job in listed if job.get("id") == job_id), None)

    def _client(self, credentials: Credentials) -> PrintNodeClient:
        client = PrintNodeClient(self._door, self._throttle, credentials)
        if not client.has_key:
            label = self.connection_fields[0].label
            raise ConfigurationProblem(Reason.FIELD_REQUIRED, {"label": label}, field="api_key")
        return client

    def _client_of(self, target: Target) -> PrintNodeClient:
        if _number(target.printer_id) is None:
            raise ConfigurationProblem(Reason.PRINTER_NOT_FOUND, {"printer": target.printer_id[:50]})
        return self._client(target.credentials)


def _accepted(client: PrintNodeClient, answer: Answer) -> Accepted:
    """The id of the job stands alone in the body, as a JSON number."""
    text = answer.body.strip()
    if not text.isdigit() or len(text) > _MAX_DIGITS:
        detail = f"HTTP {answer.status} without a job's id"
        raise OutcomeUnknown(Reason.ANSWER_NOT_UNDERSTOOD, {"host": client.address.host}, detail=detail)
    return Accepted(str(int(text)))


def _number(text: str) -> int | None:
    """An id of PrintNode's; None for what is none, which never gets into a path."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS else None
