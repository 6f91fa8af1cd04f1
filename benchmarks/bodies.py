"""What is sent: documents of about 40 KB, and the Print-Job requests that carry them without Pressroom."""

from __future__ import annotations

import hashlib

from printing.providers.ipp.attributes import attribute, job_name
from printing.providers.ipp.client import USER_NAME, Operation
from printing.providers.ipp.codec import encode
from printing.providers.ipp.values import AttributeGroup, Group, Message, Tag

SIZE = 40_000
HEADERS = {"Content-Type": "application/ipp", "Accept": "application/ipp"}


def pdf(number: int) -> bytes:
    """A valid PDF of one page and 40 KB that do not compress; the same for the same number."""
    # A comment in the page's content: shown by nobody, carried by everybody.
    filler = hashlib.shake_256(str(number).encode()).hexdigest(SIZE // 2).encode()
    stream = b"BT /F1 12 Tf 20 380 Td (Letter %d) Tj ET\n%%%s" % (number, filler)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 298 420] /Contents 4 0 R /Resources 5 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for index, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (index, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


class Request:
    """Print-Job as Pressroom sends it, encoded once; only key and document are put in for each job.

    The programs Pressroom is compared with get this for nothing.
    """

    def __init__(self, uri: str) -> None:
        key = "0" * 32
        attributes = (
            attribute(Tag.CHARSET, "attributes-charset", "utf-8"),
            attribute(Tag.NATURAL_LANGUAGE, "attributes-natural-language", "en"),
            attribute(Tag.URI, "printer-uri", uri),
            attribute(Tag.NAME, "requesting-user-name", USER_NAME),
            attribute(Tag.NAME, "job-name", job_name("Letter", key)),
            attribute(Tag.MIME_MEDIA_TYPE, "document-format", "application/pdf"),
        )
        head = encode(Message(Operation.PRINT_JOB, 1, (AttributeGroup(Group.OPERATION, attributes),)))
        self._before, _key, self._after = head.partition(key.encode())

    def body(self, number: int, document: bytes) -> bytes:
        """The request of one job; its key is the number, as 32 digits."""
        return b"%s%032d%s%s" % (self._before, number, self._after, document)
