"""An invoice is issued with what it is paid by: a payment slip or a GiroCode, and a reference that finds it again."""

from __future__ import annotations

from typing import Any

import pytest

from connectors import issued_kinds
from connectors.documents.references import normalised, source_of
from connectors.models import Invoice, IssuedForGood, NumberSeries, SeriesKind, Slip
from printing import kinds
from spaces.models import Space
from tests.connectors.documents.payments import GERMAN_IBAN, QR_IBAN, SWISS_IBAN, raster, scan
from tests.connectors.documents.pdf import pages
from tests.connectors.factories import invoice_of, line_json, receive, swiss, swiss_invoice

pytestmark = pytest.mark.django_db


def test_a_qr_iban_gives_each_invoice_a_qr_reference_that_names_it(space: Space) -> None:
    connector = swiss(space)
    invoices = [swiss_invoice(space, connector) for _number in range(3)]
    for invoice in invoices:
        payment = invoice.copy.payment
        assert payment is not None
        assert source_of(invoice.payment_reference) == (space.pk, invoice.pk)
        assert payment.reference == invoice.payment_reference == normalised(payment.reference)
        assert (payment.iban, payment.amount, payment.currency) == (QR_IBAN, invoice.gross, "CHF")
        assert Invoice.objects.in_space(space).get(payment_reference=invoice.payment_reference) == invoice


def test_an_iban_gives_a_creditor_reference_with_the_number(space: Space) -> None:
    invoice = swiss_invoice(space, swiss(space, iban="CH93 0076 2011 6238 5295 7"))
    assert invoice.payment_reference[4:] == invoice.number.replace("-", "")
    payment = invoice.copy.payment
    assert payment is not None
    assert (payment.iban, payment.reference) == (SWISS_IBAN, invoice.payment_reference)
    assert normalised(payment.reference) == payment.reference


@pytest.mark.parametrize("pattern", ["Rechnung-{year}-{number}-Gross-und-lang", "Größe {number}"])
def test_a_number_that_fits_into_no_reference_is_its_own(space: Space, pattern: str) -> None:
    connector = swiss(space, iban=SWISS_IBAN)
    series_of(space, pattern)
    invoice = swiss_invoice(space, connector)
    assert invoice.payment_reference == invoice.number
    payment = invoice.copy.payment
    assert payment is not None
    assert (payment.reference, payment.message) == ("", f"Invoice {invoice.number}")


def test_two_numbers_of_the_same_letters_do_not_share_a_reference(space: Space) -> None:
    connector = swiss(space, iban=SWISS_IBAN)
    series = series_of(space, "A-{number}")
    first = swiss_invoice(space, connector)
    series.counters.update(last=0)
    series.pattern = "A/{number}"
    series.save()
    second = swiss_invoice(space, connector)
    assert (first.number, second.number) == ("A-0001", "A/0001")
    assert first.payment_reference.startswith("RF")
    assert second.payment_reference == "A/0001"


def series_of(space: Space, pattern: str) -> Any:
    return NumberSeries.objects.create(space=space, kind=SeriesKind.INVOICE, pattern=pattern)


@pytest.mark.parametrize(
    ("tag", "language"),
    [("fr-CH", "fr"), ("it", "it"), ("de_AT", "de"), ("en-GB", "en"), ("pt", "en"), ("", "en")],
)
def test_the_slip_speaks_the_customers_language_where_it_can(space: Space, tag: str, language: str) -> None:
    invoice = swiss_invoice(space, swiss(space), customer={"language": tag})
    payment = invoice.copy.payment
    assert payment is not None
    assert payment.language == language
    assert {"fr": "Récépissé", "it": "Ricevuta", "de": "Empfangsschein", "en": "Receipt"}[language] in (
        pages(issued_kinds.pdf_of(invoice))[-1]
    )


