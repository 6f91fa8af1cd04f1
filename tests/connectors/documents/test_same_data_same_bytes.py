"""A document is the same, byte for byte, whenever and wherever it is made from the same data."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from connectors.documents.render import render_invoice, render_packing_slip
from tests.connectors.documents.pdf import metadata
from tests.connectors.documents.samples import SVG, invoice, packing_slip, png

ROOT = Path(__file__).parents[3]
IN_A_NEW_PROCESS = """
from hashlib import sha256
from connectors.documents.render import render_invoice
from tests.connectors.documents.samples import invoice, png
print(sha256(render_invoice(invoice(30), png())).hexdigest())
"""


def test_twice_gives_the_same_bytes() -> None:
    assert render_invoice(invoice(), SVG) == render_invoice(invoice(), SVG)
    assert render_packing_slip(packing_slip()) == render_packing_slip(packing_slip())


@pytest.mark.process
def test_a_new_process_gives_the_same_bytes() -> None:
    here = sha256(render_invoice(invoice(30), png())).hexdigest()
    # Another time zone and another locale must not show either.
    environment = {**os.environ, "TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", IN_A_NEW_PROCESS]
    there = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=60)
    assert there.stdout.strip() == here


def test_threads_do_not_disturb_each_other() -> None:
    counts = [1, 5, 30, 12] * 5
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda count: render_invoice(invoice(count)), counts))
    expected = {count: render_invoice(invoice(count)) for count in set(counts)}
    assert made == [expected[count] for count in counts]


def test_a_copy_that_was_stored_as_json_gives_the_same_bytes() -> None:
    data = invoice(12)
    assert render_invoice(type(data).from_json(data.to_json())) == render_invoice(data)


def test_the_file_carries_the_date_of_the_document_and_no_clock() -> None:
    described = metadata(render_invoice(invoice(issue_date=date(2024, 2, 29))))
    assert described["CreationDate"].startswith("D:20240229")
    assert described["Title"] == "Rechnung RE-2025-00042"
    assert described["Author"] == "Muster GmbH"


def test_the_file_is_pdf_a_2b_and_names_its_language() -> None:
    pdf = render_invoice(replace(invoice(), language="en"))
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    assert b"/Lang(en)" in pdf


def test_characters_that_no_font_has_cost_the_standard_but_not_the_document() -> None:
    pdf = render_invoice(invoice(note="漢字"))
    assert pdf.startswith(b"%PDF")
    assert b"pdfaid" not in pdf
