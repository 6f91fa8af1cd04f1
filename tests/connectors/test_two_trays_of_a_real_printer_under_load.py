"""Demand 7 on a real printer: letters and their slips alternate between two trays, whoever sends and whoever orders."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from connectors.models import Connector, Invoice
from printing.models import PrinterConfiguration, PrintJob
from printing.services import connect_printer, save_configuration
from printing.services.printers import discover
from printing.states import JobState
from spaces.models import Space
from tests.connectors.factories import PrintRuleFactory, swiss
from tests.lab.ipp import LabServer, Received
from tests.processes import Gate, finish, start, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.process, pytest.mark.long]

SHOPS, ORDERS, WORKERS = 2, 6, 2
SHOP = """
from connectors.models import Connector
from spaces.models import Space
from tests.connectors.factories import swiss_invoice
space, connector = Space.objects.get(pk={space}), Connector.objects.get(pk={connector})
{gate}
for number in range({orders}):
    swiss_invoice(space, connector, external_id="shop-{shop}-%s" % number)
"""
WORKER = """
import time
from printing.dispatcher import dispatch
from printing.models import PrintJob
{gate}
deadline = time.monotonic() + 120
while PrintJob.objects.filter(state="successful").count() < {jobs} and time.monotonic() < deadline:
    dispatch()
"""


@pytest.fixture
def connector(space: Space, ipp_printer: LabServer) -> Connector:
    """A connector that prints letters from the first tray of a real printer, and their slips from the second."""
    credentials = {"url": ipp_printer.url}
    device = connect_printer(space, "ipp", credentials, discover("ipp", credentials)[1][0])
    letters, slips = (
        save_configuration(PrinterConfiguration(space=space, printer=device, name=tray, tray=tray), default=False)
        for tray in ("tray-1", "tray-2")
    )
    connector = swiss(space)
    PrintRuleFactory(connector=connector, configuration=letters, slip_configuration=slips)
    return connector


def tray_of(document: Received) -> str:
    found = re.search(r"media-source=([\w-]+)", document.options["IPP_MEDIA_COL"])
    assert found is not None
    return found[1]


def test_each_slip_lies_right_behind_its_letter_whatever_comes_in_meanwhile(
    space: Space, connector: Connector, ipp_printer: LabServer, tmp_path: Path
) -> None:
    gate, jobs = Gate(tmp_path), 2 * SHOPS * ORDERS
    shops = [
        start(SHOP.format(space=space.pk, connector=connector.pk, orders=ORDERS, shop=shop, gate=gate.code(shop)))
        for shop in range(SHOPS)
    ]
    workers = [
        start(WORKER.format(jobs=jobs, gate=gate.code(SHOPS + worker)), LANE_THREADS="4", LANE_BACKOFF_SECONDS="0.2")
        for worker in range(WORKERS)
    ]
    gate.open(SHOPS + WORKERS)
    finish(*shops, *workers, limit=180)
    assert Invoice.objects.count() == SHOPS * ORDERS
    wait_until(lambda: len(ipp_printer.documents()) == jobs, "all sheets have come out")
    assert set(PrintJob.objects.values_list("state", flat=True)) == {JobState.SUCCESSFUL}
    by_key = {job.key.hex: job for job in PrintJob.objects.all()}
    received = ipp_printer.documents()
    order = [by_key[next(key for key in by_key if key in document.name)] for document in received]
    assert [tray_of(document) for document in received] == ["tray-1", "tray-2"] * (SHOPS * ORDERS)
    for letter, slip in zip(order[::2], order[1::2], strict=True):
        assert (letter.document_kind, slip.document_kind) == ("invoice_letter", "payment_slip")
        assert slip.follows == letter.pk
