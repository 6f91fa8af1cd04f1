"""The simulated printer: every document becomes a PDF in a directory, with its options beside it as JSON.

To try the product without an account or a device, and to test it: a file ``mode.json`` in the directory makes the
printer misbehave (see :class:`Mode`).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from printing.providers.base import (
    Accepted,
    ConnectionField,
    Credentials,
    Document,
    FindResult,
    NotFound,
    PaperSize,
    PaperState,
    Progress,
    ProviderContext,
    RemotePrinter,
    Target,
    Tray,
    gettext_noop,
)
from printing.providers.errors import ConfigurationProblem, OutcomeUnknown, Permanent, Reason, Transient

MODE_FILE = "mode.json"
DEFAULT_DIRECTORY = "printed"
MAX_COPIES = 99
FILE_GONE = gettext_noop("The file is not there any more.")
TRAYS = (Tray("main", "Main tray"), Tray("tray-2", "Tray 2"), Tray("by-pass", "By-pass tray"))
PAPERS = (
    PaperSize("iso_a4_210x297mm", "A4", 21000, 29700),
    PaperSize("iso_a5_148x210mm", "A5", 14800, 21000),
    PaperSize("iso_dl_110x220mm", "DL", 11000, 22000),
    PaperSize("iso_c5_162x229mm", "C5", 16200, 22900),
)
_DIRECTORY_NAME = re.compile(r"\w[\w .-]{0,79}")
_FILE_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
# Stands between slug and key in a file name. A slug never contains it, so the key is found without guessing.
_SEPARATOR = "--"


@dataclass(frozen=True, slots=True)
class Mode:
    """What ``mode.json`` asks for, as ``{"mode": …, "seconds": …, "message": …, "durable": …}``; read at each call.

    ``mode`` is one of ``normal``, ``offline``, ``busy``, ``reject`` (refuse the document with ``message``),
    ``lose-answer`` (print, then answer nothing) and ``lose-request`` (print nothing, answer nothing); every one of them
    first waits ``seconds``. ``durable`` makes paper survive a power cut: see :meth:`FolderProvider._write`.
    """

    mode: str = "normal"
    seconds: float = 0.0
    message: str = ""
    durable: bool = False


class FolderProvider:
    """Prints into a directory below ``ProviderContext.simulated_root``."""

    key: ClassVar[str] = "folder"
    label: ClassVar[str] = gettext_noop("Simulated printer (folder)")
    connection_fields: ClassVar[tuple[ConnectionField, ...]] = (
        ConnectionField(
            name="directory",
            label=gettext_noop("Directory"),
            help=gettext_noop("A plain name. The documents appear in a directory of this name on the server."),
            required=False,
            default=DEFAULT_DIRECTORY,
        ),
    )
    max_document_bytes: ClassVar[int] = 100_000_000

    def __init__(self, context: ProviderContext) -> None:
        self._root = context.simulated_root

    def describe(self, credentials: Credentials) -> str:
        """The name of the directory, which exists afterwards.

        Raises ConfigurationProblem DIRECTORY_INVALID; Transient STORAGE_UNAVAILABLE.
        """
        directory = self._directory(credentials)
        with _storage():
            directory.mkdir(parents=True, exist_ok=True)
        return directory.name

    def printers(self, credentials: Credentials) -> list[RemotePrinter]:
        """One printer of the directory's name, with three trays; offline when ``mode.json`` says so."""
        directory = self._directory(credentials)
        offline = _mode(directory).mode == "offline"
        return [
            RemotePrinter(
                id=directory.name,
                name=directory.name,
                online=not offline,
                trays=TRAYS,
                papers=PAPERS,
                duplex=True,
                color=True,
                max_copies=MAX_COPIES,
                detail="offline" if offline else "",
            )
        ]

    def submit(self, document: Document, target: Target, key: str) -> Accepted:
        """Write the document and its options.

        Raises as ``mode.json`` asks; Transient STORAGE_UNAVAILABLE when the directory cannot be written.
        """
        directory = self._directory(target.credentials)
        mode = _mode(directory)
        if mode.seconds:
            time.sleep(mode.seconds)
        _refuse(mode, directory.name)
        now = datetime.now(UTC)
        stem = f"{now:%Y%m%dT%H%M%S.%fZ}-{_slug(document.title)}{_SEPARATOR}{_file_key(key)}"
        options = {"arrived": now.isoformat(), "title": document.title, **_options(document.content, target, key)}
        with _storage():
            directory.mkdir(parents=True, exist_ok=True)
            # The PDF is the paper, its JSON the remark that it came out: in this order a kill in between leaves
            # paper without remark, which find() completes, and never a remark without paper.
            self._write(directory, f"{stem}.pdf", document.content, mode.durable)
            self._write(directory, f"{stem}.json", _json(options), mode.durable)
        if mode.mode == "lose-answer":
            raise OutcomeUnknown(Reason.NO_ANSWER, {"host": directory.name})
        return Accepted(stem)

    def find(self, target: Target, key: str, since: datetime) -> FindResult:
        """Look for the key among the file names; the directory forgets nothing, so ``since`` is not needed."""
        del since
        directory = self._directory(target.credentials)
        file_key = _file_key(key)
        with _storage():
            while True:
                names = [name for name in _names(directory) if _key_in(name) == file_key]
                printed = [name.removesuffix(".pdf") for name in names if name.endswith(".pdf")]
                if printed:
                    self._complete(directory, printed[0], target, key)
                    return Accepted(printed[0])
                if all(_withdrawn(directory / name) for name in names if name.endswith(".pdf.tmp")):
                    return NotFound()

    def progress(self, target: Target, remote_id: str) -> Progress:
        """Printed, as long as the file is there; unknown once someone has tidied it away."""
        directory = self._directory(target.credentials)
        plain = Path(remote_id).name == remote_id
        if plain and (directory / f"{remote_id}.pdf").is_file():
            return Progress(PaperState.PRINTED, final=True)
        return Progress(PaperState.UNKNOWN, FILE_GONE, final=True)

    def cancel(self, target: Target, remote_id: str) -> bool:
        """Always too late: the document is written before it is accepted."""
        del target, remote_id
        return False

    def _directory(self, credentials: Credentials) -> Path:
        name = credentials.get("directory", "").strip() or DEFAULT_DIRECTORY
        if not _DIRECTORY_NAME.fullmatch(name) or ".." in name:
            raise ConfigurationProblem(Reason.DIRECTORY_INVALID, field="directory")
        return self._root / name

    def _write(self, directory: Path, name: str, content: bytes, durable: bool) -> None:
        """Make a file appear whole or not at all.

        No fsync unless asked for: what a killed process wrote is safe in the page cache, only a power cut loses it.
        A simulated sheet of paper is worth less than the two disk flushes per document it would take to keep it.
        """
        temporary = directory / f".{name}.tmp"
        with temporary.open("wb") as file:
            file.write(content)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        temporary.rename(directory / name)
        if durable:
            _sync_directory(directory)

    def _complete(self, directory: Path, stem: str, target: Target, key: str) -> None:
        """Write the JSON that a killed process still owed to its PDF."""
        if (directory / f"{stem}.json").exists():
            return
        content = (directory / f"{stem}.pdf").read_bytes()
        options = {"arrived": None, "title": None, **_options(content, target, key)}
        self._write(directory, f"{stem}.json", _json(options), durable=False)


