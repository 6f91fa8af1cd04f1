"""The registered providers, for forms and models."""

from __future__ import annotations

from printing.providers import registry


def provider_choices() -> list[tuple[str, str]]:
    """Callable, so that no migration freezes them."""
    return [(provider.key, provider.label) for provider in registry.all_providers()]
