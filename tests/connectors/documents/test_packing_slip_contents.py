"""A packing slip tells the person at the packing table what goes into the parcel, and no prices."""

from __future__ import annotations

from connectors.documents.render import render_packing_slip
from tests.connectors.documents.pdf import pages, place, words_of
from tests.connectors.documents.samples import packing_slip


def test_it_lists_number_article_description_and_quantity() -> None:
    text = words_of(render_packing_slip(packing_slip()))
    assert "Lieferschein LS-2025-00042" in text
    assert "Pos. Art.-Nr. Bezeichnung Menge Geprüft" in text
    assert "2 LM-E27-08 Leuchtmittel E27, 8 W, warmweiß 6 Stk." in text
    assert "4 TK-3x075 Textilkabel, meterweise 12,5 m" in text


def test_it_names_the_order_and_the_shipping_method() -> None:
    text = words_of(render_packing_slip(packing_slip(language="en")))
    assert "Order number 4711" in text
    assert "Order date 23 Nov 2025" in text
    assert "Shipping method Paketdienst" in text


def test_it_shows_no_prices_and_no_tax() -> None:
    text = words_of(render_packing_slip(packing_slip()))
    for word in ("Einzelpreis", "Betrag", "USt. ", "89,90", "1.249,00", "EUR", "€"):
        assert word not in text


def test_the_delivery_address_stands_in_the_window() -> None:
    where = place(render_packing_slip(packing_slip()), "Käuferin & Söhne OHG")
    assert 20 < where.left < 30
    assert 62.7 <= where.top < 70


def test_the_header_of_the_table_and_the_number_are_on_each_page() -> None:
    sheets = pages(render_packing_slip(packing_slip(60)))
    assert len(sheets) > 2
    for number, sheet in enumerate(sheets, start=1):
        assert "Lieferschein LS-2025-00042" in sheet
        assert "Bezeichnung" in sheet
        assert f"Seite {number} von {len(sheets)}" in sheet


def test_a_slip_without_article_numbers_and_units_has_no_such_columns() -> None:
    data = packing_slip(1)
    (line,) = data.lines
    text = words_of(
        render_packing_slip(packing_slip(lines=(type(line)(position=1, description="Ding", quantity=line.quantity),)))
    )
    assert "Art.-Nr." not in text
    assert "1 Ding 2" in text


def test_a_slip_without_lines_is_still_a_slip() -> None:
    assert "Lieferschein" in words_of(render_packing_slip(packing_slip(0)))
