"""Figures of interleaved rounds, their ratios, and the tables of both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from benchmarks.targets import TARGETS, Target

WIDTH = 66
RATIO = "×"


@dataclass
class Figure:
    """What was measured, once per round; ``jobs`` is how many a round took, where that was worked out."""

    name: str
    unit: str
    jobs: int | None = None
    rounds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return median(self.rounds)


@dataclass
class Comparison:
    """A line of the second table: a ratio, or a figure itself, round by round, and its target where it has one."""

    name: str
    unit: str
    rounds: list[float]

    @property
    def median(self) -> float:
        return median(self.rounds)

    @property
    def target(self) -> Target | None:
        return TARGETS[self.name]

    @property
    def met(self) -> bool | None:
        """None where there is no target."""
        return None if self.target is None else self.target.met(self.median)


@dataclass
class Report:
    """What one part finds out."""

    part: str
    planned: int  # rounds
    done: int = 0
    figures: dict[str, Figure] = field(default_factory=dict)
    compared: list[Comparison] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def complete(self) -> bool:
        """Every planned round was measured to its end."""
        return self.done == self.planned

    def add(self, name: str, value: float, unit: str, jobs: int | None = None) -> None:
        """One round's figure."""
        self.figures.setdefault(name, Figure(name, unit, jobs)).rounds.append(value)

    def ratio(self, name: str, above: str, below: str) -> None:
        """One figure's ratios to another: round by round, because the machine's pace drifts."""
        rounds = zip(self._rounds(above), self._rounds(below), strict=False)
        self._compare(name, RATIO, [one / other for one, other in rounds])

    def judge(self, name: str) -> None:
        """Hold a figure itself, under its own name, to its target."""
        if name in self.figures:
            self._compare(name, self.figures[name].unit, self._rounds(name))

    def note(self, text: str) -> None:
        self.notes.append(text)

    def _rounds(self, name: str) -> list[float]:
        return list(self.figures[name].rounds) if name in self.figures else []

    def _compare(self, name: str, unit: str, rounds: list[float]) -> None:
        """A part that went wrong before its first round was over has nothing to compare."""
        if name not in TARGETS:
            raise KeyError(f"benchmarks/targets.py does not know {name!r}")
        if rounds:
            self.compared.append(Comparison(name, unit, rounds))


def lines(reports: Sequence[Report]) -> Iterable[str]:
    """The whole report, for people."""
    yield f"{'measured':<{WIDTH + 2}}{'median':>9} {'':<8}{'lowest':>9}{'highest':>9}{'rounds':>8}"
    for report in reports:
        for figure in report.figures.values():
            numbers = [_number(min(figure.rounds)), _number(max(figure.rounds)), str(len(figure.rounds))]
            yield (
                f"  {figure.name:<{WIDTH}}{_number(figure.median):>9} {figure.unit:<8}"
                f"{numbers[0]:>9}{numbers[1]:>9}{numbers[2]:>8}"
            )
    yield ""
    yield f"{'compared':<{WIDTH + 2}}{'median':>9} {'':<8}{'lowest':>9}{'highest':>9}{'rounds':>8}{'target':>9}"
    for report in reports:
        yield from (_compared(comparison, report.planned) for comparison in report.compared)
    yield ""
    yield "seconds: " + ", ".join(f"{report.part} {report.seconds:.0f}" for report in reports)
    yield from remarks(reports)


def remarks(reports: Sequence[Report]) -> Iterable[str]:
    """What has to be said beside the figures; nothing is left out in silence."""
    for report in reports:
        yield from (f"note: {report.part}: {note}" for note in report.notes)
    for report in reports:
        if not report.complete:
            yield f"INCOMPLETE: {report.part}: {report.done} of {report.planned} rounds"
    for report in reports:
        yield from (f"WRONG: {report.part}: {wrong}" for wrong in report.wrong)


def targets_met(reports: Sequence[Report]) -> str:
    """How many of the targets, in words."""
    verdicts = [comparison.met for report in reports for comparison in report.compared]
    every = sum(target is not None for target in TARGETS.values())
    return f"{verdicts.count(True)} met and {verdicts.count(False)} missed of {every} targets"


def exit_code(reports: Sequence[Report]) -> int:
    """0 however slow it was; 1 when anything went wrong or a round is missing."""
    return 0 if all(report.complete and not report.wrong for report in reports) else 1


def _compared(comparison: Comparison, planned: int) -> str:
    verdict = {None: "", True: "met", False: "MISSED"}[comparison.met]
    count = len(comparison.rounds)
    rounds = str(count) if count == planned else f"{count} of {planned}"
    values = [comparison.median, min(comparison.rounds), max(comparison.rounds)]
    middle, low, high = (f"{value:.2f}" if value < 10 else f"{value:.1f}" for value in values)
    return (
        f"  {comparison.name:<{WIDTH}}{middle:>9} {comparison.unit:<8}{low:>9}{high:>9}{rounds:>8}"
        f"{comparison.target or ''!s:>9}  {verdict}"
    ).rstrip()


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
