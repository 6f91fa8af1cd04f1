"""E-mail goes through the mail server of the settings, and a failure says what kind without naming anybody."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks

from spaces.mail import NotSent, send
from tests.lab.smtp import SmtpServer

OLGA, OTTO = "olga@example.com", "otto@example.com"


def test_a_message_arrives_with_its_umlauts(mail: SmtpServer) -> None:
    send("Drucker „Büro“ ist offline", "Bitte einschalten: Büro im 2. Stock.\n", [OLGA, OTTO])
    [letter] = mail.letters()
    assert letter.sender == "pressroom@print.example.com"
    assert letter.recipients == [OLGA, OTTO]
    assert letter.subject == "Drucker „Büro“ ist offline"
    assert letter.text == "Bitte einschalten: Büro im 2. Stock.\n"
    assert letter.message["Auto-Submitted"] == "auto-generated"


def test_one_refused_recipient_does_not_keep_it_from_the_others(mail: SmtpServer) -> None:
    mail.refuse(OLGA)
    send("Subject", "Text", [OLGA, OTTO])
    assert [letter.recipients for letter in mail.letters()] == [[OTTO]]


def test_a_refusal_is_told_without_the_address(mail: SmtpServer) -> None:
    mail.refuse(OLGA)
    with pytest.raises(NotSent) as refused:
        send("Subject", "Text", [OLGA])
    assert str(refused.value) == "SMTPRecipientsRefused"
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


def test_a_server_that_is_down_is_a_failure_of_its_own_kind(mail: SmtpServer) -> None:
    mail.stop()
    with pytest.raises(NotSent, match="ConnectionRefusedError"):
        send("Subject", "Text", [OLGA])
    mail.start()
    send("Subject", "Text", [OLGA])
    assert len(mail.letters()) == 1


def test_a_server_that_says_nothing_is_given_up_after_the_time_out(mail: SmtpServer, settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    mail.freeze()
    with pytest.raises(NotSent, match="SMTPServerDisconnected"):
        send("Subject", "Text", [OLGA])
    mail.thaw()


def test_a_mail_server_without_a_sender_or_an_address_for_links_is_a_mistake(mail: SmtpServer, settings: Any) -> None:
    assert not [message for message in run_checks() if message.id == "spaces.E001"]
    settings.DEFAULT_FROM_EMAIL = settings.PUBLIC_URL = ""
    found = [message.msg for message in run_checks() if message.id == "spaces.E001"]
    assert found == ["EMAIL_URL is set, but DEFAULT_FROM_EMAIL is not.", "EMAIL_URL is set, but PUBLIC_URL is not."]
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert not [message for message in run_checks() if message.id == "spaces.E001"]
