"""Sales > E-mails: what went out and what did not; sent again, withdrawn, come back; sent from a document's page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from connectors.models import Invoice, MailAttempt, MailState, OutgoingMail
from connectors.services import mails
from spaces.models import Space
from tests.connectors.factories import customer_json, invoice_of, receive

pytestmark = pytest.mark.django_db
BASE = "/space/alpenblick/connectors/outgoingmail/"
INVOICES = "/space/alpenblick/connectors/invoice/"
ACTIONS = ["send-again", "withdraw", "returned"]


@pytest.fixture(autouse=True)
def mail_server(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def invoice(space: Space) -> Invoice:
    return invoice_of(receive(space, number="A-4711", customer=customer_json(email="kaethe@uebelhoer.example")))


@pytest.fixture
def mail(invoice: Invoice) -> OutgoingMail:
    """An e-mail that waits."""
    return mails.enqueue(invoice, event_key="once")


def press(client: Client, mail: OutgoingMail, action: str, **data: str) -> str:
    return client.post(f"{BASE}{mail.pk}/{action}/", data, follow=True).content.decode()


def into(mail: OutgoingMail, state: MailState, **fields: Any) -> None:
    assert OutgoingMail.objects.filter(pk=mail.pk).change_state(state, **fields) == 1


def state_of(mail: OutgoingMail) -> str:
    return str(OutgoingMail.objects.get(pk=mail.pk).state)


def test_a_document_is_sent_from_its_page_and_two_clicks_are_one(operator_client: Client, invoice: Invoice) -> None:
    page = operator_client.get(f"{INVOICES}{invoice.pk}/change/").content.decode()
    assert 'value="kaethe@uebelhoer.example"' in page
    data = {"token": "0b9d7f3c-5b0e-4b1f-9d76-0d3c3f6d7a10", "recipient": "neu@uebelhoer.example"}
    for _click in range(2):
        response = operator_client.post(f"{INVOICES}{invoice.pk}/send-by-email/", data)
        mail = OutgoingMail.objects.get()
        assert response.headers["Location"] == f"/space/alpenblick/connectors/outgoingmail/{mail.pk}/change/"
    assert (mail.recipient, mail.state) == ("neu@uebelhoer.example", MailState.PENDING)
    assert mail.created_by is not None
    assert "neu@uebelhoer.example" in operator_client.get(f"{INVOICES}{invoice.pk}/change/").content.decode()


@pytest.mark.parametrize("recipient", ["", "nobody", "a@b"])
def test_what_is_no_address_is_refused_where_it_was_entered(
    operator_client: Client, invoice: Invoice, recipient: str
) -> None:
    response = operator_client.post(f"{INVOICES}{invoice.pk}/send-by-email/", {"recipient": recipient}, follow=True)
    assert "is not an e-mail address." in response.content.decode()
    assert not OutgoingMail.objects.exists()


def test_without_a_mail_server_the_page_says_so(operator_client: Client, invoice: Invoice, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    response = operator_client.post(f"{INVOICES}{invoice.pk}/send-by-email/", {"recipient": "a@b.example"}, follow=True)
    assert "This installation has no mail server." in response.content.decode()


def test_a_failed_e_mail_is_sent_again_to_the_right_address(operator_client: Client, mail: OutgoingMail) -> None:
    into(mail, MailState.FAILED, reason="recipient_refused")
    page = operator_client.get(f"{BASE}{mail.pk}/change/").content.decode()
    assert "The mail server does not take e-mail for this address." in page
    assert "is not an e-mail address." in press(operator_client, mail, "send-again", recipient="nobody")
    assert "The e-mail is sent again." in press(operator_client, mail, "send-again", recipient="neu@uebelhoer.example")
    mail.refresh_from_db()
    assert (mail.state, mail.recipient) == (MailState.PENDING, "neu@uebelhoer.example")
    page = press(operator_client, mail, "send-again", recipient="neu@uebelhoer.example")  # a second click
    assert "Only an e-mail that failed can be sent again." in page


def test_a_waiting_e_mail_is_withdrawn_once(operator_client: Client, mail: OutgoingMail) -> None:
    assert "The e-mail is withdrawn." in press(operator_client, mail, "withdraw")
    assert state_of(mail) == MailState.CANCELED
    assert "Only an e-mail that waits can be withdrawn" in press(operator_client, mail, "withdraw")


def test_an_e_mail_that_came_back_is_marked(operator_client: Client, mail: OutgoingMail) -> None:
    into(mail, MailState.SENT, sent_at=timezone.now(), possible_duplicate=True)
    assert "it informed nobody" in press(operator_client, mail, "returned", note="Postfach voll")
    page = operator_client.get(f"{BASE}{mail.pk}/change/").content.decode()
    assert "Postfach voll" in page
    assert "It may have been sent twice" in page
    for mark in ("twice", "back"):
        assert "A-4711" in operator_client.get(BASE, {"mark": mark}).content.decode()
    assert "has not come back yet" in press(operator_client, mail, "returned", note="again")


def test_the_page_lists_its_attempts(viewer_client: Client, mail: OutgoingMail) -> None:
    MailAttempt.objects.create(
        mail=mail, number=1, outcome="transient", reason="try_later", detail="451 4.7.1", recipient=mail.recipient
    )
    page = viewer_client.get(f"{BASE}{mail.pk}/change/").content.decode()
    assert "The mail server asks us to try again later" in page
    assert "451 4.7.1" in page
    assert "Withdraw" not in page  # a viewer looks


def test_e_mails_are_found_and_narrowed_down(viewer_client: Client, space: Space, mail: OutgoingMail) -> None:
    other = mails.enqueue(invoice_of(receive(space, number="B-1", customer=customer_json(email="b@b.example"))))
    into(other, MailState.FAILED)
    for asked in ({"q": "A-4711"}, {"q": "uebelhoer"}, {"q": mail.title}, {"state__exact": "pending"}):
        page = viewer_client.get(BASE, asked).content.decode()
        assert ("kaethe@uebelhoer.example" in page, "b@b.example" in page) == (True, False)
    assert "b@b.example" in viewer_client.get(BASE, {"kind": "invoice"}).content.decode()
    assert "b@b.example" not in viewer_client.get(BASE, {"kind": "packing_slip"}).content.decode()


@pytest.mark.parametrize("action", ACTIONS)
def test_a_viewer_changes_nothing(viewer_client: Client, invoice: Invoice, mail: OutgoingMail, action: str) -> None:
    assert viewer_client.post(f"{BASE}{mail.pk}/{action}/").status_code == 403
    assert viewer_client.get(f"{BASE}{mail.pk}/{action}/").status_code == 405
    assert viewer_client.post(f"{INVOICES}{invoice.pk}/send-by-email/", {"recipient": "a@b.example"}).status_code == 403
    assert OutgoingMail.objects.get().state == MailState.PENDING


def test_a_stranger_finds_nothing(stranger_client: Client, stranger: Any, invoice: Invoice, mail: OutgoingMail) -> None:
    for slug in ("alpenblick", stranger.space.slug):
        for action in (*ACTIONS, "change"):
            url = f"/space/{slug}/connectors/outgoingmail/{mail.pk}/{action}/"
            assert stranger_client.post(url).status_code in {404, 405}
        url = f"/space/{slug}/connectors/invoice/{invoice.pk}/send-by-email/"
        assert stranger_client.post(url, {"recipient": "a@b.example"}).status_code == 404
    assert OutgoingMail.objects.get().state == MailState.PENDING


def test_the_list_costs_the_same_however_many_e_mails_there_are(
    viewer_client: Client, invoice: Invoice, django_assert_max_num_queries: Any
) -> None:
    for _number in range(20):
        mails.enqueue(invoice)
    with django_assert_max_num_queries(12):
        viewer_client.get(BASE)
