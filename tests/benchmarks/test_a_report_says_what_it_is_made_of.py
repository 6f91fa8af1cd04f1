"""The report of a benchmark: ratios within rounds, how many rounds there were, and all of it as JSON."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from benchmarks import machine, result
from benchmarks.report import Report, exit_code, lines, targets_met
from benchmarks.result import Run, as_json, default_path
from benchmarks.stub_printer import StubPrinters
from benchmarks.targets import FAST_BARE, FAST_TASKS, LATENCY, TARGETS
from benchmarks.workshop import Plan, Workshop


@pytest.fixture
def report() -> Report:
    """A part of three rounds that were all measured."""
    report = Report("throughput", planned=3, done=3, seconds=12.34)
    for ours, theirs in ((10, 5), (30, 10), (8, 8)):
        report.add("ours", ours, "jobs/s", 40)
        report.add("theirs", theirs, "jobs/s", 400)
    report.ratio(FAST_TASKS, "ours", "theirs")
    return report


def line_of(name: str, *reports: Report) -> list[str]:
    """The columns of a comparison, which come after its name; the last line of that name is the one."""
    *_others, line = (line for line in lines(reports) if line.startswith(f"  {name}"))
    return line.removeprefix(f"  {name}").split()


def test_a_ratio_is_the_median_of_the_rounds_ratios(report: Report) -> None:
    assert line_of(FAST_TASKS, report) == ["2.00", "×", "1.00", "3.00", "3", "≥", "2", "met"]


def test_what_is_missed_is_said() -> None:
    report = Report("latency", planned=1, done=1)
    report.add(LATENCY["database"], 90.0, "ms")
    report.judge(LATENCY["database"])

    assert line_of(LATENCY["database"], report)[-1] == "MISSED"
    assert targets_met([report]) == f"0 met and 1 missed of {sum(map(bool, TARGETS.values()))} targets"
    assert exit_code([report]) == 0


def test_what_was_not_measured_is_not_compared() -> None:
    report = Report("throughput", planned=3)
    report.ratio(FAST_BARE, "ours", "theirs")
    report.judge(LATENCY["Redis"])

    assert report.compared == []


def test_nothing_is_compared_that_the_table_of_targets_does_not_know(report: Report) -> None:
    with pytest.raises(KeyError, match=r"targets\.py does not know"):
        report.ratio("ours ÷ nobody's", "ours", "theirs")


def test_rounds_for_which_there_was_no_time_are_said_loudly(tmp_path: Path) -> None:
    report = Report("throughput", planned=3)
    workshop = Workshop(tmp_path, StubPrinters(), Plan(quick=False, rounds=3, seconds=1), time.monotonic() - 1, report)
    for _round in workshop.rounds():
        report.add("ours", 10, "jobs/s")
        report.add("theirs", 5, "jobs/s")
    report.ratio(FAST_TASKS, "ours", "theirs")

    assert line_of(FAST_TASKS, report)[4:7] == ["1", "of", "3"]
    assert "INCOMPLETE: throughput: 1 of 3 rounds" in lines([report])
    assert exit_code([report]) == 1


def test_a_wrong_part_is_named(report: Report) -> None:
    wrong = Report("lane", planned=1, wrong=["39 of 40 jobs were accepted"])

    assert "WRONG: lane: 39 of 40 jobs were accepted" in lines([report, wrong])
    assert exit_code([report, wrong]) == 1
    assert exit_code([report]) == 0


def a_run(**changes: Any) -> Run:
    fields: dict[str, Any] = {
        "begun_at": datetime(2026, 11, 28, 1, 2, 3, tzinfo=UTC),
        "seconds": 61.04,
        "options": {"quick": False, "parts": ["throughput"], "rounds": 3, "seconds": 2.0},
        "product": machine.product(),
        "machine": {},
    }
    return Run(**{**fields, **changes})


def test_the_json_has_every_value_of_every_round(report: Report, tmp_path: Path) -> None:
    report.note("the Redis broker was not measured")
    report.wrong.append("crashed")
    result.write(tmp_path / "new" / "run.json", a_run(), [report])
    written = json.loads((tmp_path / "new" / "run.json").read_text())

    product = written.pop("product")
    assert product.keys() == {"name", "version", "commit", "changed"}
    assert (product["name"], len(product["version"].split("."))) == ("pressroom", 3)
    assert written.pop("not_compared") == [name for name in TARGETS if name != FAST_TASKS]
    assert written == {
        "schema": 1,
        "begun_at": "2026-11-28T01:02:03+00:00",
        "seconds": 61.0,
        "options": {"quick": False, "parts": ["throughput"], "rounds": 3, "seconds": 2.0},
        "machine": {},
        "parts": [{"name": "throughput", "seconds": 12.3, "rounds_planned": 3, "rounds_done": 3}],
        "measured": [
            {
                "part": "throughput",
                "name": "ours",
                "unit": "jobs/s",
                "jobs": 40,
                "rounds": [10.0, 30.0, 8.0],
                "median": 10.0,
                "min": 8.0,
                "max": 30.0,
            },
            {
                "part": "throughput",
                "name": "theirs",
                "unit": "jobs/s",
                "jobs": 400,
                "rounds": [5.0, 10.0, 8.0],
                "median": 8.0,
                "min": 5.0,
                "max": 10.0,
            },
        ],
        "compared": [
            {
                "part": "throughput",
                "name": FAST_TASKS,
                "unit": "×",
                "rounds": [2.0, 3.0, 1.0],
                "median": 2.0,
                "min": 1.0,
                "max": 3.0,
                "target": {"at_least": 2},
                "met": True,
            }
        ],
        "wrong": ["throughput: crashed"],
        "notes": ["throughput: the Redis broker was not measured"],
    }


def test_what_has_no_target_is_neither_met_nor_missed(report: Report) -> None:
    report.ratio(FAST_BARE, "ours", "theirs")

    comparison = as_json(a_run(), [report])["compared"][-1]
    assert (comparison["target"], comparison["met"]) == (None, None)


@pytest.mark.django_db
def test_the_machine_is_described_without_naming_it() -> None:
    described = machine.machine([0.5, 0.4, 0.3], redis_url="")

    assert described.keys() == {
        *("cpu", "cores", "cores_usable", "memory_mb", "system", "kernel", "python", "packages"),
        *("database", "redis", "load_at_begin", "load_at_end"),
    }
    assert all(described["packages"].values())
    assert described["database"].keys() == {"name", "version", "settings"}
    assert all(described["database"]["settings"].values())
    assert described["redis"] is None
    assert (described["load_at_begin"], len(described["load_at_end"])) == ([0.5, 0.4, 0.3], 3)


def test_results_are_kept_by_the_time_of_the_run() -> None:
    path = default_path(datetime(2026, 11, 28, 1, 2, 3, tzinfo=UTC))

    assert path.parts[-3:] == ("var", "benchmarks", "20261128T010203Z.json")
