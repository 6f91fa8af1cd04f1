"""A notice comes out of the printer, its payment slip from a tray of its own, and goes by e-mail as the same PDF."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from connectors import issued_kinds
from connectors.mail.delivery import send_due
from connectors.models import DunningChannel, DunningNotice
from printing.dispatcher import dispatch
from printing.models import PrinterConfiguration, PrintJob
from printing.services import reprint, save_configuration
from spaces.models import FeatureName, Space
from tests.connectors.documents.pdf import pages, words_of
from tests.connectors.dunning.steps import noon, run
from tests.connectors.dunning_factories import DUE, DunningFlowFactory, DunningLevelFactory, overdue_invoice
from tests.connectors.factories import customer_json
from tests.factories import SpaceFactory
from tests.lab.smtp import SmtpServer
from tests.printing.simulated import SimulatedPrinter, simulated_printer

pytestmark = pytest.mark.django_db(transaction=True)
DAY = DUE + timedelta(days=7)


@pytest.fixture
def swiss(db: None) -> Space:
    space: Space = SpaceFactory(
        country="CH",
        currency="CHF",
        language="de",
        time_zone="Europe/Zurich",
        postal_code="8000",
        city="Zürich",
        iban="CH9300762011623852957",
        features=[FeatureName.PRINTING, FeatureName.DUNNING],
    )
    return space


@pytest.fixture
def laser(swiss: Space) -> SimulatedPrinter:
    return simulated_printer(swiss, default=True)


def issue(space: Space, **level: object) -> DunningNotice:
    DunningLevelFactory(flow=DunningFlowFactory(space=space), fee="20", **level)
    overdue_invoice(space, "100.00", currency=space.currency, customer=customer_json(email="kundin@example.com"))
    with time_machine.travel(noon(DAY), tick=True):
        run(space, DAY)
    return DunningNotice.objects.get()


def test_the_letter_and_its_slip_over_the_new_total_come_out_of_two_trays(
    swiss: Space, laser: SimulatedPrinter
) -> None:
    tray = PrinterConfiguration(space=swiss, printer=laser.configuration.printer, name="Slips", tray="tray-2")
    notice = issue(swiss, slip="page", slip_configuration=save_configuration(tray, default=False))
    with time_machine.travel(noon(DAY), tick=True):
        dispatch()
    letter, slip = (path.read_bytes() for path in laser.documents())
    assert [*pages(letter), *pages(slip)] == pages(issued_kinds.pdf_of(notice))
    assert [options["tray"] for options in laser.options()] == ["", "tray-2"]
    assert "Zu zahlen bis" in words_of(letter)
    assert "120.00" in words_of(slip)
    assert notice.copy.payment is not None
    assert notice.copy.payment.reference in words_of(slip).replace(" ", "")


def test_with_one_printer_it_is_one_document(swiss: Space, laser: SimulatedPrinter) -> None:
    issue(swiss, slip="page")
    with time_machine.travel(noon(DAY), tick=True):
        dispatch()
    [whole] = laser.documents()
    assert len(pages(whole.read_bytes())) == 2


def test_printed_again_it_says_that_it_is_a_copy(swiss: Space, laser: SimulatedPrinter) -> None:
    issue(swiss)
    with time_machine.travel(noon(DAY), tick=True):
        dispatch()
        reprint(PrintJob.objects.get(document_kind=issued_kinds.DUNNING_NOTICE))
        dispatch()
    assert ["KOPIE" in words_of(path.read_bytes()) for path in laser.documents()] == [False, True]


def test_by_email_it_says_what_the_level_says_and_carries_the_same_pdf(
    swiss: Space, laser: SimulatedPrinter, mail: SmtpServer
) -> None:
    notice = issue(swiss, channel=DunningChannel.BOTH)
    with time_machine.travel(noon(DAY), tick=True):
        dispatch()
    send_due()
    [letter] = mail.letters()
    [printed] = laser.documents()
    assert letter.recipients == ["kundin@example.com"]
    assert letter.subject == f"{notice.copy.title} – {notice.copy.sender.company}"
    assert notice.copy.text in letter.text
    [attachment] = letter.message.iter_attachments()
    assert attachment.get_content() == printed.read_bytes()
