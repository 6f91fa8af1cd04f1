"""Sales > Payments: entering, assigning, taking back and importing payments in the browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from connectors.models import InvoiceState, Payment, PaymentImport
from spaces.models import Space
from tests.connectors.dunning_factories import overdue_invoice
from tests.connectors.payment_factories import pay, recorded, state

pytestmark = pytest.mark.django_db
ADD = "/space/alpenblick/connectors/payment/add/"
LIST = "/space/alpenblick/connectors/payment/"


@pytest.fixture(autouse=True)
def _on_the_first_of_april() -> Iterator[None]:
    with time_machine.travel("2026-04-01T10:00:00Z", tick=False):
        yield


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())).replace("\xa0", " ")


def entered(client: Client, **changes: Any) -> Any:
    given = {"invoice_number": "", "amount": "10.00", "paid_on": "2026-03-30", "payer": "", "reference": "", "note": ""}
    return client.post(ADD, {**given, **changes}, follow=True)


def test_the_button_of_an_invoice_presets_what_is_open(space: Space, operator_client: Client) -> None:
    invoice = overdue_invoice(space)
    pay(invoice, "30.00")
    page = operator_client.get(f"/space/alpenblick/connectors/invoice/{invoice.pk}/change/").content.decode()
    (link,) = re.findall(r'href="([^"]*payment/add/\?invoice=\d+)"', page)
    form = operator_client.get(link).context["adminform"].form
    assert (form["invoice_number"].value(), form["amount"].value()) == (invoice.number, Decimal("70.00"))
    assert form["paid_on"].value() == date(2026, 4, 1)


def test_an_entered_payment_settles_its_invoice(space: Space, operator_client: Client, operator: Any) -> None:
    invoice = overdue_invoice(space)
    answer = entered(operator_client, invoice_number=invoice.number, amount="100.00")
    assert f"The invoice {invoice.number} is paid." in answer.content.decode()
    assert state(invoice) == InvoiceState.PAID
    assert Payment.objects.get().created_by == operator


def test_the_second_click_records_nothing_more(space: Space, operator_client: Client) -> None:
    invoice = overdue_invoice(space)
    token = operator_client.get(ADD).context["adminform"].form["token"].value()
    for _click in range(2):
        entered(operator_client, invoice_number=invoice.number, token=str(token))
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"invoice_number": "2020-1"}, "There is no invoice with this number."),
        ({"amount": "0"}, "The amount of a payment must be more than zero."),
        ({"amount": "1.005"}, "1.005 is not an amount in EUR: its smallest unit is 0.01."),
        ({"paid_on": "2026-05-01"}, "The day lies in the future."),
        ({"amount": ""}, "This field is required."),
    ],
)
def test_what_is_wrong_is_said_in_the_form(
    space: Space, operator_client: Client, changes: dict[str, str], sentence: str
) -> None:
    assert sentence in entered(operator_client, **changes).content.decode()
    assert not Payment.objects.exists()


def test_a_payment_that_waits_is_assigned_by_number_or_suggestion(space: Space, operator_client: Client) -> None:
    named, fitting, other = overdue_invoice(space, "70.00"), overdue_invoice(space, "50.00"), overdue_invoice(space)
    payment, _created = recorded(space, "50.00", reference=f"{named.number} {other.number}")
    page = f"{LIST}{payment.pk}/change/"
    shown = text_of(operator_client, page)
    assert "The payer named several invoices" in shown
    assert all(invoice.number in shown for invoice in (named, fitting, other))
    answer = operator_client.post(f"{LIST}{payment.pk}/assign/", {"number": "nothing"}, follow=True)
    assert "There is no invoice with the number “nothing”." in answer.content.decode()
    operator_client.post(f"{LIST}{payment.pk}/assign/", {"number": fitting.number})
    payment.refresh_from_db()
    assert (payment.invoice, state(fitting)) == (fitting, InvoiceState.PAID)


def test_a_payment_is_taken_back_on_its_page(space: Space, operator_client: Client) -> None:
    invoice = overdue_invoice(space)
    payment = pay(invoice, "100.00")
    data = {"paid_on": "2026-04-01", "note": "Rücklastschrift"}
    operator_client.post(f"{LIST}{payment.pk}/reverse/", data)
    assert state(invoice) == InvoiceState.OVERDUE
    again = operator_client.post(f"{LIST}{payment.pk}/reverse/", data, follow=True)
    assert "This payment was taken back already." in again.content.decode()
    assert Payment.objects.count() == 2


def test_the_page_of_an_invoice_says_what_was_paid(space: Space, viewer_client: Client) -> None:
    invoice = overdue_invoice(space)
    pay(invoice, "60.00", payer="Beispiel AG")
    pay(invoice, "60.00")
    shown = text_of(viewer_client, f"/space/alpenblick/connectors/invoice/{invoice.pk}/change/")
    assert "Paid so far €120.00" in shown
    assert "Open €0.00" in shown
    assert "Paid too much €20.00" in shown
    assert "Record payment" not in shown


def test_lists_show_what_is_open_and_what_waits(space: Space, viewer_client: Client) -> None:
    invoice = overdue_invoice(space)
    pay(invoice, "60.00")
    recorded(space, "7.00", payer="Unbekannt")
    assert "€40.00" in text_of(viewer_client, "/space/alpenblick/connectors/invoice/")
    waiting = text_of(viewer_client, f"{LIST}?assigned=no")
    assert "€7.00" in waiting
    assert "€60.00" not in waiting
    assert "€60.00" in text_of(viewer_client, f"{LIST}?q={invoice.number}")


def test_a_viewer_neither_enters_nor_assigns_nor_imports(space: Space, viewer_client: Client) -> None:
    payment, _created = recorded(space, "7.00")
    for address in (ADD, f"{LIST}{payment.pk}/assign/", f"{LIST}{payment.pk}/reverse/"):
        assert viewer_client.post(address).status_code == 403
    assert viewer_client.get("/space/alpenblick/connectors/paymentimport/add/").status_code == 403


def test_the_list_asks_no_more_for_more_payments(space: Space, viewer_client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert viewer_client.get(LIST).status_code == 200
        return len(captured)

    invoice = overdue_invoice(space)
    pay(invoice, "1.00")
    queries()
    few = queries()
    for _number in range(5):
        pay(overdue_invoice(space), "2.00")
        recorded(space, "3.00")
    assert queries() == few


def upload(client: Client, content: bytes, name: str = "march.csv") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post("/space/alpenblick/connectors/paymentimport/add/", {"file": file, "format": ""}, follow=True)


def test_a_file_is_imported_and_its_page_says_what_became_of_it(space: Space, operator_client: Client) -> None:
    invoice = overdue_invoice(space)
    content = f"date;amount;invoice\n2026-03-30;100.00;{invoice.number}\n2026-03-30;x;\n".encode()
    answer = upload(operator_client, content)
    row = PaymentImport.objects.get()
    assert answer.redirect_chain[-1][0].endswith(f"/connectors/paymentimport/{row.pk}/change/")
    assert "line 3: “x” is not an amount: write it as in 1234.50." in answer.content.decode()
    assert (row.matched_count, row.bad_count, state(invoice)) == (1, 1, InvoiceState.PAID)
    assert "nothing has changed" in upload(operator_client, content).content.decode()
    assert (Payment.objects.count(), PaymentImport.objects.count()) == (1, 1)


def test_a_file_that_is_none_is_refused_at_its_field(space: Space, operator_client: Client) -> None:
    assert "The file is not well-formed XML" in upload(operator_client, b"<Document").content.decode()
    assert not PaymentImport.objects.exists()
