"""Dunning flows and overdue invoices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import factory as factory_boy
import time_machine
from factory.django import DjangoModelFactory

from connectors.models import Connector, DunningFlow, DunningLevel, DunningLevelText, Invoice
from spaces.models import Space
from tests.connectors.factories import invoice_of, line_json, receive
from tests.factories import SpaceFactory

factory: Any = factory_boy
RowFactory: Any = DjangoModelFactory

# Mondays. With the usual term of 14 days.
ISSUED = date(2026, 3, 2)
DUE = date(2026, 3, 16)


class DunningFlowFactory(RowFactory):  # type: ignore[misc]
    """A flow that fits every invoice of its Space. ``DunningFlowFactory(levels=3)`` has three levels."""

    class Meta:
        model = DunningFlow
        skip_postgeneration_save = True

    space = factory.SubFactory(SpaceFactory)
    name = factory.Sequence(lambda number: f"Flow {number}")

    @factory.post_generation
    def levels(self, create: bool, extracted: int | None, **fields: Any) -> None:
        for position in range(1, (extracted or 0) + 1):
            DunningLevelFactory(flow=self, position=position, **fields)


class DunningLevelFactory(RowFactory):  # type: ignore[misc]
    """A level without charges that prints, seven days after the one before; with a text in German."""

    class Meta:
        model = DunningLevel
        skip_postgeneration_save = True

    flow = factory.SubFactory(DunningFlowFactory)
    position = 1
    name = factory.LazyAttribute(lambda level: f"Level {level.position}")
    days = 7
    payment_days = 7
    fee = Decimal(0)

    @factory.post_generation
    def texts(self, create: bool, extracted: list[str] | None, **fields: Any) -> None:
        for language in ["de"] if extracted is None else extracted:
            DunningLevelTextFactory(level=self, language=language, **fields)


class DunningLevelTextFactory(RowFactory):  # type: ignore[misc]
    class Meta:
        model = DunningLevelText

    level = factory.SubFactory(DunningLevelFactory)
    language = "de"
    title = factory.LazyAttribute(lambda text: f"Mahnung {text.level.position} zu Rechnung {{number}}")
    text = "Bitte zahlen Sie {amount} bis zum {until}."


def overdue_invoice(
    space: Space, gross: str = "100.00", *, issued: date = ISSUED, connector: Connector | None = None, **changes: Any
) -> Invoice:
    """An invoice over ``gross``, without tax, issued so long ago that it is overdue: the usual term is 14 days."""
    with time_machine.travel(f"{issued}T12:00:00Z", tick=False):
        line = line_json(quantity=1, unit_price=gross, tax_rate=0)
        return invoice_of(receive(space, lines=[line], connector=connector, **changes))
