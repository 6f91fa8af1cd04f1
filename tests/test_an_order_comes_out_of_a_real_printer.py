"""The main job, end to end: an order comes in, the invoice comes out of a real IPP printer."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from connectors.models import Invoice
from printing.dispatcher import dispatch
from printing.models import PrinterConfiguration, PrintJob
from printing.services import connect_printer, save_configuration
from printing.services.printers import discover
from printing.states import JobState
from spaces.models import Space
from tests.lab.ipp import LabServer
from tests.processes import ROOT

pytestmark = pytest.mark.django_db(transaction=True)

ORDER = ROOT / "docs/examples/order.json"


def configure(space: Space, printer: LabServer, name: str, **options: str | int) -> PrinterConfiguration:
    credentials = {"url": printer.url}
    device = connect_printer(space, "ipp", credentials, discover("ipp", credentials)[1][0])
    return save_configuration(PrinterConfiguration(space=space, printer=device, name=name, **options), default=False)


def test_the_invoice_arrives_byte_for_byte_with_tray_copies_and_sides_as_configured(
    space: Space, ipp_printer: LabServer
) -> None:
    configure(
        space,
        ipp_printer,
        "Letterhead",
        tray="tray-2",
        paper="iso_a4_210x297mm",
        sides="two-sided-long-edge",
        color="monochrome",
        copies=2,
    )
    call_command("receive_order", str(ORDER), space=space.slug)
    dispatch()
    invoice = Invoice.objects.get()
    job = PrintJob.objects.get(document_kind="invoice")
    assert (job.state, job.source_id) == (JobState.SUCCESSFUL, invoice.pk)
    received = next(document for document in ipp_printer.wait_for_documents(2) if job.key.hex in document.name)
    assert job.document is not None
    with job.document.file.open("rb") as stored:
        assert received.content == stored.read()
    assert "media-source=tray-2" in received.options["IPP_MEDIA_COL"]
    assert "x-dimension=21000" in received.options["IPP_MEDIA_COL"]
    assert received.options["IPP_SIDES"] == "two-sided-long-edge"
    assert received.options["IPP_COPIES"] == "2"
    assert received.options["IPP_PRINT_COLOR_MODE"] == "monochrome"


def test_letter_and_slip_leave_from_their_trays_in_order(space: Space, ipp_printer: LabServer) -> None:
    configure(space, ipp_printer, "Plain", tray="tray-1")
    letterhead = configure(space, ipp_printer, "Letterhead", tray="tray-2")
    call_command("receive_order", str(ORDER), space=space.slug)
    PrintJob.objects.filter(document_kind="packing_slip").update(configuration=letterhead)
    dispatch()
    sources = [received.options["IPP_MEDIA_COL"] for received in ipp_printer.wait_for_documents(2)]
    assert [source.partition("media-source=")[2].split("}")[0].split()[0] for source in sources] == [
        "tray-1",
        "tray-2",
    ]


def test_a_tray_the_printer_does_not_have_is_refused_at_the_job_and_nothing_is_sent(
    space: Space, ipp_printer: LabServer
) -> None:
    configure(space, ipp_printer, "Wrong", tray="tray-9")
    call_command("receive_order", str(ORDER), space=space.slug)
    dispatch()
    for job in PrintJob.objects.all():
        assert job.state == JobState.FAILED
        assert "tray-9" in job.reason_sentence
    assert ipp_printer.documents() == []


def test_the_example_order_is_received_once(space: Space, ipp_printer: LabServer) -> None:
    configure(space, ipp_printer, "Lab")
    for _time in range(2):
        call_command("receive_order", str(ORDER), space=space.slug)
    dispatch()
    assert len(ipp_printer.wait_for_documents(2)) == 2
    assert PrintJob.objects.count() == 2
