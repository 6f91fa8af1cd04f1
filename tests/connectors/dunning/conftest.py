"""What the tests of dunning can ask for: a Space that duns."""

from __future__ import annotations

import pytest

from spaces.models import FeatureName, Space
from tests.factories import FeatureFactory, PrinterConfigurationFactory


@pytest.fixture
def dunning_space(space: Space) -> Space:
    """The Space that tests work in; it prints and duns, in German."""
    FeatureFactory(space=space, name=FeatureName.DUNNING)
    PrinterConfigurationFactory(space=space, is_default=True)
    Space.objects.filter(pk=space.pk).update(language="de")
    space.refresh_from_db()
    return space
