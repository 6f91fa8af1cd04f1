"""Rows in every table, as the product's own services write them: two Spaces in their third month.

A German one with everything it can do, and a Swiss one that prints payment slips from another tray. Runs in the empty
database of an installation of its own (:mod:`tests.migrations.dump`), under a clock that stands in March 2026.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal
from typing import Any

import time_machine
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ, Task

from connectors import corrections
from connectors.mail.delivery import send_due
from connectors.models import (
    Connector,
    Event,
    MailRule,
    NumberSeries,
    SeriesKind,
    Slip,
)
from connectors.models.rule import Document
from connectors.services import invoices, mails, orders
from printing.dispatcher import dispatch
from printing.models import PrinterConfiguration, PrintJob, RequestPace, WebhookEvent, WorkerSign
from printing.services import cancel, reschedule
from printing.services.jobs import reprint
from printing.states import Phase
from printing.tasks import incidents
from spaces import api_keys
from spaces.models import FeatureName, Role, Space
from tests.connectors.documents.samples import png
from tests.connectors.dunning.steps import run
from tests.connectors.dunning_factories import DunningFlowFactory, DunningLevelFactory
from tests.connectors.factories import (
    ConnectorFactory,
    PrintRuleFactory,
    customer_json,
    invoice_of,
    line_json,
    receive,
    swiss,
    swiss_invoice,
)
from tests.factories import (
    ConnectionFactory,
    MemberFactory,
    PrintAttemptFactory,
    PrinterConfigurationFactory,
    PrinterFactory,
    PrintJobFactory,
    SpaceFactory,
    UserFactory,
)
from tests.migrations import seed_money
from tests.migrations.seed_money import DAY_ONE, at
from tests.printing.simulated import SimulatedPrinter, file_job, simulated_printer

# The tables that an installation leaves empty: it uses no groups, and no permissions of single people.
UNUSED = {"auth_group", "auth_group_permissions", "auth_user_groups", "auth_user_user_permissions"}
ELSEWHERE: dict[str, dict[str, str]] = {
    "ipp": {"uri": "ipps://192.0.2.10/ipp/print", "user": "pressroom", "password": "only a sample"},
    "printnode": {"api_key": "only-a-sample", "webhook_secret": "only a sample too"},
    "ezeep": {"client_id": "sample", "access_token": "only-a-sample", "refresh_token": "another"},
}


def fill() -> None:
    with time_machine.travel(at(DAY_ONE)) as clock:
        german, people = _german_space()
        printer = _printers(german)
        connector = _connector(german, printer)
        _orders(german, connector, people["olga"])
        _jobs(german, printer)
        seed_money.flows(german)
        clock.move_to(at(DAY_ONE + timedelta(days=24)))
        invoices.mark_overdue()
        seed_money.payments_and_files(german, people["olga"])
        seed_money.dun(german)
        clock.move_to(at(DAY_ONE + timedelta(days=26)))
        _swiss_space()
        _machinery(people["olga"])


def _german_space() -> tuple[Space, dict[str, Any]]:
    space = SpaceFactory(
        name="Musterladen",
        slug="musterladen",
        language="de",
        company="Muster GmbH",
        email="rechnung@muster.example",
        vat_number="DE136695976",
        register_entry="Amtsgericht Musterstadt, HRB 12345",
        iban="DE89370400440532013000",
        bic="COBADEFFXXX",
        bank_name="Musterbank",
        features=[FeatureName.PRINTING, FeatureName.DUNNING],
    )
    space.logo.save("logo.png", ContentFile(png(24, 8)))
    people = {
        "olga": MemberFactory(space=space, role=Role.OWNER, user__username="olga").user,
        "otto": MemberFactory(space=space, role=Role.OPERATOR, user__username="otto", told_of_problems=False).user,
        "vera": MemberFactory(space=space, role=Role.VIEWER, user__username="vera").user,
        "root": UserFactory(username="root", is_superuser=True),
    }
    api_keys.create(space, "Shop", people["olga"])
    old, _shown_once = api_keys.create(space, "Old shop", people["olga"])
    api_keys.revoke(old)
    return space, people


def _printers(space: Space) -> SimulatedPrinter:
    for provider, credentials in ELSEWHERE.items():
        connection = ConnectionFactory(space=space, provider=provider, name=provider, credentials=credentials)
        printer = PrinterFactory(space=space, provider=provider, connection=connection, remote_id=f"{provider}-1")
        PrinterConfigurationFactory(space=space, printer=printer, name=f"Lager ({provider})", copies=2)
        WebhookEvent.objects.create(connection=connection, uid="1", received_at=timezone.now())
    RequestPace.objects.create(account="printnode:sample", next_at=timezone.now().timestamp())
    return simulated_printer(space, "Laser", default=True, tray="tray-2", max_age_hours=48)


def _connector(space: Space, printer: SimulatedPrinter) -> Connector:
    connector: Connector = ConnectorFactory(space=space, key="shop", name="Shop")
    PrintRuleFactory(
        connector=connector,
        configuration=printer.configuration,
        copies=2,
        countries=["AT", "CH"],
        country_of="delivery",
        amount_from=Decimal(10),
        amount_to=Decimal(5000),
        customer_group="B2B",
        delivery_method="Paketdienst",
        weekdays=[1, 2, 3, 4, 5],
        time_from=time(6),
        time_to=time(22),
    )
    PrintRuleFactory(connector=connector)
    PrintRuleFactory(connector=connector, document=Document.PACKING_SLIP, event=Event.PAID)
    PrintRuleFactory(connector=connector, document=Document.CREDIT_NOTE, event=Event.CREDIT_NOTE_ISSUED)
    MailRule.objects.create(
        connector=connector, event=Event.INVOICE_ISSUED, document=Document.INVOICE, countries=["DE"]
    )
    NumberSeries.objects.create(space=space, kind=SeriesKind.CREDIT_NOTE, pattern="S{year}-{number}", digits=4)
    return connector


def _orders(space: Space, connector: Connector, person: Any) -> None:
    """Received in several ways, paid, shipped, corrected, canceled; the simulated printer prints, e-mails leave."""
    mailed = customer_json(external_id="customer-2", email="kundin@example.com", language="de", group="B2B")
    abroad = {"name": "Lager", "street": "Am Hafen 1", "postal_code": "1010", "city": "Wien", "country": "AT"}
    business = receive(
        space,
        2,
        connector,
        external_id="o-1",
        number="4711",
        customer=mailed,
        delivery_address=abroad,
        delivery_method="Paketdienst",
        discount={"percent": 5},
        shipping={"amount": "4.90", "tax_rate": 19},
        note="Bitte klingeln.",
    )
    gross = [line_json(tax_rate=7, sku="978-3", unit="Stk.", discount={"amount": "1.00"}), line_json(quantity="2.5")]
    paid = receive(space, 1, connector, external_id="o-2", number="4712", prices_include_tax=True, lines=gross)
    orders.mark_paid(paid)
    orders.mark_shipped(paid)
    corrected = invoice_of(receive(space, 1, connector, external_id="o-3", number="4713", customer=mailed))
    party = replace(corrected.order.billing_party, street="Neue Straße 9")
    invoices.issue_again(corrected, replace(corrections.unchanged(corrected.order), billing_address=party), person)
    canceled = invoice_of(receive(space, 1, connector, external_id="o-4", number="4714"))
    dispatch()
    invoices.cancel(canceled, person, reason="Doppelt bestellt.")
    mails.enqueue(invoice_of(business), recipient="", event_key="by hand")
    send_due()


def _jobs(space: Space, printer: SimulatedPrinter) -> None:
    """Jobs in every state, with what became of them."""
    dispatch()
    done = PrintJob.objects.filter(space=space, state="successful").latest("pk")
    reprint(done, configuration=printer.configuration)
    printer.set("reject")
    file_job(space, 1)
    dispatch()
    printer.set("offline")
    waits = file_job(space, 2)
    dispatch(waits.printer_id)
    failed = PrintJob.objects.filter(space=space, state="failed").latest("pk")
    incidents()
    reschedule(failed)
    cancel(file_job(space, 3))
    other = PrinterConfiguration.objects.get(space=space, name="Lager (ipp)")
    hangs = PrintJobFactory(space=space, configuration=other, in_progress=True, attempts=1, title="Brief 4")
    PrintAttemptFactory(job=hangs, number=1, phase=Phase.SENDING, outcome="", finished_at=None, options={"copies": 1})
    PrintJobFactory(space=space, configuration=other, state="failed", reason="not_a_pdf", possible_duplicate=True)
    incidents()


def _swiss_space() -> None:
    space = SpaceFactory(
        name="Beispielladen", slug="beispielladen", features=[FeatureName.PRINTING, FeatureName.DUNNING]
    )
    MemberFactory(space=space, role=Role.OWNER, user__username="beat")
    connector = swiss(space)
    printer = simulated_printer(space, "Drucker", default=True)
    perforated = PrinterConfigurationFactory(
        space=space, printer=printer.configuration.printer, name="Drucker, Fach 2", tray="tray-2"
    )
    PrintRuleFactory(connector=connector, slip_configuration=perforated)
    swiss_invoice(space, connector, external_id="ch-1", number="1")
    swiss_invoice(space, connector, external_id="ch-2", number="2", customer={"language": "fr"})
    dispatch()
    flow = DunningFlowFactory(space=space, name="Mahnung")
    DunningLevelFactory(flow=flow, fee=Decimal(20), interest_business=Decimal(5), slip=Slip.PAGE, texts=["de", "en"])
    later = timezone.now().date() + timedelta(days=30)
    with time_machine.travel(at(later)):
        invoices.mark_overdue()
        run(space, later)


def _machinery(person: Any) -> None:
    """What Django and the queue keep."""
    Client().force_login(person)
    LogEntry.objects.log_actions(person.pk, Space.objects.all()[:1], CHANGE, "Changed.")
    WorkerSign.objects.create(host="print-1", seen_at=timezone.now())
    kept = OrmQ.objects.order_by("pk").values_list("pk", flat=True)[:2]
    OrmQ.objects.exclude(pk__in=list(kept)).delete()
    now = timezone.now()
    for number, success in enumerate((True, False)):
        Task.objects.create(
            id=f"{number:032x}",
            name="dispatch",
            func="printing.tasks.dispatch",
            started=now,
            stopped=now,
            success=success,
        )
