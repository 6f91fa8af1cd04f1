"""An invoice says what the law and the customer want to know."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from connectors.documents.data import Party, TaxSummaryLine
from connectors.documents.errors import DocumentError
from connectors.documents.render import render_invoice
from connectors.money import Discount
from tests.connectors.documents.pdf import pages, words_of
from tests.connectors.documents.samples import BRITISH, GERMAN, SENDERS, invoice

D = Decimal


@pytest.mark.parametrize(
    "required",
    [
        "Muster GmbH Musterstraße 12 12345 Musterstadt",  # supplier, name and address
        "Käuferin & Söhne OHG Abteilung Einkauf Äußere Lübecker Straße 100 a 54321 Beispielhausen",  # recipient
        "USt-IdNr. DE123456789",  # tax number or VAT identification number
        "Rechnungsdatum 24.11.2025",  # date of issue
        "Rechnungsnummer RE-2025-00042",  # consecutive number
        "1 Tischlampe „Lübeck“, Messing gebürstet",  # kind of the goods
        "2 Stk. 89,90 19 % 179,80",  # quantity, price, rate
        "Lieferdatum 25.11.2025",  # date of supply
        "abzüglich 10 % Rabatt",  # agreed reductions
        "USt. 7 % auf 39,00 2,73",  # net amount and tax per rate
        "USt. 19 % auf 1.489,74 283,05",
        "Gesamtbetrag EUR 1.814,52",
    ],
)
def test_a_german_invoice_has_what_paragraph_14_wants(required: str) -> None:
    assert required in words_of(render_invoice(invoice()))


@pytest.mark.parametrize(
    "required",
    [
        "Beispiel AG Beispielgasse 7 8000 Zürich",
        "UID CHE-123.456.788 MWST",
        "Kundin SA Rue de l’Exemple 3 1200 Genève",
        "Lieferdatum 25.11.2025",
        "Preise in CHF, ohne MWST",
        "1 Set 1’249.00 8.1% 1’249.00",
        "MWST 8.1% auf 1’489.74 120.67",
        "Bitte zahlen Sie CHF 1’650.42 innerhalb von 14 Tagen, bis zum 08.12.2025.",
    ],
)
def test_a_swiss_invoice_has_what_article_26_wants(required: str) -> None:
    assert required in words_of(render_invoice(invoice(country="CH")))


@pytest.mark.parametrize(
    "expected",
    [
        "Invoice RE-2025-00042",
        "Invoice date 24 Nov 2025",
        "Please pay €1,814.52 within 14 days, by 8 Dec 2025.",
        "Total EUR 1,814.52",
        "VAT 19% on 1,489.74 283.05",
        "Sampleton AB1 2CD VEREINIGTES KÖNIGREICH",
        "Page 1 of 1",
    ],
)
def test_an_english_invoice_of_a_german_merchant_is_english(expected: str) -> None:
    assert expected in words_of(render_invoice(invoice(language="en", billing_address=BRITISH)))


def test_gross_prices_show_the_tax_that_is_contained_after_the_total() -> None:
    text = words_of(render_invoice(invoice(gross=True)))
    assert "Preise in EUR, inklusive USt." in text
    assert "Gesamtbetrag EUR 1.528,74 Nettobetrag 1.288,33 enthaltene USt. 7 % auf 36,45 2,55" in text


def test_discount_and_shipping_stand_between_subtotal_and_net() -> None:
    text = words_of(render_invoice(invoice(discount=Discount(percent=D(5)))))
    assert "Zwischensumme 1.523,84 Rabatt 5 % −76,19 Versandkosten 4,90 Nettobetrag 1.452,55" in text


def test_without_discount_and_shipping_there_is_no_subtotal() -> None:
    text = words_of(render_invoice(invoice(shipping=D(0))))
    assert "Zwischensumme" not in text
    assert "Rabatt 5" not in text
    assert "Versandkosten" not in text


def test_an_exempt_invoice_names_the_reason() -> None:
    reason = "Steuerfreie innergemeinschaftliche Lieferung (§ 4 Nr. 1 Buchst. b UStG)."
    group = TaxSummaryLine(rate=D(0), net=D("184.70"), tax=D(0), gross=D("184.70"))
    text = words_of(render_invoice(invoice(1, tax_summary=(group,), tax_note=reason)))
    assert "USt. 0 % auf 184,70 0,00" in text
    assert reason in text


def test_without_a_date_of_delivery_the_invoice_says_that_it_is_the_date_of_issue() -> None:
    text = words_of(render_invoice(invoice(delivery_date=None)))
    assert "Das Lieferdatum entspricht dem Rechnungsdatum." in text


def test_the_bank_account_is_given_with_the_number_as_reference() -> None:
    text = words_of(render_invoice(invoice()))
    assert "IBAN DE89 3704 0044 0532 0130 00 BIC COBADEFFXXX Bank Musterbank Verwendungszweck RE-2025-00042" in text


def test_a_paid_invoice_asks_for_nothing() -> None:
    text = words_of(render_invoice(invoice(paid=True)))
    assert "Der Betrag ist bereits bezahlt." in text
    assert "Bitte zahlen" not in text
    assert "Verwendungszweck" not in text
    assert "Fällig am" not in text


def test_a_credit_asks_for_nothing_and_shows_a_real_minus_sign() -> None:
    text = words_of(render_invoice(replace(invoice(1), gross=D("-219.79"))))
    assert "Gesamtbetrag EUR −219,79" in text
    assert "Bitte zahlen" not in text


def test_another_delivery_address_is_shown_and_the_same_one_is_not() -> None:
    elsewhere = Party(name="Lager Süd", street="Hafenweg 5", postal_code="99999", city="Musterhafen", country="DE")
    text = words_of(render_invoice(invoice(delivery_address=elsewhere)))
    assert "Lieferanschrift Lager Süd, Hafenweg 5, 99999 Musterhafen" in text
    assert "Lieferanschrift" not in words_of(render_invoice(invoice(delivery_address=GERMAN)))


def test_what_is_empty_leaves_no_label_behind() -> None:
    bare = replace(SENDERS["DE"], phone="", email="", website="", bank_name="", iban="", bic="", register_text="")
    text = words_of(
        render_invoice(invoice(sender=bare, customer_number="", order_number="", order_date=None, due_date=None))
    )
    for label in ("Telefon", "IBAN", "BIC", "Kundennummer", "Bestellnummer", "Bestelldatum", "Fällig"):
        assert label not in text
    assert "Der Gesamtbetrag von 1.814,52 € ist sofort fällig." in text


def test_line_breaks_in_a_note_are_kept() -> None:
    (page,) = pages(render_invoice(invoice(1, note="Vielen Dank.\nBis bald.")))
    assert "Vielen Dank.\nBis bald." in page


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(DocumentError, match="“fr”"):
        render_invoice(replace(invoice(), language="fr"))  # type: ignore[arg-type]
