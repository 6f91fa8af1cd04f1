"""Storing the bytes of documents under their SHA-256."""

from __future__ import annotations

import hashlib
from threading import Lock

import pypdfium2
from django.core.files.base import ContentFile

from printing.constants import MAX_DOCUMENT_BYTES
from printing.models import StoredDocument
from printing.models.document import document_storage
from printing.providers.errors import Permanent, Reason
from spaces.models import Space

# PDFium keeps state for the whole process: read by two threads at a time, a good PDF is taken for a broken one.
_pdfium = Lock()


class InvalidDocument(Permanent):
    """The bytes are not a PDF that can be printed; the sentence says why."""


def count_pages(content: bytes) -> int:
    """Pages of a PDF. Raises InvalidDocument where it is none, is empty, is encrypted or is too large."""
    if len(content) > MAX_DOCUMENT_BYTES:
        raise InvalidDocument(
            Reason.DOCUMENT_TOO_LARGE,
            {"size": f"{len(content) / 1e6:.1f}", "limit": f"{MAX_DOCUMENT_BYTES / 1e6:.0f}"},
        )
    try:
        pages = _read_pages(content)
    except pypdfium2.PdfiumError as error:
        raise InvalidDocument(Reason.NOT_A_PDF, detail=str(error)) from error
    if pages == 0:
        raise InvalidDocument(Reason.NOT_A_PDF, detail="no pages")
    return pages


def _read_pages(content: bytes) -> int:
    with _pdfium:
        pdf = pypdfium2.PdfDocument(content)
        try:
            return len(pdf)
        finally:
            pdf.close()


def store_document(space: Space, content: bytes) -> StoredDocument:
    """Store a PDF once per Space and content. Call it outside of transactions: the storage may be a network away.

    Raises InvalidDocument where the bytes cannot be printed, OSError where the storage fails.
    """
    pages = count_pages(content)
    sha256 = hashlib.sha256(content).hexdigest()
    known = StoredDocument.objects.filter(space=space, sha256=sha256).first()
    if known is not None:
        return known
    storage = document_storage()
    path = f"{space.pk}/{sha256[:2]}/{sha256}.pdf"
    # The name is the content: what is there under it is the same bytes, or was cut off when a machine died.
    if not storage.exists(path) or storage.size(path) != len(content):
        storage.delete(path)
        path = storage.save(path, ContentFile(content))
    document, _created = StoredDocument.objects.get_or_create(
        space=space, sha256=sha256, defaults={"size": len(content), "pages": pages, "file": path}
    )
    return document
