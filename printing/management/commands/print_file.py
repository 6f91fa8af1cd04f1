"""``manage.py print_file FILE.pdf --space S [--printer NAME] [--copies N]``: print a PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from printing import kinds
from printing.constants import MAX_COPIES, MAX_DOCUMENT_BYTES
from printing.management.arguments import sentences, space_or_error
from printing.models import PrinterConfiguration, PrintJob
from printing.providers.errors import Reason
from printing.sentences import sentence
from printing.services import enqueue, store_document
from printing.states import JobState
from spaces.models import Space


class Command(BaseCommand):
    help = "Print a PDF on a printer of a Space."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.pdf")
        parser.add_argument("--space", required=True, metavar="SLUG")
        parser.add_argument(
            "--printer", metavar="NAME", help="as in Connect > Printers; without it the default printer"
        )
        parser.add_argument("--copies", type=int, metavar="N", help=f"1 to {MAX_COPIES}")
        parser.add_argument("--title", help="what people see in the list of jobs; without it the name of the file")

    def handle(self, *args: Any, **options: Any) -> None:
        space = space_or_error(options["space"])
        configuration = _configuration(space, options["printer"])
        copies = options["copies"]
        if copies is not None and not 1 <= copies <= MAX_COPIES:
            raise CommandError(f"--copies is a number from 1 to {MAX_COPIES}.")
        content = _read(options["file"])
        with sentences():
            document = store_document(space, content)
        job = enqueue(
            space=space,
            document_kind=kinds.FILE.key,
            title=options["title"] or options["file"].stem,
            configuration=configuration,
            copies=copies,
            document=document,
        )
        if job is None:
            raise CommandError(f"The feature Printing is not activated in the Space “{space.slug}”.")
        self._tell(job)

    def _tell(self, job: PrintJob) -> None:
        if job.state == JobState.FAILED:
            raise CommandError(f"Print job {job.pk} is FAILED: {job.reason_sentence}")
        assert job.configuration is not None
        pages = job.document.pages if job.document else 0
        self.stdout.write(f"Print job {job.pk} ({pages} pages) waits for the printer “{job.configuration.name}”.")


def _configuration(space: Space, name: str | None) -> PrinterConfiguration | None:
    if name is None:
        return None
    usable = PrinterConfiguration.objects.in_space(space).usable()
    found: PrinterConfiguration | None = usable.filter(name=name).first()
    if found is None:
        names = ", ".join(f"“{one}”" for one in usable.order_by("name").values_list("name", flat=True)[:20])
        raise CommandError(f"The Space “{space.slug}” has no active printer “{name}”. It has: {names or 'none yet'}.")
    return found


def _read(path: Path) -> bytes:
    """The bytes of the file; one that is too large is not even read."""
    try:
        size = path.stat().st_size
        if size > MAX_DOCUMENT_BYTES:
            limits = {"size": f"{size / 1e6:.1f}", "limit": f"{MAX_DOCUMENT_BYTES / 1e6:.0f}"}
            raise CommandError(sentence(Reason.DOCUMENT_TOO_LARGE, limits))
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
