"""Demand 25: what came out before is marked as a copy when it is printed again; what did not is not."""

from __future__ import annotations

import pytest
from django.test import Client

from connectors import printing_bridge
from connectors.models import Connector, Event
from printing.dispatcher import dispatch
from printing.models import PrintJob
from printing.providers.base import PaperState
from printing.services import reprint, reschedule
from spaces.models import Space
from tests.connectors.documents.pdf import words_of
from tests.connectors.factories import ConnectorFactory, PrintRuleFactory, invoice_of, receive
from tests.printing.simulated import SimulatedPrinter, simulated_printer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def laser(space: Space) -> SimulatedPrinter:
    return simulated_printer(space, default=True)


@pytest.fixture
def connector(space: Space, laser: SimulatedPrinter) -> Connector:
    connector: Connector = ConnectorFactory(space=space)
    PrintRuleFactory(connector=connector, event=Event.RECEIVED, document="invoice")
    return connector


def printed(laser: SimulatedPrinter) -> list[bool]:
    """Of each sheet that came out, whether it says that it is a copy."""
    return ["COPY" in words_of(path.read_bytes()) for path in laser.documents()]


def test_an_invoice_printed_again_is_a_copy(space: Space, connector: Connector, laser: SimulatedPrinter) -> None:
    order = receive(space, connector=connector)
    dispatch()
    job = PrintJob.objects.get()
    reprint(job)
    dispatch()
    printing_bridge.print_again(invoice_of(order))
    dispatch()
    assert printed(laser) == [False, True, True]
    assert list(PrintJob.objects.order_by("pk").values_list("is_copy", flat=True)) == [False, True, True]


def test_one_that_jammed_in_the_printer_is_printed_again_as_the_original(
    space: Space, connector: Connector, laser: SimulatedPrinter
) -> None:
    receive(space, connector=connector)
    dispatch()
    PrintJob.objects.update(paper=PaperState.PROBLEM)
    reprint(PrintJob.objects.get())
    dispatch()
    assert printed(laser) == [False, False]


def test_one_that_failed_before_is_rescheduled_as_the_original(
    space: Space, connector: Connector, laser: SimulatedPrinter
) -> None:
    laser.set("reject", message="No.")
    receive(space, connector=connector)
    dispatch()
    laser.set("normal")
    reschedule(PrintJob.objects.get())
    dispatch()
    assert printed(laser) == [False]


def test_one_that_may_have_come_out_is_printed_again_as_a_copy(
    space: Space, connector: Connector, laser: SimulatedPrinter
) -> None:
    laser.set("reject", message="No.")
    receive(space, connector=connector)
    dispatch()
    PrintJob.objects.update(possible_duplicate=True)
    laser.set("normal")
    reprint(PrintJob.objects.get())
    dispatch()
    assert printed(laser) == [True]


def test_the_page_of_the_job_says_so(
    space: Space, connector: Connector, laser: SimulatedPrinter, owner_client: Client
) -> None:
    receive(space, connector=connector)
    dispatch()
    copy = reprint(PrintJob.objects.get())
    assert copy is not None
    html = owner_client.get(f"/space/{space.slug}/printing/printjob/{copy.pk}/change/").content.decode()
    assert "Marked as a copy" in html


def test_a_packing_slip_has_no_copies(space: Space, laser: SimulatedPrinter) -> None:
    connector = ConnectorFactory(space=space)
    PrintRuleFactory(connector=connector, event=Event.RECEIVED, document="packing_slip")
    receive(space, connector=connector)
    dispatch()
    reprint(PrintJob.objects.get())
    dispatch()
    first, second = laser.documents()
    assert first.read_bytes() == second.read_bytes()
