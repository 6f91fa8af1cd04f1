"""Every habit and fault of CUPS that we know of, brought about on a real server. Which test shows which:

| habit | test |
|---|---|
| finished jobs carry ``processing-to-stop-point`` | ``test_reasons_of_a_finished_job_say_nothing`` |
| job names are lost from answers without ``job-uuid`` | ``test_a_finished_job_keeps_its_name_because_its_uuid_is_asked_for`` |
| ``which-jobs`` "all" comes oldest first | ``test_a_limit_would_cut_off_the_newest_jobs`` |
| job numbers are given again after a crash | ``test_a_number_given_again_after_a_crash_is_another_job`` |
| Validate-Job says yes for a queue that rejects | ``test_a_queue_that_rejects_jobs_passes_the_connection_test`` |
| a stopped queue takes jobs | ``cups: test_a_queue_that_is_stopped_takes_jobs_and_keeps_them`` |
| Send-Document to a finished job is taken by cupsd, not by printers | ``test_a_second_document_is_never_printed`` |
| a raw queue drops trays and pages | ``test_a_raw_queue_is_not_trusted_with_pages`` |
| pages are cut out by a driverless queue | ``test_a_driverless_queue_prints_the_pages_that_were_asked_for`` |

| failure | a printer of its own (``ippeveprinter``) | CUPS |
|---|---|---|
| stopped | – | ``cups: test_a_queue_that_is_stopped_takes_jobs_and_keeps_them`` |
| rejects jobs | – | ``cups: test_a_queue_that_rejects_jobs_is_tried_again`` |
| busy | ``printers: test_one_that_prints_is_busy`` | – (it queues) |
| out of paper | ``test_a_printer_without_paper_says_so`` | ``test_a_queue_tells_what_its_printer_lacks`` |
| jam, toner | ``test_a_jam_is_told_while_the_job_waits`` | ``test_a_queue_tells_what_its_printer_lacks`` |
| job aborted | ``printers: test_a_job_that_the_printer_gave_up_is_a_problem`` | ``test_a_backend_that_fails`` |
| the backend's results | – | ``test_a_backend_that_fails`` |
| killed | ``printers: test_killed_it_is_unreachable_…`` | ``cups: test_killed_and_restarted_it_still_knows_the_job`` |
| hangs | ``printers: test_while_it_hangs_…`` | ``test_a_server_that_hangs_prints_once_when_it_goes_on`` |
| upload cut | ``printers: test_a_job_whose_document_got_lost_…``, ``…_an_upload_that_we_give_up_…``, ``…_a_document_cut_on_the_way_…`` | ``cups: test_an_upload_that_is_cut_prints_nothing_and_is_sent_again`` |
| answer lost | ``printers: test_an_answer_that_is_lost_…`` | ``test_an_answer_that_is_lost_is_made_up_for_by_asking`` |
| password only for printing | ``test_a_printer_that_wants_a_password_only_for_printing`` | ``cups: test_a_password_it_wants_only_for_printing_…``, ``tests/printing/test_a_refused_password_pauses_the_lane`` |
| too large | – | ``cups: test_a_document_that_is_too_large_is_refused_for_good`` |
| too many jobs, quota | – | ``cups: test_a_queue_that_is_full_is_tried_again``, ``test_a_quota_that_is_used_up_is_tried_again`` |
| unreachable behind it | – | ``cups: test_a_printer_that_is_gone_behind_it_…``, ``test_a_job_that_hangs_ends_after_its_time`` |
| wrong queue | ``printers: test_another_path_is_no_printer`` | ``cups: test_a_queue_that_is_gone_…`` |
| forgotten job | ``test_ipp_absence_proves_something_only_with_a_memory`` | ``test_a_job_that_the_server_forgot_is_unknown_and_not_failed`` |
| bad format | ``test_a_format_that_is_refused`` | ``test_a_format_that_is_refused`` |

``printers:`` and ``cups:`` stand for the modules ``test_ipp_real_printers_fail_in_their_own_ways`` and
``test_ipp_real_cups_servers_have_their_own_ways``.
"""  # noqa: E501

