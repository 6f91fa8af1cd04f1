"""Reads PDF files as a person would: words, pages, places on the paper."""

from __future__ import annotations

from dataclasses import dataclass

import pypdfium2 as pdfium

MM = 25.4 / 72


@dataclass(frozen=True)
class Place:
    """Where a text stands: millimetres from the upper left corner of the sheet."""

    left: float
    top: float
    right: float
    bottom: float


def pages(pdf: bytes) -> list[str]:
    """Return the text of each page; no-break spaces count as spaces."""
    document = pdfium.PdfDocument(pdf)
    return [page.get_textpage().get_text_range().replace("\r\n", "\n").replace("\xa0", " ") for page in document]


def words_of(pdf: bytes) -> str:
    """Return the text of all pages with single spaces only."""
    return " ".join(" ".join(pages(pdf)).replace("\u200b", "").split())


def squeezed(text: str) -> str:
    """Return the text without blanks, so that it does not matter where a line was broken."""
    return "".join(text.replace("\u200b", "").split())


def place(pdf: bytes, text: str, page: int = 0) -> Place:
    """Return where a text that does not wrap first stands on a page."""
    sheet = pdfium.PdfDocument(pdf)[page]
    textpage = sheet.get_textpage()
    found = textpage.search(text, match_case=True).get_next()
    assert found is not None, f"{text!r} is not on page {page + 1}"
    start, count = found
    boxes = [textpage.get_charbox(index) for index in range(start, start + count)]
    height = sheet.get_height()
    return Place(
        left=min(box[0] for box in boxes) * MM,
        top=(height - max(box[3] for box in boxes)) * MM,
        right=max(box[2] for box in boxes) * MM,
        bottom=(height - min(box[1] for box in boxes)) * MM,
    )


def metadata(pdf: bytes) -> dict[str, str]:
    """Return title, author, dates as the file carries them."""
    return dict(pdfium.PdfDocument(pdf).get_metadata_dict())
