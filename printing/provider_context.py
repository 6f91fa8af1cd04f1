"""The settings as providers see them; providers themselves know no Django."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from printing.providers import registry
from printing.providers.base import Provider, ProviderContext, WebhookProvider
from printing.providers.errors import ConfigurationProblem
from printing.throttle import reserve


def provider_context() -> ProviderContext:
    return ProviderContext(
        simulated_root=Path(settings.SIMULATED_PRINTER_ROOT),
        connect_timeout=settings.PROVIDER_CONNECT_TIMEOUT,
        read_timeout=settings.PROVIDER_READ_TIMEOUT,
        printer_networks=settings.PRINTER_NETWORKS,
        throttle=reserve,
    )


def provider_for(key: str) -> Provider:
    """The provider registered under ``key``. Raises ConfigurationProblem where this version has none."""
    return registry.get(key, provider_context())


def webhook_provider(key: str) -> WebhookProvider | None:
    """The provider registered under ``key`` if it calls us when a job changes; None where it does not or is missing."""
    try:
        provider = provider_for(key)
    except ConfigurationProblem:
        return None
    return provider if isinstance(provider, WebhookProvider) else None
