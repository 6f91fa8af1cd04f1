"""The directory of the simulated printer, whatever happens between two writes."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from printing.providers.base import Accepted, Credentials, Document, NotFound, PaperState, ProviderContext, Target
from printing.providers.errors import ConfigurationProblem, OutcomeUnknown, Permanent, ProviderError, Reason, Transient
from printing.providers.folder import FolderProvider

PDF = b"%PDF-1.7 one page"
TARGET = Target({}, "printed", tray="tray-2", copies=3)
KEY = "5f2c-1"


@pytest.fixture
def printer(context: ProviderContext) -> FolderProvider:
    return FolderProvider(context)


@pytest.fixture
def directory(context: ProviderContext) -> Path:
    return context.simulated_root / "printed"


def _submit(printer: FolderProvider, key: str = KEY, title: str = "Invoice") -> str:
    return printer.submit(Document(PDF, title), TARGET, key).remote_id


def _find(printer: FolderProvider, key: str = KEY) -> object:
    return printer.find(TARGET, key, datetime.now(UTC))


def _misbehave(directory: Path, **mode: object) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "mode.json").write_text(json.dumps(mode))


def test_the_names_tell_when_what_and_which(printer: FolderProvider, directory: Path) -> None:
    stem = _submit(printer, title="Rechnung Nr. 2026/0001 für Müller")
    assert stem.endswith("-rechnung-nr-2026-0001-fur-muller--5f2c-1")
    assert sorted(path.name for path in directory.iterdir()) == [f"{stem}.json", f"{stem}.pdf"]


def test_the_names_sort_in_order_of_arrival(printer: FolderProvider) -> None:
    arrived = [_submit(printer, f"key-{number}", title=f"Title {9 - number}") for number in range(10)]
    assert arrived == sorted(arrived)


def test_the_options_lie_beside_the_document(printer: FolderProvider, directory: Path) -> None:
    options = json.loads((directory / f"{_submit(printer)}.json").read_text())
    assert (options["key"], options["tray"], options["copies"], options["bytes"]) == (KEY, "tray-2", 3, len(PDF))


def test_killed_after_the_paper_it_is_printed_and_the_options_are_completed(
    printer: FolderProvider, directory: Path
) -> None:
    stem = _submit(printer)
    (directory / f"{stem}.json").unlink()
    assert _find(printer) == Accepted(stem)
    assert json.loads((directory / f"{stem}.json").read_text())["copies"] == 3


def test_killed_in_the_middle_of_the_paper_nothing_is_printed(printer: FolderProvider, directory: Path) -> None:
    directory.mkdir(parents=True)
    half = directory / f".20261123T101112.123456Z-invoice--{KEY}.pdf.tmp"
    half.write_bytes(PDF[:5])
    assert _find(printer) == NotFound()
    assert not half.exists()


def test_the_half_document_of_another_job_is_left_alone(printer: FolderProvider, directory: Path) -> None:
    directory.mkdir(parents=True)
    half = directory / ".20261123T101112.123456Z-invoice--another.pdf.tmp"
    half.write_bytes(PDF[:5])
    assert _find(printer) == NotFound()
    assert half.exists()


def test_a_process_that_only_slept_does_not_print_after_it_was_called_dead(
    printer: FolderProvider, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def asked_meanwhile(self: Path, target: Path) -> Path:
        assert _find(FolderProvider(ProviderContext(simulated_root=directory.parent))) == NotFound()
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", asked_meanwhile)
    with pytest.raises(Transient):
        _submit(printer)
    assert list(directory.glob("*.pdf")) == []


def test_a_key_with_strange_characters_is_found_and_makes_no_strange_names(
    printer: FolderProvider, directory: Path
) -> None:
    stem = _submit(printer, key="../../x/ü key")
    assert _find(printer, "../../x/ü key") == Accepted(stem)
    assert [path.parent for path in directory.rglob("*.pdf")] == [directory]


def test_it_finds_one_among_thousands_in_no_time(printer: FolderProvider, directory: Path) -> None:
    directory.mkdir(parents=True)
    for number in range(5_000):
        (directory / f"20261123T101112.{number:06}Z-invoice--key-{number}.pdf").touch()
    stem = _submit(printer)
    began = time.perf_counter()
    assert _find(printer) == Accepted(stem)
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("name", ["/etc", "..", "../up", "a/b", "a\\b", ".hidden", "a..b", "x" * 81, "a\nb"])
def test_a_directory_is_a_plain_name(printer: FolderProvider, name: str) -> None:
    credentials: Credentials = {"directory": name}
    with pytest.raises(ConfigurationProblem) as caught:
        printer.describe(credentials)
    assert (caught.value.reason, caught.value.field) == (Reason.DIRECTORY_INVALID, "directory")


@pytest.mark.parametrize(
    ("mode", "kind", "reason"),
    [
        ("offline", Transient, Reason.PRINTER_OFFLINE),
        ("busy", Transient, Reason.BUSY),
        ("reject", Permanent, Reason.DOCUMENT_REFUSED),
        ("lose-request", OutcomeUnknown, Reason.NO_ANSWER),
    ],
)
def test_told_to_fail_it_fails_and_prints_nothing(
    printer: FolderProvider, directory: Path, mode: str, kind: type[ProviderError], reason: Reason
) -> None:
    _misbehave(directory, mode=mode)
    with pytest.raises(kind) as caught:
        _submit(printer)
    assert caught.value.reason is reason
    assert _find(printer) == NotFound()


def test_told_to_lose_its_answer_it_prints_and_is_found(printer: FolderProvider, directory: Path) -> None:
    _misbehave(directory, mode="lose-answer")
    with pytest.raises(OutcomeUnknown):
        _submit(printer)
    assert isinstance(_find(printer), Accepted)


def test_told_to_be_slow_it_takes_its_time(printer: FolderProvider, directory: Path) -> None:
    _misbehave(directory, seconds=0.2)
    began = time.monotonic()
    _submit(printer)
    assert time.monotonic() - began >= 0.2


def test_told_to_be_offline_it_reports_so(printer: FolderProvider, directory: Path) -> None:
    assert printer.printers({})[0].online
    _misbehave(directory, mode="offline")
    assert printer.printers({})[0].online is False


@pytest.mark.parametrize("text", ["", "{", "[]", '{"seconds": "x"}', '{"seconds": NaN}'])
def test_a_control_file_that_makes_no_sense_changes_nothing(
    printer: FolderProvider, directory: Path, text: str
) -> None:
    directory.mkdir(parents=True)
    (directory / "mode.json").write_text(text)
    assert _submit(printer)


def test_a_power_cut_can_be_survived_on_request(printer: FolderProvider, directory: Path) -> None:
    _misbehave(directory, durable=True)
    assert isinstance(_find(printer, KEY), NotFound)
    assert (directory / f"{_submit(printer)}.pdf").read_bytes() == PDF


def test_tidied_away_it_is_no_longer_known(printer: FolderProvider, directory: Path) -> None:
    stem = _submit(printer)
    (directory / f"{stem}.pdf").unlink()
    assert printer.progress(TARGET, stem).paper is PaperState.UNKNOWN
