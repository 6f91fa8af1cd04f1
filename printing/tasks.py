"""What django-q2 calls. Only primary keys come through the queue."""

from __future__ import annotations

from printing import dispatcher
from printing.services.retention import purge_expired


def dispatch(printer_id: int | None = None) -> None:
    """A wake-up: serve the lanes that have work."""
    dispatcher.dispatch(printer_id)


def sweep() -> None:
    """Each minute: find the work whose wake-up was lost."""
    dispatcher.sweep()


def purge() -> None:
    """Daily: delete what is kept for longer than the retention."""
    for _deleted in purge_expired():
        pass
