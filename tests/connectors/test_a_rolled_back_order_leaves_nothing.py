"""An order is taken whole or not at all; what is rolled back leaves no row, no job and no gap in the numbers (S16)."""

from __future__ import annotations

from typing import Any, NoReturn

import pytest
from django.db import DatabaseError, transaction
from django_q.models import OrmQ

from connectors import printing_bridge
from connectors.models import Customer, Invoice, NumberCounter, Order, OrderLine, PackingSlip
from connectors.order_errors import OrderRefused
from connectors.services import orders, packing_slips
from printing.models import PrintJob
from spaces.models import Space
from tests.connectors.factories import invoice_of, line_json, order_input, receive
from tests.factories import PrinterConfigurationFactory


class Interrupted(Exception):
    """Something went wrong after the order."""


def _nothing_is_left() -> bool:
    models = (Order, OrderLine, Customer, Invoice, PackingSlip, PrintJob)
    return not any(model.objects.exists() for model in models)


@pytest.mark.django_db(transaction=True)
def test_what_the_caller_rolls_back_is_gone_and_its_number_is_given_again(space: Space) -> None:
    PrinterConfigurationFactory(space=space, is_default=True)
    with pytest.raises(Interrupted), transaction.atomic():  # noqa: PT012  what is tested is the block
        receive(space)
        raise Interrupted
    assert _nothing_is_left()
    assert not OrmQ.objects.exists()  # nobody was woken either
    assert invoice_of(receive(space)).number.endswith("-0001")


@pytest.mark.django_db
def test_an_order_that_fails_half_way_is_gone(space: Space, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> NoReturn:
        raise Interrupted

    receive(space)  # so that the connector and the series exist
    counted = list(NumberCounter.objects.order_by("pk").values_list("last", flat=True))
    rows = (Order.objects.count(), OrderLine.objects.count(), Invoice.objects.count())
    monkeypatch.setattr(packing_slips, "issue", fail)
    with pytest.raises(Interrupted):
        receive(space)
    assert (Order.objects.count(), OrderLine.objects.count(), Invoice.objects.count()) == rows
    assert list(NumberCounter.objects.order_by("pk").values_list("last", flat=True)) == counted


@pytest.mark.django_db
def test_an_order_that_does_not_add_up_is_refused_before_anything_is_written(space: Space) -> None:
    with pytest.raises(OrderRefused, match=r"^lines\[1\]: .*larger than the line"):
        orders.receive(space, order_input(lines=[line_json(), line_json(discount={"amount": "20.01"})]))
    with pytest.raises(OrderRefused, match="larger than the sum"):
        orders.receive(space, order_input(discount={"amount": "20.01"}))
    assert _nothing_is_left()


@pytest.mark.django_db(transaction=True)
def test_an_order_whose_print_jobs_cannot_be_written_is_not_committed_without_them(
    space: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**kwargs: Any) -> NoReturn:
        # A statement that the database refuses.
        PrintJob.objects.create(space=kwargs["space"], document_kind="invoice", title="x", printer=None)
        raise AssertionError("the database took it")

    with monkeypatch.context() as patched:
        patched.setattr(printing_bridge, "enqueue", broken)
        with pytest.raises(DatabaseError):
            receive(space)
    assert _nothing_is_left()
    assert invoice_of(receive(space)).number.endswith("0001")


@pytest.mark.django_db
def test_a_lost_logo_does_not_stop_the_sale(space: Space, caplog: pytest.LogCaptureFixture) -> None:
    space.logo = "logos/alpenblick/gone.png"
    space.save()
    assert invoice_of(receive(space)).logo is None
    assert "cannot be read" in caplog.text
