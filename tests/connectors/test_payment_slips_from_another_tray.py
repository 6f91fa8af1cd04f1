"""The payment slip comes from another tray than its letter, right behind it (S8)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from connectors import issued_kinds, printing_bridge
from connectors.models import Connector, Event, PrintRule, Slip
from connectors.services import orders
from printing import kinds
from printing.dispatcher import dispatch
from printing.models import PrinterConfiguration, PrintJob
from printing.services import save_configuration
from printing.states import JobState
from spaces.models import Space
from tests.connectors.documents.pdf import pages
from tests.connectors.factories import PrintRuleFactory, swiss, swiss_invoice
from tests.factories import PrinterConfigurationFactory
from tests.printing.simulated import simulated_printer

pytestmark = pytest.mark.django_db


@pytest.fixture
def plain(space: Space) -> PrinterConfiguration:
    return PrinterConfigurationFactory(space=space, is_default=True)


@pytest.fixture
def perforated(plain: PrinterConfiguration) -> PrinterConfiguration:
    """Another tray of the same printer."""
    return PrinterConfigurationFactory(space=plain.space, printer=plain.printer)


def rule_of(connector: Connector, perforated: PrinterConfiguration, **fields: Any) -> PrintRule:
    rule: PrintRule = PrintRuleFactory(connector=connector, slip_configuration=perforated, **fields)
    return rule


def test_letter_and_slip_are_two_jobs_one_behind_the_other(space: Space, plain: Any, perforated: Any) -> None:
    connector = swiss(space)
    rule_of(connector, perforated, copies=2)
    invoice = swiss_invoice(space, connector, number="4711")
    letter, slip = PrintJob.objects.order_by("pk")
    assert (letter.document_kind, letter.configuration, letter.copies) == ("invoice_letter", plain, 2)
    assert (slip.document_kind, slip.configuration, slip.copies) == ("payment_slip", perforated, 2)
    assert (slip.follows, letter.follows) == (letter.pk, None)
    assert {letter.order_number, slip.order_number} == {"4711"}
    assert (letter.title, slip.title) == (f"Invoice {invoice.number}", f"Invoice {invoice.number} (payment slip)")
    made = []
    for job in (letter, slip):
        kind = kinds.get(job.document_kind)
        assert kind is not None
        assert kind.render is not None
        made += pages(kind.render(job.source_id or 0))
    assert made == pages(issued_kinds.pdf_of(invoice))


def test_both_are_jobs_of_their_invoice(space: Space, perforated: Any) -> None:
    connector = swiss(space)
    rule_of(connector, perforated)
    invoice = swiss_invoice(space, connector)
    assert printing_bridge.jobs_of([invoice]) == {("invoice", invoice.pk): list(PrintJob.objects.order_by("pk"))}
    again = printing_bridge.print_again(invoice)
    assert again is not None
    assert (again.document_kind, again.reprint_of) == ("invoice", PrintJob.objects.order_by("pk")[0].pk)


def test_the_same_event_again_makes_no_second_pair(space: Space, perforated: Any) -> None:
    connector = swiss(space)
    rule_of(connector, perforated, event=Event.PAID)
    order = swiss_invoice(space, connector).order
    orders.mark_paid(order)
    printing_bridge.print_documents(order, Event.PAID)
    assert PrintJob.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_they_come_out_of_two_trays_with_nothing_between_them(space: Space) -> None:
    laser = simulated_printer(space, tray="main")
    tray = PrinterConfiguration(space=space, printer=laser.configuration.printer, name="Slips", tray="tray-2")
    connector = swiss(space)
    rule_of(connector, save_configuration(tray, default=False))
    invoices = [swiss_invoice(space, connector) for _number in range(2)]
    dispatch()
    wholes = [page for invoice in invoices for page in pages(issued_kinds.pdf_of(invoice))]
    assert [page for path in laser.documents() for page in pages(path.read_bytes())] == wholes
    assert [options["tray"] for options in laser.options()] == ["main", "tray-2"] * 2
    assert set(PrintJob.objects.values_list("state", flat=True)) == {JobState.SUCCESSFUL}


@pytest.mark.parametrize("slip", [Slip.FOOT, Slip.NONE])
def test_an_invoice_without_such_a_page_stays_one_job(space: Space, perforated: Any, slip: Slip) -> None:
    connector = swiss(space, slip)
    rule_of(connector, perforated)
    swiss_invoice(space, connector)
    assert PrintJob.objects.get().document_kind == "invoice"


def test_without_a_printer_for_it_the_slip_comes_with_its_invoice(space: Space, plain: Any) -> None:
    connector = swiss(space)
    PrintRuleFactory(connector=connector)
    swiss_invoice(space, connector)
    assert PrintJob.objects.get().document_kind == "invoice"


def posted(connector: Connector, configuration: Any, **changes: str) -> dict[str, Any]:
    rule = {"event": "received", "document": "invoice", "configuration": "", "copies": "", "country_of": "billing"}
    rule["slip_configuration"] = str(configuration.pk)
    form = {"name": "Shop", "key": connector.key, "active": "on", "payment_days": "30", "slip": "page"}
    form |= {"rules-TOTAL_FORMS": "1", "rules-INITIAL_FORMS": "0"}
    form |= {"mail_rules-TOTAL_FORMS": "0", "mail_rules-INITIAL_FORMS": "0"}
    form |= {f"rules-0-{name}": value for name, value in {**rule, **changes}.items()}
    return {**form, **{name: value for name, value in changes.items() if name in form}}


def test_the_printer_of_the_slip_is_chosen_in_the_rule(space: Space, perforated: Any, operator_client: Client) -> None:
    connector = swiss(space, Slip.NONE)
    address = f"/space/alpenblick/connectors/connector/{connector.pk}/change/"
    assert "With the invoice" in operator_client.get(address).content.decode()
    assert operator_client.post(address, posted(connector, perforated)).status_code == 302
    assert PrintRule.objects.get().slip_configuration == perforated


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"document": "packing_slip"}, "Only invoices have a payment slip; leave this empty."),
        ({"slip": "foot"}, "Only a payment slip on a page of its own is printed apart; choose this in the connector."),
    ],
)
def test_a_printer_for_no_slip_is_refused(
    space: Space, perforated: Any, operator_client: Client, changes: dict[str, str], sentence: str
) -> None:
    connector = swiss(space, Slip.NONE)
    address = f"/space/alpenblick/connectors/connector/{connector.pk}/change/"
    response = operator_client.post(address, posted(connector, perforated, **changes))
    assert sentence in response.content.decode()
    assert not PrintRule.objects.exists()


def test_the_printer_of_another_space_is_refused(space: Space, operator_client: Client, stranger: Any) -> None:
    connector = swiss(space, Slip.NONE)
    address = f"/space/alpenblick/connectors/connector/{connector.pk}/change/"
    assert stranger.configuration.name not in operator_client.get(address).content.decode()
    assert operator_client.post(address, posted(connector, stranger.configuration)).status_code == 200
    assert not PrintRule.objects.exists()


def test_a_space_without_a_swiss_account_does_not_see_it(space: Space, operator_client: Client) -> None:
    content = operator_client.get("/space/alpenblick/connectors/connector/add/").content.decode()
    assert "printer of the payment slip" not in content.lower()
    assert "Packing slip" in content