from __future__ import annotations

import urllib.request
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest

from printing.providers.base import Accepted, Document, PaperState, ProviderContext, Target
from printing.providers.errors import ConfigurationProblem, OutcomeUnknown, Permanent, Reason, Transient
from printing.providers.ipp import submission
from printing.providers.ipp.attributes import attribute, boolean, integer, keyword
from printing.providers.ipp.client import IppClient, Operation
from printing.providers.ipp.jobs import RemoteId
from printing.providers.ipp.provider import IppProvider
from printing.providers.ipp.submission import FORMAT
from printing.providers.ipp.values import Group, Tag
from tests.fakes.relay import relay
from tests.lab.ipp import Cups, LabServer, cupsd, ippeveprinter
from tests.lab.processes import wait_until
from tests.pdfs import make_pdf
from tests.printing.providers.contract import PDF, new_key
from tests.require import require

pytestmark = pytest.mark.server

DOCUMENT = Document(PDF, "Invoice 2026-0001")
ANY_ERROR = range(0x0400, 0x0600)


@pytest.fixture
def provider(context: ProviderContext) -> IppProvider:
    return IppProvider(replace(context, read_timeout=2))


def _target(server: LabServer) -> Target:
    return Target({"url": server.url}, server.url)


def _client(provider: IppProvider, server: LabServer) -> IppClient:
    return provider._client_of(_target(server))


def _number(remote_id: str) -> int:
    known = RemoteId.parse(remote_id)
    assert known is not None
    return known.number


def _final(provider: IppProvider, target: Target, remote_id: str) -> PaperState:
    wait_until(lambda: provider.progress(target, remote_id).final, "the job ends")
    return provider.progress(target, remote_id).paper


def test_reasons_of_a_finished_job_say_nothing(provider: IppProvider, cups_server: Cups) -> None:
    target = _target(cups_server)
    remote_id = provider.submit(DOCUMENT, target, new_key()).remote_id
    assert _final(provider, target, remote_id) is PaperState.PRINTED
    answer = _client(provider, cups_server).ask(
        Operation.GET_JOB_ATTRIBUTES, integer("job-id", _number(remote_id)), keyword("requested-attributes", "all")
    )
    assert "processing-to-stop-point" in answer.group(Group.JOB).all("job-state-reasons")


def test_a_finished_job_keeps_its_name_because_its_uuid_is_asked_for(provider: IppProvider, cups_server: Cups) -> None:
    target, key, since = _target(cups_server), new_key(), datetime.now(UTC)
    provider.submit(DOCUMENT, target, key)
    client = _client(provider, cups_server)
    cheap = keyword("requested-attributes", "job-id", "job-name", "job-state")

    def name_is_lost() -> bool:
        job = client.ask(Operation.GET_JOBS, keyword("which-jobs", "completed"), cheap).group(Group.JOB)
        return job.number("job-state") == 9 and not job.text("job-name")

    wait_until(name_is_lost, "the server answers from its short record")
    assert isinstance(provider.find(target, key, since), Accepted)


def test_a_limit_would_cut_off_the_newest_jobs(provider: IppProvider, cups_server: Cups) -> None:
    target, keys, since = _target(cups_server), [new_key() for _ in range(3)], datetime.now(UTC)
    numbers = [_number(provider.submit(DOCUMENT, target, key).remote_id) for key in keys]
    limited = _client(provider, cups_server).ask(
        Operation.GET_JOBS, integer("limit", 1), keyword("which-jobs", "all"), keyword("requested-attributes", "job-id")
    )
    assert limited.group(Group.JOB).number("job-id") == numbers[0]
    assert isinstance(provider.find(target, keys[-1], since), Accepted)