def _refuse(mode: Mode, name: str) -> None:
    if mode.mode == "offline":
        raise Transient(Reason.PRINTER_OFFLINE, {"printer": name})
    if mode.mode == "busy":
        raise Transient(Reason.BUSY)
    if mode.mode == "reject":
        raise Permanent(Reason.DOCUMENT_REFUSED, {"message": mode.message})
    if mode.mode == "lose-request":
        raise OutcomeUnknown(Reason.NO_ANSWER, {"host": name})


def _mode(directory: Path) -> Mode:
    """The mode asked for; a file that cannot be read, or is being edited just now, asks for nothing."""
    try:
        data = json.loads((directory / MODE_FILE).read_bytes())
        wanted = data if isinstance(data, dict) else {}
        return Mode(
            mode=str(wanted.get("mode", "normal")),
            seconds=min(600.0, max(0.0, float(wanted.get("seconds", 0)))),  # in this order no NaN passes
            message=str(wanted.get("message", "The simulated printer rejects documents.")),
            durable=wanted.get("durable") is True,
        )
    except (OSError, ValueError, TypeError):
        return Mode()


def _options(content: bytes, target: Target, key: str) -> dict[str, object]:
    paper = target.paper
    return {
        "key": key,
        "printer": target.printer_id,
        "tray": target.tray,
        "paper": {"id": paper.id, "name": paper.name, "width": paper.width, "height": paper.height} if paper else None,
        "sides": target.sides.value,
        "color": target.color.value,
        "copies": target.copies,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _json(options: Mapping[str, object]) -> bytes:
    return json.dumps(options, ensure_ascii=False, indent=1).encode()


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:60].strip("-") or "document"


def _file_key(key: str) -> str:
    """The key as it stands in file names; one with other characters in it is replaced by its hash."""
    return key if _FILE_KEY.fullmatch(key) else hashlib.sha256(key.encode()).hexdigest()


def _names(directory: Path) -> list[str]:
    # Thousands of names: making a Path of each would cost ten times the look-up itself.
    try:
        return os.listdir(directory)  # noqa: PTH208
    except FileNotFoundError:
        return []  # nothing was ever printed there


def _key_in(name: str) -> str:
    """The key in a file name, whatever its extensions."""
    rest = name.partition(_SEPARATOR)[2].removesuffix(".tmp")
    return rest.removesuffix(".pdf").removesuffix(".json")


def _withdrawn(temporary: Path) -> bool:
    """Remove a half-written document; False when it was finished in this very moment.

    If its process is not dead but only slept, its rename fails from now on: the document does not come out beside the
    one that will be sent again.
    """
    try:
        temporary.unlink()
    except FileNotFoundError:
        return False
    return True


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _storage() -> Iterator[None]:
    """A full or missing disk is no fault of the document: try again later."""
    try:
        yield
    except OSError as error:
        detail = f"{type(error).__name__}: {error.strerror}"
        raise Transient(Reason.STORAGE_UNAVAILABLE, detail=detail) from error
