"""What the status of an HTTP answer means for a document."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from requests.structures import CaseInsensitiveDict

from printing.providers.errors import (
    ConfigurationProblem,
    OutcomeUnknown,
    Permanent,
    ProviderError,
    Reason,
    Transient,
)
from printing.providers.http import Answer, raise_for_status, retry_after


def _answer(status: int, **headers: str) -> Answer:
    found = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, CaseInsensitiveDict(found), b"", "printer.example", sent=12_345_678)


@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [
        (301, ConfigurationProblem, Reason.NOT_A_PRINT_SERVICE),
        (400, ConfigurationProblem, Reason.NOT_A_PRINT_SERVICE),
        (401, ConfigurationProblem, Reason.AUTHENTICATION_FAILED),
        (403, ConfigurationProblem, Reason.FORBIDDEN),
        (404, ConfigurationProblem, Reason.NOT_A_PRINT_SERVICE),
        (408, OutcomeUnknown, Reason.SERVICE_ERROR),
        (413, Permanent, Reason.DOCUMENT_TOO_LARGE),
        (426, ConfigurationProblem, Reason.TLS_REQUIRED),
        (429, Transient, Reason.RATE_LIMITED),
        (500, OutcomeUnknown, Reason.SERVICE_ERROR),
        (502, OutcomeUnknown, Reason.SERVICE_ERROR),
        (503, Transient, Reason.SERVICE_ERROR),
        (504, OutcomeUnknown, Reason.SERVICE_ERROR),
    ],
)
def test_each_status_has_its_outcome(status: int, kind: type[ProviderError], reason: Reason) -> None:
    with pytest.raises(kind) as caught:
        raise_for_status(_answer(status))
    assert caught.value.reason is reason


@pytest.mark.parametrize("status", [500, 502, 504, 408])
def test_a_question_that_failed_may_be_asked_again(status: int) -> None:
    with pytest.raises(Transient):
        raise_for_status(_answer(status), harmless=True)


@pytest.mark.parametrize("status", [200, 201, 204])
def test_a_yes_raises_nothing(status: int) -> None:
    raise_for_status(_answer(status))


def test_it_names_the_field_to_correct() -> None:
    with pytest.raises(ConfigurationProblem) as caught:
        raise_for_status(_answer(401), field="url", secret_field="api_key")
    assert caught.value.field == "api_key"
    with pytest.raises(ConfigurationProblem) as caught:
        raise_for_status(_answer(404), field="url", secret_field="api_key")
    assert caught.value.field == "url"


def test_it_says_how_large_a_document_was_too_large() -> None:
    with pytest.raises(Permanent) as caught:
        raise_for_status(_answer(413))
    assert caught.value.params["size"] == "12.3"


@pytest.mark.parametrize("status", [429, 503])
def test_it_waits_as_long_as_the_service_asks(status: int) -> None:
    with pytest.raises(Transient) as caught:
        raise_for_status(_answer(status, Retry_After="120"))
    assert caught.value.retry_after == 120


NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("Mon, 23 Nov 2026 10:02:00 GMT", 120),
        ("Mon, 23 Nov 2026 09:00:00 GMT", 0),
        ("Mon, 23 Nov 2026 11:02:00 +0100", 120),
        ("999999999", 86_400),
        ("Mon, 23 Nov 2099 10:00:00 GMT", 86_400),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("", None),
    ],
)
def test_the_wait_is_given_in_seconds_or_as_a_date(value: str, seconds: float | None) -> None:
    assert retry_after({"Retry-After": value}, NOW) == seconds


def test_without_the_header_there_is_no_wait_given() -> None:
    assert retry_after({}) is None
