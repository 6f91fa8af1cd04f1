"""Somebody is told what goes wrong, once, and when it is well again: through a real mail server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from printing.constants import (
    IDLE_OFFLINE_AFTER,
    PAPER_PROBLEM_AFTER,
    PRINTER_DOWN_AFTER,
    TELL_END_AFTER,
    TELL_JOBS_INTERVAL,
    TELL_RETRY,
)
from printing.dispatcher import dispatch
from printing.models import Incident, Printer, PrintJob
from printing.providers.base import PaperState
from printing.providers.errors import Reason
from printing.services import reschedule
from printing.services.incidents import dismiss
from printing.services.jobs import reprint
from printing.services.printers import resume
from printing.states import ConfigurationState, JobState
from printing.tasks import incidents
from spaces.models import Role, Space
from tests.factories import MemberFactory, PrinterConfigurationFactory, PrintJobFactory
from tests.lab.smtp import SmtpServer
from tests.printing.conftest import Clock
from tests.printing.simulated import SimulatedPrinter, file_job

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def olga(space: Space) -> Any:
    """Somebody who wants to know."""
    return MemberFactory(space=space, role=Role.OWNER, user__email="olga@example.com")


def fail(space: Space, configuration: Any = None, **fields: Any) -> PrintJob:
    configuration = configuration or PrinterConfigurationFactory(space=space, name="Büro")
    job: PrintJob = PrintJobFactory(
        space=space, configuration=configuration, state=JobState.FAILED, reason=Reason.NOT_A_PDF, **fields
    )
    return job


def test_one_failure_is_told_once_however_often_somebody_looks(space: Space, olga: Any, mail: SmtpServer) -> None:
    job = fail(space, title="Invoice 4711")
    for _ in range(3):
        incidents()
    [letter] = mail.letters()
    assert letter.recipients == ["olga@example.com"]
    assert letter.subject == f"{space.name}: “Invoice 4711” was not printed on “{job.printer.name}”"  # type: ignore[union-attr]
    assert "The document is not a readable PDF." in letter.text
    assert f"https://print.example.com/space/{space.slug}/printing/printjob/{job.pk}/change/\n" in letter.text


def test_fifty_failed_jobs_are_one_message(space: Space, olga: Any, mail: SmtpServer) -> None:
    configuration = PrinterConfigurationFactory(space=space)
    for number in range(50):
        fail(space, configuration, title=f"Invoice {number}")
    incidents()
    incidents()
    [letter] = mail.letters()
    assert letter.subject == f"{space.name}: 50 documents were not printed on “{configuration.printer.name}”"
    assert letter.text.count("- Invoice ") == 10
    assert "and 40 more" in letter.text


def test_failures_that_trickle_in_are_collected(space: Space, olga: Any, mail: SmtpServer, clock: Clock) -> None:
    configuration = PrinterConfigurationFactory(space=space)
    for _minute in range(5):
        fail(space, configuration)
        incidents()
        clock.shift(timedelta(minutes=1))
    assert len(mail.letters()) == 1
    clock.shift(TELL_JOBS_INTERVAL)
    incidents()
    assert [letter.subject.split(": ")[1] for letter in mail.letters()[1:]] == [
        f"4 documents were not printed on “{configuration.printer.name}”"
    ]


def test_a_failure_that_was_rescheduled_and_failed_again_is_told_again(
    space: Space, olga: Any, mail: SmtpServer, clock: Clock
) -> None:
    job = fail(space)
    incidents()
    clock.shift(TELL_JOBS_INTERVAL + timedelta(minutes=1))
    reschedule(job)
    PrintJob.objects.filter(pk=job.pk).change_state(JobState.FAILED, reason=Reason.SOURCE_GONE)
    incidents()
    assert len(mail.letters()) == 2
    assert "What was to be printed no longer exists." in mail.letters()[1].text
    assert "Well again" not in mail.letters()[1].text


def test_a_job_that_failed_and_is_taken_now_is_told_well_once(
    space: Space, olga: Any, laser: SimulatedPrinter, mail: SmtpServer, clock: Clock
) -> None:
    job = fail(space, laser.configuration, title="Invoice 4711")
    incidents()
    reschedule(job)
    incidents()
    dispatch()
    clock.shift(TELL_END_AFTER + timedelta(minutes=1))
    for _ in range(3):
        incidents()
    assert len(mail.letters()) == 2
    assert mail.letters()[1].subject == f"{space.name}: The printer has taken “Invoice 4711” now."


def test_a_reprint_ends_the_failure_too(
    space: Space, olga: Any, laser: SimulatedPrinter, mail: SmtpServer, clock: Clock
) -> None:
    job = fail(space, title="Invoice 4711")
    incidents()
    reprint(job, configuration=laser.configuration)
    dispatch()
    incidents()
    assert not Incident.objects.filter(closed_at=None).exists()
    clock.shift(TELL_END_AFTER + timedelta(minutes=1))
    incidents()
    assert [letter.subject.split(": ")[1] for letter in mail.letters()[1:]] == [
        "The printer has taken “Invoice 4711” now."
    ]


def test_what_a_person_dismissed_stays_dismissed_and_nobody_is_told_that_it_is_well(
    space: Space, olga: Any, mail: SmtpServer, clock: Clock
) -> None:
    fail(space)
    incidents()
    assert dismiss(Incident.objects.all()) == 1
    for _ in range(3):
        clock.shift(TELL_JOBS_INTERVAL)
        incidents()
    assert len(mail.letters()) == 1
    assert not Incident.objects.filter(closed_at=None).exists()


def test_a_paused_printer_is_told_and_then_that_it_is_well(
    space: Space, olga: Any, laser: SimulatedPrinter, mail: SmtpServer
) -> None:
    printer = laser.configuration.printer
    Printer.objects.filter(pk=printer.pk).update(
        paused_at=timezone.now(), failing_since=timezone.now(), pause_reason=Reason.AUTHENTICATION_FAILED
    )
    incidents()
    [letter] = mail.letters()
    assert "The print service does not accept the key or password. Enter it again." in letter.text
    assert f"/space/{space.slug}/printing/printerconfiguration/{laser.configuration.pk}/change/" in letter.text
    resume(printer)
    for _ in range(3):
        incidents()
    assert len(mail.letters()) == 2
    assert f"“{printer.name}” is well again." in mail.letters()[1].subject


def test_a_printer_out_of_reach_is_told_after_its_time_with_the_reason_of_what_waits(
    space: Space, olga: Any, laser: SimulatedPrinter, mail: SmtpServer, clock: Clock
) -> None:
    laser.set("offline")
    file_job(space)
    dispatch()
    clock.shift(PRINTER_DOWN_AFTER - timedelta(minutes=1))
    incidents()
    assert mail.letters() == []
    clock.shift(timedelta(minutes=2))
    incidents()
    [letter] = mail.letters()
    assert "cannot be reached" in letter.subject
    assert "is offline. Switch it on." in letter.text
    laser.set("normal")
    clock.shift(timedelta(hours=1))
    dispatch()
    assert len(laser.documents()) == 1
    incidents()
    incidents()
    assert len(mail.letters()) == 2
    assert "is well again. It was out of order from" in mail.letters()[1].subject


def test_one_trouble_that_turns_into_another_is_not_told_as_well_again(
    space: Space, olga: Any, laser: SimulatedPrinter, mail: SmtpServer, clock: Clock
) -> None:
    row = Printer.objects.filter(pk=laser.configuration.printer_id)
    row.update(failing_since=timezone.now() - PRINTER_DOWN_AFTER)
    incidents()
    # To a person "cannot be reached" and "offline" are the same.
    row.update(failing_since=None, online=False, offline_since=timezone.now() - IDLE_OFFLINE_AFTER)
    incidents()
    assert len(mail.letters()) == 1
    row.update(paused_at=timezone.now(), pause_reason=Reason.FORBIDDEN)
    incidents()
    assert len(mail.letters()) == 2
    assert "Well again" not in mail.letters()[1].text


def offline(configuration: Any, since: timedelta) -> None:
    Printer.objects.filter(pk=configuration.printer_id).update(
        online=False, offline_since=timezone.now() - since, reported_detail="The computer is switched off."
    )


def test_an_offline_printer_is_told_early_only_when_something_waits_for_it(
    space: Space, olga: Any, laser: SimulatedPrinter, mail: SmtpServer
) -> None:
    offline(laser.configuration, PRINTER_DOWN_AFTER)
    incidents()
    assert mail.letters() == [], "a printer that is switched off overnight"
    # The service has taken it, and it waits there.
    PrintJobFactory(
        space=space, configuration=laser.configuration, state=JobState.SUCCESSFUL, follow_up_at=timezone.now()
    )
    incidents()
    [letter] = mail.letters()
    assert letter.subject.endswith("is offline")
    assert "The computer is switched off." in letter.text


def test_a_printer_offline_for_days_is_told_though_nothing_waits(
    space: Space, olga: Any, laser: SimulatedPrinter, mail: SmtpServer
) -> None:
    offline(laser.configuration, IDLE_OFFLINE_AFTER)
    incidents()
    assert len(mail.letters()) == 1


def test_a_printer_out_of_use_is_nobodys_business(
    space: Space, olga: Any, laser: SimulatedPrinter, mail: SmtpServer
) -> None:
    offline(laser.configuration, IDLE_OFFLINE_AFTER)
    incidents()
    laser.configuration.state = ConfigurationState.INACTIVE
    laser.configuration.is_default = False
    laser.configuration.save()
    incidents()
    assert len(mail.letters()) == 1, "nor is it well again"
    assert not Incident.objects.filter(closed_at=None).exists()


def test_a_refused_key_is_told_before_there_is_anything_to_print(
    space: Space, olga: Any, laser: SimulatedPrinter, mail: SmtpServer
) -> None:
    connection = laser.configuration.printer.connection
    connection.check_reason = Reason.AUTHENTICATION_FAILED
    connection.answered_at = timezone.now() - PRINTER_DOWN_AFTER
    connection.save()
    incidents()
    [letter] = mail.letters()
    assert "Enter it again." in letter.text


def test_a_lasting_problem_with_paper_is_told(space: Space, olga: Any, mail: SmtpServer, clock: Clock) -> None:
    job = PrintJobFactory(space=space, state=JobState.SUCCESSFUL, title="Invoice 4711")
    row = PrintJob.objects.filter(pk=job.pk)
    row.update(paper=PaperState.PROBLEM, paper_detail="No paper", paper_at=timezone.now())
    incidents()
    assert mail.letters() == [], "paper is refilled within minutes"
    clock.shift(PAPER_PROBLEM_AFTER)
    incidents()
    incidents()
    [letter] = mail.letters()
    assert letter.subject.endswith(f"“{job.printer.name}” reports a problem with “Invoice 4711”")
    assert "No paper" in letter.text
    row.update(paper=PaperState.PRINTED, paper_detail="", paper_at=timezone.now())
    incidents()
    clock.shift(TELL_END_AFTER + timedelta(minutes=1))
    incidents()
    assert [letter.subject.split(": ")[1] for letter in mail.letters()[1:]] == [
        "The printer reports no problem with “Invoice 4711” any more."
    ]


def test_what_the_mail_server_did_not_take_is_tried_again_and_told_once(
    space: Space, olga: Any, mail: SmtpServer, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    mail.stop()
    fail(space)
    incidents()
    incidents()
    complaints = [record for record in caplog.records if "mail server" in record.message]
    assert len(complaints) == 1, "not each minute"
    assert "olga" not in caplog.text
    mail.start()
    clock.shift(TELL_RETRY)
    incidents()
    incidents()
    assert len(mail.letters()) == 1


def test_a_worker_that_died_while_telling_is_not_waited_for_for_ever(
    space: Space, olga: Any, mail: SmtpServer, clock: Clock
) -> None:
    fail(space)
    mail.freeze()
    incidents()
    # As its claim stands after a SIGKILL: taken, and never let go.
    Incident.objects.update(claim_token="00000000-0000-0000-0000-000000000001")
    mail.thaw()
    incidents()
    assert mail.letters() == []
    clock.shift(TELL_RETRY)
    incidents()
    assert len(mail.letters()) == 1


def test_strangers_and_those_who_do_not_want_to_know_get_nothing(space: Space, olga: Any, mail: SmtpServer) -> None:
    MemberFactory(user__email="stranger@example.com")
    MemberFactory(space=space, user__email="quiet@example.com", told_of_problems=False)
    MemberFactory(space=space, user__email="gone@example.com", user__is_active=False)
    MemberFactory(space=space, user__email="")
    MemberFactory(space=space, user__email="not an address")
    fail(space)
    incidents()
    assert [letter.recipients for letter in mail.letters()] == [["olga@example.com"]]


def test_a_space_in_which_nobody_wants_mail_keeps_its_incidents(space: Space, mail: SmtpServer) -> None:
    member = MemberFactory(space=space, user__email="otto@example.com", told_of_problems=False)
    fail(space)
    incidents()
    assert mail.letters() == []
    assert Incident.objects.filter(closed_at=None, told_at=None).count() == 1
    member.told_of_problems = True
    member.save()
    incidents()
    assert len(mail.letters()) == 1


def test_without_a_mail_server_nothing_is_sent_and_nothing_complains(
    space: Space, olga: Any, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    fail(space)
    incidents()
    assert caplog.records == []
    assert Incident.objects.filter(closed_at=None, told_at=None).count() == 1


def test_a_german_space_is_told_in_german_and_in_its_time(
    space: Space, olga: Any, laser: SimulatedPrinter, mail: SmtpServer, clock: Clock
) -> None:
    Space.objects.filter(pk=space.pk).update(language="de", time_zone="Europe/Berlin")
    clock.move_to(datetime(2026, 7, 1, 10, 0, tzinfo=UTC), tick=False)
    fail(space, laser.configuration, title="Rechnung 1")
    incidents()
    [letter] = mail.letters()
    assert letter.subject.endswith(f"„Rechnung 1“ wurde auf „{laser.configuration.printer.name}“ nicht gedruckt")
    assert "seit 01.07.2026 12:00" in letter.text
    assert "Das Dokument ist keine lesbare PDF-Datei." in letter.text


def test_a_title_with_line_breaks_stays_in_one_subject(space: Space, olga: Any, mail: SmtpServer) -> None:
    fail(space, title="Invoice\r\nBcc: everybody@example.com")
    incidents()
    [letter] = mail.letters()
    assert "Invoice Bcc: everybody@example.com" in letter.subject
    assert letter.recipients == ["olga@example.com"]


def test_looking_and_telling_cost_the_same_for_one_job_and_for_many(
    space: Space, olga: Any, mail: SmtpServer, clock: Clock
) -> None:
    configuration = PrinterConfigurationFactory(space=space)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            incidents()
        return len(captured)

    nothing = queries()
    fail(space, configuration)
    few = queries()
    for _ in range(40):
        fail(space, configuration)
    clock.shift(TELL_JOBS_INTERVAL + timedelta(minutes=1))
    assert queries() == few
    assert len(mail.letters()) == 2
    assert nothing <= 12
    assert queries() == nothing
