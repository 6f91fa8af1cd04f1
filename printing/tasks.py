"""What django-q2 calls. Only primary keys come through the queue."""

from __future__ import annotations

from printing import dispatcher, health, substitution
from printing import follow_up as following
from printing.incidents import operators, telling, watch
from printing.services.retention import purge_expired, purge_words


def dispatch(printer_id: int | None = None) -> None:
    """A wake-up: serve the lanes that have work."""
    dispatcher.dispatch(printer_id)


def sweep() -> None:
    """Each minute: find the work whose wake-up was lost, and what another printer is to take over."""
    substitution.move_to_substitutes()
    dispatcher.sweep()


def follow_up() -> None:
    """Each minute: ask what became of accepted jobs."""
    following.follow_up()


def printer_health() -> None:
    """Each minute: ask the print services that were not asked for a while which printers are online."""
    health.check_printers()


def incidents() -> None:
    """Each minute: find what began to go wrong and what is well again, and tell the people who want to know."""
    watch.look()
    telling.tell()
    operators.tell_operators()


def purge() -> None:
    """Daily: delete what is kept for longer than the retention."""
    for _deleted in purge_expired():
        pass
    purge_words()
