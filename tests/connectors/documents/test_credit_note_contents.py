"""A credit note says which invoice it cancels, and takes every amount of it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from connectors.documents.credit_note import CreditNoteData
from connectors.documents.data import Language
from connectors.documents.errors import DocumentError
from connectors.documents.render import render_credit_note, render_invoice
from connectors.money import Discount
from tests.connectors.documents.pdf import words_of
from tests.connectors.documents.samples import SENDERS, invoice


def credit_note(country: str = "DE", language: Language = "de", **changes: object) -> CreditNoteData:
    canceled = invoice(country=country, language=language, discount=Discount(amount=Decimal(10)))
    data = CreditNoteData(
        number="S2025-0007",
        issue_date=date(2025, 12, 1),
        sender=SENDERS[country],
        language=language,
        country=country,
        invoice=canceled,
    )
    return replace(data, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "said",
    [
        "Stornorechnung S2025-0007",
        "Diese Stornorechnung hebt die Rechnung RE-2025-00042 vom 24.11.2025 vollständig auf.",
        "Datum 01.12.2025",
        "Rechnungsnummer RE-2025-00042",
        "Rechnungsdatum 24.11.2025",
        "Käuferin & Söhne OHG Abteilung Einkauf",
        "USt-IdNr. DE123456789",
        "−2 Stk. 89,90 19 % −179,80",
        "Rabatt 10,00",
        "Versandkosten −4,90",
        "Aus der Rechnung RE-2025-00042 ist nichts mehr zu zahlen.",
    ],
)
def test_it_says_what_it_takes_back(said: str) -> None:
    assert said in words_of(render_credit_note(credit_note()))


def test_its_total_is_that_of_the_invoice_with_a_minus_sign() -> None:
    data = credit_note()
    total = words_of(render_invoice(data.invoice)).split("Gesamtbetrag EUR ")[1].split()[0]
    assert f"Gesamtbetrag EUR −{total}" in words_of(render_credit_note(data))


def test_nobody_is_asked_to_pay() -> None:
    text = words_of(render_credit_note(credit_note()))
    assert "Bitte zahlen" not in text
    assert "Kontoinhaber" not in text
    assert "Fällig" not in text


@pytest.mark.parametrize(
    ("country", "language", "name"),
    [
        ("DE", "de", "Stornorechnung"),
        ("CH", "de", "Gutschrift"),
        ("DE", "en", "Credit note"),
        ("CH", "en", "Credit note"),
    ],
)
def test_each_country_calls_it_by_its_name(country: str, language: Language, name: str) -> None:
    text = words_of(render_credit_note(credit_note(country, language)))
    assert f"{name} S2025-0007" in text
    assert ("Gutschrift" in text) == (name == "Gutschrift")


def test_the_reason_is_said_where_there_is_one() -> None:
    assert "Grund: Falsche Anschrift" in words_of(render_credit_note(credit_note(reason="Falsche Anschrift")))
    assert "Grund" not in words_of(render_credit_note(credit_note()))


def test_a_copy_says_that_it_is_one() -> None:
    assert "KOPIE" in words_of(render_credit_note(credit_note(), copy=True))


def test_the_stored_copy_comes_back_as_it_was_and_another_kind_is_refused() -> None:
    data = credit_note()
    assert CreditNoteData.from_json(data.to_json()) == data
    with pytest.raises(DocumentError, match="credit_note"):
        CreditNoteData.from_json(data.invoice.to_json())


def test_an_invoice_names_the_one_it_replaces() -> None:
    text = words_of(render_invoice(invoice(replaces="RE-2025-00041", replaces_date=date(2025, 11, 20))))
    assert "Diese Rechnung ersetzt die Rechnung RE-2025-00041 vom 20.11.2025." in text
    assert "ersetzt" not in words_of(render_invoice(invoice()))
