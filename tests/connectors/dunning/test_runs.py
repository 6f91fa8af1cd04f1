"""A run issues what is due and chosen: numbered, frozen, one level at a time, and only what is still true."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone

from connectors.mail.sentences import MailReason
from connectors.models import (
    CaseState,
    DunningCase,
    DunningLevel,
    DunningNotice,
    DunningRun,
    Invoice,
    InvoiceState,
    MailState,
    OutgoingMail,
    RunSource,
)
from connectors.sentences import what_happened
from connectors.services import dunning, mails, orders
from connectors.services.dunning import DunningRefused
from printing.models import PrintJob
from printing.states import JobState
from spaces.models import Feature, FeatureName, Space
from tests.connectors.dunning.steps import accepted, chosen, noon, run
from tests.connectors.dunning_factories import (
    DUE,
    DunningFlowFactory,
    DunningLevelFactory,
    overdue_invoice,
)
from tests.connectors.factories import customer_json
from tests.factories import FeatureFactory, PrinterConfigurationFactory, SpaceFactory

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
FIRST = DUE + WEEK


def test_a_notice_says_what_is_asked_for(dunning_space: Space, owner: Any) -> None:
    flow = DunningFlowFactory(space=dunning_space)
    DunningLevelFactory(flow=flow, fee="5", interest_business="9.12", payment_days=10, name="Erste")
    invoice = overdue_invoice(dunning_space, "1234.50")
    issued = run(dunning_space, FIRST, by=owner)
    notice = DunningNotice.objects.get()
    assert (notice.number, notice.issued_on, notice.due_on, notice.position) == (
        "M2026-0001",
        FIRST,
        date(2026, 4, 2),
        1,
    )
    assert (notice.principal, notice.fee, notice.interest, notice.total) == (
        Decimal("1234.50"),
        Decimal("5.00"),
        Decimal("2.16"),
        Decimal("1241.66"),
    )
    assert (issued.notice_count, issued.totals, issued.by, issued.dropped) == (1, {"EUR": "1241.66"}, owner, [])
    invoice.refresh_from_db()
    assert invoice.state == InvoiceState.OVERDUE
    case = DunningCase.objects.get()
    assert (case.state, case.level_position, case.flow) == (CaseState.RUNNING, 1, flow)
    with_amount = "Erste: notice M2026-0001 over 1,241.66 EUR was issued."
    assert [what_happened(event) for event in case.events.all()][1:] == [with_amount]


def test_the_copy_holds_every_line_and_the_words_of_the_level(dunning_space: Space) -> None:
    flow = DunningFlowFactory(space=dunning_space)
    DunningLevelFactory(flow=flow, fee="5", fee_tax_rate="19", interest_business="9.12")
    overdue_invoice(dunning_space, "1234.50")
    run(dunning_space, FIRST)
    copy = DunningNotice.objects.get().copy
    assert (copy.number, copy.language, copy.template) == ("M2026-0001", "de", "notice")
    assert copy.title == "Mahnung 1 zu Rechnung 2026-0001"
    assert copy.text == "Bitte zahlen Sie 1.242,61\xa0€ bis zum 30.03.2026."
    assert [(item.number, item.open, item.settled) for item in copy.items] == [
        ("2026-0001", Decimal("1234.50"), Decimal("0.00"))
    ]
    assert [(fee.net, fee.tax, fee.gross, fee.tax_rate) for fee in copy.fees] == [
        (Decimal("5.00"), Decimal("0.95"), Decimal("5.95"), Decimal(19))
    ]
    (line,) = copy.interest
    assert (line.first_day, line.last_day, line.days, line.amount) == (
        DUE + timedelta(days=1),
        FIRST,
        7,
        Decimal("2.16"),
    )
    assert copy.total == copy.principal + copy.fees_total + copy.interest_total == Decimal("1242.61")
    assert copy.billing_address.company == "Beispiel AG"


def test_a_customer_reads_their_language_or_else_that_of_the_space(dunning_space: Space) -> None:
    flow = DunningFlowFactory(space=dunning_space)
    DunningLevelFactory(flow=flow, texts=["de", "en"])
    for language in ("en", "de", "fr", ""):
        overdue_invoice(dunning_space, customer={**_customer(language), "language": language})
    run(dunning_space, FIRST)
    titles = {notice.recipient: notice.copy.language for notice in DunningNotice.objects.all()}
    assert titles == {"en AG": "en", "de AG": "de", "fr AG": "en", "AG": "de"}


def _customer(language: str) -> dict[str, Any]:
    address = {"street": "Weg 1", "postal_code": "1", "city": "Ort", "country": "DE"}
    return {"external_id": f"customer-{language}", "company": f"{language} AG", **address}


def test_only_what_was_chosen_is_issued(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=1)
    yes, _no = overdue_invoice(dunning_space), overdue_invoice(dunning_space)
    dunning.issue(dunning_space, FIRST, [yes.pk])
    assert DunningNotice.objects.get().case.invoice == yes


def test_another_space_cannot_be_chosen(dunning_space: Space, stranger: Any) -> None:
    for space in (dunning_space, stranger.space):
        DunningFlowFactory(space=space, levels=1)
    FeatureFactory(space=stranger.space, name=FeatureName.DUNNING)
    theirs = overdue_invoice(stranger.space)
    issued = dunning.issue(dunning_space, FIRST, [theirs.pk])
    assert (issued.notice_count, issued.dropped) == (0, [])
    assert not DunningNotice.objects.exists()


def test_the_letter_is_queued_on_the_printer_of_the_level(dunning_space: Space) -> None:
    flow = DunningFlowFactory(space=dunning_space)
    tray = PrinterConfigurationFactory(space=dunning_space, name="Mahnpapier")
    DunningLevelFactory(flow=flow, configuration=tray)
    overdue_invoice(dunning_space)
    run(dunning_space, FIRST)
    job = PrintJob.objects.get(document_kind="dunning_notice")
    notice = DunningNotice.objects.get()
    assert (job.configuration, job.state, job.title) == (tray, JobState.PENDING, "Mahnung M2026-0001")
    assert (job.source_id, job.order_number) == (notice.pk, notice.order.number)


def test_numbers_have_no_gaps_and_begin_anew_with_the_year(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=2)
    for _number in range(3):
        overdue_invoice(dunning_space)
    run(dunning_space, FIRST)
    accepted(dunning_space, FIRST)
    run(dunning_space, date(2027, 1, 4))
    numbers = sorted(DunningNotice.objects.values_list("number", flat=True))
    assert numbers == [f"M{year}-000{number}" for year in (2026, 2027) for number in (1, 2, 3)]


def test_the_next_level_waits_until_the_customer_is_informed(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=2)
    overdue_invoice(dunning_space)
    run(dunning_space, FIRST)
    much_later = FIRST + 20 * WEEK
    (exclusion,) = dunning.propose(dunning_space, much_later).exclusions
    assert exclusion.sentences == [
        "The customer does not have the last notice, M2026-0001, yet: it waits to leave.",
    ]
    accepted(dunning_space, much_later)
    assert dunning.propose(dunning_space, much_later + timedelta(days=6)).items == ()
    (item,) = dunning.propose(dunning_space, much_later + timedelta(days=8)).items
    assert item.level.position == 2


def test_a_letter_that_could_not_leave_is_named_with_its_reason(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=2)
    overdue_invoice(dunning_space)
    run(dunning_space, FIRST)
    PrintJob.objects.change_state(JobState.FAILED, reason="not_a_pdf")
    (exclusion,) = dunning.propose(dunning_space, FIRST + 9 * WEEK).exclusions
    (sentence,) = exclusion.sentences
    assert sentence.startswith("The customer does not have the last notice, M2026-0001: it could not leave.")
    assert sentence.endswith("The document is not a readable PDF.")


def test_the_next_level_never_comes_before_the_term_of_the_last_has_passed(dunning_space: Space) -> None:
    flow = DunningFlowFactory(space=dunning_space)
    DunningLevelFactory(flow=flow, payment_days=30)
    DunningLevelFactory(flow=flow, position=2, days=3)
    overdue_invoice(dunning_space)
    run(dunning_space, FIRST)
    accepted(dunning_space, FIRST)
    term = DunningNotice.objects.get().due_on
    assert term == date(2026, 4, 22)
    assert dunning.propose(dunning_space, term).items == ()
    assert dunning.propose(dunning_space, term + timedelta(days=1)).items


def test_after_weeks_of_downtime_only_the_next_level_is_issued(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=3)
    overdue_invoice(dunning_space)
    late = FIRST + 10 * WEEK
    for _again in range(3):
        run(dunning_space, late)
    assert [notice.position for notice in DunningNotice.objects.all()] == [1]
    accepted(dunning_space, late)
    for number in range(10):
        run(dunning_space, late + timedelta(days=number))
    positions = DunningNotice.objects.order_by("pk").values_list("position", "issued_on")
    assert list(positions) == [(1, late), (2, late + timedelta(days=8))]  # the day after its term of seven days


def test_earlier_fees_stay_owed_and_are_listed(dunning_space: Space) -> None:
    flow = DunningFlowFactory(space=dunning_space)
    DunningLevelFactory(flow=flow, fee="2.50")
    DunningLevelFactory(flow=flow, position=2, fee="5.00", interest_business="9.125")
    overdue_invoice(dunning_space, "1000.00")
    run(dunning_space, FIRST)
    accepted(dunning_space, FIRST)
    day = FIRST + timedelta(days=8)
    run(dunning_space, day)
    second = DunningNotice.objects.get(position=2)
    assert (second.fees_before, second.fee, second.interest) == (Decimal("2.50"), Decimal("5.00"), Decimal("3.75"))
    assert second.total == Decimal("1011.25")
    fees = second.copy.fees
    assert [(fee.number, fee.level, fee.gross) for fee in fees] == [
        ("M2026-0001", 1, Decimal("2.50")),
        ("", 2, Decimal("5.00")),
    ]


def test_what_an_earlier_level_has_left_over_does_not_leave_after_the_next(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=2, levels__channel="both")
    overdue_invoice(dunning_space, customer=customer_json(email="kundin@example.com"))
    run(dunning_space, FIRST)
    waiting = OutgoingMail.objects.get()
    accepted(dunning_space, FIRST)
    run(dunning_space, FIRST + timedelta(days=8))
    assert DunningNotice.objects.filter(withdrawn_at=None).count() == 2
    waiting.refresh_from_db()
    assert waiting.state == MailState.CANCELED
    with pytest.raises(mails.NotPossible):
        mails.send_again(waiting, "kundin@example.com")


def test_after_the_last_term_a_case_ends_without_success(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=1)
    overdue_invoice(dunning_space)
    run(dunning_space, FIRST)
    accepted(dunning_space, FIRST)
    term = DunningNotice.objects.get().due_on
    assert dunning.close_finished(dunning_space, term) == 0
    (exclusion,) = dunning.propose(dunning_space, term).exclusions
    assert exclusion.sentences == ["The last level, “Level 1”, was issued already."]
    assert dunning.close_finished(dunning_space, term + timedelta(days=1)) == 1
    case = DunningCase.objects.get()
    assert case.state == CaseState.FAILED
    assert dunning.propose(dunning_space, term + timedelta(days=1)).exclusions[0].sentences == exclusion.sentences
    orders.mark_paid(case.invoice.order)
    case.refresh_from_db()
    assert case.state == CaseState.SUCCEEDED


def test_what_changed_since_the_proposal_is_left_out_and_said(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=1)
    invoices = [overdue_invoice(dunning_space) for _number in range(4)]
    picked = chosen(dunning_space, FIRST)
    orders.mark_paid(invoices[0].order)
    dunning.suspend(dunning.case_for(invoices[1]), None)
    dunning.write_off(dunning.case_for(invoices[2]))
    issued = dunning.issue(dunning_space, FIRST, picked)
    assert DunningNotice.objects.get().case.invoice == invoices[3]
    assert issued.notice_count == 1
    assert issued.dropped == [
        {"invoice": "2026-0001", "reasons": [["paid", {}]]},
        {"invoice": "2026-0002", "reasons": [["suspended", {}]]},
        {"invoice": "2026-0003", "reasons": [["derecognized", {}]]},
    ]


def test_the_second_click_issues_nothing(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=2, levels__days=0)
    overdue_invoice(dunning_space)
    picked = chosen(dunning_space, FIRST)
    assert dunning.issue(dunning_space, FIRST, picked).notice_count == 1
    again = dunning.issue(dunning_space, FIRST, picked)
    assert again.notice_count == 0
    assert again.dropped[0]["reasons"] == [["last_notice_waits", {"number": "M2026-0001", "problem": ""}]]
    assert DunningNotice.objects.count() == 1


def test_without_the_feature_nothing_is_issued(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=1)
    invoice = overdue_invoice(dunning_space)
    Feature.objects.filter(name=FeatureName.DUNNING).delete()
    with pytest.raises(DunningRefused, match="The feature Dunning is not activated"):
        dunning.issue(dunning_space, FIRST, [invoice.pk])
    assert not DunningRun.objects.exists()


def test_the_database_refuses_a_level_twice_and_a_second_scheduled_run(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=1)
    overdue_invoice(dunning_space)
    run(dunning_space, FIRST, source=RunSource.SCHEDULE)
    notice = DunningNotice.objects.get()
    notice.pk, notice.number = None, "another"
    with pytest.raises(IntegrityError):
        run(dunning_space, FIRST, source=RunSource.SCHEDULE)


def test_a_suspension_that_is_over_ends_by_itself(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=1)
    case = dunning.case_for(overdue_invoice(dunning_space))
    with time_machine.travel("2026-03-20T12:00:00Z", tick=False):
        dunning.suspend(case, date(2026, 4, 13))
    run(dunning_space, date(2026, 4, 12))
    assert not DunningNotice.objects.exists()
    run(dunning_space, date(2026, 4, 13))
    case.refresh_from_db()
    assert (case.state, case.suspended_until, case.level_position) == (CaseState.RUNNING, None, 1)


def test_suspending_withdraws_a_letter_that_waits_and_its_level_is_issued_anew(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=2, levels__fee="3.00")
    overdue_invoice(dunning_space)
    run(dunning_space, FIRST)
    case = DunningCase.objects.get()
    dunning.suspend(case, None)
    assert PrintJob.objects.get(document_kind="dunning_notice").state == JobState.CANCELED
    first = DunningNotice.objects.get()
    assert first.withdrawn_at is not None
    assert case.level_position == 0
    dunning.resume(case)
    run(dunning_space, FIRST + WEEK)
    second = DunningNotice.objects.latest("pk")
    assert (second.position, second.fees_before, second.total) == (1, Decimal(0), Decimal("103.00"))


def test_money_withdraws_what_waits_and_says_what_has_left(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=1)
    waits, left = overdue_invoice(dunning_space), overdue_invoice(dunning_space)
    run(dunning_space, FIRST)
    accepted(dunning_space, FIRST, invoice=left)
    for invoice in (waits, left):
        orders.mark_paid(invoice.order)
    lines = {
        invoice.number: [what_happened(event) for event in invoice.dunning_case.events.all()][-2:]
        for invoice in Invoice.objects.all()
    }
    assert lines == {
        waits.number: ["The invoice is paid.", "Notice M2026-0001 was withdrawn before it left."],
        left.number: ["The invoice is paid.", "Notice M2026-0002 had left already."],
    }
    jobs = PrintJob.objects.filter(document_kind="dunning_notice").order_by("pk")
    assert [job.state for job in jobs] == [JobState.CANCELED, JobState.SUCCESSFUL]


def test_a_task_is_open_until_a_person_has_done_it(dunning_space: Space, owner: Any) -> None:
    flow = DunningFlowFactory(space=dunning_space)
    DunningLevelFactory(flow=flow, channel="task")
    DunningLevelFactory(flow=flow, position=2)
    overdue_invoice(dunning_space)
    run(dunning_space, FIRST)
    notice = DunningNotice.objects.get()
    assert not PrintJob.objects.filter(document_kind="dunning_notice").exists()
    (exclusion,) = dunning.propose(dunning_space, FIRST + 9 * WEEK).exclusions
    assert exclusion.sentences == ["The task of the last level, M2026-0001, is not done yet."]
    with time_machine.travel("2026-04-20T10:00:00Z", tick=False):
        dunning.task_done(notice, owner)
    with pytest.raises(DunningRefused, match="This task is done already"):
        dunning.task_done(notice, owner)
    assert dunning.propose(dunning_space, date(2026, 4, 24)).items == ()
    assert dunning.propose(dunning_space, date(2026, 4, 27)).items
    assert what_happened(notice.case.events.latest("pk")) == "The task M2026-0001 is done."


def test_a_paid_case_has_no_open_task(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=1, levels__channel="task")
    invoice = overdue_invoice(dunning_space)
    run(dunning_space, FIRST)
    orders.mark_paid(invoice.order)
    notice = DunningNotice.objects.get()
    assert notice.withdrawn_at is not None
    with pytest.raises(DunningRefused):
        dunning.task_done(notice)


def test_a_canceled_letter_is_withdrawn_by_hand_and_issued_anew(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=1)
    overdue_invoice(dunning_space)
    run(dunning_space, FIRST)
    PrintJob.objects.change_state(JobState.CANCELED)
    (exclusion,) = dunning.propose(dunning_space, FIRST).exclusions
    assert "somebody canceled it" in exclusion.sentences[0]
    dunning.withdraw_notice(DunningNotice.objects.get())
    run(dunning_space, FIRST + WEEK)
    assert list(DunningNotice.objects.order_by("pk").values_list("position", flat=True)) == [1, 1]
    accepted(dunning_space, FIRST + WEEK)
    with pytest.raises(DunningRefused, match="has left already"):
        dunning.withdraw_notice(DunningNotice.objects.latest("pk"))


def test_a_level_in_use_cannot_be_deleted(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=1)
    overdue_invoice(dunning_space)
    run(dunning_space, FIRST)
    with pytest.raises(IntegrityError):
        DunningLevel.objects.get().delete()


def test_a_run_of_many_reads_its_rows_together(dunning_space: Space, django_assert_max_num_queries: Any) -> None:
    """What grows with the invoices is the writing of each notice, its number and its print job."""
    DunningFlowFactory(space=dunning_space, levels=1)
    few, many = 2, 12
    counts = []
    for size in (few, many):
        for _number in range(size):
            overdue_invoice(dunning_space)
        with django_assert_max_num_queries(1000) as captured:
            run(dunning_space, FIRST)
        counts.append(len(captured.captured_queries))
    assert (counts[1] - counts[0]) / (many - few) <= 11


def test_the_moment_of_a_run_is_the_callers(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=1)
    overdue_invoice(dunning_space)
    moment = timezone.now() - timedelta(days=100)
    issued = dunning.issue(dunning_space, FIRST, chosen(dunning_space, FIRST), at=moment)
    assert issued.started_at == DunningNotice.objects.get().created_at == moment


def test_spaces_dun_with_their_own_series(dunning_space: Space) -> None:
    other = SpaceFactory(features=[FeatureName.DUNNING, FeatureName.PRINTING])
    for space in (dunning_space, other):
        DunningFlowFactory(space=space, levels=1)
        overdue_invoice(space)
        run(space, FIRST)
    assert list(DunningNotice.objects.values_list("number", flat=True)) == ["M2026-0001"] * 2


def test_an_email_is_asked_for_where_the_level_says_so(dunning_space: Space) -> None:
    """Both ways for a customer with an address; without one the letter alone, where there is a letter."""
    DunningFlowFactory(space=dunning_space, levels=1, levels__channel="both")
    with_address = overdue_invoice(dunning_space, customer=customer_json(email="ada@example.com"))
    overdue_invoice(dunning_space, customer=customer_json(external_id="2"))
    run(dunning_space, FIRST)
    mail = OutgoingMail.objects.get()
    assert (mail.recipient, mail.order_number) == ("ada@example.com", with_address.order.number)
    assert PrintJob.objects.filter(document_kind="dunning_notice").count() == 2


def test_a_sent_email_informs_the_customer(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=2, levels__channel="email")
    overdue_invoice(dunning_space, customer=customer_json(email="ada@example.com"))
    run(dunning_space, FIRST)
    OutgoingMail.objects.update(state=MailState.FAILED, reason=MailReason.RECIPIENT_REFUSED)
    (exclusion,) = dunning.propose(dunning_space, FIRST + 9 * WEEK).exclusions
    assert "could not leave. The mail server does not take e-mail for this address." in exclusion.sentences[0]
    OutgoingMail.objects.update(state=MailState.SENT, sent_at=noon(FIRST + WEEK))
    assert dunning.note_informed(dunning_space) == 1
    assert DunningNotice.objects.get().informed_at == noon(FIRST + WEEK)
    assert dunning.note_informed(dunning_space) == 0


def test_money_withdraws_emails_too(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=1, levels__channel="email")
    invoice = overdue_invoice(dunning_space, customer=customer_json(email="ada@example.com"))
    run(dunning_space, FIRST)
    orders.mark_paid(invoice.order)
    assert OutgoingMail.objects.get().state == MailState.CANCELED
    assert DunningNotice.objects.get().withdrawn_at is not None
