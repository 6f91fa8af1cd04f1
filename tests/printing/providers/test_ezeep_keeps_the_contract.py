"""ezeep under the suite of every provider, against the fake that remembers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from printing.providers.base import ProviderContext, Target
from printing.providers.ezeep.provider import EzeepProvider
from tests.fakes.ezeep.fake import OFFICE, TRAY, EzeepFake, ezeep_fake
from tests.lab.processes import free_port
from tests.printing.providers.contract import Printed, ProviderContract, Site

pytestmark = pytest.mark.fake

SIDES = {1: "one-sided", 2: "two-sided-long-edge", 3: "two-sided-short-edge"}


@pytest.fixture(scope="module")
def fake() -> Iterator[EzeepFake]:
    with ezeep_fake() as found:
        yield found


def _printed(fake: EzeepFake) -> list[Printed]:
    found = []
    for document in fake.documents():
        properties = document["properties"]
        tray = str(properties["defaultSource"]) if "defaultSource" in properties else None
        sides = SIDES.get(properties.get("duplexmode", 0))
        content = fake.content(document["id"])
        found.append(Printed(content, document["alias"], properties.get("copies"), tray, sides))
    return found


class TestEzeep(ProviderContract):
    can_tell = False

    @pytest.fixture
    def site(self, fake: EzeepFake, context: ProviderContext) -> Site:
        credentials = fake.credentials()
        return Site(
            EzeepProvider(context),
            Target(credentials, OFFICE),
            lambda: _printed(fake),
            {**credentials, "api_url": f"http://127.0.0.1:{free_port()}"},
            TRAY,
        )
