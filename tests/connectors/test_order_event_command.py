"""``manage.py order_event``: the way in for "paid" and "shipped"."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from connectors.models import Event, InvoiceState
from printing.models import PrintJob
from spaces.models import Space
from tests.connectors.factories import ConnectorFactory, PrintRuleFactory, invoice_of, receive
from tests.factories import SpaceFactory

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("order_event", *arguments, "--space", "alpenblick", stdout=out)
    return out.getvalue()


def test_paid_settles_the_invoice_and_prints_once(space: Space) -> None:
    connector = ConnectorFactory(space=space)
    PrintRuleFactory(connector=connector, event=Event.PAID)
    order = receive(space, connector=connector, number="4711")
    assert run("paid", "--order", "4711") == "Order 4711: paid.\n"
    assert run("paid", "--order", "4711") == "Order 4711: unchanged, already paid.\n"
    assert invoice_of(order).state == InvoiceState.PAID
    assert PrintJob.objects.count() == 1


def test_shipped_keeps_the_moment_that_is_given(space: Space) -> None:
    order = receive(space, external_id="shop-99")
    run("shipped", "--order", "shop-99", "--at", "2026-02-01T08:00:00+01:00")
    order.refresh_from_db()
    assert order.shipped_at == datetime(2026, 2, 1, 7, tzinfo=UTC)


def test_a_moment_without_time_zone_is_refused(space: Space) -> None:
    with pytest.raises(CommandError, match="with its time zone"):
        run("shipped", "--order", "1", "--at", "2026-02-01T08:00:00")


def test_an_order_of_another_space_is_not_found(space: Space) -> None:
    receive(SpaceFactory(), number="4711")
    with pytest.raises(CommandError, match="has no order “4711”"):
        run("paid", "--order", "4711")


def test_two_shops_that_count_alike_are_told_apart_by_the_shop_system(space: Space) -> None:
    receive(space, number="4711", external_id="a-4711")
    receive(space, number="4711", external_id="b-4711")
    with pytest.raises(CommandError, match="Several orders"):
        run("paid", "--order", "4711")
    assert run("paid", "--order", "b-4711") == "Order 4711: paid.\n"
