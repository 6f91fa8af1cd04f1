"""IPP printers and CUPS servers as a provider (RFC 8010, RFC 8011, PWG 5100.14)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import ClassVar

from requests.auth import AuthBase, HTTPBasicAuth

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
    RemotePrinter,
    Target,
    gettext_noop,
)
from printing.providers.errors import ConfigurationProblem, Reason, Transient
from printing.providers.http import Address, HttpDoor, parse_address
from printing.providers.ipp import jobs, printers, status, submission
from printing.providers.ipp.attributes import integer, keyword
from printing.providers.ipp.client import IppClient, Operation
from printing.providers.ipp.values import AttributeGroup, Group
from printing.providers.trust import trust_of

SCHEMES = ("ipp", "ipps", "http", "https")
DRIVERLESS_PATH = "/ipp/print"  # PWG 5100.14 section 4.2.1
_SERVER_PATHS = frozenset({"/", "/printers", "/printers/"})
SLOW = 2.0  # seconds; an answer that took longer came from a server that was hanging


class IppProvider:
    """Prints on an IPP printer, or on a queue of a CUPS server."""

    key: ClassVar[str] = "ipp"
    label: ClassVar[str] = gettext_noop("IPP printer or CUPS")
    connection_fields: ClassVar[tuple[ConnectionField, ...]] = (
        ConnectionField(
            name="url",
            label=gettext_noop("Address"),
            help=gettext_noop(
                "ipp://printer:631/ipp/print for a printer, ipp://server/printers/NAME for a queue of a CUPS server, "
                "ipp://server/ for all its queues. ipps:// and https:// encrypt."
            ),
        ),
        ConnectionField(name="username", label=gettext_noop("User name"), required=False),
        ConnectionField(name="password", label=gettext_noop("Password"), required=False, secret=True),
        ConnectionField(
            name="fingerprint",
            label=gettext_noop("Fingerprint of the certificate"),
            help=gettext_noop(
                "SHA-256, for an encrypted address. Leave it empty: if nobody vouches for the printer's certificate, "
                "you are shown what it presents, and confirm it."
            ),
            required=False,
        ),
        ConnectionField(
            name="ca_bundle",
            label=gettext_noop("Certificates of your own authority"),
            help=gettext_noop("In PEM form, where a company signs its printers' certificates itself."),
            required=False,
            multiline=True,
        ),
    )
    max_document_bytes: ClassVar[int] = 100_000_000

    def __init__(self, context: ProviderContext) -> None:
        self._door = HttpDoor(context)

    def describe(self, credentials: Credentials) -> str:
        """The printer's model, or CUPS and the number of its queues; also tries whether it would let us print.

        Raises ConfigurationProblem, Transient.
        """
        found = list(self._look(credentials))
        if len(found) != 1:
            return f"CUPS ({len(found)})"
        client, group = found[0]
        self._try_printing(client)
        return group.text("printer-make-and-model") or printers.display_name(group)

    def printers(self, credentials: Credentials) -> list[RemotePrinter]:
        """The printer at the address, or every queue of the CUPS server there. Raises as :meth:`describe` does."""
        return [printers.remote_printer(group, client.uri) for client, group in self._look(credentials)]

    def submit(self, document: Document, target: Target, key: str) -> Accepted:
        """Send the document once: see :func:`submission.submit`."""
        return submission.submit(self._client_of(target), document, target, key)

    def find(self, target: Target, key: str, since: datetime) -> FindResult:
        """Look for the key among the jobs the printer remembers; :func:`jobs.judge` says what its absence means."""
        client = self._client_of(target)
        asked_at = time.monotonic()
        printer = client.ask(
            Operation.GET_PRINTER_ATTRIBUTES,
            keyword("requested-attributes", "printer-up-time", "job-history-interval-configured"),
        ).group(Group.PRINTER)
        hung = time.monotonic() - asked_at > SLOW
        elapsed = max((datetime.now(UTC) - since).total_seconds(), 0.0)
        # In this order: a job that finishes between the two questions is in both answers, not in neither.
        waiting = submission.list_jobs(client, "not-completed")
        finished = submission.list_jobs(client, "completed")
        interval = printer.number("job-history-interval-configured")
        if waiting is None or finished is None:
            return CannotTell("the printer does not list its jobs")
        memory = jobs.Memory(waiting, finished, printer.number("printer-up-time"), elapsed, interval)
        found = jobs.judge(memory, key)
        if hung and isinstance(found, NotFound):
            # The request itself may have hung there as ours did, and become a job only after this list was made.
            host = {"host": client.address.host}
            raise Transient(Reason.UNREACHABLE, host, detail="it answers again only now; asked once more later")
        # A document that is still on its way finds its job cancelled, and is dropped.
        submission.withdraw(client, *jobs.unfinished(waiting, key))
        return found

    def progress(self, target: Target, remote_id: str) -> Progress:
        """Get-Job-Attributes, RFC 8011 section 4.3.4. A printer that has forgotten the job tells nothing about it.

        Raises ConfigurationProblem PRINTER_NOT_FOUND where the printer is gone with its jobs.
        """
        client = self._client_of(target)
        job = self._job(client, remote_id)
        progress = jobs.progress(job) if job is not None else None
        if progress and progress.paper is not PaperState.PRINTING:
            return progress
        # A job that is gone may be gone with its printer: then this raises. And out of paper, many printers go on to
        # call a job "processing": what stops it stands in the printer's own state.
        wanted = keyword("requested-attributes", "printer-state-reasons")
        answer = client.ask(Operation.GET_PRINTER_ATTRIBUTES, wanted)
        if progress is None:
            return Progress(PaperState.UNKNOWN, jobs.FORGOTTEN, final=True)
        words, stops = printers.troubles(answer.group(Group.PRINTER))
        return Progress(PaperState.PROBLEM if stops else PaperState.PRINTING, words or progress.detail)

    def cancel(self, target: Target, remote_id: str) -> bool:
        """Cancel-Job, RFC 8011 section 4.3.3, once it is certain that the job is ours."""
        client = self._client_of(target)
        job = self._job(client, remote_id)
        if job is None or jobs.progress(job).final:
            return False
        number = job.number("job-id") or 0
        tolerated = status.NOT_FOUND | {status.NOT_POSSIBLE}
        answer = client.ask(Operation.CANCEL_JOB, integer("job-id", number), tolerated=tolerated)
        return answer.code not in tolerated

    def _job(self, client: IppClient, remote_id: str) -> AttributeGroup | None:
        known = jobs.RemoteId.parse(remote_id)
        if known is None or known.number == 0:
            return None
        answer = client.ask(
            Operation.GET_JOB_ATTRIBUTES,
            integer("job-id", known.number),
            keyword("requested-attributes", *jobs.WANTED),
            tolerated=status.NOT_FOUND,
        )
        job = answer.group(Group.JOB)
        return job if answer.code not in status.NOT_FOUND and known.is_of(job) else None

    def _look(self, credentials: Credentials) -> Iterator[tuple[IppClient, AttributeGroup]]:
        """Each printer at the address, with a client for it."""
        address = _address(credentials)
        wanted = keyword("requested-attributes", *printers.WANTED)
        if address.path in _SERVER_PATHS:
            server = self._client(replace(address, path="/"), credentials)
            answer = server.ask(Operation.CUPS_GET_PRINTERS, wanted, of_printer=False, tolerated=status.UNANSWERED)
            if answer.code not in status.UNANSWERED:
                for group in answer.all_groups(Group.PRINTER):
                    if path := printers.queue_path(group):
                        yield self._client(replace(address, path=path), credentials), group
                return
            address = replace(address, path=DRIVERLESS_PATH)
        client = self._client(address, credentials)
        yield client, client.ask(Operation.GET_PRINTER_ATTRIBUTES, wanted).group(Group.PRINTER)

    def _client_of(self, target: Target) -> IppClient:
        """The client of the target's printer, always at the host of the connection.

        The printer's id is an address too, but one that a server told us: the password must not follow it elsewhere.
        """
        address = _address(target.credentials)
        chosen = _path_of(target.printer_id)
        if address.path in _SERVER_PATHS and chosen:
            address = replace(address, path=chosen)
        elif chosen and chosen != address.path:
            raise ConfigurationProblem(Reason.PRINTER_NOT_FOUND, {"printer": target.printer_id}, field="url")
        return self._client(address, target.credentials)

    def _client(self, address: Address, credentials: Credentials) -> IppClient:
        fingerprint, authorities = credentials.get("fingerprint", ""), credentials.get("ca_bundle", "")
        trust = trust_of(fingerprint, authorities, secure=address.secure)
        return IppClient(self._door, address, _auth(credentials), trust)

    def _try_printing(self, client: IppClient) -> None:
        """Validate-Job, RFC 8011 section 4.2.3: many printers ask for a password only where something is printed."""
        tolerated = frozenset(range(0x0400, 0x0600)) - status.REFUSED
        client.ask(Operation.VALIDATE_JOB, submission.FORMAT, tolerated=tolerated)


def _address(credentials: Credentials) -> Address:
    return parse_address(credentials.get("url", ""), schemes=SCHEMES, field="url")


def _path_of(printer_id: str) -> str:
    return parse_address(printer_id, schemes=SCHEMES, field="url").path if printer_id else ""


def _auth(credentials: Credentials) -> AuthBase | None:
    username, password = credentials.get("username", ""), credentials.get("password", "")
    # As octets, because requests would write text as Latin-1; RFC 7617 leaves UTF-8 as the only charset to name.
    return HTTPBasicAuth(username.encode(), password.encode()) if username or password else None
