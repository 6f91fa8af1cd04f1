"""What PrintNode's refusals mean, also where nobody has said how it words them."""

from __future__ import annotations

import json

import pytest
from requests.structures import CaseInsensitiveDict

from printing.providers.base import Document, ProviderContext, Target
from printing.providers.errors import (
    ConfigurationProblem,
    OutcomeUnknown,
    Permanent,
    ProviderError,
    Reason,
    Transient,
)
from printing.providers.http import Answer
from printing.providers.printnode.provider import PrintNodeProvider
from printing.providers.printnode.refusals import error_of
from tests.fakes.peer import answering, response

TARGET = Target({"api_key": "secret-key"}, "1001")


def _error(status: int, words: str) -> ProviderError:
    return error_of(Answer(status, CaseInsensitiveDict(), b"", "printnode.example"), words, 2_300_000, TARGET)


@pytest.mark.parametrize(
    ("status", "words", "kind", "reason"),
    [
        (400, "options.bin: Fach 9 is not one of the printer's bins", Permanent, Reason.OPTIONS_REFUSED),
        (400, "Duplex is not supported", Permanent, Reason.OPTIONS_REFUSED),
        (400, "content could not be decoded", Permanent, Reason.DOCUMENT_REFUSED),
        (422, "not a PDF", Permanent, Reason.DOCUMENT_REFUSED),
        (400, "printerId does not exist", ConfigurationProblem, Reason.PRINTER_NOT_FOUND),
        (404, "Printer not found", ConfigurationProblem, Reason.PRINTER_NOT_FOUND),
        (401, "API Key not found", ConfigurationProblem, Reason.AUTHENTICATION_FAILED),
        (402, "Print limit exceeded", ConfigurationProblem, Reason.FORBIDDEN),
        (403, "Not allowed", ConfigurationProblem, Reason.FORBIDDEN),
        (413, "", Permanent, Reason.DOCUMENT_TOO_LARGE),
        (429, "", Transient, Reason.RATE_LIMITED),
        (500, "", OutcomeUnknown, Reason.SERVICE_ERROR),
        (502, "", OutcomeUnknown, Reason.SERVICE_ERROR),
        (503, "", OutcomeUnknown, Reason.SERVICE_ERROR),
        (408, "", OutcomeUnknown, Reason.SERVICE_ERROR),
    ],
)
def test_each_refusal_has_its_outcome(status: int, words: str, kind: type[ProviderError], reason: Reason) -> None:
    error = _error(status, words)
    assert (type(error), error.reason) == (kind, reason)
    assert f"HTTP {status}" in error.detail


@pytest.mark.parametrize("status", [301, 400, 404, 405])
def test_a_refusal_that_is_not_in_the_words_of_printnode_comes_from_a_wrong_address(status: int) -> None:
    error = _error(status, "")
    assert (type(error), error.reason) == (ConfigurationProblem, Reason.NOT_A_PRINT_SERVICE)
    assert error.field == "base_url"


def _submit(context: ProviderContext, answer: bytes) -> ProviderError:
    with answering(answer) as peer:
        target = Target({"api_key": "secret-key", "base_url": peer.url()}, "1001")
        with pytest.raises(ProviderError) as caught:
            PrintNodeProvider(context).submit(Document(b"%PDF", "Invoice"), target, "5b1c")
    return caught.value


def test_its_words_are_passed_on_in_one_line_and_not_too_many_and_without_the_key(context: ProviderContext) -> None:
    words = "No\r\n  such\x00 content for secret-key \ud800" + "x" * 900
    body = json.dumps({"uid": "1", "code": "BadRequest", "message": words}).encode()
    error = _submit(context, response(400, body, content_type="application/json"))
    message = str(error.params["message"])
    assert message.startswith("No such content for … xxx")
    assert len(message) <= 200
    assert "secret-key" not in error.detail


@pytest.mark.parametrize("body", [b"", b"null", b"473.5", b'"473"', b"true", b"-1", b"[473]", b"9" * 400, b"{" * 9000])
def test_a_yes_without_the_number_of_a_job_is_an_unknown_outcome(context: ProviderContext, body: bytes) -> None:
    error = _submit(context, response(201, body, content_type="application/json"))
    assert (type(error), error.reason) == (OutcomeUnknown, Reason.ANSWER_NOT_UNDERSTOOD)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"17", b"[" * 100_000])
def test_a_connection_test_answered_with_something_else_names_the_address(
    context: ProviderContext, body: bytes
) -> None:
    with answering(response(200, body, content_type="text/html")) as peer, pytest.raises(ProviderError) as caught:
        PrintNodeProvider(context).describe({"api_key": "secret-key", "base_url": peer.url()})
    assert (caught.value.reason, caught.value.field) == (Reason.NOT_A_PRINT_SERVICE, "base_url")


@pytest.mark.parametrize("body", [b"{}", b"[1]", b'[{"id": "x"}]', b'[{"name": "x"}]', b"null"])
def test_a_list_of_something_else_is_no_list(context: ProviderContext, body: bytes) -> None:
    with answering(response(200, body, content_type="application/json")) as peer, pytest.raises(Transient) as caught:
        PrintNodeProvider(context).printers({"api_key": "secret-key", "base_url": peer.url()})
    assert caught.value.reason is Reason.NOT_A_PRINT_SERVICE


@pytest.mark.parametrize(
    ("credentials", "field"),
    [
        ({}, "api_key"),
        ({"api_key": "  "}, "api_key"),
        ({"api_key": "k", "base_url": "api.printnode.com"}, "base_url"),
        ({"api_key": "k", "base_url": "ftp://api.printnode.com"}, "base_url"),
        ({"api_key": "k", "base_url": "https://api.printnode.com/?x=1"}, "base_url"),
        ({"api_key": "k", "base_url": "http://169.254.169.254/"}, "base_url"),
    ],
)
def test_a_form_filled_in_wrongly_names_the_field(
    context: ProviderContext, credentials: dict[str, str], field: str
) -> None:
    with pytest.raises(ConfigurationProblem) as caught:
        PrintNodeProvider(context).describe(credentials)
    assert caught.value.field == field


def test_the_key_travels_as_user_name_without_password_to_the_path_below_the_address(context: ProviderContext) -> None:
    with answering(response(200, b'{"id": 1, "email": "me@example.com"}', content_type="application/json")) as peer:
        credentials = {"api_key": " secret-key\n", "base_url": peer.url("/print/")}
        assert PrintNodeProvider(context).describe(credentials) == "me@example.com"
    [(head, _)] = peer.requests
    assert head.startswith(b"GET /print/whoami HTTP/1.1\r\n")
    assert b"Authorization: Basic c2VjcmV0LWtleTo=" in head.split(b"\r\n")
