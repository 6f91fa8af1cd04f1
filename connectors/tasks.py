"""What the queue calls."""

from __future__ import annotations

from connectors.mail import delivery
from connectors.services import invoices


def mark_overdue() -> int:
    return invoices.mark_overdue()


def send_mails() -> int:
    """After a commit, and each minute: send the e-mails that are due."""
    return delivery.send_due()
