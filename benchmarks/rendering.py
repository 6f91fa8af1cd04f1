"""What Pressroom adds to typst when it renders an invoice."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import typst

from benchmarks import rows, targets
from benchmarks.orders import connector, invoices
from benchmarks.workshop import Workshop
from connectors.documents import render
from connectors.documents.data import InvoiceData
from connectors.documents.views import invoice_view

INVOICES, QUICK_INVOICES = 60, 6  # in each round
OURS = "render_invoice, one page"
ALONE = "typst alone, the same template and data"


def run(workshop: Workshop) -> None:
    """Both in turn on one invoice after the other: no two are the same, so nothing is remembered."""
    amount = workshop.plan.size(INVOICES, QUICK_INVOICES)
    copies = [invoice.copy for invoice in invoices(connector(rows.new_space("render"), "shop"), amount)]
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
    for _round in workshop.rounds():
        ours = alone = 0.0
        # Each sees the invoice first every other time: the second one finds warm caches.
        for first in (0, 1):
            for number, (copy, data) in enumerate(zip(copies, prepared, strict=True)):
                if number % 2 == first:
                    ours += _seconds_ours(copy)
                else:
                    alone += _seconds_alone(compiler, copy, data)
        workshop.report.add(OURS, 1000 * ours / amount, "ms", amount)
        workshop.report.add(ALONE, 1000 * alone / amount, "ms", amount)
    workshop.report.ratio(targets.RENDERING, OURS, ALONE)


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