def test_a_number_given_again_after_a_crash_is_another_job(provider: IppProvider, tmp_path: Path) -> None:
    with cupsd(tmp_path / "cups", extra="DirtyCleanInterval 30") as server:
        target = _target(server)
        first = provider.submit(DOCUMENT, target, new_key()).remote_id
        server.wait_for_documents(1)
        server.kill()
        server.restart()
        server.command("lpadmin", "-p", "capture", "-E", "-v", f"capture:{server.directory}")
        server.command("cupsdisable", "capture")
        second = provider.submit(DOCUMENT, target, new_key()).remote_id
        assert _number(first) == _number(second)
        progress = provider.progress(target, first)
        assert (progress.paper, progress.final) == (PaperState.UNKNOWN, True)
        assert provider.cancel(target, first) is False
        assert provider.progress(target, second).paper is PaperState.QUEUED


def test_a_queue_that_rejects_jobs_passes_the_connection_test(provider: IppProvider, cups_server: Cups) -> None:
    target = _target(cups_server)
    cups_server.command("cupsreject", "capture")
    validated = _client(provider, cups_server).ask(Operation.VALIDATE_JOB, FORMAT, tolerated=ANY_ERROR)
    assert validated.code == 0
    assert provider.describe(target.credentials)
    [printer] = provider.printers(target.credentials)
    assert printer.online is False
    with pytest.raises(Transient):
        provider.submit(DOCUMENT, target, new_key())


@pytest.mark.parametrize(("kind", "code"), [("cups_server", 0x0000), ("ipp_printer", 0x0509)])
def test_a_second_document_is_never_printed(
    provider: IppProvider, request: pytest.FixtureRequest, kind: str, code: int
) -> None:
    server: LabServer = request.getfixturevalue(kind)
    target = _target(server)
    remote_id = provider.submit(DOCUMENT, target, new_key()).remote_id
    assert _final(provider, target, remote_id) is PaperState.PRINTED
    again = _client(provider, server)._message(
        Operation.SEND_DOCUMENT,
        (integer("job-id", _number(remote_id)), FORMAT, boolean("last-document", True)),
        (),
        PDF,
    )
    assert _client(provider, server)._exchange(again, harmless=False).code == code
    # Whatever it answers: the job was over before, and so it is still.
    assert provider.progress(target, remote_id).paper is PaperState.PRINTED
    assert len(server.documents()) == 1


def test_a_raw_queue_is_not_trusted_with_pages(provider: IppProvider, cups_server: Cups) -> None:
    target = _target(cups_server)
    supported = _client(provider, cups_server).ask(
        Operation.GET_PRINTER_ATTRIBUTES, keyword("requested-attributes", "page-ranges-supported")
    )
    assert supported.group(Group.PRINTER).first("page-ranges-supported") is True
    with pytest.raises(Permanent) as caught:
        provider.submit(DOCUMENT, replace(target, pages=(1, 1)), new_key())
    assert caught.value.reason is Reason.PAGES_UNSUPPORTED
    [printer] = provider.printers(target.credentials)
    assert printer.trays == ()


def test_a_driverless_queue_prints_the_pages_that_were_asked_for(
    provider: IppProvider, cups_server: Cups, ipp_printer: LabServer
) -> None:
    require(Path("/usr/lib/cups/filter/pdftopdf").exists(), "cups-filters is not installed")
    url = cups_server.add_queue("everywhere", ipp_printer.url, driverless=True)
    wait_until(lambda: bool(provider.printers({"url": url})[0].trays), "CUPS has learned what the printer can do")
    provider.submit(Document(make_pdf(pages=3), "Slip"), Target({"url": url}, url, pages=(2, 3)), new_key())
    [received] = ipp_printer.wait_for_documents(1)
    assert len(pypdfium2.PdfDocument(received.content)) == 2


def test_a_printer_without_paper_says_so(provider: IppProvider, tmp_path: Path) -> None:
    with ippeveprinter(tmp_path / "printer", "-2", "-s", "20,10", "-f", "application/pdf") as printer:
        target = _target(printer)
        _fill(printer, a4=0)
        assert "media-empty" in provider.printers(target.credentials)[0].detail
        remote_id = provider.submit(DOCUMENT, target, new_key()).remote_id
        wait_until(lambda: "media-needed" in provider.printers(target.credentials)[0].detail, "it asks for paper")
        progress = provider.progress(target, remote_id)
        assert (progress.paper, progress.final) == (PaperState.PRINTING, False)
        _fill(printer, a4=250)
        assert _final(provider, target, remote_id) is PaperState.PRINTED


