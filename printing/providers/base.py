"""What a print service provider is to Pressroom: six methods, data in, data out.

Providers know neither Django nor the rest of the product. Words a person reads are English message ids marked with
``gettext_noop``; the admin translates them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import ClassVar, Protocol, TypeAlias, runtime_checkable

Credentials: TypeAlias = Mapping[str, str]
# Reserves one request for an account that may make so many a second; returns the seconds to wait before sending it.
Throttle: TypeAlias = Callable[[str, float], float]


def gettext_noop(message: str) -> str:
    """Mark a message id for translation without importing Django; makemessages finds the call by this name."""
    return message


class Sides(StrEnum):
    """Values of the ``sides`` attribute, RFC 8011 section 5.2.8. Empty: as the printer is set."""

    PRINTER_DEFAULT = ""
    ONE_SIDED = "one-sided"
    LONG_EDGE = "two-sided-long-edge"
    SHORT_EDGE = "two-sided-short-edge"


class ColorMode(StrEnum):
    """Values of ``print-color-mode``, PWG 5100.13. Empty: as the printer is set."""

    PRINTER_DEFAULT = ""
    COLOR = "color"
    MONOCHROME = "monochrome"


class PaperState(StrEnum):
    """What the provider last said about the paper itself; *accepted* is not *printed*."""

    UNKNOWN = "unknown"
    QUEUED = "queued"
    PRINTING = "printing"
    PRINTED = "printed"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Tray:
    """A paper source. ``id`` is the provider's own string and goes back to it unchanged."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class PaperSize:
    """A paper the printer takes; width and height in hundredths of a millimetre, 0 where not reported."""

    id: str
    name: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class RemotePrinter:
    """A printer as its provider reports it. An empty tuple or None means: not reported, so nothing is refused."""

    id: str
    name: str
    online: bool | None = None
    trays: tuple[Tray, ...] = ()
    papers: tuple[PaperSize, ...] = ()
    duplex: bool | None = None
    color: bool | None = None
    max_copies: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """Where and how to print: the printer, and the options of the printer configuration.

    ``pages`` are the first and the last page to print, counted from 1; None prints all. ``fit_to_page`` scales to the
    paper; without it a page keeps its size. ``expires_after``: a document that has not come out by then is not to
    come out any more, where the provider can be told so.
    """

    credentials: Credentials = field(repr=False)
    printer_id: str
    tray: str = ""
    paper: PaperSize | None = None
    sides: Sides = Sides.PRINTER_DEFAULT
    color: ColorMode = ColorMode.PRINTER_DEFAULT
    copies: int = 1
    pages: tuple[int, int] | None = None
    fit_to_page: bool = False
    expires_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """The bytes to print, always a PDF, and the title people see in the printer's own queue."""

    content: bytes = field(repr=False)
    title: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider said yes. ``remote_id`` is its own id of the job; ``note`` goes to the log."""

    remote_id: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class NotFound:
    """The provider can tell, and has no such job: sending again is safe."""


@dataclass(frozen=True, slots=True)
class CannotTell:
    """The provider keeps no list that reaches back far enough; ``why`` goes to the log."""

    why: str


FindResult: TypeAlias = Accepted | NotFound | CannotTell


@dataclass(frozen=True, slots=True)
class Progress:
    """The provider's later word on an accepted job; ``final`` when it will not change any more."""

    paper: PaperState
    detail: str = ""
    final: bool = False


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """A provider's word about a job that nobody asked for. ``uid`` is the event's own: the same one may come twice.

    ``key`` is the one the job was submitted under, where the call carries it; then ``remote_id`` may be a number other
    than the one that :meth:`Provider.submit` returned, or empty.
    """

    uid: str
    remote_id: str
    progress: Progress
    key: str = ""


@dataclass(frozen=True, slots=True)
class ConnectionField:
    """One input of the form that connects a provider. A secret is never shown again once saved.

    A field named ``fingerprint`` takes the certificate that a person confirms when nobody else vouches for it.
    """

    name: str
    label: str
    help: str = ""
    required: bool = True
    secret: bool = False
    default: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    multiline: bool = False


