"""Real processes receive orders at the same moment: numbers without gaps, and one order of two that are the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from connectors.models import Connector, Customer, Invoice, NumberSeries, Order, PackingSlip, PrintRule
from printing.models import PrintJob
from spaces.models import FeatureName
from tests.connectors.factories import customer_json, order_json
from tests.factories import PrinterConfigurationFactory, SpaceFactory
from tests.processes import Gate, finish, start

PROCESSES = 4
ORDERS = 10

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.process, pytest.mark.long]


@pytest.fixture
def slug() -> str:
    """A Space that prints and has received nothing yet: connector, series and counter are raced for too."""
    space = SpaceFactory(features=[FeatureName.PRINTING])
    PrinterConfigurationFactory(space=space, is_default=True)
    return str(space.slug)


def _receive_at_once(slug: str, contents: list[str], directory: Path) -> list[str]:
    """Let a process per content begin at the same moment; returns what they printed."""
    gate = Gate(directory)
    processes = []
    for number, content in enumerate(contents):
        file = directory / f"orders-{number}.jsonl"
        file.write_text(content)
        call = f"call_command('receive_order', {str(file)!r}, '--space', {slug!r})"
        processes.append(start(f"{gate.code(number)}from django.core.management import call_command\n{call}"))
    gate.open(len(contents))
    return finish(*processes)


def test_invoice_numbers_are_unique_and_without_gaps(slug: str, tmp_path: Path) -> None:
    contents = [
        "\n".join(json.dumps(order_json(external_id=f"{process}-{number}")) for number in range(ORDERS))
        for process in range(PROCESSES)
    ]
    _receive_at_once(slug, contents, tmp_path)
    total = PROCESSES * ORDERS
    for model in (Invoice, PackingSlip):
        numbers = model.objects.order_by("number").values_list("number", flat=True)
        assert [int(number.rpartition("-")[2]) for number in numbers] == list(range(1, total + 1))
    assert (Order.objects.count(), PrintJob.objects.count()) == (total, 2 * total)
    assert (Connector.objects.count(), PrintRule.objects.count(), Customer.objects.count()) == (1, 3, 1)
    assert NumberSeries.objects.count() == 2


def test_the_same_order_received_by_all_is_one(slug: str, tmp_path: Path) -> None:
    same = [json.dumps(order_json(external_id="shop-1", customer=customer_json(external_id="")))] * PROCESSES
    printed = _receive_at_once(slug, same, tmp_path)
    assert sorted("created" in line for line in printed) == [False] * (PROCESSES - 1) + [True]
    assert (Order.objects.count(), Invoice.objects.count(), PrintJob.objects.count()) == (1, 1, 2)
    assert Customer.objects.count() == 1
