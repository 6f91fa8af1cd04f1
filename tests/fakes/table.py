"""Which fakes there are. A new one is added here; tests and ``manage.py fake_provider`` find it by its name."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from tests.fakes.server import FakeService


def _of(name: str, service: str) -> Callable[[], FakeService]:
    """Makes the service of ``tests/fakes/NAME/``; loads no other, since two hundred tests start one each."""

    def make() -> FakeService:
        made: FakeService = getattr(import_module(f"tests.fakes.{name}.service"), service)()
        return made

    return make


FAKES: dict[str, Callable[[], FakeService]] = {
    "ipp": _of("ipp", "IppService"),
    "printnode": _of("printnode", "PrintNodeService"),
    "ezeep": _of("ezeep", "EzeepService"),
}
