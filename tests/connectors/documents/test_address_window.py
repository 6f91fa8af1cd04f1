"""The address shows through the window of the envelope and nothing else does.

DIN 5008 form B: address field 20 to 105 mm from the left, recipient from 62.7 to 90 mm from the top.  SN 010130:
address field from 118 mm to the right, 50 mm from the top.
"""

from __future__ import annotations

import pytest

from connectors.documents.data import Party
from connectors.documents.render import render_invoice
from tests.connectors.documents.pdf import Place, place
from tests.connectors.documents.samples import BRITISH, invoice

LONG = Party(
    company="Internationale Vereinigung der Herstellerinnen und Hersteller von Beleuchtungskörpern e. V.",
    name="Abteilung für Beschaffung, Einkauf und Logistik",
    extra="Gebäude 7, Aufgang C, 3. Obergeschoss, Zimmer 3.14",
    street="Donaudampfschifffahrtsgesellschaftskapitänsstraße 1234 b",
    postal_code="12345",
    city="Langenbeispiel",
    country="GR",
)


def inside(inner: Place, outer: Place) -> bool:
    """Say whether one rectangle lies in the other."""
    return (
        outer.left <= inner.left
        and outer.top <= inner.top
        and inner.right <= outer.right
        and inner.bottom <= outer.bottom
    )


GERMAN_FIELD = Place(left=20, top=62.7, right=105, bottom=90)
SWISS_FIELD = Place(left=118, top=50, right=200, bottom=90)


@pytest.mark.parametrize("country", ["DE", "AT"])
def test_the_window_is_on_the_left_in_germany_and_austria(country: str) -> None:
    pdf = render_invoice(invoice(country=country))
    for line in ("Käuferin & Söhne OHG", "Äußere Lübecker Straße 100 a", "54321 Beispielhausen"):
        assert inside(place(pdf, line), GERMAN_FIELD)


@pytest.mark.parametrize("country", ["CH", "LI"])
def test_the_window_is_on_the_right_in_switzerland_and_liechtenstein(country: str) -> None:
    pdf = render_invoice(invoice(country=country, billing_address=BRITISH))
    for line in ("Sample Ltd", "1 Example Street", "VEREINIGTES KÖNIGREICH"):
        assert inside(place(pdf, line), SWISS_FIELD)


def test_the_return_address_is_above_the_recipient_in_the_window() -> None:
    where = place(render_invoice(invoice()), "Muster GmbH · Musterstraße 12 · 12345 Musterstadt")
    assert inside(where, Place(left=20, top=45, right=105, bottom=62.7))


def test_the_information_block_is_beside_the_window() -> None:
    assert place(render_invoice(invoice()), "Rechnungsdatum").left == pytest.approx(125, abs=0.5)
    assert place(render_invoice(invoice()), "Rechnungsdatum").top > 50
    assert place(render_invoice(invoice(country="CH")), "Rechnungsdatum").right < 100


@pytest.mark.parametrize(("country", "field"), [("DE", GERMAN_FIELD), ("CH", SWISS_FIELD)])
def test_a_very_long_address_gets_smaller_until_it_fits(country: str, field: Place) -> None:
    pdf = render_invoice(invoice(country=country, billing_address=LONG))
    for text in ("Internationale", "Abteilung", "12345 Langenbeispiel", "GRIECHENLAND"):
        assert inside(place(pdf, text), field)


def test_the_text_begins_below_the_window() -> None:
    pdf = render_invoice(invoice(billing_address=LONG))
    assert place(pdf, "Bezeichnung").top > 98


def test_a_letter_at_home_does_not_name_the_country() -> None:
    with pytest.raises(AssertionError):
        place(render_invoice(invoice()), "DEUTSCHLAND")
