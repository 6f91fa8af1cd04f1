"""PDF files for tests, as small as they can be."""

from __future__ import annotations

import uuid


def minimal_pdf(text: str | None = None, pages: int = 1) -> bytes:
    """A valid PDF of so many A6 pages with ``text`` on each; without a text its content is like no other's."""
    shown = (text or uuid.uuid4().hex).encode("latin-1", "replace").replace(b"\\", b"").translate(None, b"()")
    stream = b"BT /F1 12 Tf 20 380 Td (%s) Tj ET" % shown
    kids = b" ".join(b"%d 0 R" % (4 + number) for number in range(pages))
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 298 420] /Contents 3 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        *[page] * pages,
    ]
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def make_pdf(number: int = 0, pages: int = 1) -> bytes:
    """A valid PDF that is the same for the same number, and another one for another."""
    return minimal_pdf(f"Letter {number}", pages)
