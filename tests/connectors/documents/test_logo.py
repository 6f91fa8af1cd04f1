"""The merchant's logo stands at the head of the letter; without one, the company's name does."""

from __future__ import annotations

import io
from dataclasses import replace
from hashlib import sha256

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest

from connectors.documents.errors import DocumentError
from connectors.documents.render import render_invoice, render_packing_slip
from tests.connectors.documents.pdf import MM, place
from tests.connectors.documents.samples import SVG, invoice, packing_slip, png


def jpeg() -> bytes:
    buffer = io.BytesIO()
    pdfium.PdfDocument(render_invoice(invoice(1)))[0].render(scale=0.2).to_pil().save(buffer, "JPEG")
    return buffer.getvalue()


def image_box(pdf: bytes) -> tuple[float, float, float, float]:
    """Return left, top, width, height of the only image on the first page in millimetres."""
    page = pdfium.PdfDocument(pdf)[0]
    (image,) = page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE])
    left, bottom, right, top = image.get_bounds()
    return left * MM, (page.get_height() - top) * MM, (right - left) * MM, (top - bottom) * MM


@pytest.mark.parametrize("size", [(240, 80), (900, 60), (60, 240), (1, 1)])
def test_a_logo_keeps_its_proportions_and_its_place(size: tuple[int, int]) -> None:
    left, top, width, height = image_box(render_invoice(invoice(), png(*size)))
    assert (left, top) == pytest.approx((25, 14), abs=0.1)
    assert width <= 80.1
    assert height <= 22.1
    assert width / height == pytest.approx(size[0] / size[1], rel=0.01)


@pytest.mark.parametrize("logo", [png(), SVG, jpeg()], ids=["png", "svg", "jpeg"])
def test_png_svg_and_jpeg_are_taken(logo: bytes) -> None:
    assert render_invoice(invoice(), logo) != render_invoice(invoice())
    assert render_packing_slip(packing_slip(), logo) != render_packing_slip(packing_slip())


def test_without_a_logo_the_name_of_the_company_is_the_letterhead() -> None:
    where = place(render_invoice(invoice()), "Muster GmbH")
    assert where.left == pytest.approx(25, abs=0.5)
    assert where.bottom < 40


@pytest.mark.parametrize(
    "logo", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\nbroken", b"<svg", b"<html>", b"\xff\xd8\xffbroken"]
)
def test_what_is_no_image_is_refused(logo: bytes) -> None:
    with pytest.raises(DocumentError):
        render_invoice(invoice(), logo)


def test_another_logo_than_the_document_was_issued_with_is_refused() -> None:
    data = invoice()
    with_logo = replace(data, sender=replace(data.sender, logo_sha256=sha256(SVG).hexdigest()))
    assert render_invoice(with_logo, SVG).startswith(b"%PDF")
    with pytest.raises(DocumentError, match="not the one"):
        render_invoice(with_logo, png())


@pytest.mark.parametrize(
    "link", ["/etc/hostname", "letter.typ", "fonts/Inter-Regular.otf", "https://muster.example/a.png"]
)
def test_a_logo_that_refers_to_another_file_is_refused(link: str) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="{link}"/></svg>'
    with pytest.raises(DocumentError):
        render_invoice(invoice(), svg.encode())
