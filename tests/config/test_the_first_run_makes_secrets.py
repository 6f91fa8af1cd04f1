"""``python -m config.first_run``: the secrets are made once, kept, and for their owner alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.config.conftest import Start

pytestmark = pytest.mark.process


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def first_run(start: Start, data: Path, **environment: str) -> str:
    with start("-m", "config.first_run", PRESSROOM_DATA_DIR=str(data), **environment) as run:
        assert run.process.wait(60) == 0, run.text()
    file = data / "pressroom.env"
    return file.read_text() if file.exists() else ""


def names(text: str) -> list[str]:
    return [line.partition("=")[0] for line in text.splitlines() if not line.startswith("#")]


def test_it_makes_both_secrets_readable_for_their_owner_alone(start: Start, data: Path) -> None:
    text = first_run(start, data)
    assert names(text) == ["SECRET_KEY", "CREDENTIALS_KEYS"]
    assert (data / "pressroom.env").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in data.iterdir()] == ["pressroom.env"]


def test_a_second_run_changes_nothing(start: Start, data: Path) -> None:
    assert first_run(start, data) == first_run(start, data)


def test_what_somebody_wrote_stays(start: Start, data: Path) -> None:
    data.mkdir()
    (data / "pressroom.env").write_text("# ours\nQUEUE_WORKERS=3\nSECRET_KEY=written-by-a-person")
    text = first_run(start, data)
    assert text.startswith("# ours\nQUEUE_WORKERS=3\nSECRET_KEY=written-by-a-person\nCREDENTIALS_KEYS=")


def test_what_the_environment_has_is_not_written(start: Start, data: Path) -> None:
    assert names(first_run(start, data, SECRET_KEY="x" * 50)) == ["CREDENTIALS_KEYS"]


def test_without_secrets_a_command_says_what_to_do(start: Start, data: Path) -> None:
    with start("manage.py", "check", PRESSROOM_DATA_DIR=str(data)) as check:
        assert check.process.wait(60) == 1
        assert "`make demo` writes both to var/pressroom.env" in check.text()
