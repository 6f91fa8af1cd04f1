"""The matrix on the screen, and the file that the documentation shows."""

from __future__ import annotations

import json
from collections.abc import Iterable

from config.documentation.faults import FILE, Fault
from tests.matrix.expected import EXPECTED, Expected
from tests.matrix.run import Cell

HEAD = ("provider", "fault", "end", "documents", "attempts", "may be twice", "reason")


def rows_of_file(cells: Iterable[Cell]) -> list[dict[str, object]]:
    """The deterministic part of what was found, with the cells that make no sense; a range where chance decides."""
    found = {(cell.provider, cell.fault): cell for cell in cells if not cell.peer}
    return [
        _row(provider, fault, found.get((provider, fault)))
        for provider in EXPECTED
        for fault in Fault
        if (provider, fault) in found or not isinstance(EXPECTED[provider][fault], Expected)
    ]


def _row(provider: str, fault: Fault, cell: Cell | None) -> dict[str, object]:
    if cell is None:
        expected = EXPECTED[provider][fault]
        assert not isinstance(expected, Expected)
        return {"provider": provider, "fault": fault.value, "not_applicable": expected.code}
    return {
        "provider": provider,
        "fault": fault.value,
        "end": cell.end,
        "documents": _span(cell.documents, cell.expected.documents),
        "attempts": _span(cell.attempts, cell.expected.attempts),
        "duplicate": cell.duplicate,
        "reason": cell.reason,
    }


def _span(found: int, expected: tuple[int, int]) -> list[int]:
    """What was found; as wide as what is expected where it lies within."""
    return list(expected) if expected[0] <= found <= expected[1] else [found, found]


def write(cells: Iterable[Cell]) -> None:
    text = ",\n".join(json.dumps(row, sort_keys=True) for row in rows_of_file(cells))
    FILE.write_text(f'{{"cells": [\n{text}\n]}}\n', encoding="utf-8")


def table(cells: Iterable[Cell]) -> str:
    lines = [HEAD]
    for cell in cells:
        twice = "yes" if cell.duplicate else "no"
        reason = cell.reason or "-"
        lines.append(
            (
                f"{cell.provider} {cell.peer}".strip(),
                cell.fault.value,
                cell.end,
                str(cell.documents),
                str(cell.attempts),
                twice,
                reason,
            )
        )
    for provider, faults in EXPECTED.items():
        senseless = [(fault, cell.code) for fault, cell in faults.items() if not isinstance(cell, Expected)]
        lines += [(provider, fault.value, "n/a", "", "", "", code) for fault, code in senseless]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    shown = ["  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join(shown)


def closing_line(cells: list[Cell]) -> str:
    lost = sum(cell.lost for cell in cells)
    unmarked = sum(cell.unmarked_duplicate for cell in cells)
    wrong = sum(bool(cell.problems) for cell in cells)
    return f"cells={len(cells)} lost={lost} unmarked_duplicates={unmarked} wrong_state={wrong}"


def whole(cells: list[Cell]) -> bool:
    return not any(cell.lost or cell.unmarked_duplicate or cell.problems for cell in cells)
