"""Documents as PDF/A by typst.

One warm compiler per thread: the first document of a thread takes about 5 ms longer.  Documents are equal byte for
byte when their data is: the PDF carries the document's own date and no clock.  Templates see only their own folder
and only the fonts in the repository; all data reach them as strings in JSON, so that nothing in them is markup.

typst keeps threads of its own, and a fork does not copy threads: a child of a process that has rendered would wait for
them for ever.  Such a child gets an error instead.  Render in the workers, not in the process that forks them.
"""

from __future__ import annotations

import json
import os
import threading
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Literal

import typst

from connectors.documents.credit_note import CreditNoteData
from connectors.documents.data import InvoiceData, PackingSlipData, Sender
from connectors.documents.errors import DocumentError
from connectors.documents.letter import View
from connectors.documents.notice import NoticeData
from connectors.documents.notice_view import notice_view
from connectors.documents.payment import Part
from connectors.documents.views import credit_note_view, invoice_view, packing_slip_view

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "documents"
PDF_STANDARD: Literal["a-2b"] = "a-2b"  # ISO 19005-2: to be kept for ten years, § 14b UStG
_PIXELS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")  # how PNG and JPEG files begin
_local = threading.local()


def render_invoice(data: InvoiceData, logo: bytes | None = None, part: Part = "whole", *, copy: bool = False) -> bytes:
    """Return the invoice as PDF; ``logo`` is a PNG, JPEG or SVG file, a ``copy`` says so on every page.

    ``letter`` is all but the page that is only the payment slip, ``slip`` this page; together they show what ``whole``
    does.  Without such a page the letter is the whole.

    Raises DocumentError for an unreadable logo, for one that is not the one the data names by ``logo_sha256``, for an
    unknown language, for a payment that cannot be on a slip, and for the slip of an invoice that has no page for it.
    """
    view = invoice_view(data, copy=copy)
    return _render("invoice.typ", view, data.issue_date, _logo(data.sender, logo), _sheets(data, part))


def render_credit_note(data: CreditNoteData, logo: bytes | None = None, *, copy: bool = False) -> bytes:
    """Return the credit note as PDF; ``logo``, ``copy`` and errors as in :func:`render_invoice`."""
    view = credit_note_view(data, copy=copy)
    return _render("invoice.typ", view, data.issue_date, _logo(data.sender, logo))


def render_packing_slip(data: PackingSlipData, logo: bytes | None = None) -> bytes:
    """Return the packing slip as PDF; ``logo`` and errors as in :func:`render_invoice`."""
    return _render("packing_slip.typ", packing_slip_view(data), data.issue_date, _logo(data.sender, logo))


def render_notice(
    data: NoticeData,
    logo: bytes | None = None,
    part: Part = "whole",
    *,
    copy: bool = False,
    preview: bool = False,
) -> bytes:
    """Return the letter of a dunning notice as PDF.  Parts, ``copy`` and errors as in :func:`render_invoice`.

    A ``preview`` is of a notice that is not issued, and says so on every page as a copy does.
    """
    template = f"notice_{data.template}.typ"
    view = notice_view(data, copy=copy, preview=preview)
    return _render(template, view, data.issue_date, _logo(data.sender, logo), _sheets(data, part))


def _sheets(data: InvoiceData | NoticeData, part: Part) -> Part:
    """Return the part, which is the whole where no page is only the slip."""
    if data.payment is not None and data.payment.has_own_page:
        return part
    if part == "slip":
        raise DocumentError(f"{data.number} has no payment slip on a page of its own.")
    return "whole"


def _render(template: str, view: View, day: date, logo: str | None, part: Part = "whole") -> bytes:
    inputs = {"data": json.dumps(view, ensure_ascii=False), "part": part}
    if logo is not None:
        inputs["logo"] = logo
    try:
        return _compile(template, inputs, day, archival=True)
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise DocumentError(f"The document could not be set: {error.message}.") from error
    # PDF/A wants a glyph for every character, and no font has them all (Chinese, for one).  A box on paper in place of
    # a character is better than no paper.
    return _compile(template, inputs, day, archival=False)


def _compile(template: str, inputs: dict[str, str], day: date, *, archival: bool) -> bytes:
    result = _compiler().compile(
        input=str(TEMPLATES / template),
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=[PDF_STANDARD] if archival else [],
        timestamp=int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()),
    )
    if not isinstance(result, bytes):
        raise TypeError("typst returned no PDF")
    return result


def _compiler() -> typst.Compiler:
    if _process() != os.getpid():
        raise RuntimeError("This process was forked from one that had rendered documents; typst would hang in it.")
    compiler: typst.Compiler | None = getattr(_local, "compiler", None)
    if compiler is None:
        compiler = _local.compiler = typst.Compiler(root=str(TEMPLATES), font_paths=_fonts())
    return compiler


@lru_cache(maxsize=1)
def _process() -> int:
    """Return the process that rendered first; a child that is forked later inherits the answer."""
    return os.getpid()


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Read the fonts of the repository, once a process; nothing of the machine, nothing of typst's own."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(TEMPLATES / "fonts")])


def _logo(sender: Sender, logo: bytes | None) -> str | None:
    if logo is None:
        return None
    if sender.logo_sha256 and sender.logo_sha256 != sha256(logo).hexdigest():
        raise DocumentError("The logo is not the one that this document was issued with.")
    return _logo_as_text(logo)


@lru_cache(maxsize=64)
def _logo_as_text(logo: bytes) -> str:
    """Return the logo in a form that passes through a string: SVG as it is, pixels as a JSON list of bytes."""
    if logo.startswith(_PIXELS):
        return json.dumps(list(logo), separators=(",", ":"))
    try:
        text = logo.decode()
    except UnicodeDecodeError:
        text = ""
    if "<svg" not in text:
        raise DocumentError("The logo is no PNG, JPEG or SVG file.")
    return text
