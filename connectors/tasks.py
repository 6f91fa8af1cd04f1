"""What the queue calls."""

from __future__ import annotations

from connectors.services import invoices


def mark_overdue() -> int:
    return invoices.mark_overdue()
