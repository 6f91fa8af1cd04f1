"""Faults of a real driverless printer, and what we make of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from printing.providers import http
from printing.providers.base import (
    Accepted,
    CannotTell,
    Document,
    NotFound,
    PaperSize,
    PaperState,
    ProviderContext,
    Target,
)
from printing.providers.errors import ConfigurationProblem, OutcomeUnknown, Permanent, Reason, Transient
from printing.providers.ipp import abilities, submission
from printing.providers.ipp.attributes import attribute, boolean, integer
from printing.providers.ipp.client import Operation
from printing.providers.ipp.provider import IppProvider
from printing.providers.ipp.values import Group, Tag
from tests.fakes.relay import Relay, relay
from tests.lab.ipp import LabServer
from tests.lab.processes import wait_until
from tests.printing.providers.contract import PDF, new_key

DOCUMENT = Document(PDF, "Invoice 2026-0001")


@pytest.fixture
def provider(context: ProviderContext) -> IppProvider:
    return IppProvider(replace(context, read_timeout=1))


@pytest.fixture
def target(ipp_printer: LabServer) -> Target:
    return Target({"url": ipp_printer.url}, ipp_printer.url)


def _through(line: Relay) -> Target:
    url = f"ipp://localhost:{line.port}/ipp/print"
    return Target({"url": url}, url)


def _taken(provider: IppProvider, target: Target, key: str) -> bool:
    try:
        provider.submit(DOCUMENT, target, key)
    except Transient:
        return False
    return True


def test_one_that_prints_is_busy(provider: IppProvider, target: Target, ipp_printer: LabServer) -> None:
    ipp_printer.hold()
    provider.submit(DOCUMENT, target, new_key())
    with pytest.raises(Transient) as caught:
        provider.submit(DOCUMENT, target, new_key())
    assert caught.value.reason is Reason.BUSY
    ipp_printer.release()


def test_a_job_under_way_can_be_withdrawn(provider: IppProvider, target: Target, ipp_printer: LabServer) -> None:
    ipp_printer.hold()
    remote_id = provider.submit(DOCUMENT, target, new_key()).remote_id
    wait_until(lambda: provider.progress(target, remote_id).paper is PaperState.PRINTING, "it prints")
    assert provider.cancel(target, remote_id)
    ipp_printer.release()
    wait_until(lambda: provider.progress(target, remote_id).final, "the job ends")
    assert provider.progress(target, remote_id).paper is PaperState.PROBLEM


def test_a_job_that_the_printer_gave_up_is_a_problem(
    provider: IppProvider, target: Target, ipp_printer: LabServer
) -> None:
    ipp_printer.misbehave(exit_code=1, error="The drum is worn out")
    remote_id = provider.submit(DOCUMENT, target, new_key()).remote_id
    wait_until(lambda: provider.progress(target, remote_id).final, "the job ends")
    progress = provider.progress(target, remote_id)
    assert progress.paper is PaperState.PROBLEM
    assert "aborted" in progress.detail


def test_while_it_hangs_nothing_is_sent_and_afterwards_the_document_comes_out_once(
    provider: IppProvider, target: Target, ipp_printer: LabServer
) -> None:
    key = new_key()
    abilities.of(provider._client_of(target))
    ipp_printer.freeze()
    with pytest.raises(Transient):
        provider.submit(DOCUMENT, target, key)
    ipp_printer.thaw()
    # It makes the job we gave up on, and takes no other one before that has its document: we take it back.
    wait_until(lambda: _taken(provider, target, key), "the printer takes the document")
    [received] = ipp_printer.wait_for_documents(1)
    assert received.content == PDF


def test_an_answer_that_is_lost_is_made_up_for_by_asking(provider: IppProvider, ipp_printer: LabServer) -> None:
    since, key = datetime.now(UTC), new_key()
    with relay(ipp_printer.port) as line:
        target = _through(line)
        line.spared, line.lose_answers = 1, True
        with pytest.raises(OutcomeUnknown) as caught:
            provider.submit(DOCUMENT, target, key)
        assert caught.value.reason is Reason.CONNECTION_LOST
        line.lose_answers = False
        assert isinstance(provider.find(target, key, since), Accepted)
    [received] = ipp_printer.wait_for_documents(1)
    assert received.content == PDF


def test_a_job_whose_document_got_lost_is_taken_back_and_sent_again(
    provider: IppProvider, ipp_printer: LabServer
) -> None:
    since, key = datetime.now(UTC), new_key()
    with relay(ipp_printer.port) as line:
        target = _through(line)
        line.spared, line.cut_after = 1, 150  # in the middle of the HTTP head
        with pytest.raises(OutcomeUnknown):
            provider.submit(DOCUMENT, target, key)
        line.cut_after = None
        # Asked twice, as a lane does before it believes: the second time the job is one that we have cancelled.
        for _ in range(2):
            assert provider.find(target, key, since) == NotFound()
        wait_until(lambda: _taken(provider, target, key), "the printer takes the document")
        assert isinstance(provider.find(target, key, since), Accepted)
    [received] = ipp_printer.wait_for_documents(1)
    assert received.content == PDF


def test_an_upload_that_we_give_up_leaves_no_half_document(
    provider: IppProvider, ipp_printer: LabServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "SLOWEST_LINE", 1e9)
    large, since, key = Document(PDF + bytes(30_000_000), "Large"), datetime.now(UTC), new_key()
    target = Target({"url": ipp_printer.url}, ipp_printer.url)
    client = provider._client_of(target)
    job = client.begin(Operation.CREATE_JOB, (attribute(Tag.NAME, "job-name", f"Large [{key}]"),), ())
    number = job.group(Group.JOB).number("job-id")
    assert number is not None
    ipp_printer.freeze()
    about = integer("job-id", number), submission.FORMAT, boolean("last-document", True)
    with pytest.raises(OutcomeUnknown):
        client.send(Operation.SEND_DOCUMENT, about, (), large.content)
    ipp_printer.thaw()
    # Closed in an orderly way, this printer would print what it has and call it completed.
    wait_until(lambda: provider.find(target, key, since) == NotFound(), "the printer gives the job up")
    assert ipp_printer.documents() == []


def test_a_document_cut_on_the_way_is_taken_for_whole_by_a_printer_that_counts_no_octets(
    provider: IppProvider, ipp_printer: LabServer
) -> None:
    """Nothing tells us so: the documentation says it, and a print server in front of such a printer prevents it."""
    since, key = datetime.now(UTC), new_key()
    with relay(ipp_printer.port) as line:
        target = _through(line)
        line.spared, line.cut_after = 1, 20_000
        with pytest.raises(OutcomeUnknown):
            provider.submit(DOCUMENT, target, key)
        line.cut_after = None
        [received] = ipp_printer.wait_for_documents(1)
        found = provider.find(target, key, since)
    assert len(received.content) < len(PDF)
    assert isinstance(found, Accepted)


def test_killed_it_is_unreachable_and_restarted_it_remembers_nothing(
    provider: IppProvider, target: Target, ipp_printer: LabServer
) -> None:
    since, key = datetime.now(UTC), new_key()
    remote_id = provider.submit(DOCUMENT, target, key).remote_id
    ipp_printer.wait_for_documents(1)
    ipp_printer.kill()
    with pytest.raises(Transient) as caught:
        provider.submit(DOCUMENT, target, new_key())
    assert caught.value.reason is Reason.UNREACHABLE
    ipp_printer.restart()
    assert isinstance(provider.find(target, key, since), CannotTell)
    assert provider.progress(target, remote_id).paper is PaperState.UNKNOWN
    provider.submit(DOCUMENT, target, new_key())
    # The same number again, and another job.
    assert provider.progress(target, remote_id).paper is PaperState.UNKNOWN
    assert provider.cancel(target, remote_id) is False


def test_options_it_does_not_know_are_refused_by_name(
    provider: IppProvider, target: Target, ipp_printer: LabServer
) -> None:
    with pytest.raises(Permanent) as caught:
        provider.submit(DOCUMENT, replace(target, copies=1000), new_key())
    assert (caught.value.reason, caught.value.params["options"]) == (Reason.OPTIONS_REFUSED, "copies=1000")
    with pytest.raises(Permanent) as caught:
        provider.submit(DOCUMENT, replace(target, paper=PaperSize("x", "x", 12345, 6789)), new_key())
    assert caught.value.params["options"] == "media-size=123.45 × 67.89 mm"
    assert ipp_printer.documents() == []


def test_a_certificate_it_made_itself_is_not_trusted(provider: IppProvider, ipp_printer: LabServer) -> None:
    with pytest.raises(ConfigurationProblem) as caught:
        provider.describe({"url": ipp_printer.url.replace("ipp://", "ipps://")})
    assert (caught.value.reason, caught.value.field) == (Reason.CERTIFICATE_UNVERIFIED, "fingerprint")


def test_another_path_is_no_printer(provider: IppProvider, ipp_printer: LabServer) -> None:
    with pytest.raises(ConfigurationProblem) as caught:
        provider.describe({"url": ipp_printer.url + "/elsewhere"})
    assert caught.value.reason in (Reason.PRINTER_NOT_FOUND, Reason.NOT_A_PRINT_SERVICE)


def test_its_trays_are_reported_with_what_lies_in_them(provider: IppProvider, target: Target) -> None:
    [printer] = provider.printers(target.credentials)
    assert [(tray.id, tray.name) for tray in printer.trays] == [
        ("auto", "Automatic"),
        ("tray-1", "Tray 1 (A4)"),
        ("tray-2", "Tray 2 (A4, letterhead)"),
        ("by-pass-tray", "By-pass tray (DL, envelope)"),
    ]
    assert [paper.name for paper in printer.papers] == ["A4", "A5", "DL"]
    assert (printer.duplex, printer.color, printer.max_copies, printer.online) == (True, False, 99, True)
