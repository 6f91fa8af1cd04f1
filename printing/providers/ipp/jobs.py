"""The jobs a printer remembers: which is ours, what became of it, and how far back its memory reaches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from printing.providers.base import Accepted, CannotTell, FindResult, NotFound, PaperState, Progress, gettext_noop
from printing.providers.ipp.attributes import marker
from printing.providers.ipp.values import AttributeGroup, Tag

# job-uuid is asked for even where it is not needed: without it CUPS answers from a short record without names.
WANTED = (
    "job-id",
    "job-uuid",
    "job-name",
    "job-state",
    "job-state-message",
    "job-state-reasons",
    "job-printer-state-message",
    "time-at-creation",
    "time-at-processing",
    "time-at-completed",
)
# Seconds; a printer should remember a finished job for 60 at least, and ippeveprinter remembers it for just that.
SHORTEST_MEMORY = 45
CUT_AT = 500  # CUPS lists no more jobs than that when names are asked for
CLOCK_STEP = 1  # printers count whole seconds, and round where they like

# job-state, RFC 8011 section 5.3.7
PENDING, HELD, CANCELED, ABORTED, COMPLETED = 3, 4, 7, 8, 9
_INCOMING = frozenset({"job-incoming", "job-data-insufficient"})  # RFC 8011 section 5.3.8: its document is not there
_STATES = {
    PENDING: (PaperState.QUEUED, False),
    HELD: (PaperState.QUEUED, False),
    5: (PaperState.PRINTING, False),
    6: (PaperState.PROBLEM, False),
    CANCELED: (PaperState.PROBLEM, True),
    ABORTED: (PaperState.PROBLEM, True),
    COMPLETED: (PaperState.PRINTED, True),
}
_WORDS = {
    HELD: gettext_noop("held at the printer"),
    6: gettext_noop("stopped at the printer"),
    CANCELED: gettext_noop("canceled at the printer"),
    ABORTED: gettext_noop("aborted by the printer"),
}
FORGOTTEN = gettext_noop("The printer does not remember the job any more.")


@dataclass(frozen=True, slots=True)
class RemoteId:
    """How we remember a job: its number, which printers give again after a restart, and two things to tell it by."""

    number: int
    uuid: str
    key: str

    def __str__(self) -> str:
        return f"{self.number};{self.uuid};{self.key}"

    @classmethod
    def parse(cls, text: str) -> RemoteId | None:
        """Read what ``str()`` wrote; None for anything else."""
        number, _, rest = text.partition(";")
        uuid, separator, key = rest.partition(";")
        return cls(int(number), uuid, key) if separator and number.isascii() and number.isdigit() else None

    def is_of(self, job: AttributeGroup) -> bool:
        """Whether the job that has the number now is the one that had it then."""
        if self.uuid and (uuid := job.text("job-uuid")):
            return uuid == self.uuid
        return bool(self.key) and marker(self.key) in job.text("job-name")


@dataclass(frozen=True, slots=True)
class Memory:
    """What a printer remembers, asked at one moment.

    ``up_time`` is the printer's clock, in seconds since it started (RFC 8011 section 5.4.29) or, as CUPS counts, since
    1970; times of jobs are on the same clock. ``elapsed`` are the seconds since the request that is asked about.
    ``interval`` is ``job-history-interval-configured`` in seconds, where reported.
    """

    waiting: tuple[AttributeGroup, ...]
    finished: tuple[AttributeGroup, ...]
    up_time: int | None
    elapsed: float
    interval: int | None = None


def judge(memory: Memory, key: str) -> FindResult:
    """Whether the job sent under ``key`` is there. NotFound only when it would have to be there had it arrived.

    Printers forget finished jobs after a while, and all jobs when they restart. So "it is not in the list" proves
    something only when the printer has been running since before the request, and

    * a job that was *finished* before the request is still listed: whether a printer forgets by age or by number, it
      forgets that one before any job that came later; or
    * so little time has passed that no finished job is forgotten yet, and the list is complete.

    A job that is there but whose document is not, or that was ended before anything of it was printed, is one that
    never arrived. Any other that was aborted or cancelled did: what became of it is the business of :func:`progress`.
    """
    jobs = (*memory.waiting, *memory.finished)
    ours = [job for job in jobs if marker(key) in job.text("job-name")]
    for job in ours:
        if not _is_unfinished(job) and not _is_unprinted(job):
            number = job.number("job-id") or 0
            return Accepted(str(RemoteId(number, job.text("job-uuid"), key)), note="found in the list of jobs")
    if ours:
        return NotFound()
    if memory.up_time is None:
        return CannotTell("the printer does not say since when it has been running")
    if memory.up_time - CLOCK_STEP < memory.elapsed:
        return CannotTell("the printer may have been restarted since, and forgets its jobs then")
    since = memory.up_time - memory.elapsed
    if any(not job.text("job-name") and not _before(job.number("time-at-creation"), since) for job in jobs):
        return CannotTell("the printer keeps a newer job without its name")
    if len(memory.waiting) >= CUT_AT:
        return CannotTell("the list of waiting jobs is cut")
    if any(_before(job.number("time-at-completed"), since) for job in memory.finished):
        return NotFound()
    if memory.elapsed < _memory_span(memory.interval) and len(memory.finished) < CUT_AT:
        return NotFound()
    return CannotTell(f"asked after {memory.elapsed:.0f} s; the printer's list of jobs does not reach back that far")


def unfinished(waiting: Iterable[AttributeGroup], key: str) -> list[int]:
    """The numbers of the key's jobs that still wait for their document."""
    ours = (job for job in waiting if marker(key) in job.text("job-name") and _is_unfinished(job))
    return [number for job in ours if (number := job.number("job-id")) is not None]


def progress(job: AttributeGroup) -> Progress:
    """What became of a job, by its state alone: CUPS gives reasons of a job being stopped to finished ones."""
    state = job.number("job-state") or 0
    paper, final = _STATES.get(state, (PaperState.UNKNOWN, False))
    if paper is PaperState.PRINTED:
        return Progress(paper, final=True)
    words = [_WORDS.get(state, ""), *_reasons(job), job.text("job-state-message"), _backend(job)]
    detail = "; ".join(dict.fromkeys(word for word in words if word))
    return Progress(paper, detail[:200], final)


def _is_unfinished(job: AttributeGroup) -> bool:
    return job.number("job-state") in (PENDING, HELD) and not _INCOMING.isdisjoint(_reasons(job))


def _is_unprinted(job: AttributeGroup) -> bool:
    """Ended, and never begun: a printer that leaves the moment out says nothing, one that says "no value" does."""
    ended = job.number("job-state") in (CANCELED, ABORTED)
    return ended and any(
        attribute.name == "time-at-processing" and attribute.values[0].tag == Tag.NO_VALUE
        for attribute in job.attributes
    )


def _memory_span(interval: int | None) -> float:
    """Seconds for which no finished job is forgotten; a quarter is kept off a reported time, for slow clocks."""
    return SHORTEST_MEMORY if interval is None else interval * 0.75


def _before(moment: int | None, since: float) -> bool:
    """Whether a moment on the printer's clock surely lies before the request; an earlier run's are zero or less."""
    return moment is not None and moment < since - CLOCK_STEP


def _reasons(job: AttributeGroup) -> Iterable[str]:
    return (reason for reason in job.all("job-state-reasons") if isinstance(reason, str) and reason != "none")


def _backend(job: AttributeGroup) -> str:
    """Where CUPS says that the printer behind it cannot be reached."""
    return " ".join(job.text("job-printer-state-message").split())
