"""A simulated printer as tests see it: told to misbehave, and looked at for what came out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings

from printing.models import PrinterConfiguration, PrintJob
from printing.services import connect_printer, enqueue, save_configuration, store_document
from printing.services.printers import discover
from spaces.models import Space
from tests.pdfs import make_pdf


@dataclass
class SimulatedPrinter:
    configuration: PrinterConfiguration
    directory: Path

    def set(self, mode: str, **options: Any) -> None:
        """Make it ``offline``, ``reject``, ``lose-answer`` … or ``normal`` again."""
        self.directory.mkdir(parents=True, exist_ok=True)
        (self.directory / "mode.json").write_text(json.dumps({"mode": mode, **options}))

    def documents(self) -> list[Path]:
        """The PDFs that came out, in the order of arrival."""
        return sorted(self.directory.glob("*.pdf"))

    def keys(self) -> list[str]:
        """The submission keys of what came out, in the order of arrival."""
        return [path.stem.rpartition("--")[2] for path in self.documents()]

    def options(self) -> list[dict[str, Any]]:
        return [json.loads(path.read_text()) for path in sorted(self.directory.glob("20*.json"))]


def simulated_printer(space: Space, name: str = "Laser", *, default: bool = False, **options: Any) -> SimulatedPrinter:
    """Connect a simulated printer of its own to a Space, through the services people's forms use."""
    directory = f"printer-{uuid4().hex[:12]}"
    _account, remotes = discover("folder", {"directory": directory})
    printer = connect_printer(space, "folder", {"directory": directory}, remotes[0])
    configuration = PrinterConfiguration(space=space, printer=printer, name=name, **options)
    save_configuration(configuration, default=default)
    return SimulatedPrinter(configuration, Path(settings.SIMULATED_PRINTER_ROOT) / directory)


def file_job(space: Space, number: int = 0, **fields: Any) -> PrintJob:
    """A job for a ready-made document."""
    job = enqueue(
        space=space,
        document_kind="file",
        title=fields.pop("title", f"Letter {number}"),
        document=store_document(space, make_pdf(number)),
        **fields,
    )
    assert job is not None
    return job
