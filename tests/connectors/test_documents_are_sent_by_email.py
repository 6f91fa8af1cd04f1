"""A document goes to the customer by e-mail: after the commit, once, and where nobody knows, the e-mail says so."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from connectors import issued_kinds, printing_bridge
from connectors.mail.delivery import LEASE, send_due
from connectors.mail.sentences import MAX_MAIL_ATTEMPTS
from connectors.models import Invoice, MailState, OutgoingMail
from connectors.services import mails
from printing.states import Outcome
from spaces.mail import NO_MAIL_SERVER
from spaces.models import Space
from tests.conftest import Clock
from tests.connectors.factories import customer_json, invoice_of, receive
from tests.lab.smtp import SmtpServer
from tests.processes import Gate, environment, finish, start, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

CUSTOMER = "kundin@example.com"
SEND = "from connectors.mail.delivery import send_due; print(send_due())"


@pytest.fixture
def invoice(space: Space) -> Invoice:
    Space.objects.filter(pk=space.pk).update(company="Alpenblick GmbH", email="buero@alpenblick.example")
    return invoice_of(receive(Space.objects.get(pk=space.pk)))


def ask(invoice: Invoice, **fields: Any) -> OutgoingMail:
    return mails.enqueue(invoice, **{"recipient": CUSTOMER, **fields})


def state(mail: OutgoingMail) -> str:
    mail.refresh_from_db()
    return mail.state


def outcomes(mail: OutgoingMail) -> list[str]:
    return list(mail.attempt_set.values_list("outcome", flat=True))


def settings_of(mail: SmtpServer) -> dict[str, str]:
    return {"EMAIL_URL": mail.url, "DEFAULT_FROM_EMAIL": "a@b.example", "PUBLIC_URL": "https://b.example"}


def test_it_arrives_with_the_document_as_it_prints(invoice: Invoice, mail: SmtpServer) -> None:
    sent = ask(invoice)
    assert send_due() == 1
    assert (state(sent), outcomes(sent)) == (MailState.SENT, [Outcome.ACCEPTED])
    [letter] = mail.letters()
    assert letter.recipients == [CUSTOMER]
    assert invoice.number in letter.subject
    assert "Alpenblick GmbH" in str(letter.message["From"])
    assert "pressroom@print.example.com" in str(letter.message["From"])
    assert "buero@alpenblick.example" in str(letter.message["Reply-To"])
    [attachment] = letter.message.iter_attachments()
    assert attachment.get_content() == issued_kinds.pdf_of(invoice)
    assert attachment.get_filename() == f"Invoice {invoice.number}.pdf"
    html = letter.message.get_body(("html",))
    assert html is not None
    assert invoice.order.number in html.get_content()


def test_it_speaks_the_customers_language(invoice: Invoice, mail: SmtpServer) -> None:
    german = invoice_of(receive(invoice.space, customer=customer_json(language="de")))
    ask(german)
    send_due()
    [letter] = mail.letters()
    assert letter.subject == f"Ihre Rechnung {german.number} von {german.copy.sender.company}"
    assert "Guten Tag" in letter.text
    assert letter.text.count("\n\n\n") == 0


def test_what_is_rolled_back_is_not_sent(invoice: Invoice, mail: SmtpServer) -> None:
    with transaction.atomic():
        ask(invoice)
        transaction.set_rollback(True)
    assert send_due() == 0
    assert mail.letters() == []


def test_one_event_is_one_message(invoice: Invoice, mail: SmtpServer) -> None:
    assert ask(invoice, event_key="issued:1") == ask(invoice, event_key="issued:1")
    send_due()
    assert send_due() == 0
    assert len(mail.letters()) == 1


def test_a_commit_with_many_messages_wakes_once(invoice: Invoice, mail: SmtpServer) -> None:
    from django_q.models import OrmQ

    OrmQ.objects.all().delete()
    with transaction.atomic():
        for number in range(5):
            ask(invoice, event_key=f"event:{number}")
    assert OrmQ.objects.count() == 1


def test_without_an_address_it_fails_and_is_sent_once_there_is_one(invoice: Invoice, mail: SmtpServer) -> None:
    failed = ask(invoice, recipient="")
    assert state(failed) == MailState.FAILED
    assert "no e-mail address" in failed.reason_sentence
    with pytest.raises(mails.NotPossible, match="not an e-mail address"):
        mails.send_again(failed, "nobody at home")
    mails.send_again(failed, CUSTOMER)
    send_due()
    assert [letter.recipients for letter in mail.letters()] == [[CUSTOMER]]
    with pytest.raises(mails.NotPossible):
        mails.send_again(failed)


def test_without_a_mail_server_it_fails_with_that_reason(invoice: Invoice, settings: Any) -> None:
    settings.EMAIL_BACKEND = NO_MAIL_SERVER
    failed = ask(invoice)
    assert failed.state == MailState.FAILED
    assert "no mail server" in failed.reason_sentence


def test_a_refused_address_ends_at_once_and_says_so(invoice: Invoice, mail: SmtpServer) -> None:
    mail.refuse(CUSTOMER)
    refused = ask(invoice)
    other = ask(invoice, recipient="other@example.com")
    send_due()
    assert (state(refused), outcomes(refused)) == (MailState.FAILED, [Outcome.PERMANENT])
    assert state(other) == MailState.SENT
    assert CUSTOMER not in "".join(refused.attempt_set.values_list("detail", flat=True))


def test_a_server_that_is_down_is_tried_again_until_it_is_up(invoice: Invoice, mail: SmtpServer, clock: Clock) -> None:
    mail.stop()
    waiting, behind = ask(invoice), ask(invoice)
    assert send_due() == 0
    assert (state(waiting), outcomes(waiting)) == (MailState.PENDING, [Outcome.TRANSIENT])
    # The server is at fault, not the message: the next one is not even tried.
    assert outcomes(behind) == []
    assert "cannot be reached" in waiting.reason_sentence
    mail.start()
    clock.shift(3600)
    assert send_due() == 2
    assert not waiting.possible_duplicate


def test_a_server_that_stays_down_ends_it(invoice: Invoice, mail: SmtpServer, clock: Clock) -> None:
    mail.stop()
    waiting = ask(invoice)
    for _attempt in range(MAX_MAIL_ATTEMPTS):
        send_due()
        clock.shift(6 * 3600)
    assert (state(waiting), waiting.attempts) == (MailState.FAILED, MAX_MAIL_ATTEMPTS)


def test_a_server_that_does_not_answer_may_have_it_and_the_copy_has_the_same_id(
    invoice: Invoice, mail: SmtpServer, clock: Clock
) -> None:
    mail.lose_answers()
    unsure = ask(invoice)
    send_due()
    assert (state(unsure), outcomes(unsure)) == (MailState.PENDING, [Outcome.UNKNOWN])
    assert unsure.possible_duplicate
    mail.lose_answers(False)
    clock.shift(3600)
    send_due()
    assert state(unsure) == MailState.SENT
    assert unsure.possible_duplicate
    first, second = mail.letters()
    assert first.message["Message-ID"] == second.message["Message-ID"]


@pytest.mark.process
def test_a_worker_killed_while_sending_leaves_a_marked_message_that_is_sent_again(
    invoice: Invoice, mail: SmtpServer, clock: Clock
) -> None:
    unsure = ask(invoice)
    mail.hold()
    worker = start(SEND, **settings_of(mail))
    wait_until(mail.letters, "the server has the message")
    worker.kill()
    worker.communicate()
    mail.release()
    assert send_due() == 0
    clock.shift(LEASE.total_seconds() + 1)
    assert send_due() == 1
    assert state(unsure) == MailState.SENT
    assert unsure.possible_duplicate
    assert outcomes(unsure) == [Outcome.UNKNOWN, Outcome.ACCEPTED]


@pytest.mark.process
def test_two_workers_send_each_message_once(invoice: Invoice, mail: SmtpServer, tmp_path: Path) -> None:
    for number in range(20):
        ask(invoice, event_key=f"event:{number}")
    gate = Gate(tmp_path)
    workers = [start(gate.code(number) + SEND, **settings_of(mail)) for number in range(2)]
    gate.open(2)
    assert sum(int(printed) for printed in finish(*workers)) == 20
    assert len({letter.message["Message-ID"] for letter in mail.letters()}) == len(mail.letters()) == 20


def test_what_has_not_left_is_withdrawn_and_what_has_is_counted(invoice: Invoice, mail: SmtpServer) -> None:
    gone = ask(invoice)
    send_due()
    waiting = ask(invoice)
    assert mails.withdraw(invoice) == mails.WithdrawnMails(canceled=1, left=1)
    assert (state(gone), state(waiting)) == (MailState.SENT, MailState.CANCELED)
    assert send_due() == 0
    with pytest.raises(mails.NotPossible):
        mails.cancel(waiting)


def test_what_failed_is_withdrawn_too_and_cannot_be_sent_again(invoice: Invoice) -> None:
    failed = mails.enqueue(invoice, recipient="")
    assert failed.state == MailState.FAILED
    assert mails.withdraw(invoice) == mails.WithdrawnMails(canceled=1, left=0)
    failed.refresh_from_db()
    with pytest.raises(mails.NotPossible):
        mails.send_again(failed, "ada@example.com")


def test_what_may_have_arrived_counts_as_left(invoice: Invoice, mail: SmtpServer) -> None:
    waiting = mails.enqueue(invoice)
    OutgoingMail.objects.filter(pk=waiting.pk).update(possible_duplicate=True)
    assert mails.withdraw(invoice) == mails.WithdrawnMails(canceled=1, left=1)


def test_what_is_being_sent_cannot_be_withdrawn(invoice: Invoice, mail: SmtpServer) -> None:
    busy = ask(invoice)
    OutgoingMail.objects.filter(pk=busy.pk).update(lease_expires_at=timezone.now() + timedelta(minutes=1))
    assert mails.withdraw(invoice) == mails.WithdrawnMails(canceled=0, left=1)
    with pytest.raises(mails.NotPossible):
        mails.cancel(busy)


def test_one_that_came_back_did_not_inform_the_customer(invoice: Invoice, mail: SmtpServer) -> None:
    returned = ask(invoice)
    with pytest.raises(mails.NotPossible):
        mails.note_bounce(returned, "too early")
    send_due()
    key = printing_bridge.job_key(invoice)
    assert key in mails.sent_at([invoice])
    mails.note_bounce(returned, "Mailbox full")
    assert key not in mails.sent_at([invoice])
    with pytest.raises(mails.NotPossible):
        mails.note_bounce(returned, "again")


def test_the_environment_of_processes_names_no_mail_server() -> None:
    """Or the processes of other tests would send."""
    assert "EMAIL_URL" not in environment()
