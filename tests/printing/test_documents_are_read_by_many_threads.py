"""Lanes run as threads of one process, and so do pages; what one of them reads does not spoil what another reads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from connectors.documents.render import render_invoice
from printing.services.documents import InvalidDocument, count_pages
from tests.connectors.documents.samples import invoice
from tests.pdfs import make_pdf


def read(content: bytes) -> int | str:
    try:
        return count_pages(content)
    except InvalidDocument as error:
        return error.detail


def test_documents_have_the_same_pages_whoever_reads_others_meanwhile() -> None:
    whole = render_invoice(invoice(30))
    documents = [whole, whole[:-600], make_pdf(), whole + bytes(2000), make_pdf(pages=400), whole[: len(whole) // 2]]
    documents *= 300
    alone = [read(document) for document in documents]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(read, documents)) == alone
