"""What the pages of dunning have in common: there are none without the feature Dunning."""

from __future__ import annotations

from typing import ClassVar

from connectors.admin.base import ReadPage
from spaces.models import FeatureName, Role


class DunningReadPage(ReadPage):
    """A list and pages to read, with buttons."""

    feature = FeatureName.DUNNING
    add_roles: ClassVar[frozenset[Role]] = frozenset()
