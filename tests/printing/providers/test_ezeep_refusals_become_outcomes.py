"""Each answer of ezeep's to a step of printing, and what it means to the lane."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import responses

from printing.providers.base import Document, ProviderContext, Target
from printing.providers.errors import (
    ConfigurationProblem,
    OutcomeUnknown,
    Permanent,
    ProviderError,
    Reason,
    TokenExpired,
    Transient,
)
from printing.providers.ezeep.provider import EzeepProvider

API = "https://printapi.ezeep.com/sfapi"
STORAGE = "https://storage.blob.core.windows.net/userstorage/ERI_1?sv=1&sig=a%2Bb%2F%3D"
TARGET = Target({"client_id": "c", "access_token": "secret-token"}, "printer-1")


@pytest.fixture
def service() -> Iterator[responses.RequestsMock]:
    """ezeep up to the upload; the answer to Print is the test's."""
    with responses.RequestsMock() as mock:
        mock.get(f"{API}/PrepareUpload/", json={"fileid": "ERI_1", "sasUri": STORAGE})
        mock.put(STORAGE, status=201)
        yield mock


def _refused(service: responses.RequestsMock, context: ProviderContext, **answer: Any) -> ProviderError:
    service.post(f"{API}/Print/", **answer)
    with pytest.raises(ProviderError) as caught:
        EzeepProvider(context).submit(Document(b"%PDF", "Invoice"), TARGET, "5b1c5b1c")
    return caught.value


@pytest.mark.parametrize(
    ("status", "body", "outcome", "reason"),
    [
        (400, {"code": 1801, "message": "x"}, ConfigurationProblem, Reason.PRINTER_NOT_FOUND),
        (400, {"code": 3012}, ConfigurationProblem, Reason.PRINTER_NOT_FOUND),
        (404, {"message": "no such printer"}, ConfigurationProblem, Reason.PRINTER_NOT_FOUND),
        (400, {"message": "printerid is missing"}, ConfigurationProblem, Reason.PRINTER_NOT_FOUND),
        (404, "<html>", ConfigurationProblem, Reason.NOT_A_PRINT_SERVICE),
        (400, {"code": 13, "message": "bad file"}, Permanent, Reason.DOCUMENT_REFUSED),
        (422, {"message": "paper unknown"}, Permanent, Reason.OPTIONS_REFUSED),
        (401, {"detail": "expired"}, TokenExpired, Reason.ACCESS_EXPIRED),
        (402, {}, ConfigurationProblem, Reason.FORBIDDEN),
        (403, {}, ConfigurationProblem, Reason.FORBIDDEN),
        (400, {"code": 5}, ConfigurationProblem, Reason.FORBIDDEN),
        (413, {}, Permanent, Reason.DOCUMENT_TOO_LARGE),
        (429, {}, Transient, Reason.RATE_LIMITED),
        (408, {}, OutcomeUnknown, Reason.SERVICE_ERROR),
        (500, {"code": 500}, OutcomeUnknown, Reason.SERVICE_ERROR),
        (503, {}, OutcomeUnknown, Reason.SERVICE_ERROR),
        (302, {}, ConfigurationProblem, Reason.NOT_A_PRINT_SERVICE),
    ],
)
def test_each_refusal_is_the_outcome_it_means(
    service: responses.RequestsMock,
    context: ProviderContext,
    status: int,
    body: object,
    outcome: type[ProviderError],
    reason: Reason,
) -> None:
    error = _refused(service, context, status=status, **({"body": body} if isinstance(body, str) else {"json": body}))
    assert (type(error), error.reason) == (outcome, reason)
    assert "secret-token" not in f"{error!r} {error.params} {error.detail}"


def test_a_yes_with_a_code_and_no_job_is_a_no_and_says_the_code(
    service: responses.RequestsMock, context: ProviderContext
) -> None:
    service.get(f"{API}/GetPrinter/", json=[{"id": "printer-1", "name": "Office", "is_queue": False}])
    error = _refused(service, context, status=200, json={"code": 804})
    assert (type(error), error.params) == (Permanent, {"message": "ezeep 804"})


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b'"job"', b'{"jobid": 7}', b'{"jobid": ""}', b"{" * 9000, b"<html>"]
)
def test_a_yes_without_a_job_is_an_unknown_outcome(
    service: responses.RequestsMock, context: ProviderContext, body: bytes
) -> None:
    service.get(f"{API}/GetPrinter/", json=[{"id": "printer-1", "name": "Office", "is_queue": False}])
    error = _refused(service, context, status=200, body=body)
    assert (type(error), error.reason) == (OutcomeUnknown, Reason.ANSWER_NOT_UNDERSTOOD)


def test_the_signed_address_is_used_as_it_came_and_without_the_token(
    service: responses.RequestsMock, context: ProviderContext
) -> None:
    service.post(f"{API}/Print/", json={"jobid": "job 1#2:3"})
    assert EzeepProvider(context).submit(Document(b"%PDF", "Invoice"), TARGET, "5b1c5b1c").remote_id == "job 1#2:3"
    prepare, upload, printed = (call.request for call in service.calls)
    assert upload.url == STORAGE
    assert "Authorization" not in upload.headers
    assert upload.body == b"%PDF"
    assert prepare.headers["Authorization"] == printed.headers["Authorization"] == "Bearer secret-token"


def _failed_upload(context: ProviderContext, prepared: object, status: int | None = None) -> ProviderError:
    with responses.RequestsMock() as service:
        service.get(f"{API}/PrepareUpload/", json=prepared)
        if status is not None:
            service.put(STORAGE, status=status)
        with pytest.raises(ProviderError) as caught:
            EzeepProvider(context).submit(Document(b"%PDF", "Invoice"), TARGET, "5b1c5b1c")
    return caught.value


@pytest.mark.parametrize("prepared", [{}, [], {"fileid": ""}, {"fileid": "x"}, {"fileid": "x", "sasUri": 7}, None])
def test_a_place_that_is_none_is_transient(context: ProviderContext, prepared: object) -> None:
    error = _failed_upload(context, prepared)
    assert type(error) is Transient
    assert error.reason is Reason.NOT_A_PRINT_SERVICE


def test_a_document_is_not_uploaded_in_the_clear_for_a_service_that_is_encrypted(context: ProviderContext) -> None:
    error = _failed_upload(context, {"fileid": "x", "sasUri": STORAGE.replace("https", "http")})
    assert error.reason is Reason.NOT_A_PRINT_SERVICE


@pytest.mark.parametrize("status", [400, 403, 404, 409, 500, 503, 302])
def test_a_storage_that_refuses_has_printed_nothing(context: ProviderContext, status: int) -> None:
    error = _failed_upload(context, {"fileid": "ERI_1", "sasUri": STORAGE}, status)
    assert (type(error), error.params) == (Transient, {"status": status})
