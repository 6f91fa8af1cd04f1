"""Figures of interleaved rounds, their ratios, and the table of both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

WIDTH = 66


@dataclass
class Figure:
    """What was measured, once per round."""

    name: str
    unit: str
    rounds: list[float] = field(default_factory=list)

    @property
    def value(self) -> float:
        return median(self.rounds)


@dataclass(frozen=True)
class Target:
    """What a ratio or a figure should be: at least, or at most, so much."""

    limit: float
    at_least: bool

    def met(self, value: float) -> bool:
        return value >= self.limit if self.at_least else value <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.limit:g}"


def at_least(limit: float) -> Target:
    return Target(limit, at_least=True)


def at_most(limit: float) -> Target:
    return Target(limit, at_least=False)


@dataclass(frozen=True)
class Judged:
    """A line of the second table: a value with or without a target."""

    name: str
    value: float
    target: Target | None
    unit: str = "×"

    def line(self) -> str:
        verdict = "" if self.target is None else "met" if self.target.met(self.value) else "MISSED"
        shown = f"{self.value:.2f}" if self.value < 10 else f"{self.value:.1f}"
        return f"  {self.name:<{WIDTH}}{shown:>9} {self.unit:<3}{self.target or ''!s:>8}  {verdict}".rstrip()


class Report:
    """Collects what the measurements find."""

    def __init__(self) -> None:
        self.figures: dict[str, Figure] = {}
        self.judged: list[Judged] = []
        self.notes: list[str] = []
        self.wrong: list[str] = []

    def add(self, name: str, value: float, unit: str) -> None:
        """One round's figure."""
        self.figures.setdefault(name, Figure(name, unit)).rounds.append(value)

    def ratio(self, name: str, above: str, below: str, target: Target | None = None) -> None:
        """The median of one figure's ratios to another: round by round, because the machine's pace drifts."""
        if above not in self.figures or below not in self.figures:
            return
        rounds = zip(self.figures[above].rounds, self.figures[below].rounds, strict=False)
        self.judged.append(Judged(name, median(one / other for one, other in rounds), target))

    def judge(self, name: str, value: float, unit: str, target: Target | None) -> None:
        self.judged.append(Judged(name, value, target, unit))

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def lines(self) -> Iterable[str]:
        """The whole report."""
        yield f"{'measured':<{WIDTH + 2}}{'median':>9} {'':<10}{'lowest':>9}{'highest':>9}"
        for figure in self.figures.values():
            low, high = min(figure.rounds), max(figure.rounds)
            yield (
                f"  {figure.name:<{WIDTH}}{_number(figure.value):>9} {figure.unit:<10}"
                f"{_number(low):>9}{_number(high):>9}"
            )
        if self.judged:
            yield ""
            yield f"{'compared':<{WIDTH + 2}}{'':>9} {'':<3}{'target':>8}"
            yield from (judged.line() for judged in self.judged)
        for note in self.notes:
            yield f"note: {note}"
        for wrong in self.wrong:
            yield f"WRONG: {wrong}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
