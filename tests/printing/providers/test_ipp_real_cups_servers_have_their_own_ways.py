"""Faults and habits of a real CUPS server, and what we make of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from printing.providers.base import (
    Accepted,
    Document,
    NotFound,
    PaperSize,
    PaperState,
    ProviderContext,
    Sides,
    Target,
)
from printing.providers.errors import ConfigurationProblem, OutcomeUnknown, Permanent, ProviderError, Reason, Transient
from printing.providers.ipp.provider import IppProvider
from tests.fakes.relay import relay
from tests.lab.ipp import Cups, LabServer, cupsd
from tests.lab.processes import wait_until
from tests.printing.providers.contract import PDF, new_key
from tests.require import require

DOCUMENT = Document(PDF, "Invoice 2026-0001")
PASSWORD_FOR_PRINTING = """<Limit Print-Job Create-Job Send-Document Validate-Job>
    AuthType Basic
    Require valid-user
  </Limit>"""


@pytest.fixture
def provider(context: ProviderContext) -> IppProvider:
    return IppProvider(context)


def _target(server: LabServer) -> Target:
    return Target({"url": server.url}, server.url)


def _refusal(provider: IppProvider, target: Target, document: Document = DOCUMENT) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        provider.submit(document, target, new_key())
    return caught.value


def test_a_queue_that_rejects_jobs_is_tried_again(provider: IppProvider, cups_server: Cups) -> None:
    target = _target(cups_server)
    cups_server.command("cupsreject", "capture")
    error = _refusal(provider, target)
    assert (type(error), error.reason) == (Transient, Reason.NOT_ACCEPTING)
    [printer] = provider.printers(target.credentials)
    assert printer.online is False
    cups_server.command("cupsaccept", "capture")
    assert provider.submit(DOCUMENT, target, new_key())


def test_a_queue_that_is_stopped_takes_jobs_and_keeps_them(provider: IppProvider, cups_server: Cups) -> None:
    target = _target(cups_server)
    cups_server.command("cupsdisable", "capture")
    remote_id = provider.submit(DOCUMENT, target, new_key()).remote_id
    assert provider.progress(target, remote_id).paper is PaperState.QUEUED
    [printer] = provider.printers(target.credentials)
    assert printer.online is False
    assert provider.cancel(target, remote_id)
    progress = provider.progress(target, remote_id)
    assert (progress.paper, progress.final) == (PaperState.PROBLEM, True)
    assert cups_server.documents() == []


def test_a_queue_that_is_gone_is_a_matter_of_configuration(provider: IppProvider, cups_server: Cups) -> None:
    url = cups_server.queue_url("removed")
    error = _refusal(provider, Target({"url": url}, url))
    assert (type(error), error.reason) == (ConfigurationProblem, Reason.PRINTER_NOT_FOUND)


def test_all_queues_of_a_server_are_found_at_its_address(provider: IppProvider, cups_server: Cups) -> None:
    cups_server.add_queue("second", "file:///dev/null")
    url = f"ipp://localhost:{cups_server.port}/"
    found = provider.printers({"url": url})
    assert {printer.id for printer in found} == {cups_server.queue_url("capture"), cups_server.queue_url("second")}
    assert provider.describe({"url": url}) == "CUPS (2)"
    provider.submit(DOCUMENT, Target({"url": url}, cups_server.queue_url("capture")), new_key())
    assert cups_server.wait_for_documents(1)[0].content == PDF


@pytest.mark.server
def test_a_document_that_is_too_large_is_refused_for_good(provider: IppProvider, tmp_path: Path) -> None:
    with cupsd(tmp_path / "cups", extra="LimitRequestBody 40000") as server:
        error = _refusal(provider, _target(server), Document(PDF + bytes(1_000_000), "Large"))
    assert (type(error), error.reason, error.params["size"]) == (Permanent, Reason.DOCUMENT_TOO_LARGE, "1.1")


@pytest.mark.server
def test_a_queue_that_is_full_is_tried_again(provider: IppProvider, tmp_path: Path) -> None:
    with cupsd(tmp_path / "cups", extra="MaxJobsPerPrinter 1") as server:
        server.command("cupsdisable", "capture")
        provider.submit(DOCUMENT, _target(server), new_key())
        error = _refusal(provider, _target(server))
    assert (type(error), error.reason) == (Transient, Reason.NOT_ACCEPTING)


@pytest.mark.server
def test_a_password_it_wants_only_for_printing_is_missed_by_the_connection_test(
    provider: IppProvider, tmp_path: Path
) -> None:
    with cupsd(tmp_path / "cups", policy=PASSWORD_FOR_PRINTING) as server:
        target = _target(server)
        for call in (lambda: provider.describe(target.credentials), lambda: provider.submit(DOCUMENT, target, "k")):
            with pytest.raises(ConfigurationProblem) as caught:
                call()
            assert (caught.value.reason, caught.value.field) == (Reason.AUTHENTICATION_FAILED, "password")
        assert provider.printers(target.credentials)


def test_killed_and_restarted_it_still_knows_the_job(provider: IppProvider, cups_server: Cups) -> None:
    target, since, key = _target(cups_server), datetime.now(UTC), new_key()
    provider.submit(DOCUMENT, target, key)
    cups_server.wait_for_documents(1)
    cups_server.wait_for_records()
    cups_server.kill()
    with pytest.raises(Transient):
        provider.find(target, key, since)
    cups_server.restart()
    assert isinstance(provider.find(target, key, since), Accepted)


def test_an_upload_that_is_cut_prints_nothing_and_is_sent_again(provider: IppProvider, cups_server: Cups) -> None:
    since, key = datetime.now(UTC), new_key()
    with relay(cups_server.port) as line:
        url = f"ipp://localhost:{line.port}/printers/capture"
        target = Target({"url": url}, url)
        line.spared, line.cut_after = 1, 20_000
        with pytest.raises(OutcomeUnknown):
            provider.submit(DOCUMENT, target, key)
        line.cut_after = None
        # The job waits for its document, and then is one that we have cancelled.
        for _ in range(2):
            assert provider.find(target, key, since) == NotFound()
        provider.submit(DOCUMENT, target, key)
        assert isinstance(provider.find(target, key, since), Accepted)
    [received] = cups_server.wait_for_documents(1)
    assert received.content == PDF


def test_a_printer_that_is_gone_behind_it_is_told_in_its_words(provider: IppProvider, cups_server: Cups) -> None:
    require(Path("/usr/lib/cups/backend/ipp").exists(), "CUPS has no ipp backend here")
    url = cups_server.add_queue("gone", "ipp://127.0.0.1:1/ipp/print")
    target = Target({"url": url}, url)
    remote_id = provider.submit(DOCUMENT, target, new_key()).remote_id
    wait_until(lambda: bool(provider.progress(target, remote_id).detail), "the reason is told")
    wait_until(
        lambda: "unavailable" in provider.progress(target, remote_id).detail, "the printer is called unavailable"
    )
    assert not provider.progress(target, remote_id).final


def test_through_a_driverless_queue_tray_and_paper_reach_the_printer(
    provider: IppProvider, cups_server: Cups, ipp_printer: LabServer
) -> None:
    require(Path("/usr/lib/cups/filter/pdftopdf").exists(), "cups-filters is not installed")
    url = cups_server.add_queue("everywhere", ipp_printer.url, driverless=True)

    def reports_its_trays() -> bool:
        [printer] = provider.printers({"url": url})
        return {"tray-1", "tray-2"} <= {tray.id for tray in printer.trays}

    wait_until(reports_its_trays, "CUPS has learned from the printer what it can do")
    paper = PaperSize("iso_a4_210x297mm", "A4", 21000, 29700)
    target = Target({"url": url}, url, tray="tray-2", paper=paper, sides=Sides.LONG_EDGE, copies=2)
    provider.submit(Document(SMALL_PDF, "Through CUPS"), target, new_key())
    [received] = ipp_printer.wait_for_documents(1)
    assert "media-source=tray-2" in received.options["IPP_MEDIA_COL"]
    assert (received.options["IPP_COPIES"], received.options["IPP_SIDES"]) == ("2", "two-sided-long-edge")


def _small_pdf() -> bytes:
    """A real page: between a driverless queue and its printer, the filters of CUPS read it."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + tail


SMALL_PDF = _small_pdf()
