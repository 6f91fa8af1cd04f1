"""The day after its due day, where the Space is, an open invoice is overdue."""

from __future__ import annotations

import pytest
import time_machine
from django_q.models import Schedule

from connectors.models import InvoiceState
from connectors.schedules import MARK_OVERDUE, install_schedules
from connectors.services import orders
from connectors.tasks import mark_overdue
from tests.connectors.factories import invoice_of, receive
from tests.factories import SpaceFactory

pytestmark = pytest.mark.django_db


def test_midnight_is_that_of_the_space() -> None:
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False):  # due on the fifteenth
        berlin, lisbon = (receive(SpaceFactory(time_zone=zone)) for zone in ("Europe/Berlin", "Europe/Lisbon"))
    with time_machine.travel("2026-03-15T22:30:00Z", tick=False):
        assert mark_overdue() == 0
    with time_machine.travel("2026-03-15T23:30:00Z", tick=False):
        assert mark_overdue() == 1
        assert invoice_of(berlin).state == InvoiceState.OVERDUE
        assert invoice_of(lisbon).state == InvoiceState.OPEN


def test_what_is_paid_does_not_become_overdue_and_what_is_overdue_can_be_paid() -> None:
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False):
        paid, late = receive(SpaceFactory()), receive(SpaceFactory())
        orders.mark_paid(paid)
    mark_overdue()
    assert invoice_of(paid).state == InvoiceState.PAID
    assert orders.mark_paid(late)
    assert invoice_of(late).state == InvoiceState.PAID


def test_it_is_looked_for_each_hour_and_only_once() -> None:
    install_schedules()
    install_schedules()
    assert Schedule.objects.get(func=MARK_OVERDUE).schedule_type == Schedule.HOURLY
