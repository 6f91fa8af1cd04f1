"""An unanswered document is asked for before it is sent again; its key keeps it from being printed twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from printing.providers.base import Accepted, CannotTell, Document, NotFound, ProviderContext, Target
from printing.providers.errors import ConfigurationProblem, OutcomeUnknown, Permanent, Reason, Transient
from printing.providers.printnode.provider import PrintNodeProvider
from tests.fakes.printnode.fake import PRINTER, PrintNodeFake
from tests.lab.processes import free_port

PDF = Document(b"%PDF-1.7 one page", "Invoice 4711")
KEY = "5b1c"


def _spoil_printing(
    fake: PrintNodeFake, kind: str, status: int = 500, headers: Mapping[str, str] | None = None
) -> None:
    fake.fault(kind, method="POST", path="/printjobs", status=status, headers=headers)


@pytest.fixture
def provider(context: ProviderContext) -> PrintNodeProvider:
    return PrintNodeProvider(replace(context, read_timeout=0.5))


@pytest.fixture
def target(printnode: PrintNodeFake) -> Target:
    return Target(printnode.credentials, str(PRINTER))


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("lose-reply", Reason.CONNECTION_LOST),
        ("hang-after-acting", Reason.NO_ANSWER),
        ("cut-reply", Reason.CONNECTION_LOST),
        ("truncated-json", Reason.ANSWER_NOT_UNDERSTOOD),
        ("garbage", Reason.ANSWER_NOT_UNDERSTOOD),
        ("status-after-acting", Reason.SERVICE_ERROR),
    ],
)
def test_a_document_whose_answer_is_lost_is_found_by_its_key(
    printnode: PrintNodeFake, provider: PrintNodeProvider, target: Target, kind: str, reason: Reason
) -> None:
    since = datetime.now(UTC)
    _spoil_printing(printnode, kind)
    with pytest.raises(OutcomeUnknown) as caught:
        provider.submit(PDF, target, KEY)
    assert caught.value.reason is reason
    [document] = printnode.documents()
    assert provider.find(target, KEY, since) == Accepted(
        str(document["id"]), note="found in the printer's list of jobs"
    )


@pytest.mark.parametrize("kind", ["lose-request", "cut-request", "hang", "status"])
def test_a_document_that_never_arrived_is_not_found_and_may_be_sent_again(
    printnode: PrintNodeFake, provider: PrintNodeProvider, target: Target, kind: str
) -> None:
    since = datetime.now(UTC)
    _spoil_printing(printnode, kind)
    with pytest.raises(OutcomeUnknown):
        provider.submit(Document(PDF.content * 1000, "Large"), target, KEY)
    assert provider.find(target, KEY, since) == NotFound()
    provider.submit(PDF, target, KEY)
    assert len(printnode.documents()) == 1


def test_sending_it_again_all_the_same_prints_nothing_and_finds_the_first(
    printnode: PrintNodeFake, provider: PrintNodeProvider, target: Target
) -> None:
    first = provider.submit(PDF, target, KEY)
    again = provider.submit(PDF, target, KEY)
    assert (again.remote_id, again.note) == (first.remote_id, "HTTP 409: it had been taken before")
    assert len(printnode.documents()) == 1


def test_another_key_prints_again(printnode: PrintNodeFake, provider: PrintNodeProvider, target: Target) -> None:
    assert provider.submit(PDF, target, KEY) != provider.submit(PDF, target, f"{KEY}-1")
    assert len(printnode.documents()) == 2


def test_a_key_that_is_used_up_without_a_job_is_an_unknown_outcome(
    printnode: PrintNodeFake, provider: PrintNodeProvider, target: Target
) -> None:
    printnode.order("burn_key", key=KEY)
    with pytest.raises(OutcomeUnknown) as caught:
        provider.submit(PDF, target, KEY)
    assert caught.value.detail == "HTTP 409, and no job carries the key"


@pytest.mark.parametrize("kind", ["hang", "status", "garbage"])
def test_a_taken_key_whose_job_cannot_be_asked_for_is_an_unknown_outcome(
    printnode: PrintNodeFake, provider: PrintNodeProvider, target: Target, kind: str
) -> None:
    provider.submit(PDF, target, KEY)
    printnode.fault(kind, method="GET", path="/printers", status=401)
    with pytest.raises(OutcomeUnknown) as caught:
        provider.submit(PDF, target, KEY)
    assert caught.value.reason is Reason.NO_ANSWER


@pytest.mark.parametrize(("headers", "wait"), [({}, None), ({"Retry-After": "7"}, 7.0)])
def test_being_too_fast_is_a_wait_and_nothing_was_printed(
    printnode: PrintNodeFake, provider: PrintNodeProvider, target: Target, headers: dict[str, str], wait: float | None
) -> None:
    _spoil_printing(printnode, "status", 429, headers=headers)
    with pytest.raises(Transient) as caught:
        provider.submit(PDF, target, KEY)
    assert (caught.value.reason, caught.value.retry_after) == (Reason.RATE_LIMITED, wait)
    assert printnode.documents() == []


def test_a_service_that_is_down_for_a_while_says_how_long(
    printnode: PrintNodeFake, provider: PrintNodeProvider, target: Target
) -> None:
    _spoil_printing(printnode, "status", 503, headers={"Retry-After": "60"})
    with pytest.raises(OutcomeUnknown) as caught:
        provider.submit(PDF, target, KEY)
    assert caught.value.retry_after == 60


def test_nobody_listening_proves_that_nothing_was_sent(
    printnode: PrintNodeFake, provider: PrintNodeProvider, target: Target
) -> None:
    provider.describe(target.credentials)
    with printnode.refusing(), pytest.raises(Transient) as caught:
        provider.submit(PDF, target, KEY)
    assert caught.value.reason is Reason.UNREACHABLE
    provider.submit(PDF, target, KEY)
    assert len(printnode.documents()) == 1


def test_a_revoked_key_names_the_field_to_correct(
    printnode: PrintNodeFake, provider: PrintNodeProvider, target: Target
) -> None:
    printnode.revoke()
    with pytest.raises(ConfigurationProblem) as caught:
        provider.submit(PDF, target, KEY)
    assert (caught.value.reason, caught.value.field) == (Reason.AUTHENTICATION_FAILED, "api_key")


@pytest.mark.parametrize("status", [404, 400])
def test_a_printer_that_is_gone_is_a_matter_of_configuration_whatever_the_status(
    printnode: PrintNodeFake, provider: PrintNodeProvider, target: Target, status: int
) -> None:
    printnode.set(missing_status=status)
    with pytest.raises(ConfigurationProblem) as caught:
        provider.submit(PDF, replace(target, printer_id="99"), KEY)
    assert caught.value.reason is Reason.PRINTER_NOT_FOUND


def test_a_printer_that_is_gone_proves_nothing_about_what_was_printed(
    provider: PrintNodeProvider, target: Target
) -> None:
    with pytest.raises(ConfigurationProblem) as caught:
        provider.find(replace(target, printer_id="99"), KEY, datetime.now(UTC))
    assert caught.value.reason is Reason.PRINTER_NOT_FOUND


@pytest.mark.parametrize("printer_id", ["", "ipp://x/", "1001,1002", "1001/../../printjobs", "٣"])
def test_an_id_that_is_none_of_printnode_never_gets_into_an_address(
    printnode: PrintNodeFake, provider: PrintNodeProvider, target: Target, printer_id: str
) -> None:
    with pytest.raises(ConfigurationProblem):
        provider.submit(PDF, replace(target, printer_id=printer_id), KEY)
    assert printnode.requests() == []


def test_a_document_too_large_for_the_service_is_refused_for_good_with_its_own_size(
    printnode: PrintNodeFake, provider: PrintNodeProvider, target: Target
) -> None:
    printnode.set(max_body=1_000_000)
    with pytest.raises(Permanent) as caught:
        provider.submit(Document(b"x" * 900_000, "Large"), target, KEY)
    assert (caught.value.reason, caught.value.params["size"]) == (Reason.DOCUMENT_TOO_LARGE, "0.9")


def test_the_largest_document_allowed_arrives_whole(printnode: PrintNodeFake, context: ProviderContext) -> None:
    content = bytes(range(256)) * (PrintNodeProvider.max_document_bytes // 256)
    target = Target(printnode.credentials, str(PRINTER))
    accepted = PrintNodeProvider(context).submit(Document(content, "Large"), target, KEY)
    assert printnode.content(int(accepted.remote_id)) == content


def test_after_a_day_an_empty_list_proves_nothing_any_more(provider: PrintNodeProvider, target: Target) -> None:
    yesterday = datetime.now(UTC) - timedelta(hours=25)
    assert isinstance(provider.find(target, KEY, yesterday), CannotTell)


def test_after_a_day_a_list_that_reaches_back_still_proves_something(
    printnode: PrintNodeFake, provider: PrintNodeProvider, target: Target
) -> None:
    provider.submit(PDF, target, "older")
    printnode.order("age_jobs", seconds=30 * 3600)
    assert provider.find(target, KEY, datetime.now(UTC) - timedelta(hours=25)) == NotFound()


def test_it_is_found_behind_many_younger_jobs(
    printnode: PrintNodeFake, provider: PrintNodeProvider, target: Target
) -> None:
    since = datetime.now(UTC)
    first = provider.submit(PDF, target, KEY)
    for number in range(120):
        provider.submit(PDF, target, f"other-{number}")
    found = provider.find(target, KEY, since)
    assert isinstance(found, Accepted)
    assert found.remote_id == first.remote_id


@pytest.mark.parametrize("skew", [-7200, 7200])
def test_a_service_whose_clock_is_wrong_finds_it_too(
    printnode: PrintNodeFake, provider: PrintNodeProvider, target: Target, skew: float
) -> None:
    printnode.set(skew=skew)
    for number in range(60):
        provider.submit(PDF, target, KEY if number == 0 else f"other-{number}")
    assert isinstance(provider.find(target, KEY, datetime.now(UTC) - timedelta(minutes=1)), Accepted)


def test_no_error_carries_the_key_of_the_account(
    printnode: PrintNodeFake, provider: PrintNodeProvider, target: Target
) -> None:
    for kind in ("lose-reply", "garbage", "status", "hang", "cut-reply"):
        _spoil_printing(printnode, kind)
        with pytest.raises(OutcomeUnknown) as caught:
            provider.submit(PDF, target, KEY)
        assert target.credentials["api_key"] not in f"{caught.value!r} {caught.value} {caught.value.params}"
        printnode.order("forget_keys")


def test_a_port_that_nobody_has_is_unreachable(provider: PrintNodeProvider) -> None:
    with pytest.raises(Transient) as caught:
        provider.describe({"api_key": "k", "base_url": f"http://127.0.0.1:{free_port()}"})
    assert caught.value.reason is Reason.UNREACHABLE
