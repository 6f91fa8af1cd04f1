"""The lanes: which printers there are, and what an order for each is due to print."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LaneOfPrinter:
    """A printer, the connector whose orders print on it, and its two trays where letter and slip leave apart.

    A new provider gets its lane here, its printer in ``printers.py`` and its connection in ``furnish.py``.
    """

    name: str
    provider: str
    space: str
    trays: tuple[str, str] | None = None  # letter, slip
    weight: int = 2  # its share of the orders

    @property
    def documents(self) -> int:
        """How many documents an order for it is due to print."""
        return 2 if self.trays else 1


LANES = {
    lane.name: lane
    for lane in (
        LaneOfPrinter("folder", "folder", "first", ("main", "tray-2")),
        LaneOfPrinter("printnode", "printnode", "first", ("Fach 1", "Fach 2")),
        LaneOfPrinter("ezeep", "ezeep", "second"),
        LaneOfPrinter("ipp", "ipp", "second"),
        LaneOfPrinter("real", "ipp", "second", ("tray-1", "tray-2"), weight=1),
    )
}
