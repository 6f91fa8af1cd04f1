"""The fonts travel with the repository, with their licences, and nothing else is used."""

from __future__ import annotations

import re

import typst

from connectors.documents.render import TEMPLATES, render_invoice
from tests.connectors.documents.samples import invoice

FOLDER = TEMPLATES / "fonts"


def test_each_font_has_its_licence_beside_it() -> None:
    for font in [*FOLDER.glob("*.otf"), *FOLDER.glob("*.ttf")]:
        family = font.stem.split("-")[0]
        assert (FOLDER / f"LICENSE-{family}.txt").is_file()


def test_the_fonts_stay_small_enough_for_a_repository() -> None:
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 3_000_000


def test_the_sans_that_the_swiss_payment_slip_asks_for_is_there() -> None:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER)])
    assert "Liberation Sans" in fonts.families()


def test_a_document_embeds_only_fonts_of_the_repository() -> None:
    pdf = render_invoice(invoice(note="Ω Ж שלום مرحبا"))
    names = {name.decode() for name in re.findall(rb"/BaseFont/[A-Z]{6}\+([A-Za-z]+)", pdf)}
    assert "Inter" in names
    assert names <= {"Inter", "LiberationSans", "DejaVuSans"}


def test_templates_fetch_nothing_from_the_internet() -> None:
    for template in TEMPLATES.glob("*.typ"):
        assert not re.search(r"@\w+/", template.read_text(encoding="utf-8"))
