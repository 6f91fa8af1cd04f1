"""The Space of the simulated year: its flows, its printer that is a folder, its mail server that is a process."""

from __future__ import annotations

import shutil
from typing import Any

from connectors.models import Connector, DunningChannel, Slip
from spaces.models import FeatureName, Space
from tests.connectors.dunning_factories import DunningFlowFactory, DunningLevelFactory
from tests.connectors.factories import ConnectorFactory
from tests.factories import SpaceFactory
from tests.printing.simulated import SimulatedPrinter, simulated_printer
from tests.simulation.plan import HOME, PAYMENT_DAYS
from tests.simulation.prices import CURRENCY, LARGE, PRICES, SMALL

_LEVELS: dict[tuple[str, int], dict[str, Any]] = {
    (LARGE, 1): {"days": 5, "channel": DunningChannel.EMAIL, "template": "reminder"},
    (LARGE, 2): {"days": 7, "channel": DunningChannel.BOTH},
    (LARGE, 3): {"days": 8, "channel": DunningChannel.PRINT, "template": "final", "slip": Slip.FOOT},
    (LARGE, 4): {"days": 8, "channel": DunningChannel.TASK},
    (SMALL, 1): {"days": 4, "channel": DunningChannel.EMAIL, "template": "reminder"},
    (SMALL, 2): {"days": 9, "channel": DunningChannel.PRINT},
}
# From this amount on, it is the first flow.
_LARGE_FROM = 150


class World:
    """Where the year happens."""

    def __init__(self) -> None:
        self.space: Space = SpaceFactory(
            country="CH",
            currency=CURRENCY,
            language="de",
            time_zone=HOME,
            company="Bergblick AG",
            street="Beispielgasse 7",
            postal_code="8000",
            city="Zürich",
            iban="CH9300762011623852957",
            features=[FeatureName.PRINTING, FeatureName.DUNNING],
        )
        self.printer: SimulatedPrinter = simulated_printer(self.space, default=True, max_age_hours=48)
        # Nothing but the notices is printed: an invoice leaves before anybody can pay it.
        self.connector: Connector = ConnectorFactory(space=self.space, payment_days=PAYMENT_DAYS)
        flows = {
            LARGE: DunningFlowFactory(space=self.space, name=LARGE, priority=1, amount_from=_LARGE_FROM),
            SMALL: DunningFlowFactory(space=self.space, name=SMALL, priority=2),
        }
        for (flow, position), price in PRICES.items():
            DunningLevelFactory(
                flow=flows[flow],
                position=position,
                texts=["de", "en"],
                fee=price.fee,
                fee_tax_rate=price.tax_rate,
                interest_consumer=price.interest_consumer,
                interest_business=price.interest_business,
                **_LEVELS[flow, position],
            )

    def move(self, time_zone: str) -> None:
        """The Space moves to another time zone."""
        self.space.time_zone = time_zone
        self.space.save(update_fields=["time_zone"])

    def tidy_up(self) -> None:
        """Throw the paper away."""
        shutil.rmtree(self.printer.directory, ignore_errors=True)
