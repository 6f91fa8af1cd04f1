"""ezeep Blue, a print service of ThinPrint (https://apidocs.ezeep.com/ezeepblue/README.html).

A document is laid into a storage on the internet, ezeep makes of it what the printer understands, and hands it to the
printer through its own program or box in the shop. What its pages leave open is said where the code lives with both
answers.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from printing.providers.base import (
    Accepted,
    CannotTell,
    ConnectionField,
    Credentials,
    Document,
    FindResult,
    PaperState,
    Progress,
    ProviderContext,
    ProviderEvent,
    RemotePrinter,
    Target,
    gettext_noop,
)
from printing.providers.errors import ConfigurationProblem, OutcomeUnknown, ProviderError, Reason
from printing.providers.ezeep import jobs, oauth, printers, refusals, webhooks
from printing.providers.ezeep.client import DEFAULT_ACCOUNT_URL, DEFAULT_API_URL, EzeepClient, read_json
from printing.providers.http import Answer, HttpDoor, raise_for_status

MAX_JOB_ID = 500
# "Not ready" (412) is answered before anything is printed; so often it is asked again, so many seconds apart.
NOT_READY_TRIES = 4
NOT_READY_WAIT = 0.5


class EzeepProvider:
    """Prints through an account at ezeep Blue."""

    key: ClassVar[str] = "ezeep"
    label: ClassVar[str] = gettext_noop("ezeep Blue")
    connection_fields: ClassVar[tuple[ConnectionField, ...]] = (
        ConnectionField(
            name="client_id",
            label=gettext_noop("Client ID"),
            help=gettext_noop("You get it from ezeep on request, for the callback address shown here."),
        ),
        ConnectionField(
            name="client_secret",
            label=gettext_noop("Client secret"),
            help=gettext_noop("It comes with the client ID. Leave it empty if you got none."),
            required=False,
            secret=True,
        ),
        ConnectionField(
            name="api_url",
            label=gettext_noop("Address of the Print API"),
            help=gettext_noop("Leave it as it is, unless ezeep has named another one to you."),
            required=False,
            default=DEFAULT_API_URL,
        ),
        ConnectionField(
            name="account_url",
            label=gettext_noop("Address of the accounts"),
            help=gettext_noop("Leave it as it is, unless ezeep has named another one to you."),
            required=False,
            default=DEFAULT_ACCOUNT_URL,
        ),
        ConnectionField(
            name="webhook_password",
            label=gettext_noop("Webhook password"),
            help=gettext_noop("Only if ezeep is to report by itself: the password that you entered there."),
            required=False,
            secret=True,
        ),
    )
    # ezeep names no limit; its storage takes far more in one request.
    max_document_bytes: ClassVar[int] = 50_000_000
    webhook_secret_field: ClassVar[str] = "webhook_password"  # noqa: S105
    webhook_answer_headers: ClassVar[Mapping[str, str]] = {}

    def __init__(self, context: ProviderContext) -> None:
        self._door = HttpDoor(context)

    def describe(self, credentials: Credentials) -> str:
        """``GET /sfapi/GetConfiguration/``: whether the token works; the name of the account where ezeep says it."""
        client = EzeepClient(self._door, credentials)
        if not isinstance(client.ask("/sfapi/GetConfiguration/"), dict):
            raise client.not_understood("no configuration")
        return client.account_name() or self.label

    def printers(self, credentials: Credentials) -> list[RemotePrinter]:
        """The printers of the person who connected, with what each can do. Raises ConfigurationProblem, Transient."""
        client = EzeepClient(self._door, credentials)
        return printers.remote_printers(
            _list(client, "/sfapi/GetPrinter/"), _list(client, "/sfapi/GetPrinterProperties/")
        )

    def submit(self, document: Document, target: Target, key: str) -> Accepted:
        """Upload, then print. Raises every class of error.

        Nothing is printed before ``Print``, so what goes wrong before it is Transient. From then on a missing answer is
        OutcomeUnknown, and so is every 5xx: the request is not idempotent, and ezeep cannot be asked for a document.
        """
        client = _client_of(self._door, target)
        prepared = client.ask("/sfapi/PrepareUpload/")
        file_id = prepared.get("fileid") if isinstance(prepared, dict) else None
        if not isinstance(file_id, str) or not file_id:
            raise client.not_understood("no place for the document")
        client.upload(prepared.get("sasUri"), document.content)
        answer = _printed(client, jobs.request_of(document, target, key, file_id))
        found = read_json(answer)
        job_id = found.get("jobid") if isinstance(found, dict) else None
        if 200 <= answer.status < 300:
            if isinstance(job_id, str) and 0 < len(job_id) <= MAX_JOB_ID:
                return Accepted(job_id)
            if _is_queue(client, answer, target):
                # For a queue of the Hub ezeep's own client takes the status alone for a yes.
                return Accepted(f"{jobs.QUEUED_ID}{key}", note="a queue that named no job")
        raise refusals.error_of(answer, len(document.content), target)

    def find(self, target: Target, key: str, since: datetime) -> FindResult:
        """Nobody can tell: the Print API lists no jobs, and knows one only by the id that the lost answer carried."""
        return CannotTell("ezeep keeps no list of jobs that could be asked for a document")

    def progress(self, target: Target, remote_id: str) -> Progress:
        """``GET /sfapi/Status/``. How long ezeep knows a job is not documented; afterwards it says that it does not."""
        if remote_id.startswith(jobs.QUEUED_ID):
            return Progress(PaperState.QUEUED, jobs.IN_QUEUE, final=True)
        if not remote_id:
            return Progress(PaperState.UNKNOWN, jobs.FORGOTTEN, final=True)
        client = EzeepClient(self._door, target.credentials)
        answer = client.get("/sfapi/Status/", {"id": remote_id})
        found = read_json(answer)
        # A job it does not know may be told by the number of a state, by that as an error's code, or by a status.
        if answer.status in (400, 404) and isinstance(found, dict):
            return jobs.progress_of(jobs.UNKNOWN_JOB)
        raise_for_status(answer, harmless=True, field="api_url")
        if not isinstance(found, dict):
            raise client.not_understood("no state")
        status = found.get("jobstatus", found.get("code"))
        if not isinstance(status, int):
            raise client.not_understood("no state")
        return jobs.progress_of(status, found.get("jobstatusstring"))

    def cancel(self, target: Target, remote_id: str) -> bool:
        """Never: the Print API withdraws nothing."""
        return False

    def authorization_url(self, credentials: Credentials, redirect_uri: str, state: str, verifier: str) -> str:
        """Where the person allows us to print. Raises ConfigurationProblem."""
        return oauth.authorization_url(credentials, redirect_uri, state, verifier)

    def exchange(self, credentials: Credentials, code: str, redirect_uri: str, verifier: str) -> dict[str, str]:
        """The credentials with tokens, for the code that came back. Raises ConfigurationProblem, Transient."""
        return oauth.exchange(self._door, credentials, code, redirect_uri, verifier)

    def needs_refresh(self, credentials: Credentials, now: datetime) -> bool:
        """Whether the access token is over, or nearly so."""
        return oauth.needs_refresh(credentials, now)

    def refresh(self, credentials: Credentials) -> dict[str, str]:
        """The credentials with new tokens. Raises ConfigurationProblem, Transient; OutcomeUnknown for a lost answer."""
        return oauth.refresh(self._door, credentials)

    def parse_webhook(self, headers: Mapping[str, str], body: bytes, secret: str) -> list[ProviderEvent]:
        """The ends of jobs that one call tells of. Raises WebhookRefused, WebhookNotUnderstood."""
        return webhooks.parse(headers, body, secret)


def _client_of(door: HttpDoor, target: Target) -> EzeepClient:
    if not target.printer_id:
        raise ConfigurationProblem(Reason.PRINTER_NOT_FOUND, {"printer": ""})
    return EzeepClient(door, target.credentials)


def _printed(client: EzeepClient, body: dict[str, object]) -> Answer:
    """The answer to ``Print``; asked again while ezeep says that the document is not ready, under the id it names."""
    answer = client.print(body)
    for _ in range(NOT_READY_TRIES - 1):
        if answer.status != 412:
            break
        time.sleep(NOT_READY_WAIT)
        found = read_json(answer)
        named = found.get("fileid") if isinstance(found, dict) else None
        answer = client.print({**body, "fileid": named} if isinstance(named, str) and named else body)
    return answer


def _is_queue(client: EzeepClient, answer: Answer, target: Target) -> bool:
    """Whether it went to a queue. ``Print`` was answered: what cannot be asked now leaves its outcome unknown."""
    try:
        return printers.is_queue(_list(client, "/sfapi/GetPrinter/"), target.printer_id)
    except ProviderError as error:
        detail = f"HTTP {answer.status} without a job, and asking for the printer failed: {error}"
        raise OutcomeUnknown(Reason.ANSWER_NOT_UNDERSTOOD, {"host": answer.host}, detail=detail) from error


def _list(client: EzeepClient, path: str) -> list[Any]:
    found = client.ask(path)
    if not isinstance(found, list):
        raise client.not_understood("no list")
    return found
