"""``python -m tests.torture.writers``: orders come in, several at once; a tenth is taken back after it was received.

Each writer notes what it saw: the order is committed, rolled back, or it did not hear what became of it. As a shop
would, it sends an order again until it knows, and the product takes it once.
"""

from __future__ import annotations

import json
import os
import random
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import django

from tests.torture.journal import Journal
from tests.torture.lanes import LANES, LaneOfPrinter

WRITERS = 3
PACE = (0.3, 0.9)  # seconds between two orders of one writer
ROLLED_BACK = 0.1
SEND_AGAIN = 0.3
GIVE_UP = 60.0
# So long a writer that takes its order back keeps it open: whoever does not wait for the commit would print it.
SECOND_THOUGHTS = (0.0, 0.4)


class TakenBack(Exception):
    """The writer changes its mind after receiving."""


class Writer(threading.Thread):
    """Receives orders until it is over."""

    def __init__(self, number: int, directory: Path, journal: Journal, lanes: list[LaneOfPrinter]) -> None:
        super().__init__(name=f"writer-{number}")
        self.number = number
        self.directory = directory
        self.journal = journal
        self.lanes = lanes
        self.chance = random.Random(f"writer {os.environ['TORTURE_SEED']} {number}")
        self.numbers = count(1)

    def run(self) -> None:
        for lane in self._wanted():
            taken_back = self.chance.random() < ROLLED_BACK
            self._sell(lane, f"{self.number}-{next(self.numbers)}", taken_back=taken_back)

    def _wanted(self) -> Iterator[LaneOfPrinter]:
        weights = [lane.weight for lane in self.lanes]
        while not (self.directory / "over").exists():
            burst = self._burst()
            if burst:
                yield from burst
                continue
            yield self.chance.choices(self.lanes, weights)[0]
            # The pace of trade, not a wait for anything.
            pause = time.monotonic() + self.chance.uniform(*PACE)
            while time.monotonic() < pause and not any((self.directory / "bursts").iterdir()):
                time.sleep(0.02)

    def _burst(self) -> list[LaneOfPrinter]:
        """What chaos asks for at once; of several writers the one that removes the file takes it."""
        for path in sorted((self.directory / "bursts").iterdir()):
            with suppress(FileNotFoundError):
                path.unlink()
                name, number, _ = path.name.split("-", 2)
                return [LANES[name]] * int(number)
        return []

    def _sell(self, lane: LaneOfPrinter, number: str, *, taken_back: bool) -> None:
        order = {"order": number, "documents": lane.documents, "lane": lane.name, "began": time.time()}
        self.journal.note("begins", **order, taken_back=taken_back)
        until = time.monotonic() + GIVE_UP
        while time.monotonic() < until:
            try:
                self._receive(lane, number, taken_back=taken_back)
            except TakenBack:
                self.journal.note("rolled_back", **order)
                return
            except django.db.Error:
                # The connection broke, perhaps in the middle of the commit. What was to be taken back stays so.
                django.db.connection.close()
                if taken_back:
                    self.journal.note("rolled_back", **order)
                    return
                time.sleep(SEND_AGAIN)
                continue
            self.journal.note("committed", **order)
            return
        self.journal.note("unknown", **order)

    def _receive(self, lane: LaneOfPrinter, number: str, *, taken_back: bool) -> None:
        from django.db import transaction

        from connectors.models import Connector
        from connectors.order_json import RawOrder, parse
        from connectors.services import orders

        connector = Connector.objects.select_related("space").get(key=lane.name)
        parsed = parse(RawOrder(json.dumps(order_json(number)).encode()))
        if not taken_back:
            orders.receive(connector.space, parsed, connector)
            return
        with transaction.atomic():
            orders.receive(connector.space, parsed, connector)
            time.sleep(self.chance.uniform(*SECOND_THOUGHTS))
            raise TakenBack


def order_json(number: str) -> dict[str, object]:
    """An order as a shop sends it; each is another one, so that no two invoices have the same bytes."""
    customer = {
        "external_id": f"customer-{number}",
        "company": f"Beispiel {number} AG",
        "street": "Musterweg 3",
        "postal_code": "1200",
        "city": "Genève",
        "country": "CH",
    }
    line = {"description": f"Tischlampe {number}", "quantity": 2, "unit_price": "10.00", "tax_rate": "8.1"}
    return {
        "external_id": number,
        "number": number,
        "currency": "CHF",
        "placed_at": "2026-01-31T10:00:00+01:00",
        "prices_include_tax": False,
        "customer": customer,
        "lines": [line],
    }


def main() -> None:
    """Write until it is over."""
    from connectors.models import Connector

    directory = Path(os.environ["TORTURE_DIRECTORY"])
    journal = Journal(directory / "journals" / "writers")
    lanes = [LANES[key] for key in Connector.objects.order_by("pk").values_list("key", flat=True)]
    writers = [Writer(number, directory, journal, lanes) for number in range(WRITERS)]
    broken: list[str] = []

    def note(arguments: threading.ExceptHookArgs) -> None:
        threading.__excepthook__(arguments)
        broken.append(str(arguments.exc_value))

    # A writer that the product surprises must not go silently: less would be looked at, and all of it well.
    threading.excepthook = note
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    sys.exit(bool(broken))


if __name__ == "__main__":
    django.setup()
    main()