def _fill(printer: LabServer, a4: int) -> None:
    """Put so many sheets into its trays, on the page it has for that."""
    trays = [("iso_a4_210x297mm", "stationery", a4), ("na_index-4x6_4x6in", "photographic-glossy", 25)]
    query = "&".join(
        f"size{n}={size}&type{n}={kind}&level{n}={level}" for n, (size, kind, level) in enumerate(trays, 1)
    )
    with urllib.request.urlopen(f"http://localhost:{printer.port}/media?{query}", timeout=5) as page:
        page.read()


def test_a_jam_is_told_while_the_job_waits(provider: IppProvider, ipp_printer: LabServer) -> None:
    target = _target(ipp_printer)
    ipp_printer.misbehave(state="+media-jam,toner-low", sleep=5)
    remote_id = provider.submit(DOCUMENT, target, new_key()).remote_id
    wait_until(lambda: "media-jam" in provider.printers(target.credentials)[0].detail, "the printer reports the jam")
    assert "toner-low" in provider.printers(target.credentials)[0].detail
    assert not provider.progress(target, remote_id).final
    provider.cancel(target, remote_id)


def test_a_queue_tells_what_its_printer_lacks(provider: IppProvider, cups_server: Cups) -> None:
    target = _target(cups_server)
    cups_server.misbehave(state="+media-empty-error,media-jam", sleep=5)
    provider.submit(DOCUMENT, target, new_key())
    wait_until(lambda: "media-empty" in provider.printers(target.credentials)[0].detail, "the queue reports it")
    assert "media-jam" in provider.printers(target.credentials)[0].detail


@pytest.mark.parametrize(
    ("policy", "exit_code", "state", "final"),
    [
        ("abort-job", 1, PaperState.PROBLEM, True),
        ("retry-job", 1, PaperState.QUEUED, False),
        ("retry-job", 2, PaperState.QUEUED, False),  # wants a password at the server
        ("retry-job", 3, PaperState.QUEUED, False),  # held
        ("retry-job", 4, PaperState.QUEUED, False),  # the queue is stopped
        ("retry-job", 5, PaperState.PROBLEM, True),  # cancelled
        ("retry-job", 6, PaperState.QUEUED, False),  # held, tried again later
    ],
)
def test_a_backend_that_fails(
    provider: IppProvider, cups_server: Cups, policy: str, exit_code: int, state: PaperState, final: bool
) -> None:
    target = _target(cups_server)
    cups_server.command("lpadmin", "-p", "capture", "-o", f"printer-error-policy={policy}")
    cups_server.misbehave(exit_code=exit_code)
    remote_id = provider.submit(DOCUMENT, target, new_key()).remote_id
    cups_server.wait_for_documents(1)
    wait_until(lambda: provider.progress(target, remote_id).paper is state, f"the job is {state}")
    assert provider.progress(target, remote_id).final is final


def test_a_backend_that_asks_to_be_run_again_at_once_is(provider: IppProvider, cups_server: Cups) -> None:
    target = _target(cups_server)
    cups_server.misbehave(exit_code=7)
    remote_id = provider.submit(DOCUMENT, target, new_key()).remote_id
    cups_server.wait_for_documents(2)
    assert not provider.progress(target, remote_id).final
    cups_server.misbehave()
    assert _final(provider, target, remote_id) is PaperState.PRINTED


def test_a_server_that_hangs_prints_once_when_it_goes_on(provider: IppProvider, cups_server: Cups) -> None:
    target, key = _target(cups_server), new_key()
    provider.submit(Document(PDF, "Before"), target, new_key())
    cups_server.wait_for_documents(1)
    cups_server.freeze()
    with pytest.raises(Transient):
        provider.submit(DOCUMENT, target, key)
    cups_server.thaw()
    provider.submit(DOCUMENT, target, key)
    wait_until(lambda: len(cups_server.documents()) == 2, "it is printed")
    found = provider.find(target, key, datetime.now(UTC))
    assert isinstance(found, Accepted)
    assert _final(provider, target, found.remote_id) is PaperState.PRINTED
    assert len(cups_server.documents()) == 2


