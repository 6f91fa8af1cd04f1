"""What Pressroom adds to typst when it renders an invoice."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import typst

from benchmarks import rows
from benchmarks.orders import connector, invoices
from benchmarks.report import at_most
from benchmarks.workshop import Workshop
from connectors.documents import render
from connectors.documents.data import InvoiceData
from connectors.documents.views import invoice_view

OURS = "render_invoice, one page"
ALONE = "typst alone, the same template and data"


def run(workshop: Workshop) -> None:
    """Both in turn on one invoice after the other: no two are the same, so nothing is remembered."""
    copies = [invoice.copy for invoice in invoices(connector(rows.new_space("render"), "shop"), 40)]
    compiler = typst.Compiler(
        root=str(render.TEMPLATES),
        font_paths=typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=[str(render.TEMPLATES / "fonts")],
        ),
        sys_inputs={},
    )
    prepared = [json.dumps(invoice_view(copy), ensure_ascii=False) for copy in copies]
    render.render_invoice(copies[0])
    _alone(compiler, copies[0], prepared[0])
    for _round in range(workshop.rounds):
        # Each sees the invoice first every other time: the second one finds warm caches.
        for first in (0, 1):
            ours = alone = 0.0
            for number, (copy, data) in enumerate(zip(copies, prepared, strict=True)):
                if number % 2 == first:
                    ours += _seconds_ours(copy)
                else:
                    alone += _seconds_alone(compiler, copy, data)
            half = len(copies) / 2
            workshop.report.add(OURS, 1000 * ours / half, "ms")
            workshop.report.add(ALONE, 1000 * alone / half, "ms")
    workshop.report.ratio("rendering: Pressroom ÷ typst alone", OURS, ALONE, at_most(1.2))


def _seconds_ours(copy: InvoiceData) -> float:
    begin = time.perf_counter()
    render.render_invoice(copy)
    return time.perf_counter() - begin


def _seconds_alone(compiler: typst.Compiler, copy: InvoiceData, data: str) -> float:
    begin = time.perf_counter()
    _alone(compiler, copy, data)
    return time.perf_counter() - begin


def _alone(compiler: typst.Compiler, copy: InvoiceData, data: str) -> None:
    compiler.compile(
        input=str(render.TEMPLATES / "invoice.typ"),
        format="pdf",
        sys_inputs={"data": data},
        pdf_standards=[render.PDF_STANDARD],
        timestamp=int(datetime.combine(copy.issue_date, datetime.min.time(), UTC).timestamp()),
    )
