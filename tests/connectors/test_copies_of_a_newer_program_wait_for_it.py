"""While hosts are updated, one that is not yet gets documents that it cannot read: they wait, and are not given up."""

from __future__ import annotations

import pytest
from django.db.models import QuerySet
from django.test import Client

from connectors.mail.delivery import send_due
from connectors.models import Invoice, IssuedDocument, MailState
from connectors.services import invoices, mails
from printing.dispatcher import dispatch
from printing.models import Printer, PrintJob
from printing.states import JobState, Outcome
from spaces.models import Space
from tests.connectors.factories import ConnectorFactory, PrintRuleFactory, invoice_of, receive
from tests.printing.simulated import SimulatedPrinter, simulated_printer

pytestmark = pytest.mark.django_db


@pytest.fixture
def printer(space: Space) -> SimulatedPrinter:
    return simulated_printer(space, default=True)


@pytest.fixture
def invoice(space: Space, printer: SimulatedPrinter) -> Invoice:
    """Its copy is one of the next version."""
    connector = ConnectorFactory(space=space)
    PrintRuleFactory(connector=connector)
    invoice = invoice_of(receive(space, connector=connector))
    version(invoice, invoice.data["version"] + 1)
    return invoice


def version(document: IssuedDocument, number: int) -> None:
    """As if another program had written it: this one does not change what was issued."""
    QuerySet(type(document)).filter(pk=document.pk).update(data={**document.data, "version": number})


def test_a_letter_is_printed_by_the_program_that_can_read_it(invoice: Invoice, printer: SimulatedPrinter) -> None:
    dispatch()
    job = PrintJob.objects.get()
    assert (job.state, job.reason, printer.documents()) == (JobState.PENDING, "newer_copy", [])
    attempt = job.attempt_set.get()
    assert attempt.outcome == Outcome.TRANSIENT
    assert "Update this installation" in attempt.detail
    version(invoice, 1)
    Printer.objects.update(next_try_at=None)
    dispatch()
    job.refresh_from_db()
    assert job.state == JobState.SUCCESSFUL
    assert len(printer.documents()) == 1


def test_an_email_is_sent_by_the_program_that_can_read_it(invoice: Invoice) -> None:
    mail = mails.enqueue(invoice, recipient="kundin@example.com")
    send_due()
    mail.refresh_from_db()
    assert (mail.state, mail.reason) == (MailState.PENDING, "newer_copy")
    version(invoice, 1)
    type(mail).objects.update(next_try_at=None)
    send_due()
    mail.refresh_from_db()
    assert mail.state == MailState.SENT


def test_what_no_program_can_read_is_given_up_at_once(invoice: Invoice) -> None:
    version(invoice, 0)
    dispatch()
    job = PrintJob.objects.get()
    assert (job.state, job.reason) == (JobState.FAILED, "rendering_failed")


def test_its_page_opens_and_says_what_to_do(space: Space, owner_client: Client) -> None:
    note = invoices.cancel(invoice_of(receive(space)))
    version(note, 2)
    page = owner_client.get(f"/space/{space.slug}/connectors/creditnote/{note.pk}/change/")
    assert "Update this installation" in page.content.decode()
    answer = owner_client.get(f"/space/{space.slug}/connectors/creditnote/{note.pk}/download/", follow=True)
    assert "The document cannot be made: " in answer.content.decode()
