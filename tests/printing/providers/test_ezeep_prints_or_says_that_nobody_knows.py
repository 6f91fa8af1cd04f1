"""Before Print nothing is printed, and everything that fails is tried again; from Print on a lost answer is unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from printing.providers.base import CannotTell, ColorMode, Document, PaperSize, ProviderContext, Sides, Target
from printing.providers.errors import (
    ConfigurationProblem,
    OutcomeUnknown,
    Permanent,
    Reason,
    TokenExpired,
    Transient,
)
from printing.providers.ezeep.provider import NOT_READY_TRIES, EzeepProvider
from tests.fakes.ezeep.fake import OFFICE, QUEUE, TRAY, EzeepFake

PDF = Document(b"%PDF-1.7 one page", "Rechnung 4711 für Müller & Söhne")
KEY = "5b1c5b1c"
PREPARE, UPLOAD, PRINT = "/sfapi/PrepareUpload/", "/userstorage/", "/sfapi/Print/"
LOSSES = ["cut-request", "lose-request", "lose-reply", "hang", "hang-after-acting", "cut-reply"]
# The storage's answer has no body that anybody reads, so there it cannot be spoiled.
BEFORE_PRINT = [(PREPARE, kind) for kind in (*LOSSES, "status", "truncated-json", "garbage")] + [
    (UPLOAD, kind) for kind in (*LOSSES, "status", "status-after-acting")
]


@pytest.fixture
def provider(context: ProviderContext) -> EzeepProvider:
    return EzeepProvider(replace(context, read_timeout=0.5))


@pytest.fixture
def target(ezeep: EzeepFake) -> Target:
    return Target(ezeep.credentials(), OFFICE)


@pytest.mark.parametrize(("step", "kind"), BEFORE_PRINT)
def test_what_fails_before_print_has_printed_nothing_and_is_tried_again(
    ezeep: EzeepFake, provider: EzeepProvider, target: Target, step: str, kind: str
) -> None:
    ezeep.fault(kind, path=step, status=503)
    with pytest.raises(Transient):
        provider.submit(PDF, target, KEY)
    assert ezeep.documents() == []
    provider.submit(PDF, target, KEY)
    assert len(ezeep.documents()) == 1


@pytest.mark.parametrize("kind", [*LOSSES, "truncated-json", "garbage", "status", "status-after-acting"])
def test_a_lost_answer_to_print_is_an_unknown_outcome_and_nobody_can_tell(
    ezeep: EzeepFake, provider: EzeepProvider, target: Target, kind: str
) -> None:
    since = datetime.now(UTC)
    ezeep.fault(kind, path=PRINT)
    with pytest.raises(OutcomeUnknown):
        provider.submit(PDF, target, KEY)
    assert isinstance(provider.find(target, KEY, since), CannotTell)
    assert len(ezeep.requests(path=PRINT)) == (0 if kind == "cut-request" else 1)


def test_what_is_sent_is_the_document_alone_with_its_name_and_our_key(
    ezeep: EzeepFake, provider: EzeepProvider, target: Target
) -> None:
    accepted = provider.submit(PDF, target, KEY)
    [document] = ezeep.documents()
    assert (document["id"], ezeep.content(document["id"])) == (accepted.remote_id, PDF.content)
    assert document["alias"] == f"Rechnung 4711 für Müller & Söhne [{KEY}]"
    assert (document["type"], document["delete"], document["properties"]) == ("pdf", True, {"copies": 1})
    assert ezeep.order("uploads") == 0


def test_the_token_never_goes_to_the_storage(ezeep: EzeepFake, provider: EzeepProvider, target: Target) -> None:
    provider.submit(PDF, target, KEY)
    [document] = ezeep.documents()
    sent = {name.lower(): value for name, value in document["upload_headers"].items()}
    assert "authorization" not in sent
    assert target.credentials["access_token"] not in str(sent)
    assert sent["x-ms-blob-type"] == "BlockBlob"
    assert sent["host"].startswith("localhost:")  # and not the host of the API


@pytest.mark.parametrize("host", ["169.254.169.254", "user:secret@localhost", "[::"])
def test_a_storage_at_an_address_that_cannot_be_gets_nothing(
    ezeep: EzeepFake, provider: EzeepProvider, target: Target, host: str
) -> None:
    ezeep.set(storage_host=host)
    with pytest.raises((ConfigurationProblem, Transient)) as caught:
        provider.submit(PDF, target, KEY)
    assert caught.value.reason in (Reason.ADDRESS_NOT_ALLOWED, Reason.NOT_A_PRINT_SERVICE)
    assert ezeep.requests(path=UPLOAD) == []
    assert "sig=" not in f"{caught.value!r} {caught.value.params} {caught.value.detail}"


def test_every_option_is_sent_as_ezeep_calls_it(ezeep: EzeepFake, provider: EzeepProvider, target: Target) -> None:
    wanted = replace(
        target,
        tray=TRAY,
        paper=PaperSize("9", "A4", 21000, 29700),
        sides=Sides.SHORT_EDGE,
        color=ColorMode.MONOCHROME,
        copies=3,
        pages=(2, 2),
    )
    provider.submit(PDF, wanted, KEY)
    assert ezeep.documents()[0]["properties"] == {
        "defaultSource": 260,
        "paper": "A4",
        "paperid": 9,
        "duplex": True,
        "duplexmode": 3,
        "color": False,
        "copies": 3,
        "PageRanges": "2-2",
    }


def test_a_tray_and_a_paper_without_numbers_are_sent_by_name(
    ezeep: EzeepFake, provider: EzeepProvider, target: Target
) -> None:
    provider.submit(PDF, replace(target, tray="Manuell", paper=PaperSize("A4", "A4")), KEY)
    assert ezeep.documents()[0]["properties"] == {"copies": 1, "trayname": "Manuell", "paper": "A4"}


def test_a_document_that_is_not_ready_yet_is_asked_for_again_and_printed_once(
    ezeep: EzeepFake, provider: EzeepProvider, target: Target
) -> None:
    ezeep.set(not_ready=2)
    provider.submit(PDF, target, KEY)
    assert [entry["status"] for entry in ezeep.requests(path=PRINT)] == [412, 412, 200]
    assert len(ezeep.documents()) == 1


def test_one_that_does_not_get_ready_is_tried_again_later(
    ezeep: EzeepFake, provider: EzeepProvider, target: Target
) -> None:
    ezeep.set(not_ready=99)
    with pytest.raises(Transient) as caught:
        provider.submit(PDF, target, KEY)
    assert (type(caught.value), caught.value.reason) == (Transient, Reason.SERVICE_ERROR)
    assert len(ezeep.requests(path=PRINT)) == NOT_READY_TRIES


def test_a_token_that_is_over_prints_nothing_wherever_it_ends(
    ezeep: EzeepFake, provider: EzeepProvider, target: Target
) -> None:
    ezeep.fault("status", path=PRINT, status=401)
    with pytest.raises(TokenExpired):
        provider.submit(PDF, target, KEY)
    ezeep.order("expire")
    with pytest.raises(TokenExpired):
        provider.submit(PDF, target, KEY)
    with pytest.raises(TokenExpired):
        provider.printers(target.credentials)
    assert ezeep.documents() == []


def test_being_too_fast_is_a_wait_and_nothing_was_printed(
    ezeep: EzeepFake, provider: EzeepProvider, target: Target
) -> None:
    for step in (PREPARE, UPLOAD, PRINT):
        ezeep.fault("status", path=step, status=429, headers={"Retry-After": "7"})
        with pytest.raises(Transient) as caught:
            provider.submit(PDF, target, KEY)
        assert caught.value.retry_after == 7, step
    assert ezeep.documents() == []


def test_a_queue_says_yes_by_its_status_alone(ezeep: EzeepFake, provider: EzeepProvider, target: Target) -> None:
    ezeep.set(named=False)
    accepted = provider.submit(PDF, replace(target, printer_id=QUEUE), KEY)
    assert len(ezeep.documents()) == 1
    progress = provider.progress(target, accepted.remote_id)
    assert (progress.paper, progress.final) == ("queued", True)


def test_a_yes_without_a_job_is_unknown_where_the_printer_is_no_queue_or_cannot_be_asked(
    ezeep: EzeepFake, provider: EzeepProvider, target: Target
) -> None:
    ezeep.set(refusal=[200, {}])
    with pytest.raises(OutcomeUnknown):
        provider.submit(PDF, target, KEY)
    for status in (500, 401):
        ezeep.fault("status", path="/sfapi/GetPrinter/", status=status)
        with pytest.raises(OutcomeUnknown):
            provider.submit(PDF, replace(target, printer_id=QUEUE), KEY)


def test_a_printer_that_is_gone_is_a_matter_of_configuration(
    ezeep: EzeepFake, provider: EzeepProvider, target: Target
) -> None:
    ezeep.order("remove_printer", printer_id=OFFICE)
    for printer_id in (OFFICE, ""):
        with pytest.raises(ConfigurationProblem) as caught:
            provider.submit(PDF, replace(target, printer_id=printer_id), KEY)
        assert caught.value.reason is Reason.PRINTER_NOT_FOUND


def test_a_document_too_large_for_the_storage_is_refused_for_good(
    ezeep: EzeepFake, provider: EzeepProvider, target: Target
) -> None:
    ezeep.set(max_body=1_000_000)
    with pytest.raises(Permanent) as caught:
        provider.submit(Document(b"x" * 1_900_000, "Large"), target, KEY)
    assert (caught.value.reason, caught.value.params["size"]) == (Reason.DOCUMENT_TOO_LARGE, "1.9")


def test_no_error_carries_a_token(ezeep: EzeepFake, provider: EzeepProvider, target: Target) -> None:
    for kind in ("lose-reply", "garbage", "status", "hang", "cut-reply"):
        ezeep.fault(kind, path=PRINT)
        with pytest.raises(OutcomeUnknown) as caught:
            provider.submit(PDF, target, KEY)
        assert target.credentials["access_token"] not in f"{caught.value!r} {caught.value} {caught.value.params}"


def test_without_a_token_the_person_has_to_connect(ezeep: EzeepFake, provider: EzeepProvider) -> None:
    with pytest.raises(ConfigurationProblem) as caught:
        provider.printers(ezeep.client)
    assert caught.value.reason is Reason.RECONNECT_NEEDED
    assert ezeep.requests() == []
