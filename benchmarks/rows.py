"""The rows a measurement works on, and the look afterwards whether each job came out exactly once."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self, TypeVar

from django.conf import settings
from django.db import connection
from django.db.models import Max, Model
from django_q.models import OrmQ

from benchmarks.bodies import pdf
from benchmarks.processes import wait_until
from benchmarks.stub_printer import StubPrinters, Taken
from printing.models import PrintAttempt, PrinterConfiguration, PrintJob, StoredDocument
from printing.providers.base import RemotePrinter
from printing.services import connect_printer, save_configuration, store_document
from printing.services.printers import discover
from printing.states import JobState
from printing.wake import wake
from spaces.models import Feature, FeatureName, Space

DOCUMENTS = 100  # different ones, taken in turn


class Wrong(Exception):
    """A job was lost, doubled, changed or out of order."""


RowT = TypeVar("RowT", bound=Model)


def saved(row: RowT) -> RowT:
    """Save a row that the product's own forms would take. Raises ValidationError with the product's words."""
    row.full_clean()
    row.save(force_insert=True)
    return row


def new_space(name: str) -> Space:
    """A merchant who prints."""
    space = Space(
        name=name,
        slug=name,
        company="Muster GmbH",
        street="Musterstraße 12",
        postal_code="12345",
        city="Musterstadt",
        vat_number="DE136695976",
        iban="DE89370400440532013000",
        language="de",
    )
    saved(space)
    saved(Feature(space=space, name=FeatureName.PRINTING))
    return space


def folder_printers(space: Space, count: int) -> list[PrinterConfiguration]:
    """Simulated printers."""
    printers = []
    for number in range(count):
        credentials = {"directory": f"{space.slug}-{number}"}
        _account, remotes = discover("folder", credentials)
        printers.append(_connect(space, "folder", credentials, remotes[0], f"Folder {number}"))
    return printers


def ipp_printers(space: Space, stub: StubPrinters, latency: int, count: int) -> list[PrinterConfiguration]:
    """IPP printers of the stub."""
    printers = []
    for number in range(count):
        url = stub.url(latency, number, "ipp")
        remote = RemotePrinter(id=url, name=f"IPP {latency} ms {number}", online=True, max_copies=99)
        printers.append(_connect(space, "ipp", {"url": url}, remote, remote.name))
    return printers


def _connect(
    space: Space, provider: str, credentials: dict[str, str], remote: RemotePrinter, name: str
) -> PrinterConfiguration:
    printer = connect_printer(space, provider, credentials, remote)
    configuration = PrinterConfiguration(space=space, printer=printer, name=name)
    configuration.full_clean()
    return save_configuration(configuration, default=False)


def store_documents(space: Space) -> list[StoredDocument]:
    return [store_document(space, pdf(number)) for number in range(DOCUMENTS)]


def commit_jobs(
    printers: Sequence[PrinterConfiguration], documents: Sequence[StoredDocument], count: int
) -> list[PrintJob]:
    """Jobs for the printers in turn, committed, nobody woken: rows like those of ``enqueue``, many at once."""
    jobs: list[PrintJob] = PrintJob.objects.bulk_create(
        PrintJob(
            space=printers[0].space,
            document_kind="file",
            title=f"Letter {number}",
            configuration=printers[number % len(printers)],
            printer=printers[number % len(printers)].printer,
            document=documents[number % len(documents)] if documents else None,
        )
        for number in range(count)
    )
    return jobs


def wake_all(printers: Iterable[PrinterConfiguration]) -> None:
    for configuration in printers:
        wake(configuration.printer_id)


def wait_accepted(count: int) -> None:
    """Wait until so many jobs were accepted."""
    accepted = PrintJob.objects.filter(state=JobState.SUCCESSFUL)
    wait_until(lambda: accepted.count() >= count, f"{count} jobs were accepted")


def last_accepted(count: int) -> float:
    """Wait until every job has ended; when the last one was accepted, as seconds since the epoch."""
    wait_until(lambda: not PrintJob.objects.filter(state=JobState.PENDING).exists(), f"{count} jobs have ended")
    accepted = PrintJob.objects.filter(state=JobState.SUCCESSFUL)
    if accepted.count() != count:
        raise Wrong(f"{accepted.count()} of {count} jobs were accepted")
    attempts = PrintAttempt.objects.count()
    if attempts != count:
        raise Wrong(f"{count} jobs took {attempts} attempts")
    moment = accepted.aggregate(last=Max("accepted_at"))["last"]
    return float(moment.timestamp())


def settle() -> None:
    """Wait until the queue is empty: a task is acknowledged after its work is done."""
    wait_until(lambda: not OrmQ.objects.exists(), "the queue is empty")


def clear() -> None:
    """Forget all jobs, so that the next measurement works on tables of the same size."""
    PrintAttempt.objects.all()._raw_delete("default")
    PrintJob.objects.all()._raw_delete("default")


def begin_anew(stub: StubPrinters) -> None:
    """Take away what an earlier part left, which may have gone wrong in the middle."""
    clear()
    OrmQ.objects.all().delete()
    drop_bare_rows()
    stub.taken()


def check_taken(jobs: Sequence[PrintJob], taken: Sequence[Taken]) -> None:
    """Each job arrived once, at its printer, in its printer's order, with its bytes. Raises Wrong."""
    expected: dict[str, list[tuple[str, int]]] = {}
    arrived: dict[str, list[tuple[str, int]]] = {}
    checksums = [zlib.crc32(pdf(number)) for number in range(DOCUMENTS)]
    for number, job in enumerate(jobs):
        assert job.printer is not None
        path = "/" + job.printer.remote_id.split("/", 3)[3]
        expected.setdefault(path, []).append((job.submission_key, checksums[number % DOCUMENTS]))
    for one in taken:
        arrived.setdefault(one.path, []).append((one.key, one.checksum))
    if arrived != expected:
        raise Wrong(f"{len(taken)} documents arrived for {len(jobs)} jobs, or not as they were sent")


