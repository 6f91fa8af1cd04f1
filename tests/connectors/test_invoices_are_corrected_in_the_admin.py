"""The page of an invoice cancels it and issues it again: by POST, by those who may, and a second click does nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from connectors.models import CreditNote, Invoice, InvoiceState
from connectors.services import invoices, orders
from printing.models import PrintJob
from printing.states import JobState
from spaces.models import Space
from tests.connectors.factories import customer_json, invoice_of, line_json, receive
from tests.factories import PrinterConfigurationFactory

pytestmark = pytest.mark.django_db

BASE = "/space/alpenblick/connectors/"


@pytest.fixture
def invoice(space: Space) -> Invoice:
    PrinterConfigurationFactory(space=space, is_default=True)
    customer = customer_json(email="alt@example.com")
    return invoice_of(receive(space, customer=customer, lines=[line_json(), line_json(description="Kabel")]))


def url(invoice: Invoice, page: str) -> str:
    return f"{BASE}invoice/{invoice.pk}/{page}/"


def correction(invoice: Invoice, **changes: Any) -> dict[str, Any]:
    """The form as the browser sends it."""
    lines = list(invoice.order.lines.all())
    data = {
        "company": "Beispiel AG",
        "street": "Neue Straße 9",
        "postal_code": "54321",
        "city": "Beispielhausen",
        "country": "DE",
        "email": "neu@example.com",
        "note": "Danke",
        "lines-TOTAL_FORMS": len(lines),
        "lines-INITIAL_FORMS": len(lines),
    }
    for index, line in enumerate(lines):
        shown = {"id": line.pk, "description": line.description, "quantity": "2", "unit_price": "10", "tax_rate": "19"}
        data |= {f"lines-{index}-{name}": value for name, value in shown.items()}
    return {**data, **changes}


def text_of(client: Client, address: str, data: dict[str, Any] | None = None) -> str:
    answer = client.get(address) if data is None else client.post(address, data, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_button_cancels_says_so_and_does_it_once(invoice: Invoice, operator_client: Client, operator: Any) -> None:
    assert url(invoice, "cancel") in text_of(operator_client, url(invoice, "change"))
    page = text_of(operator_client, url(invoice, "cancel"), {"reason": "Falsche Anschrift"})
    note = CreditNote.objects.get()
    assert (note.created_by, note.copy.reason) == (operator, "Falsche Anschrift")
    assert f"Invoice {invoice.number} is canceled by the credit note" in page
    assert "had left already" not in page
    again = text_of(operator_client, url(invoice, "cancel"), {})
    assert "cannot be canceled" in again
    assert note.number in again
    assert url(invoice, "cancel") not in again
    assert CreditNote.objects.count() == 1


def test_it_says_what_has_left_already(invoice: Invoice, operator_client: Client) -> None:
    job = PrintJob.objects.get(document_kind="invoice")
    PrintJob.objects.filter(pk=job.pk).change_state(JobState.SUCCESSFUL)
    page = text_of(operator_client, url(invoice, "cancel"), {})
    assert "The invoice had left already, as 1 print job or e-mail: the customer may have it." in page


def test_the_form_shows_what_the_invoice_says_and_issues_what_is_right(
    invoice: Invoice, operator_client: Client
) -> None:
    form = text_of(operator_client, url(invoice, "issue-again"))
    for shown in ("Musterweg 3", "alt@example.com", "Tischlampe", "Kabel"):
        assert shown in form
    assert invoice_of(invoice.order).state == InvoiceState.OPEN
    data = correction(invoice, **{"lines-1-unit_price": "12.50", "lines-1-description": "Kabel, 3 m"})
    page = text_of(operator_client, url(invoice, "issue-again"), data)
    again = Invoice.objects.get(order=invoice.order, state=InvoiceState.OPEN)
    assert f"Invoice {again.number} is issued" in page
    address = again.copy.billing_address
    assert (address.street, address.email, again.copy.note) == ("Neue Straße 9", "neu@example.com", "Danke")
    assert [line.description for line in again.copy.lines] == ["Tischlampe", "Kabel, 3 m"]
    assert [int(line.amount) for line in again.copy.lines] == [20, 25]
    assert again.net == 45


def test_a_second_click_and_the_back_button_issue_nothing_more(invoice: Invoice, operator_client: Client) -> None:
    data = correction(invoice)
    text_of(operator_client, url(invoice, "issue-again"), data)
    count = Invoice.objects.count()
    again = Invoice.objects.get(order=invoice.order, state=InvoiceState.OPEN)
    page = text_of(operator_client, url(invoice, "issue-again"), data)
    assert f"This was done already: the order has the invoice {again.number}." in page
    assert (Invoice.objects.count(), CreditNote.objects.count()) == (count, 1)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"company": ""}, "Enter a company or a name."),
        ({"city": ""}, "This field is required."),
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"lines-0-quantity": "0"}, "Ensure this value is greater than or equal to"),
        ({"lines-0-tax_rate": "101"}, "Ensure this value is less than or equal to 100"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    invoice: Invoice, operator_client: Client, wrong: dict[str, str], said: str
) -> None:
    page = text_of(operator_client, url(invoice, "issue-again"), correction(invoice, **wrong))
    assert said in page
    assert not CreditNote.objects.exists()


def test_lines_that_do_not_add_up_are_refused_in_the_form(space: Space, operator_client: Client) -> None:
    invoice = invoice_of(receive(space, discount={"amount": "15"}))
    data = correction(invoice, **{"lines-0-unit_price": "1"})
    assert "discount" in text_of(operator_client, url(invoice, "issue-again"), data)
    assert not CreditNote.objects.exists()


def test_the_lines_of_a_paid_order_stand(invoice: Invoice, operator_client: Client) -> None:
    orders.mark_paid(invoice.order)
    form = text_of(operator_client, url(invoice, "issue-again"))
    assert "The order is paid" in form
    assert "lines-0-quantity" not in form
    text_of(operator_client, url(invoice, "issue-again"), correction(invoice, **{"lines-0-unit_price": "1"}))
    again = Invoice.objects.get(order=invoice.order, state=InvoiceState.PAID)
    assert (again.gross, again.copy.billing_address.street) == (invoice.gross, "Neue Straße 9")


def test_a_canceled_invoice_is_issued_again_from_its_page(invoice: Invoice, operator_client: Client) -> None:
    invoices.cancel(invoice)
    page = text_of(operator_client, url(invoice, "change"))
    assert url(invoice, "issue-again") in page
    assert url(invoice, "cancel") not in page
    text_of(operator_client, url(invoice, "issue-again"), correction(invoice))
    assert Invoice.objects.filter(order=invoice.order, state=InvoiceState.OPEN).exists()
    assert url(invoice, "issue-again") not in text_of(operator_client, url(invoice, "change"))


def test_what_was_written_off_has_no_buttons(invoice: Invoice, operator_client: Client) -> None:
    Invoice.objects.filter(pk=invoice.pk).change_state(InvoiceState.DERECOGNIZED)
    page = text_of(operator_client, url(invoice, "change"))
    assert url(invoice, "cancel") not in page
    assert url(invoice, "issue-again") not in page
    assert "written off" in text_of(operator_client, url(invoice, "issue-again"), correction(invoice))


def test_a_viewer_sees_no_buttons_and_gets_nowhere(invoice: Invoice, viewer_client: Client) -> None:
    page = text_of(viewer_client, url(invoice, "change"))
    assert url(invoice, "cancel") not in page
    assert viewer_client.post(url(invoice, "cancel")).status_code == 403
    assert viewer_client.get(url(invoice, "issue-again")).status_code == 403
    assert viewer_client.post(url(invoice, "issue-again"), correction(invoice)).status_code == 403
    assert not CreditNote.objects.exists()


def test_get_cancels_nothing(invoice: Invoice, operator_client: Client) -> None:
    assert operator_client.get(url(invoice, "cancel")).status_code == 405
    assert not CreditNote.objects.exists()


def test_the_credit_note_is_listed_shown_and_printed(invoice: Invoice, operator_client: Client) -> None:
    note = invoices.cancel(invoice)
    assert note.number in text_of(operator_client, f"{BASE}creditnote/")
    page = text_of(operator_client, f"{BASE}creditnote/{note.pk}/change/")
    assert invoice.number in page
    assert "-€47.60" in page
    pdf = operator_client.get(f"{BASE}creditnote/{note.pk}/show/")
    assert pdf.content.startswith(b"%PDF-")
    assert note.number in text_of(operator_client, f"{BASE}order/{invoice.order_id}/change/")


def test_the_list_of_credit_notes_costs_equally_many_queries(
    space: Space, operator_client: Client, django_assert_max_num_queries: Any
) -> None:
    for _number in range(3):
        invoices.cancel(invoice_of(receive(space)))
    with django_assert_max_num_queries(12):
        operator_client.get(f"{BASE}creditnote/")
