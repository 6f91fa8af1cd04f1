"""Which providers there are. A new one is imported and added to the tuple, in the order people shall see."""

from __future__ import annotations

from printing.providers.base import Provider, ProviderContext
from printing.providers.errors import ConfigurationProblem, Reason
from printing.providers.ezeep.provider import EzeepProvider
from printing.providers.folder import FolderProvider
from printing.providers.ipp.provider import IppProvider
from printing.providers.printnode.provider import PrintNodeProvider

_PROVIDERS: tuple[type[Provider], ...] = (FolderProvider, IppProvider, PrintNodeProvider, EzeepProvider)


def all_providers() -> tuple[type[Provider], ...]:
    """Every provider class, in the order of the form that connects one."""
    return _PROVIDERS


def get(key: str, context: ProviderContext) -> Provider:
    """The provider of that key. Raises ConfigurationProblem PROVIDER_MISSING for one this version does not have."""
    for provider in _PROVIDERS:
        if provider.key == key:
            return provider(context)
    raise ConfigurationProblem(Reason.PROVIDER_MISSING, {"provider": key})
