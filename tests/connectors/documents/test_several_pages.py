"""A long invoice stays readable: numbered pages, repeated headers, totals that are never torn apart or left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.documents.render import render_invoice
from tests.connectors.documents.pdf import pages, squeezed, words_of
from tests.connectors.documents.samples import invoice


def test_every_page_has_its_number_the_table_header_and_the_company() -> None:
    sheets = pages(render_invoice(invoice(60)))
    assert len(sheets) == 4
    for number, sheet in enumerate(sheets, start=1):
        assert f"Seite {number} von 4" in sheet
        assert "Einzelpreis" in sheet
        assert "USt-IdNr. DE123456789" in sheet
        assert "Rechnung RE-2025-00042" in sheet


def test_a_single_page_has_no_running_header() -> None:
    (sheet,) = pages(render_invoice(invoice(1)))
    assert sheet.count("Rechnung RE-2025-00042") == 1


def test_every_line_appears_once() -> None:
    text = words_of(render_invoice(replace(data := invoice(300), lines=_named(data.lines))))
    assert all(text.count(f"Ware-{number:04}.") == 1 for number in range(1, 301))


@pytest.mark.parametrize("count", range(8, 20))
def test_the_totals_stay_together_and_below_a_line(count: int) -> None:
    """Line by line the totals move towards the end of the page: somewhere in this range they jump to the next one."""
    data = invoice(count)
    sheets = pages(render_invoice(replace(data, lines=_named(data.lines))))
    (sheet,) = (text for text in sheets if "Gesamtbetrag EUR" in text)
    for part in ("Zwischensumme", "Versandkosten", "Nettobetrag", "USt. 7 %", "USt. 19 %", f"Ware-{count:04}."):
        assert part in sheet


def test_a_description_longer_than_a_page_flows_on() -> None:
    data = invoice(1)
    text = " ".join(f"Wort{number}" for number in range(900))
    sheets = pages(render_invoice(replace(data, lines=(replace(data.lines[0], description=text),))))
    assert len(sheets) > 2
    everything = squeezed("".join(sheets))
    assert all(f"Wort{number}" in everything for number in range(900))


def test_ten_thousand_lines_are_printed() -> None:
    sheets = pages(render_invoice(invoice(10_000)))
    assert len(sheets) > 300
    assert f"Seite {len(sheets)} von {len(sheets)}" in sheets[-1]
    assert "Gesamtbetrag EUR" in sheets[-1]


def _named(lines: tuple) -> tuple:  # type: ignore[type-arg]
    return tuple(replace(line, description=f"Ware-{line.position:04}.") for line in lines)
