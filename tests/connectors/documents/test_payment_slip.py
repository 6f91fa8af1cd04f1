"""The payment slip on paper: the code says what the guidelines ask for, and everything is where they want it."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from typing import Any, get_args

import pytest
from PIL import Image

from connectors.documents.errors import DocumentError
from connectors.documents.payment import PaymentPart, PaymentParty, SlipLanguage
from connectors.documents.references import grouped, qr_reference, scor_reference
from connectors.documents.render import render_invoice
from connectors.documents.slip import LABELS
from tests.connectors.documents.payments import DEBTOR, MM, QR_IBAN, SWISS_IBAN, girocode, raster, scan, slip
from tests.connectors.documents.pdf import pages, place, squeezed
from tests.connectors.documents.samples import invoice

D = Decimal
NAMES = [
    "Ö",
    "Käuferin & Söhne OHG",
    "Łukasz Żółć",
    "Société générale d'œuvres “Été” – Genève",
    "Genossenschaft für Landwirtschaft, Weinbau und Obstbau am Bodensee",
    "x" * 70,
    "Ştefan Ţară & Țepeș",
]
STREETS = ["", "Hauptstraße 1", "Äussere Baselstrasse am Hörnli, Eingang Süd, Postfach 12345 Nr. 123"]
CITIES = ["Zürich", "Saint-Légier-La Chiésaz près de Vevey", "St. Gallen"]
AMOUNTS = ["0.01", "0.10", "1", "19.90", "1949.75", "12345.6", "999999999.99"]


def generated(seed: int) -> PaymentPart:
    """A payment slip of any kind; every fourth is open, every fifth names no debtor."""
    chance = random.Random(seed)

    def party() -> PaymentParty:
        return PaymentParty(
            name=chance.choice(NAMES),
            street=chance.choice(STREETS),
            postal_code=str(chance.randint(1000, 99999)),
            city=chance.choice(CITIES)[:35].strip(),
            country=chance.choice(["CH", "LI", "DE", "FR"]),
        )

    kind = ("QRR", "SCOR", "NON")[seed % 3]
    references = {"QRR": qr_reference(chance.randint(1, 999), seed + 1), "SCOR": scor_reference(f"RE-2026-{seed}")}
    return PaymentPart(
        kind="qr_bill",
        creditor=party(),
        debtor=None if seed % 5 == 4 else party(),
        iban=QR_IBAN if kind == "QRR" else SWISS_IBAN,
        currency=chance.choice(["CHF", "EUR"]),
        amount=None if seed % 4 == 3 else D(chance.choice(AMOUNTS)),
        reference=references.get(kind, ""),
        message=chance.choice(["", f"Rechnung {seed}", "Vielen Dank für Ihren Auftrag! " * 4]),
        language=get_args(SlipLanguage)[seed % 4],
        placement=chance.choice(["foot", "page"]),
    )


def plain(text: str) -> str:
    """What a typographic character becomes on a slip."""
    for character, instead in {"“": '"', "”": '"', "–": "-"}.items():
        text = text.replace(character, instead)
    return text.strip()


def expected(part: PaymentPart) -> str:
    """The content of the code, element by element (guidelines 2.3, 4.2.2)."""

    def address(party: PaymentParty | None) -> list[str]:
        if party is None:
            return [""] * 7
        return ["S", plain(party.name), party.street, "", party.postal_code, party.city, party.country]

    kind = "NON" if not part.reference else "SCOR" if part.reference.startswith("RF") else "QRR"
    header = ["SPC", "0200", "1", part.iban]
    amount = "" if part.amount is None else f"{part.amount:.2f}"
    money = [amount, part.currency]
    ultimate_creditor = [""] * 7
    reference = [kind, part.reference, plain(part.message), "EPD"]
    everything = [*header, *address(part.creditor), *ultimate_creditor, *money, *address(part.debtor), *reference]
    assert len(everything) == 31
    return "\r\n".join(everything)


@pytest.mark.parametrize("seed", range(36))
def test_the_code_on_the_page_says_what_the_guidelines_ask_for(seed: int) -> None:
    part = generated(seed)
    pdf = render_invoice(replace(invoice(1 + seed % 3, country="CH"), payment=part))
    assert scan(raster(pdf)).text == expected(part)
    text = squeezed(pages(pdf)[-1])
    words = [LABELS[part.language][key] for key in ("payment_part", "receipt", "account", "currency", "amount")]
    for shown in [*words, part.creditor.city, grouped(part.reference), plain(part.message)]:
        assert squeezed(shown) in text
    # Receipt and payment part; without a reference neither has the heading.
    assert text.count(squeezed(LABELS[part.language]["reference"])) == (2 if part.reference else 0)


def test_the_generated_slips_are_of_every_kind() -> None:
    parts = [generated(seed) for seed in range(36)]
    assert {part.language for part in parts} == set(get_args(SlipLanguage))
    assert {(part.currency, part.placement) for part in parts} == {
        (currency, placement) for currency in ("CHF", "EUR") for placement in ("foot", "page")
    }
    assert {part.reference[:2] == "RF" if part.reference else None for part in parts} == {True, False, None}


@pytest.mark.parametrize("seed", range(30))
def test_the_giro_code_says_what_the_payments_council_asks_for(seed: int) -> None:
    amount, name = D(AMOUNTS[seed % len(AMOUNTS)]), NAMES[seed * 5 % len(NAMES)]
    data = girocode(invoice(1 + seed % 4, number=f"RE-2026-{seed:05d}"), amount=amount)
    assert data.payment is not None
    data = replace(data, payment=replace(data.payment, creditor=replace(DEBTOR, name=name)))
    found = scan(raster(render_invoice(data)))
    # EPC069-12, version 002: no BIC within the EEA, and nothing after the last element that is given.
    assert found.text.split("\n") == [
        "BCD",
        "002",
        "1",
        "SCT",
        "",
        name,
        "DE89370400440532013000",
        f"EUR{amount:.2f}",
        "",
        "",
        data.number,
    ]
    assert found.ec_level == "M"


@pytest.mark.parametrize("placement", ["foot", "page"])
def test_the_code_is_46_millimetres_wide_and_in_its_place(placement: str) -> None:
    corners = scan(raster(render_invoice(slip(invoice(1, country="CH"), placement=placement)))).position
    # Receipt of 62 mm, 5 mm to the code; 17 mm below the upper edge of the slip, which is 105 mm high.
    assert corners.top_left.x / MM == pytest.approx(67, abs=0.5)
    assert corners.top_left.y / MM == pytest.approx(192 + 17, abs=0.5)
    assert (corners.top_right.x - corners.top_left.x) / MM == pytest.approx(46, abs=0.5)
    assert (corners.bottom_left.y - corners.top_left.y) / MM == pytest.approx(46, abs=0.5)


def test_the_swiss_cross_is_in_the_middle_of_the_code() -> None:
    image = raster(render_invoice(slip(invoice(1, country="CH"))))
    x, y = (67 + 23) * MM, (192 + 17 + 23) * MM

    def shade(right: float, down: float) -> int:
        value: Any = image.getpixel((round(x + right * MM), round(y + down * MM)))
        return int(value)

    # 7 mm with a white rim of half a millimetre, the arms of the cross 3.9 mm long and 1.2 mm wide.
    assert [shade(0, 0), shade(1.8, 0), shade(0, -1.8), shade(-1.8, 0), shade(0, 1.8)] == [255] * 5
    assert [shade(1.2, 1.2), shade(-1.2, 1.2), shade(2.5, 0), shade(0, -2.5), shade(2.9, 2.9)] == [0] * 5
    assert [shade(3.3, 0), shade(-3.3, 1), shade(0, 3.3), shade(1, -3.3)] == [255] * 4


def ink(image: Image.Image, left: float, top: float, right: float, bottom: float) -> int:
    """How many pixels of a field, in millimetres, are dark."""
    field = image.crop((round(left * MM), round(top * MM), round(right * MM), round(bottom * MM)))
    return sum(field.histogram()[:128])


def test_perforated_paper_gets_no_lines_and_other_paper_gets_them_with_scissors() -> None:
    perforated = raster(render_invoice(slip(invoice(1, country="CH"))))
    plain_paper = raster(render_invoice(slip(invoice(1, country="CH"), placement="foot")))
    across, down = (0, 191, 210, 194), (60.5, 194, 63.5, 297)
    assert (ink(perforated, *across), ink(perforated, *down)) == (0, 0)
    for line in (across, down):
        assert ink(plain_paper, *line) > 500
    # The scissors stand on the lines, and are thicker than these.
    assert ink(plain_paper, 8, 190.5, 12, 193.5) > ink(plain_paper, 20, 190.5, 24, 193.5) * 1.5
    assert ink(plain_paper, 60.5, 200, 63.5, 204) > ink(plain_paper, 60.5, 220, 63.5, 224) * 1.5


@pytest.mark.parametrize("seed", range(0, 36, 3))
def test_five_millimetres_stay_free_at_every_edge(seed: int) -> None:
    image = raster(
        render_invoice(replace(invoice(1, country="CH"), payment=replace(generated(seed), placement="page")))
    )
    assert ink(image, 0, 192, 5, 297) == 0
    assert ink(image, 57, 192, 67, 297) == 0
    assert ink(image, 205, 192, 210, 297) == 0
    assert ink(image, 0, 292, 210, 297) == 0
    assert ink(image, 0, 192, 210, 196.5) == 0
    # Between what is to be paid and by whom nothing overlaps: the amounts have their line to themselves.
    assert ink(image, 5, 66.6 + 192, 56, 67.8 + 192) == 0


def test_a_short_invoice_keeps_its_slip_on_the_page_and_a_longer_one_moves_it() -> None:
    assert len(pages(render_invoice(slip(invoice(1, country="CH"), placement="foot")))) == 1
    moved = pages(render_invoice(slip(invoice(6, country="CH"), placement="foot")))
    assert len(moved) == 2
    assert "Empfangsschein" not in moved[0]
    assert "Seite 2 von 2" in moved[1]


@pytest.mark.parametrize("count", [1, 5, 12, 13, 14, 25, 40, 60])
@pytest.mark.parametrize("placement", ["foot", "page"])
def test_nothing_of_the_letter_runs_into_the_slip(count: int, placement: str) -> None:
    pdf = render_invoice(slip(invoice(count, country="CH"), placement=placement))
    last = len(pages(pdf)) - 1
    assert [number for number, text in enumerate(pages(pdf)) if "Empfangsschein" in text] == [last]
    assert place(pdf, "Empfangsschein", last).top == pytest.approx(192 + 5, abs=1)
    for words in ("Bitte verwenden Sie", "UID CHE"):
        on = next(number for number in range(last, -1, -1) if words in pages(pdf)[number])
        assert place(pdf, words, on).bottom < (190 if on == last else 297)


def test_letter_and_slip_are_together_what_the_whole_is() -> None:
    for count in (1, 30):
        data = slip(invoice(count, country="CH"))
        whole = render_invoice(data)
        letter, only_slip = render_invoice(data, part="letter"), render_invoice(data, part="slip")
        assert pages(letter) + pages(only_slip) == pages(whole)
        assert len(pages(only_slip)) == 1
        for number in range(len(pages(letter))):
            assert raster(letter, number).tobytes() == raster(whole, number).tobytes()
        assert raster(only_slip).tobytes() == raster(whole).tobytes()


def test_the_letter_counts_its_own_pages() -> None:
    data = slip(invoice(1, country="CH"))
    assert "Seite 1 von 1" in pages(render_invoice(data))[0]
    assert "Seite" not in pages(render_invoice(data))[1]


def test_only_a_page_of_its_own_is_printed_apart() -> None:
    at_the_foot = slip(invoice(1, country="CH"), placement="foot")
    assert render_invoice(at_the_foot, part="letter") == render_invoice(at_the_foot)
    for data in (at_the_foot, girocode(invoice(1)), invoice(1)):
        with pytest.raises(DocumentError, match="RE-2025-00042 has no payment slip on a page of its own"):
            render_invoice(data, part="slip")


@pytest.mark.parametrize("part", ["whole", "letter", "slip"])
def test_it_is_the_same_file_each_time_and_can_be_archived(part: Any) -> None:
    data = slip(invoice(3, country="CH"))
    pdf = render_invoice(data, part=part)
    assert pdf == render_invoice(type(data).from_json(data.to_json()), part=part)
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf


def test_the_account_stands_in_words_unless_a_slip_says_it() -> None:
    assert "Kontoinhaber" not in pages(render_invoice(slip(invoice(1, country="CH"))))[0]
    assert "Kontoinhaber" in pages(render_invoice(girocode(invoice(1))))[0]
    assert "Zahlen mit Code" in pages(render_invoice(girocode(invoice(1))))[0]
    assert "Zahlen mit Code" not in pages(render_invoice(invoice(1)))[0]
