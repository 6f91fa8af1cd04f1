"""Connect > Print Jobs: what became of every document, and the buttons that put it right."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from printing.models import PrinterConfiguration, PrintJob
from printing.providers.base import PaperState
from printing.providers.errors import Reason
from printing.states import JobState, Outcome
from spaces.models import Space
from tests.conftest import Stranger
from tests.factories import PrintAttemptFactory, PrinterConfigurationFactory, PrintJobFactory
from tests.pdfs import minimal_pdf

LIST = "/space/alpenblick/printing/printjob/"


def page(client: Client, path: str = LIST) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def job_path(job: PrintJob, name: str = "change") -> str:
    return f"{LIST}{job.pk}/{name}/"


@pytest.fixture
def failed(space: Space, configuration: PrinterConfiguration) -> PrintJob:
    job: PrintJob = PrintJobFactory(
        space=space,
        configuration=configuration,
        state=JobState.FAILED,
        title="Rechnung für Müller & Söhne",
        order_number="4711",
        reason=Reason.NO_DEFAULT_PRINTER,
    )
    return job


class TestList:
    def test_it_shows_this_spaces_jobs_and_no_others(
        self, failed: PrintJob, viewer_client: Client, stranger: Stranger
    ) -> None:
        html = page(viewer_client)
        assert "Rechnung für Müller &amp; Söhne" in html
        assert "Fremd" not in html

    def test_its_queries_do_not_grow_with_the_jobs(
        self, space: Space, owner_client: Client, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(3):
            PrintJobFactory(space=space, order_number=str(number))
        with django_assert_max_num_queries(20) as few:
            page(owner_client)
        for number in range(20):
            PrintJobFactory(space=space, order_number=f"9{number}")
        with django_assert_max_num_queries(len(few)):
            page(owner_client)

    def test_it_counts_with_a_limit(
        self, failed: PrintJob, owner_client: Client, django_assert_max_num_queries: Any
    ) -> None:
        with django_assert_max_num_queries(20) as queries:
            page(owner_client)
        counts = [query["sql"] for query in queries.captured_queries if "COUNT(" in query["sql"]]
        assert counts
        assert all("LIMIT" in sql for sql in counts)

    @pytest.mark.parametrize(("term", "found"), [("4711", True), ("47", True), ("Rechnung für", True), ("711", False)])
    def test_it_finds_by_order_number_and_title(
        self, failed: PrintJob, owner_client: Client, term: str, found: bool
    ) -> None:
        assert ("Müller" in page(owner_client, f"{LIST}?q={term}")) is found

    def test_an_exact_order_number_is_not_mixed_with_longer_ones(
        self, failed: PrintJob, space: Space, owner_client: Client
    ) -> None:
        PrintJobFactory(space=space, order_number="47110", title="Ein anderer")
        assert "Ein anderer" not in page(owner_client, f"{LIST}?q=4711")

    def test_it_filters(self, failed: PrintJob, space: Space, owner_client: Client) -> None:
        assert "Müller" in page(owner_client, f"{LIST}?state=failed&printer={failed.configuration_id}&kind=file")
        assert "Müller" not in page(owner_client, f"{LIST}?state=pending")
        assert "Müller" not in page(owner_client, f"{LIST}?printer=0")
        assert "Müller" in page(owner_client, f"{LIST}?printer=nonsense")

    def test_paper_is_not_mixed_up_with_accepted(self, space: Space, owner_client: Client) -> None:
        PrintJobFactory(space=space, state=JobState.SUCCESSFUL)
        assert "No word from the printer" in page(owner_client)
        PrintJob.objects.update(paper=PaperState.PRINTED)
        assert "Printed" in page(owner_client)

    def test_an_empty_list_is_a_page(self, space: Space, owner_client: Client) -> None:
        assert page(owner_client)

    def test_bulk_actions_say_what_they_did_and_what_not(
        self, failed: PrintJob, space: Space, operator_client: Client
    ) -> None:
        done = PrintJobFactory(space=space, configuration=failed.configuration, state=JobState.SUCCESSFUL)
        data = {"action": "reschedule_selected", "_selected_action": [failed.pk, done.pk]}
        html = operator_client.post(LIST, data, follow=True).content.decode()
        assert "1 job is sent once more." in html
        assert "1 job was left as it is: Only a failed print job can be rescheduled." in html
        failed.refresh_from_db()
        assert failed.state == JobState.PENDING

    def test_a_bulk_action_reaches_no_other_space(
        self, operator_client: Client, space: Space, stranger: Stranger
    ) -> None:
        job = stranger.jobs[JobState.FAILED]
        operator_client.post(LIST, {"action": "reschedule_selected", "_selected_action": [job.pk]})
        job.refresh_from_db()
        assert job.state == JobState.FAILED


class TestPage:
    def test_it_says_why_in_plain_words(self, failed: PrintJob, viewer_client: Client) -> None:
        PrintAttemptFactory(
            job=failed,
            number=1,
            outcome=Outcome.TRANSIENT,
            reason=Reason.UNREACHABLE,
            reason_params={"host": "drucker.example.com"},
            shared=True,
            options={"tray": "tray-2", "paper": {"name": "A4"}, "copies": 2},
        )
        html = page(viewer_client, job_path(failed))
        assert "No default printer is set." in html
        assert "drucker.example.com cannot be reached." in html
        assert "Tray 2 · A4 · 2 ×" in html
        assert "Counted with another job" in html

    def test_it_marks_a_possible_duplicate(self, failed: PrintJob, viewer_client: Client) -> None:
        assert "It may have come out twice" not in page(viewer_client, job_path(failed))
        PrintJob.objects.update(possible_duplicate=True)
        assert "It may have come out twice" in page(viewer_client, job_path(failed))

    @pytest.mark.parametrize(
        ("state", "there", "absent"),
        [
            (JobState.FAILED, ["Reschedule", "Print again"], [">Cancel<"]),
            (JobState.PENDING, ["cancel/"], ["reschedule/", "print-again/"]),
            (JobState.SUCCESSFUL, ["print-again/"], ["reschedule/", "cancel/"]),
            (JobState.CANCELED, ["print-again/"], ["reschedule/", "cancel/"]),
        ],
    )
    def test_each_state_has_its_buttons(
        self, space: Space, operator_client: Client, state: JobState, there: list[str], absent: list[str]
    ) -> None:
        html = page(operator_client, job_path(PrintJobFactory(space=space, state=state)))
        assert all(word in html for word in there)
        assert not any(word in html for word in absent)

    def test_a_viewer_has_no_buttons(self, failed: PrintJob, viewer_client: Client) -> None:
        html = page(viewer_client, job_path(failed))
        assert "reschedule/" not in html
        assert "Download document" in html

    def test_without_a_document_it_says_why(self, space: Space, viewer_client: Client) -> None:
        job = PrintJobFactory(space=space, document=None)
        assert "The document is made when its turn comes." in page(viewer_client, job_path(job))
        assert viewer_client.get(job_path(job, "download")).status_code == 404

    def test_it_says_what_a_paused_lane_waits_for(self, space: Space, viewer_client: Client) -> None:
        job = PrintJobFactory(space=space)
        job.printer.paused_at = timezone.now()
        job.printer.pause_reason = Reason.AUTHENTICATION_FAILED
        job.printer.save()
        html = page(viewer_client, job_path(job))
        assert "The printer is paused" in html
        assert "does not accept the key or password" in html


class TestActions:
    def test_reschedule(self, failed: PrintJob, operator_client: Client) -> None:
        answer = operator_client.post(job_path(failed, "reschedule"), follow=True)
        assert "The job is sent once more." in answer.content.decode()
        failed.refresh_from_db()
        assert failed.state == JobState.PENDING

    def test_a_second_click_does_nothing_and_says_so(self, failed: PrintJob, operator_client: Client) -> None:
        operator_client.post(job_path(failed, "reschedule"))
        answer = operator_client.post(job_path(failed, "reschedule"), follow=True)
        assert "Only a failed print job can be rescheduled." in answer.content.decode()
        failed.refresh_from_db()
        assert failed.round == 1

    def test_cancel(self, space: Space, operator_client: Client) -> None:
        job = PrintJobFactory(space=space)
        operator_client.post(job_path(job, "cancel"))
        job.refresh_from_db()
        assert job.state == JobState.CANCELED
        answer = operator_client.post(job_path(job, "cancel"), follow=True)
        assert "Only a print job that waits can be canceled" in answer.content.decode()

    def test_print_again_is_a_new_job_linked_both_ways(
        self, failed: PrintJob, operator_client: Client, operator: Any
    ) -> None:
        answer = operator_client.post(job_path(failed, "print-again"), {"token": str(uuid.uuid4())}, follow=True)
        again = PrintJob.objects.get(reprint_of=failed.pk)
        assert (again.state, again.document, again.created_by) == (JobState.PENDING, failed.document, operator)
        assert job_path(failed) in answer.content.decode()
        assert job_path(again) in page(operator_client, job_path(failed))

    def test_a_double_click_prints_once(self, failed: PrintJob, operator_client: Client) -> None:
        token = str(uuid.uuid4())
        for _click in range(2):
            operator_client.post(job_path(failed, "print-again"), {"token": token})
        assert PrintJob.objects.filter(reprint_of=failed.pk).count() == 1

    def test_a_waiting_job_is_not_printed_again(self, space: Space, operator_client: Client) -> None:
        job = PrintJobFactory(space=space)
        answer = operator_client.post(job_path(job, "print-again"), follow=True)
        assert "has not ended yet" in answer.content.decode()
        assert PrintJob.objects.count() == 1

    @pytest.mark.parametrize("action", ["reschedule", "cancel", "print-again"])
    def test_get_is_refused(self, failed: PrintJob, operator_client: Client, action: str) -> None:
        assert operator_client.get(job_path(failed, action)).status_code == 405

    @pytest.mark.parametrize("action", ["reschedule", "cancel", "print-again"])
    def test_a_viewer_is_refused(self, failed: PrintJob, viewer_client: Client, action: str) -> None:
        assert viewer_client.post(job_path(failed, action)).status_code == 403

    def test_a_form_from_elsewhere_is_refused(self, failed: PrintJob, operator: Any) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(operator)
        assert client.post(job_path(failed, "reschedule")).status_code == 403

    def test_jobs_are_neither_added_nor_edited_nor_deleted(self, failed: PrintJob, owner_client: Client) -> None:
        assert owner_client.get(f"{LIST}add/").status_code == 403
        assert owner_client.post(job_path(failed), {"title": "x"}).status_code == 405
        assert owner_client.post(job_path(failed, "delete"), {"post": "yes"}).status_code == 403


class TestDocument:
    def test_it_is_downloaded_byte_for_byte(self, failed: PrintJob, viewer_client: Client) -> None:
        assert failed.document is not None
        answer = viewer_client.get(job_path(failed, "download"))
        with failed.document.file.open("rb") as stored:
            assert b"".join(answer.streaming_content) == stored.read()  # type: ignore[attr-defined]
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Length"] == str(failed.document.size)
        disposition = answer.headers["Content-Disposition"]
        assert disposition.startswith("attachment;")
        assert "filename*=utf-8''Rechnung%20f%C3%BCr%20M%C3%BCller%20%26%20S%C3%B6hne.pdf" in disposition

    def test_it_is_shown_in_the_browser(self, failed: PrintJob, viewer_client: Client) -> None:
        answer = viewer_client.get(job_path(failed, "show"))
        assert answer.headers["Content-Disposition"].startswith("inline;")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]

    def test_a_title_makes_no_header(self, space: Space, viewer_client: Client) -> None:
        job = PrintJobFactory(space=space, title='../../etc"\r\nX-Evil: 1')
        answer = viewer_client.get(job_path(job, "download"))
        assert "X-Evil" not in answer.headers
        assert "/" not in answer.headers["Content-Disposition"].partition("filename")[2].removeprefix("*=utf-8''")

    def test_a_missing_file_is_a_sentence(self, failed: PrintJob, viewer_client: Client) -> None:
        assert failed.document is not None
        failed.document.file.storage.delete(str(failed.document.file.name))
        answer = viewer_client.get(job_path(failed, "download"), follow=True)
        assert "The stored document is missing from the storage." in answer.content.decode()

    def test_two_spaces_with_the_same_document_do_not_meet(self, space: Space, stranger: Stranger, log_in: Any) -> None:
        content = minimal_pdf("the same in both")
        job = PrintJobFactory(space=space, document__content=content)
        assert log_in(stranger.user).get(f"/space/fremdland/printing/printjob/{job.pk}/download/").status_code == 404


def test_the_pages_speak_german(failed: PrintJob, space: Space, viewer_client: Client) -> None:
    Space.objects.filter(pk=space.pk).update(language="de")
    for path in (LIST, job_path(failed), "/space/alpenblick/"):
        assert '<html lang="de"' in page(viewer_client, path)


def test_a_deleted_printers_jobs_keep_its_name(space: Space, viewer_client: Client) -> None:
    configuration = PrinterConfigurationFactory(space=space, name="Alter Drucker", state="deleted")
    job = PrintJobFactory(space=space, configuration=configuration, state=JobState.SUCCESSFUL)
    html = page(viewer_client, job_path(job))
    assert "Alter Drucker (Deleted)" in html
    assert f"/printerconfiguration/{configuration.pk}/" not in html
