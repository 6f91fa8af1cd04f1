"""System checks of what printing needs from the settings."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, register


@register()
def check_lease(**_kwargs: Any) -> list[CheckMessage]:
    """A lease shorter than one submission would hand a lane over while its worker still sends."""
    longest = settings.PROVIDER_CONNECT_TIMEOUT + settings.PROVIDER_READ_TIMEOUT
    if settings.LANE_THREADS == 0 and longest > settings.LANE_LEASE_SECONDS:
        return [
            checks.Warning(
                f"Without lane threads nobody renews a lease of {settings.LANE_LEASE_SECONDS:.0f} s "
                f"during a submission that may take {longest:.0f} s.",
                hint="Set LANE_THREADS to 1 or more, or LANE_LEASE_SECONDS higher.",
                id="printing.W001",
            )
        ]
    return []


@register()
def check_queue_times(**_kwargs: Any) -> list[CheckMessage]:
    """A task delivered again while it still runs does no harm here, but doubles the load for nothing."""
    queue: dict[str, Any] = settings.Q_CLUSTER
    if not queue.get("timeout") or queue["retry"] <= queue["timeout"]:
        return [
            checks.Error(
                "Q_CLUSTER needs a timeout, and a retry above it.",
                hint="See config/queue.py.",
                id="printing.E001",
            )
        ]
    return []