@pytest.mark.parametrize(
    "order",
    [
        {"paid_at": "2026-01-31T10:00:00+01:00"},
        {"lines": [line_json(unit_price="0")]},
        {"currency": "USD"},
    ],
)
def test_nothing_to_pay_and_other_currencies_have_no_slip(space: Space, order: dict[str, Any]) -> None:
    invoice = swiss_invoice(space, swiss(space), **order)
    assert invoice.copy.payment is None
    assert invoice.payment_reference == invoice.number
    assert "Receipt" not in pages(issued_kinds.pdf_of(invoice))[-1]


def test_a_connector_without_slips_makes_none(space: Space) -> None:
    assert swiss_invoice(space, swiss(space, slip=Slip.NONE)).copy.payment is None


def test_a_customer_who_does_not_fit_on_the_slip_gets_one_to_fill_in(space: Space) -> None:
    invoice = swiss_invoice(space, swiss(space), customer={"company": "Иван"})
    payment = invoice.copy.payment
    assert payment is not None
    assert payment.debtor is None
    assert "Payable by (name/address)" in pages(issued_kinds.pdf_of(invoice))[-1]


def test_a_sender_who_does_not_fit_never_stops_the_sale(space: Space, caplog: pytest.LogCaptureFixture) -> None:
    connector = swiss(space)
    Space.objects.filter(pk=space.pk).update(city="x" * 40)
    space.refresh_from_db()
    invoice = swiss_invoice(space, connector)
    assert invoice.copy.payment is None
    assert "has no payment slip: The city" in caplog.text


def test_a_euro_invoice_of_a_german_account_has_a_giro_code(space: Space) -> None:
    space.iban = GERMAN_IBAN
    space.save()
    invoice = invoice_of(receive(space))
    assert invoice.payment_reference == invoice.number
    lines = scan(raster(issued_kinds.pdf_of(invoice))).text.split("\n")
    assert lines[5:8] == [space.company, GERMAN_IBAN, "EUR23.80"]
    assert lines[10] == invoice.number


@pytest.mark.parametrize(
    "order",
    [{"currency": "USD"}, {"paid_at": "2026-01-31T10:00:00+01:00"}, {"lines": [line_json(unit_price="0")]}],
)
def test_no_giro_code_where_nothing_is_paid_in_euros(space: Space, order: dict[str, Any]) -> None:
    space.iban = GERMAN_IBAN
    space.save()
    assert invoice_of(receive(space, **order)).copy.payment is None


def test_letter_and_slip_are_kinds_of_their_own(space: Space) -> None:
    invoice = swiss_invoice(space, swiss(space))
    assert issued_kinds.has_slip_page(invoice)
    letter = kinds.get(issued_kinds.INVOICE_LETTER)
    slip = kinds.get(issued_kinds.PAYMENT_SLIP)
    assert letter is not None
    assert slip is not None
    assert letter.render is not None
    assert slip.render is not None
    whole = pages(issued_kinds.pdf_of(invoice))
    assert [*pages(letter.render(invoice.pk)), *pages(slip.render(invoice.pk))] == whole
    assert issued_kinds.title_of(invoice, "slip") == f"Invoice {invoice.number} (payment slip)"


def test_an_invoice_without_a_page_for_it_prints_no_slip(space: Space) -> None:
    invoice = swiss_invoice(space, swiss(space, slip=Slip.FOOT))
    assert not issued_kinds.has_slip_page(invoice)
    with pytest.raises(kinds.RenderingFailed, match="no payment slip on a page of its own"):
        issued_kinds.pdf_of(invoice, "slip")


def test_the_payment_is_frozen_with_the_invoice(space: Space) -> None:
    invoice = swiss_invoice(space, swiss(space))
    before = issued_kinds.pdf_of(invoice)
    space.qr_iban, space.company = "", "Ganz anders AG"
    space.save()
    assert issued_kinds.pdf_of(Invoice.objects.get(pk=invoice.pk)) == before
    with pytest.raises(IssuedForGood, match="payment_reference"):
        Invoice.objects.update(payment_reference="1")
    assert Invoice.objects.complete(invoice) == 0
