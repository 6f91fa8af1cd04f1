"""Which fakes there are. A new one is added here; tests and ``manage.py fake_provider`` find it by its name."""

from __future__ import annotations

from collections.abc import Callable

from tests.fakes.ezeep.service import EzeepService
from tests.fakes.ipp.service import IppService
from tests.fakes.printnode.service import PrintNodeService
from tests.fakes.server import FakeService

FAKES: dict[str, Callable[[], FakeService]] = {
    IppService.name: IppService,
    PrintNodeService.name: PrintNodeService,
    EzeepService.name: EzeepService,
}