def no_throttle(account: str, per_second: float) -> float:
    """Let every request go at once: for one process alone, and for tests."""
    del account, per_second
    return 0.0


@dataclass(frozen=True, slots=True)
class ProviderContext:
    """What the operator decided for all providers; built from the settings by ``printing.provider_context``.

    ``connect_timeout`` and ``read_timeout`` are seconds. ``printer_networks`` are the private networks a printer may
    stand in; None allows every address but link-local and metadata ones. ``throttle`` shares a service's rate limit
    among all workers; the account it is given names a service and a customer there, and is no secret.
    """

    simulated_root: Path
    connect_timeout: float = 5.0
    read_timeout: float = 30.0
    max_response_bytes: int = 5_000_000
    printer_networks: tuple[IPv4Network | IPv6Network, ...] | None = None
    throttle: Throttle = no_throttle


class Provider(Protocol):
    """A print service. Every method raises a ``ProviderError`` of :mod:`printing.providers.errors`, nothing else."""

    key: ClassVar[str]
    label: ClassVar[str]
    connection_fields: ClassVar[tuple[ConnectionField, ...]]
    max_document_bytes: ClassVar[int]

    def __init__(self, context: ProviderContext) -> None: ...

    def describe(self, credentials: Credentials) -> str:
        """Test the connection; return the name of the account or service.

        Raises ConfigurationProblem with ``field`` set where one input is at fault.
        """
        ...

    def printers(self, credentials: Credentials) -> list[RemotePrinter]:
        """The printers behind this connection, with what each can do, read just now."""
        ...

    def submit(self, document: Document, target: Target, key: str) -> Accepted:
        """Send the document once. ``key`` identifies the job at the provider and lets :meth:`find` ask for it.

        Raises Transient only when nothing can have been printed; OutcomeUnknown when it may have arrived.
        """
        ...

    def find(self, target: Target, key: str, since: datetime) -> FindResult:
        """Ask whether a job sent under ``key`` at or after ``since`` (aware) is there."""
        ...

    def progress(self, target: Target, remote_id: str) -> Progress:
        """What became of an accepted job."""
        ...

    def cancel(self, target: Target, remote_id: str) -> bool:
        """Withdraw an accepted job; False when it is too late."""
        ...


@runtime_checkable
class OAuthProvider(Provider, Protocol):
    """A provider whose credentials are tokens, obtained in the browser and renewed with a token that works once.

    The caller commits what :meth:`exchange` and :meth:`refresh` return before it is used: the old token is spent.
    """

    def authorization_url(self, credentials: Credentials, redirect_uri: str, state: str, verifier: str) -> str:
        """Where the person's browser is sent (RFC 6749 section 4.1.1, with PKCE of RFC 7636, S256)."""
        ...

    def exchange(self, credentials: Credentials, code: str, redirect_uri: str, verifier: str) -> dict[str, str]:
        """The credentials with tokens, for the code that came back. Raises ProviderError."""
        ...

    def needs_refresh(self, credentials: Credentials, now: datetime) -> bool:
        """Whether the access token is over, or nearly so."""
        ...

    def refresh(self, credentials: Credentials) -> dict[str, str]:
        """The credentials with new tokens. The refresh token is spent even when the answer is lost: then it raises
        OutcomeUnknown, and the person has to connect again."""
        ...


@runtime_checkable
class WebhookProvider(Protocol):
    """What a provider has besides when it tells by itself what became of jobs.

    Calls get lost and come twice, so they only make the answer of :meth:`Provider.progress` arrive sooner.
    """

    webhook_secret_field: ClassVar[str]  # the connection field in which the merchant chose the secret
    webhook_answer_headers: ClassVar[Mapping[str, str]]  # what the answer has to carry to count as a receipt

    def parse_webhook(self, headers: Mapping[str, str], body: bytes, secret: str) -> list[ProviderEvent]:
        """The events of one call, in its order; telling doubled ones by their ``uid`` is the caller's.

        Raises WebhookRefused where the call does not carry ``secret``, WebhookNotUnderstood for anything unreadable.
        """
        ...
