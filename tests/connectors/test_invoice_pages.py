"""Sales > Invoices: issued documents are shown, downloaded and printed again, by whoever may."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from connectors import issued_kinds
from connectors.models import Invoice, PackingSlip
from printing.models import PrintJob
from spaces.models import Space
from tests.connectors.factories import invoice_of, receive
from tests.factories import PrinterConfigurationFactory

pytestmark = pytest.mark.django_db
BASE = "/space/alpenblick/connectors/invoice/"
SLIPS = "/space/alpenblick/connectors/packingslip/"


@pytest.fixture
def invoice(space: Space) -> Invoice:
    PrinterConfigurationFactory(space=space, is_default=True)
    return invoice_of(receive(space))


@pytest.mark.parametrize(("view", "disposition"), [("show", "inline"), ("download", "attachment")])
def test_the_pdf_is_what_prints(viewer_client: Client, invoice: Invoice, view: str, disposition: str) -> None:
    response = viewer_client.get(f"{BASE}{invoice.pk}/{view}/")
    assert response.content == issued_kinds.pdf_of(invoice)
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == f'{disposition}; filename="Invoice {invoice.number}.pdf"'
    assert "no-store" in response.headers["Cache-Control"]


def test_the_packing_slip_has_the_same_pages(viewer_client: Client, invoice: Invoice) -> None:
    slip = PackingSlip.objects.get(order=invoice.order)
    assert viewer_client.get(SLIPS).status_code == 200
    assert slip.number in viewer_client.get(f"{SLIPS}{slip.pk}/change/").content.decode()
    assert viewer_client.get(f"{SLIPS}{slip.pk}/show/").content.startswith(b"%PDF-")


def test_a_copy_that_cannot_be_read_says_so(viewer_client: Client, invoice: Invoice) -> None:
    Invoice._base_manager.filter(pk=invoice.pk).update(data={})
    response = viewer_client.get(f"{BASE}{invoice.pk}/show/", follow=True)
    assert "The document cannot be made" in response.content.decode()


def test_print_again_is_a_job_of_its_own_and_two_clicks_are_one(operator_client: Client, invoice: Invoice) -> None:
    first = PrintJob.objects.get(document_kind="invoice")
    token = "0b9d7f3c-5b0e-4b1f-9d76-0d3c3f6d7a10"
    for _click in range(2):
        response = operator_client.post(f"{BASE}{invoice.pk}/print-again/", {"token": token})
        again = PrintJob.objects.filter(document_kind="invoice").latest("pk")
        assert response.headers["Location"] == f"/space/alpenblick/printing/printjob/{again.pk}/change/"
    assert PrintJob.objects.filter(document_kind="invoice").count() == 2
    assert (again.reprint_of, again.order_number) == (first.pk, invoice.order.number)
    assert again.created_by is not None


def test_it_is_printed_on_the_printer_that_is_chosen_if_it_is_ones_own(
    space: Space, operator_client: Client, invoice: Invoice, stranger: Any
) -> None:
    other = PrinterConfigurationFactory(space=space)
    operator_client.post(f"{BASE}{invoice.pk}/print-again/", {"configuration": other.pk})
    assert PrintJob.objects.in_space(space).latest("pk").configuration == other
    before = PrintJob.objects.count()
    for configuration in (stranger.configuration.pk, 10**9, "x"):
        response = operator_client.post(f"{BASE}{invoice.pk}/print-again/", {"configuration": configuration})
        assert response.status_code == 404
    assert PrintJob.objects.count() == before


def test_many_are_printed_at_once(operator_client: Client, invoice: Invoice) -> None:
    data = {"action": "print_selected", "_selected_action": [invoice.pk]}
    assert operator_client.post(BASE, data).status_code == 302
    assert PrintJob.objects.filter(document_kind="invoice").count() == 2


def test_nobody_changes_adds_or_deletes_an_invoice(owner_client: Client, invoice: Invoice) -> None:
    page = f"{BASE}{invoice.pk}/change/"
    assert owner_client.get(page).status_code == 200
    assert owner_client.post(page, {}).status_code == 405
    assert owner_client.get(f"{BASE}add/").status_code == 403
    assert owner_client.post(f"{BASE}{invoice.pk}/delete/", {"post": "yes"}).status_code == 403
    assert owner_client.get(f"{BASE}{invoice.pk}/print-again/").status_code == 405


def test_a_viewer_prints_nothing(viewer_client: Client, invoice: Invoice) -> None:
    assert "Print again" not in viewer_client.get(f"{BASE}{invoice.pk}/change/").content.decode()
    assert viewer_client.post(f"{BASE}{invoice.pk}/print-again/").status_code == 403
    viewer_client.post(BASE, {"action": "print_selected", "_selected_action": [invoice.pk]})
    assert PrintJob.objects.filter(document_kind="invoice").count() == 1


def test_without_printing_there_is_no_button(space: Space, operator_client: Client) -> None:
    invoice = invoice_of(receive(space))
    space.features.all().delete()
    PrintJob.objects.all().delete()
    assert "Print again" not in operator_client.get(f"{BASE}{invoice.pk}/change/").content.decode()
    assert operator_client.post(f"{BASE}{invoice.pk}/print-again/").status_code == 403


@pytest.mark.parametrize("view", ["change", "show", "download"])
def test_a_stranger_finds_nothing(invoice: Invoice, stranger: Any, stranger_client: Client, view: str) -> None:
    slip = PackingSlip.objects.get()
    for slug in ("alpenblick", stranger.space.slug):
        for model, pk in (("invoice", invoice.pk), ("packingslip", slip.pk)):
            base = f"/space/{slug}/connectors/{model}/{pk}/"
            assert stranger_client.get(f"{base}{view}/").status_code == 404
            assert stranger_client.post(f"{base}print-again/").status_code == 404
            assert Client().get(f"{base}{view}/").status_code == 302  # to the log-in page


def test_the_list_is_found_through_by_number_order_and_customer(viewer_client: Client, space: Space) -> None:
    wanted = invoice_of(receive(space, number="A-4711", customer={"name": "Muster GmbH", "city": "X", "country": "DE"}))
    other = invoice_of(receive(space, number="B-1"))
    for term in (wanted.number, "A-4711", "muster"):
        content = viewer_client.get(BASE, {"q": term}).content.decode()
        assert f"/connectors/invoice/{wanted.pk}/change/" in content
        assert f"/connectors/invoice/{other.pk}/change/" not in content


def test_a_longer_list_asks_the_database_as_often(space: Space, viewer_client: Client, invoice: Invoice) -> None:
    counts = []
    for _round in range(2):
        for _order in range(3):
            receive(space)
        viewer_client.get(BASE)
        with CaptureQueriesContext(connection) as queries:
            viewer_client.get(BASE)
        counts.append(len(queries))
    assert counts[0] == counts[1]