def test_an_answer_that_is_lost_is_made_up_for_by_asking(provider: IppProvider, cups_server: Cups) -> None:
    since, key = datetime.now(UTC), new_key()
    with relay(cups_server.port) as line:
        url = f"ipp://localhost:{line.port}/printers/capture"
        line.spared, line.lose_answers = 1, True
        with pytest.raises(OutcomeUnknown):
            provider.submit(DOCUMENT, Target({"url": url}, url), key)
        line.lose_answers = False
        assert isinstance(provider.find(Target({"url": url}, url), key, since), Accepted)
    assert len(cups_server.wait_for_documents(1)) == 1


def test_a_printer_that_wants_a_password_only_for_printing(provider: IppProvider, tmp_path: Path) -> None:
    with ippeveprinter(tmp_path / "printer", "-A", "-f", "application/pdf") as printer:
        target = _target(printer)
        assert provider.printers(target.credentials)
        for call in (
            lambda: provider.submit(DOCUMENT, target, new_key()),
            lambda: provider.describe(target.credentials),
        ):
            with pytest.raises(ConfigurationProblem) as caught:
                call()
            assert (caught.value.reason, caught.value.field) == (Reason.AUTHENTICATION_FAILED, "password")
        assert printer.documents() == []


def test_a_quota_that_is_used_up_is_tried_again(provider: IppProvider, cups_server: Cups) -> None:
    target = _target(cups_server)
    cups_server.command("lpadmin", "-p", "capture", "-o", "job-k-limit=10", "-o", "job-quota-period=3600")
    provider.submit(DOCUMENT, target, new_key())
    cups_server.wait_for_documents(1)
    with pytest.raises(Transient) as caught:
        provider.submit(DOCUMENT, target, new_key())
    assert caught.value.reason is Reason.NOT_ACCEPTING
    assert "0x0404" in caught.value.detail


@pytest.mark.long
def test_a_job_that_hangs_ends_after_its_time(
    provider: IppProvider, cups_server: Cups, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submission, "SHORTEST_JOB", 1)
    target = replace(_target(cups_server), expires_after=timedelta(seconds=1))
    cups_server.hold()
    remote_id = provider.submit(DOCUMENT, target, new_key()).remote_id
    wait_until(lambda: provider.progress(target, remote_id).final, "the job ends", 60)
    assert provider.progress(target, remote_id).paper is PaperState.PROBLEM
    cups_server.release()


def test_a_job_that_the_server_forgot_is_unknown_and_not_failed(provider: IppProvider, tmp_path: Path) -> None:
    with cupsd(tmp_path / "cups", extra="PreserveJobHistory No") as server:
        target = _target(server)
        remote_id = provider.submit(DOCUMENT, target, new_key()).remote_id
        wait_until(lambda: provider.progress(target, remote_id).final, "the job is forgotten")
        assert provider.progress(target, remote_id).paper is PaperState.UNKNOWN
        assert provider.cancel(target, remote_id) is False


@pytest.mark.parametrize(("kind", "code"), [("cups_server", 0x040A), ("ipp_printer", 0x040B)])
def test_a_format_that_is_refused(provider: IppProvider, request: pytest.FixtureRequest, kind: str, code: int) -> None:
    client = _client(provider, request.getfixturevalue(kind))
    form = attribute(Tag.MIME_MEDIA_TYPE, "document-format", "application/x-nonsense")
    with pytest.raises(Permanent) as caught:
        client.send(Operation.PRINT_JOB, (attribute(Tag.NAME, "job-name", "x"), form), (), PDF)
    assert caught.value.reason is Reason.DOCUMENT_REFUSED
    assert f"{code:#06x}" in caught.value.detail
