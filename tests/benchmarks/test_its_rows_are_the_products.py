"""What the benchmark works on is what the product itself would have made: rows that differ measure something else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks import receiving, rows, scratch
from benchmarks.orders import order_inputs
from benchmarks.rows import Wrong
from connectors.models import Document
from connectors.services.orders import receive
from printing.models import PrinterConfiguration, PrintJob
from printing.services import enqueue
from spaces.models import Space

pytestmark = pytest.mark.django_db

# What differs from one job to the next anyway.
_OF_EACH_JOB = {"id", "key", "title", "created_at", "due_since"}


@pytest.fixture
def merchant() -> Space:
    return rows.new_space("merchant")


@pytest.fixture
def printer(merchant: Space, settings: Any, tmp_path: Path) -> PrinterConfiguration:
    settings.SIMULATED_PRINTER_ROOT = tmp_path
    return rows.folder_printers(merchant, 1)[0]


def test_an_order_has_nothing_one_or_two_documents_printed(merchant: Space, printer: PrinterConfiguration) -> None:
    shops = receiving.sources(merchant, printer)
    printed = {}
    for name, source in shops.items():
        [order_input] = order_inputs(1)
        order, _new = receive(merchant, order_input, source)
        receiving.check_jobs(order, name)
        printed[name] = PrintJob.objects.filter(order_number=order.number).count()

    assert printed == {receiving.PLAIN: 0, receiving.INVOICE: 1, receiving.BOTH: 2}
    assert set(receiving.PRINTED[receiving.BOTH]) == {Document.INVOICE, Document.PACKING_SLIP}


def test_an_order_that_did_not_print_is_noticed(merchant: Space, printer: PrinterConfiguration) -> None:
    source = receiving.sources(merchant, printer)[receiving.PLAIN]
    [order_input] = order_inputs(1)
    order, _new = receive(merchant, order_input, source)

    with pytest.raises(Wrong, match="its print jobs are"):
        receiving.check_jobs(order, receiving.INVOICE)


def test_a_job_of_many_is_like_one_that_is_queued(merchant: Space, printer: PrinterConfiguration) -> None:
    [document, *_others] = rows.store_documents(merchant)
    [of_many] = rows.commit_jobs([printer], [document], 1)
    queued = enqueue(space=merchant, document_kind="file", title="Letter", configuration=printer, document=document)
    assert queued is not None

    def columns(job: PrintJob) -> dict[str, Any]:
        row = PrintJob.objects.filter(pk=job.pk).values().get()
        return {name: value for name, value in row.items() if name not in _OF_EACH_JOB}

    assert columns(of_many) == columns(queued)


def test_no_setting_of_a_person_changes_what_is_measured() -> None:
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', (scratch.ROOT / "config" / "env.py").read_text()))

    assert len(read) > 10
    assert read == scratch.SET | scratch.UNSET
