"""However many lines an order has, the database is asked equally often."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from connectors.services import orders
from spaces.models import Space
from tests.connectors.factories import order_input, receive
from tests.factories import PrinterConfigurationFactory

pytestmark = pytest.mark.django_db

MOST = 45


def _queries(space: Space, line_count: int) -> int:
    order = order_input(line_count)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        orders.receive(space, order)
    return len(captured)


def test_fifty_lines_cost_as_much_as_one(space: Space) -> None:
    PrinterConfigurationFactory(space=space, is_default=True)
    receive(space)  # makes the connector, the customer and the series
    one = _queries(space, 1)
    assert one <= MOST
    assert _queries(space, 50) == one