def check_keys(jobs: Sequence[PrintJob], taken: Sequence[Taken]) -> None:
    """Each job arrived once; its bytes were made on the way. Raises Wrong."""
    if sorted(one.key for one in taken) != sorted(job.submission_key for job in jobs):
        raise Wrong(f"{len(taken)} documents arrived for {len(jobs)} jobs")


def check_folders(jobs: Sequence[PrintJob], printers: Sequence[PrinterConfiguration]) -> None:
    """The same for simulated printers; what came out is thrown away."""
    arrived: list[str] = []
    for configuration in printers:
        directory = Path(settings.SIMULATED_PRINTER_ROOT) / configuration.printer.remote_id
        arrived += [path.stem.rpartition("--")[2] for path in sorted(directory.glob("*.pdf"))]
        for path in directory.iterdir():
            path.unlink()
    by_printer = sorted(range(len(jobs)), key=lambda number: (number % len(printers), number))
    if arrived != [jobs[number].submission_key for number in by_printer]:
        raise Wrong(f"{len(arrived)} documents came out for {len(jobs)} jobs, or in another order")


class BareRows:
    """The table of the programs Pressroom is compared with: a number, and when it was done. There while it is used."""

    def __enter__(self) -> Self:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE benchmark_row (id integer PRIMARY KEY, done double precision)")
        return self

    def __exit__(self, *error: object) -> None:
        drop_bare_rows()

    def fill(self, count: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM benchmark_row")
            cursor.executemany("INSERT INTO benchmark_row (id) VALUES (%s)", [(number,) for number in range(count)])

    def waiting(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM benchmark_row WHERE done IS NULL")
            return int(cursor.fetchone()[0])

    def last_done(self) -> float:
        """When the last one was done."""
        if waiting := self.waiting():
            raise Wrong(f"{waiting} rows were not done")
        with connection.cursor() as cursor:
            cursor.execute("SELECT max(done) FROM benchmark_row")
            return float(cursor.fetchone()[0])


def drop_bare_rows() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS benchmark_row")


def check_bare(count: int, taken: Sequence[Taken]) -> None:
    """Each number arrived once. Raises Wrong."""
    if sorted(one.key for one in taken) != [f"{number:032d}" for number in range(count)]:
        raise Wrong(f"{len(taken)} documents arrived for {count} rows of a bare program")
