"""Providers are found by their key."""

from __future__ import annotations

import pytest

from printing.providers import registry
from printing.providers.base import ProviderContext
from printing.providers.errors import ConfigurationProblem, Reason


def test_every_provider_is_found_by_its_key(context: ProviderContext) -> None:
    for provider in registry.all_providers():
        assert isinstance(registry.get(provider.key, context), provider)


def test_no_two_providers_share_a_key() -> None:
    keys = [provider.key for provider in registry.all_providers()]
    assert len(set(keys)) == len(keys)


def test_a_provider_of_another_version_is_a_matter_of_configuration(context: ProviderContext) -> None:
    with pytest.raises(ConfigurationProblem) as caught:
        registry.get("telex", context)
    assert (caught.value.reason, caught.value.params) == (Reason.PROVIDER_MISSING, {"provider": "telex"})
