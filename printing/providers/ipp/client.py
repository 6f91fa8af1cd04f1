"""One IPP operation over HTTP: request out, answer in, every failure as one of our errors (RFC 8010 section 4)."""

from __future__ import annotations

from collections.abc import Collection
from enum import IntEnum
from itertools import count

from requests.auth import AuthBase

from printing.providers.errors import ConfigurationProblem, OutcomeUnknown, Reason, Transient
from printing.providers.http import Address, Answer, HttpDoor, raise_for_status, uncertain
from printing.providers.ipp.attributes import attribute
from printing.providers.ipp.codec import CodecError, decode, encode
from printing.providers.ipp.status import raise_for_ipp_status
from printing.providers.ipp.values import Attribute, AttributeGroup, Group, Message, Tag
from printing.providers.trust import Trust

MEDIA_TYPE = "application/ipp"
USER_NAME = "pressroom"  # a label only (RFC 8011 section 9.3), but CUPS shows a job's name to its owner alone


class Operation(IntEnum):
    """Operation ids, RFC 8011 section 5.4.15; the last is CUPS' own."""

    PRINT_JOB = 0x0002
    VALIDATE_JOB = 0x0004
    CREATE_JOB = 0x0005
    SEND_DOCUMENT = 0x0006
    CANCEL_JOB = 0x0008
    GET_JOB_ATTRIBUTES = 0x0009
    GET_JOBS = 0x000A
    GET_PRINTER_ATTRIBUTES = 0x000B
    CUPS_GET_PRINTERS = 0x4002


class IppClient:
    """Speaks to one printer. Safe to share between threads, as the door is."""

    def __init__(
        self, door: HttpDoor, address: Address, auth: AuthBase | None = None, trust: Trust | None = None
    ) -> None:
        self.address = address
        self._door = door
        self._auth = auth
        self._trust = trust or Trust()
        self._request_ids = count(1)

    @property
    def uri(self) -> str:
        """The printer's address as IPP writes it, whichever of the four schemes was typed."""
        scheme = "ipps" if self.address.secure else "ipp"
        port = "" if self.address.port == 631 else f":{self.address.port}"
        return f"{scheme}://{self.address.netloc_host}{port}{self.address.path}"

    def ask(
        self,
        operation: Operation,
        *attributes: Attribute,
        of_printer: bool = True,
        tolerated: Collection[int] = (),
    ) -> Message:
        """An operation that may be repeated without harm; ``tolerated`` error codes are the caller's to judge.

        Raises Transient when there is no proper answer, and what :func:`raise_for_ipp_status` raises.
        """
        message = self._exchange(self._message(operation, attributes, (), b"", of_printer=of_printer), harmless=True)
        if message.code not in tolerated:
            self._raise_for_status(message, harmless=True, sent=0)
        return message

    def begin(
        self, operation: Operation, attributes: tuple[Attribute, ...], template: tuple[Attribute, ...]
    ) -> Message:
        """An operation that begins a job without its document: refused for the same reasons as one that sends it.

        Raises Transient where its outcome is not known: nothing can come out of it alone.
        """
        message = self._exchange(self._message(operation, attributes, template, b""), harmless=True)
        try:
            self._raise_for_status(message, harmless=False, sent=0)
        except OutcomeUnknown as error:
            raise Transient(error.reason, error.params, detail=error.detail) from error
        return message

    def send(
        self, operation: Operation, attributes: tuple[Attribute, ...], template: tuple[Attribute, ...], document: bytes
    ) -> Message:
        """An operation that puts something on paper. Raises OutcomeUnknown when it may have arrived."""
        message = self._exchange(self._message(operation, attributes, template, document), harmless=False)
        self._raise_for_status(message, harmless=False, sent=len(document))
        return message

    def _message(
        self,
        operation: Operation,
        attributes: tuple[Attribute, ...],
        template: tuple[Attribute, ...],
        document: bytes,
        *,
        of_printer: bool = True,
    ) -> Message:
        groups = [AttributeGroup(Group.OPERATION, (*self._head(of_printer), *attributes))]
        if template:
            groups.append(AttributeGroup(Group.JOB, template))
        return Message(operation, next(self._request_ids), tuple(groups), document)

    def _exchange(self, request: Message, *, harmless: bool) -> Message:
        answer = self._door.exchange(
            "POST",
            self.address,
            body=encode(request),
            headers={"Content-Type": MEDIA_TYPE, "Accept": MEDIA_TYPE},
            auth=self._auth,
            trust=self._trust,
            harmless=harmless,
        )
        # HTTP first: an answer of 401 has a page of HTML for a body.
        raise_for_status(answer, harmless=harmless, field=self.address.field, secret_field="password")  # noqa: S106
        return _read(answer, request.request_id, harmless, self.address.field)

    def _raise_for_status(self, message: Message, *, harmless: bool, sent: int) -> None:
        raise_for_ipp_status(message, harmless=harmless, printer=self.uri, host=self.address.host, sent=sent)

    def _head(self, of_printer: bool) -> list[Attribute]:
        """The attributes every request begins with, in this order: RFC 8011 section 4.1.4."""
        head = [
            attribute(Tag.CHARSET, "attributes-charset", "utf-8"),
            attribute(Tag.NATURAL_LANGUAGE, "attributes-natural-language", "en"),
        ]
        if of_printer:
            head.append(attribute(Tag.URI, "printer-uri", self.uri))
        return [*head, attribute(Tag.NAME, "requesting-user-name", USER_NAME)]


def _read(answer: Answer, request_id: int, harmless: bool, field: str) -> Message:
    host = {"host": answer.host}
    if harmless and answer.content_type != MEDIA_TYPE:
        # A router's log-in page, a web server: nothing that waiting would mend.
        raise ConfigurationProblem(Reason.NOT_A_PRINT_SERVICE, host, detail=answer.content_type[:80], field=field)
    try:
        message = decode(answer.body)
    except CodecError as error:
        raise uncertain(harmless, Reason.ANSWER_NOT_UNDERSTOOD, host, detail=str(error)) from error
    if message.request_id != request_id:
        raise uncertain(harmless, Reason.ANSWER_NOT_UNDERSTOOD, host, detail="the answer to another request")
    return message
