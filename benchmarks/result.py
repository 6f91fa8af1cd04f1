"""A run as JSON, for programs and for later: all values of all rounds, and what they were measured on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from benchmarks.report import Comparison, Figure, Report
from benchmarks.scratch import ROOT
from benchmarks.targets import TARGETS

# Counted up when a reader of the earlier form would misread the new one.
SCHEMA: Final = 1


@dataclass(frozen=True)
class Run:
    """What is said of a run beside what its parts found out."""

    begun_at: datetime
    seconds: float
    options: dict[str, Any]
    product: dict[str, Any]
    machine: dict[str, Any]


def default_path(begun_at: datetime) -> Path:
    return ROOT / "var" / "benchmarks" / f"{begun_at.astimezone(UTC):%Y%m%dT%H%M%SZ}.json"


def write(path: Path, run: Run, reports: Sequence[Report]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(as_json(run, reports), ensure_ascii=False, indent=1) + "\n")


def as_json(run: Run, reports: Sequence[Report]) -> dict[str, Any]:
    compared = {comparison.name for report in reports for comparison in report.compared}
    return {
        "schema": SCHEMA,
        "product": run.product,
        "begun_at": run.begun_at.astimezone(UTC).isoformat(timespec="seconds"),
        "seconds": round(run.seconds, 1),
        "options": run.options,
        "machine": run.machine,
        "parts": [_part(report) for report in reports],
        "measured": [_figure(report, figure) for report in reports for figure in report.figures.values()],
        "compared": [_comparison(report, comparison) for report in reports for comparison in report.compared],
        "not_compared": [name for name in TARGETS if name not in compared],
        "wrong": [f"{report.part}: {wrong}" for report in reports for wrong in report.wrong],
        "notes": [f"{report.part}: {note}" for report in reports for note in report.notes],
    }


def _part(report: Report) -> dict[str, Any]:
    return {
        "name": report.part,
        "seconds": round(report.seconds, 1),
        "rounds_planned": report.planned,
        "rounds_done": report.done,
    }


def _figure(report: Report, figure: Figure) -> dict[str, Any]:
    return {
        "part": report.part,
        "name": figure.name,
        "unit": figure.unit,
        "jobs": figure.jobs,
        **_values(figure.rounds),
    }


def _comparison(report: Report, comparison: Comparison) -> dict[str, Any]:
    target = comparison.target
    return {
        "part": report.part,
        "name": comparison.name,
        "unit": comparison.unit,
        **_values(comparison.rounds),
        "target": None if target is None else {"at_least" if target.at_least else "at_most": target.limit},
        "met": comparison.met,
    }


def _values(rounds: Sequence[float]) -> dict[str, Any]:
    figure = Figure("", "", rounds=list(rounds))
    return {
        "rounds": [_digits(value) for value in rounds],
        "median": _digits(figure.median),
        "min": _digits(min(rounds)),
        "max": _digits(max(rounds)),
    }


def _digits(value: float) -> float:
    """Six digits: the rest is noise."""
    return float(f"{value:.6g}")
