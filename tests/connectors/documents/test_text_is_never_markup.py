"""Whatever a customer types is printed as typed; nothing of it is ever a command."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.documents.data import InvoiceData, Party
from connectors.documents.render import render_invoice, render_packing_slip
from tests.connectors.documents.pdf import pages, squeezed
from tests.connectors.documents.samples import invoice, packing_slip
from tests.generated import examples

HOSTILE = [
    '#import "@preview/example:0.1.0": *',
    '#read("/etc/passwd")',
    "#panic()",
    "#set page(width: 1mm)",
    '") + sys.inputs + ("',
    "$ x^2 / 0 $ \\alpha",
    "*bold* _italic_ `code` = Heading",
    "- list\n+ enum\n/ term: x",
    "@label <label> // comment /* comment */",
    "\\ \" ' ~ -- --- ...",
    "https://example.com/?a=1&b=2",
    "{{ x }} {% y %} %s {0}",
]


def everywhere(text: str) -> InvoiceData:
    data = invoice(2)
    return replace(
        data,
        number=text,
        billing_address=Party(company=text, city=text, vat_number=text),
        delivery_address=Party(company=text),
        lines=tuple(replace(line, description=text, sku=text, unit=text) for line in data.lines),
        sender=replace(data.sender, company=text, register_text=text, website=text, iban=text),
        customer_number=text,
        payment_text=text,
        tax_note=text,
        note=text,
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_printed_literally(text: str) -> None:
    printed = squeezed("".join(pages(render_invoice(invoice(1, note=text)))))
    assert squeezed(text) in printed
    render_invoice(everywhere(text))


@pytest.mark.parametrize("text", ["😀🎉", "שלום", "مرحبا", "漢字かな", "\u202eevil", "a\u0301", "\U0010ffff", "👨‍👩‍👧"])
def test_any_script_and_any_sign_gives_a_document(text: str) -> None:
    assert render_invoice(everywhere(text)).startswith(b"%PDF")
    assert render_packing_slip(packing_slip(note=text)).startswith(b"%PDF")


@pytest.mark.parametrize("text", ["ÄÖÜäöüß€", "Łódź", "Čeština ěščřž", "Ελληνικά", "Кириллица", "İstanbul", "Þórður"])
def test_the_letters_of_europe_are_printed(text: str) -> None:
    assert text in "".join(pages(render_invoice(invoice(1, note=text))))


def test_control_characters_and_halves_of_characters_are_left_out() -> None:
    assert "Eins Zwei Drei" in "".join(pages(render_invoice(invoice(1, note="Eins\x00Zwei\ud800Drei"))))


def test_five_thousand_characters_without_a_space_stay_in_their_column() -> None:
    printed = squeezed("".join(pages(render_invoice(everywhere("W" * 5000)))))
    assert printed.count("W") > 5000 * 6


def test_five_thousand_characters_without_a_space_are_printed_in_full() -> None:
    data = invoice(1)
    long = replace(data, lines=(replace(data.lines[0], description="Qx" * 2500),))
    printed = squeezed("".join(pages(render_invoice(long))))
    assert printed.count("Qx") == 2500


@settings(max_examples=examples(20), deadline=None)
@given(st.text(max_size=200))
def test_no_text_at_all_breaks_a_document(text: str) -> None:
    assert render_invoice(everywhere(text)).startswith(b"%PDF")
