"""The same external_id again changes nothing, prints nothing, and returns the original."""

from __future__ import annotations

import pytest

from connectors.models import Customer, Invoice, Order, PackingSlip
from connectors.services import orders
from printing.models import PrintJob
from spaces.models import Space
from tests.connectors.factories import customer_json, line_json, order_input, receive
from tests.factories import PrinterConfigurationFactory, SpaceFactory

pytestmark = pytest.mark.django_db


def test_again_it_is_the_original_whatever_came_with_it(space: Space) -> None:
    PrinterConfigurationFactory(space=space, is_default=True)
    original = receive(space, external_id="shop-1")
    changed = order_input(external_id="shop-1", customer=customer_json(company="Muster GmbH"), lines=[line_json()] * 3)
    order, created = orders.receive(space, changed)
    assert (order.pk, created) == (original.pk, False)
    assert (Order.objects.count(), Invoice.objects.count(), PackingSlip.objects.count()) == (1, 1, 1)
    assert PrintJob.objects.count() == 2
    assert Customer.objects.get().company == "Beispiel AG"
    assert order.lines.count() == 1


def test_in_another_space_it_is_another_order(space: Space) -> None:
    receive(space, external_id="shop-1")
    _order, created = orders.receive(SpaceFactory(), order_input(external_id="shop-1"))
    assert created
