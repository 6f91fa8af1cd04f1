"""PrintNode under the suite of every provider, against the fake that remembers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from printing.providers.base import ProviderContext, Target
from printing.providers.printnode.provider import PrintNodeProvider
from tests.fakes.printnode.fake import PRINTER, TRAY, PrintNodeFake, printnode_fake
from tests.lab.processes import free_port
from tests.printing.providers.contract import Printed, ProviderContract, Site

pytestmark = pytest.mark.fake

SIDES = {"long-edge": "two-sided-long-edge", "short-edge": "two-sided-short-edge", "one-sided": "one-sided"}


@pytest.fixture(scope="module")
def fake() -> Iterator[PrintNodeFake]:
    with printnode_fake() as found:
        yield found


def _printed(fake: PrintNodeFake) -> list[Printed]:
    found = []
    for document in fake.documents():
        options = document["options"]
        sides = SIDES.get(options.get("duplex", ""))
        content = fake.content(document["id"])
        found.append(Printed(content, document["title"], options.get("copies"), options.get("bin"), sides))
    return found


class TestPrintNode(ProviderContract):
    @pytest.fixture
    def site(self, fake: PrintNodeFake, context: ProviderContext) -> Site:
        return Site(
            PrintNodeProvider(context),
            Target(fake.credentials, str(PRINTER)),
            lambda: _printed(fake),
            {**fake.credentials, "base_url": f"http://127.0.0.1:{free_port()}"},
            TRAY,
        )
