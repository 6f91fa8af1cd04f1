"""The password goes to the address that was typed, and nowhere else."""

from __future__ import annotations

import base64

import pytest

from printing.providers.base import Document, ProviderContext, Target
from printing.providers.errors import ConfigurationProblem, ProviderError, Reason
from printing.providers.ipp.attributes import attribute, keyword
from printing.providers.ipp.client import Operation
from printing.providers.ipp.provider import IppProvider
from printing.providers.ipp.values import AttributeGroup, Group, Message, Tag
from tests.fakes.ipp_printer import ipp_printer, job, jobs, printer, status
from tests.fakes.peer import Peer, response

PDF = Document(b"%PDF-1.7", "Invoice")
CREDENTIALS = {"username": "möller", "password": "gehëim€"}
EXPECTED = b"Basic " + base64.b64encode("möller:gehëim€".encode())


def _authorizations(found: Peer) -> list[bytes]:
    lines = [line for head, _ in found.requests for line in head.split(b"\r\n")]
    return [line.split(b": ", 1)[1] for line in lines if line.lower().startswith(b"authorization:")]


def test_it_travels_as_basic_authentication_in_utf_8(context: ProviderContext) -> None:
    with ipp_printer(lambda request: jobs(request, job())) as found:
        url = found.url("/ipp/print", "ipp")
        IppProvider(context).submit(PDF, Target({**CREDENTIALS, "url": url}, url), "a1b2")
        assert _authorizations(found) == [EXPECTED]


def test_without_one_no_authentication_is_sent(context: ProviderContext) -> None:
    with ipp_printer(lambda request: jobs(request, job())) as found:
        url = found.url("/ipp/print", "ipp")
        IppProvider(context).submit(PDF, Target({"url": url}, url), "a1b2")
        assert _authorizations(found) == []


def test_a_printer_id_of_another_host_does_not_lead_there(context: ProviderContext) -> None:
    with ipp_printer(jobs) as other, ipp_printer(lambda request: jobs(request, job())) as found:
        target = Target({**CREDENTIALS, "url": found.url("/", "ipp")}, other.url("/printers/office", "ipp"))
        IppProvider(context).submit(PDF, target, "a1b2")
        assert other.connections == 0
        [(head, _)] = found.requests
        assert head.startswith(b"POST /printers/office ")


def test_another_queue_than_the_one_that_was_typed_is_not_found(context: ProviderContext) -> None:
    target = Target({"url": "ipp://localhost/printers/a"}, "ipp://localhost/printers/b")
    with pytest.raises(ConfigurationProblem) as caught:
        IppProvider(context).submit(PDF, target, "a1b2")
    assert caught.value.reason is Reason.PRINTER_NOT_FOUND


def test_the_queues_of_a_server_are_at_its_own_address_whatever_it_says(context: ProviderContext) -> None:
    def answers(request: Message) -> Message:
        assert request.code == Operation.CUPS_GET_PRINTERS
        evil = ("ipp://evil.example/printers/office", "ipp:@evil.example/printers/x")
        groups = [AttributeGroup(Group.PRINTER, (attribute(Tag.URI, "printer-uri-supported", uri),)) for uri in evil]
        return jobs(request, *groups)

    with ipp_printer(answers) as found:
        [queue] = IppProvider(context).printers({**CREDENTIALS, "url": found.url("/", "ipp")})
        assert queue.id == found.url("/printers/office", "ipp")


def test_a_server_that_is_no_cups_is_asked_as_a_driverless_printer(context: ProviderContext) -> None:
    def answers(request: Message) -> Message:
        if request.code == Operation.CUPS_GET_PRINTERS:
            return status(request, 0x0501)
        return printer(request, keyword("printer-make-and-model", "Laser 9"))

    with ipp_printer(answers) as found:
        [queue] = IppProvider(context).printers({"url": found.url("/", "ipp")})
        assert queue.id == found.url("/ipp/print", "ipp")


def test_the_connection_test_notices_that_only_printing_needs_a_password(context: ProviderContext) -> None:
    def answers(request: Message) -> Message | bytes:
        if request.code == Operation.VALIDATE_JOB:
            return response(401, b"", content_type="text/html")
        return printer(request, keyword("printer-make-and-model", "Laser 9"))

    with ipp_printer(answers) as found, pytest.raises(ConfigurationProblem) as caught:
        IppProvider(context).describe({"url": found.url("/ipp/print", "ipp")})
    assert (caught.value.reason, caught.value.field) == (Reason.AUTHENTICATION_FAILED, "password")


def test_the_connection_test_does_not_mind_a_printer_that_is_stopped(context: ProviderContext) -> None:
    def answers(request: Message) -> Message:
        if request.code == Operation.VALIDATE_JOB:
            return status(request, 0x0506)
        return printer(request, keyword("printer-make-and-model", "Laser 9"))

    with ipp_printer(answers) as found:
        assert IppProvider(context).describe({"url": found.url("/ipp/print", "ipp")}) == "Laser 9"


@pytest.mark.parametrize("answer", [response(401), response(500), response(200, b"\x00"), b"nonsense\r\n\r\n"])
def test_no_error_and_no_repr_shows_it(context: ProviderContext, answer: bytes) -> None:
    with ipp_printer(lambda _: answer) as found:
        url = found.url("/ipp/print", "ipp")
        target = Target({**CREDENTIALS, "url": url}, url)
        with pytest.raises(ProviderError) as caught:
            IppProvider(context).submit(PDF, target, "a1b2")
    shown = f"{caught.value!r} {caught.value.params} {caught.value.detail} {target!r}"
    assert "gehëim" not in shown
    assert EXPECTED.decode() not in shown
