"""The ledger: compares what arrived, by key and checksum, with what was committed.

It imports nothing of the product and asks no database: everything is in the :class:`Evidence`. What counts as what, and
what is allowed, stands in docs/decisions/0016-torture.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

NAMES = (
    "orders",
    "committed",
    "printed",
    "lost",
    "phantom",
    "unmarked_duplicates",
    "out_of_order",
    "stuck",
    "orphans",
    "faults",
    "told_twice",
)
WRONG = ("lost", "phantom", "unmarked_duplicates", "out_of_order", "stuck", "orphans", "told_twice")


@dataclass(frozen=True)
class Sold:
    """An order as its writer saw it end. ``documents`` is what it is due to print.

    ``end`` is ``committed``, ``rolled_back``, or ``unknown`` where the writer itself did not hear what became of it.
    ``began`` and ``ended`` are the moments before its transaction and after its commit.
    """

    number: str
    documents: int
    end: str
    began: float = 0.0
    ended: float = 0.0


@dataclass(frozen=True)
class Job:
    """A print job as its row says in the end."""

    pk: int
    key: str
    order: str
    lane: str
    title: str
    state: str
    round: int = 0
    follows: int | None = None
    reprint: bool = False
    may_be_twice: bool = False
    sha256: str = ""
    asked: bool = False  # one of its attempts ended without anybody knowing how

    @property
    def turn(self) -> tuple[int, int]:
        """Its place in its lane: as it came, and what follows another job right behind that."""
        return (self.follows or self.pk, self.pk)

    @property
    def name(self) -> str:
        """By which a person finds it."""
        return f"job {self.pk} ({self.title}, order {self.order}, key {self.key}) on {self.lane}"


@dataclass(frozen=True)
class Arrival:
    """A document that a printer or service took."""

    key: str
    sha256: str


@dataclass
class Evidence:
    """What was collected from journals, database, printers, mail server and disk."""

    sold: list[Sold] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    arrivals: dict[str, list[Arrival]] = field(default_factory=dict)  # by lane, in the order of arrival
    canceled: set[str] = field(default_factory=set)  # keys that the merchant asked to cancel
    reprinted: dict[str, tuple[float, float]] = field(default_factory=dict)  # key: before and after its commit
    stuck: list[str] = field(default_factory=list)  # sentences about what does not go on
    orphans: list[str] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)  # how often e-mails told of a trouble
    to_tell: Counter[str] = field(default_factory=Counter)  # how often there was one to tell
    faults: Counter[str] = field(default_factory=Counter)


@dataclass
class Found:
    """What was counted; ``problems`` has a sentence for each that counts as wrong."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    @property
    def line(self) -> str:
        """All there is to say, in one line."""
        return " ".join(f"{name}={self.counts[name]}" for name in NAMES)

    @property
    def wrong(self) -> dict[str, int]:
        """What counts as wrong and was found."""
        return {name: self.counts[name] for name in WRONG if self.counts[name]}

    def add(self, count: str, problem: str, times: int = 1) -> None:
        self.counts[count] += times
        self.problems.append(f"{count}: {problem}")


def check(evidence: Evidence) -> Found:
    """What of it must not be."""
    found = Found()
    jobs = {job.key: job for job in evidence.jobs}
    _count(evidence, found)
    _look_at_orders(evidence, found)
    _look_at_arrivals(evidence, jobs, found)
    _look_at_jobs(evidence, found)
    for lane, arrivals in evidence.arrivals.items():
        _look_at_order(lane, arrivals, evidence, jobs, found)
    for problem in evidence.stuck:
        found.add("stuck", problem)
    for problem in evidence.orphans:
        found.add("orphans", problem)
    for trouble, times in evidence.told.items():
        if times > evidence.to_tell[trouble]:
            more = times - evidence.to_tell[trouble]
            found.add("told_twice", f"“{trouble}” was told {times} times, and there was it {more} times less", more)
    return found


def _count(evidence: Evidence, found: Found) -> None:
    found.counts["orders"] = len(evidence.sold)
    found.counts["committed"] = sum(one.end == "committed" for one in evidence.sold)
    found.counts["printed"] = len({one.key for arrivals in evidence.arrivals.values() for one in arrivals})
    found.counts["faults"] = evidence.faults.total()


def _look_at_orders(evidence: Evidence, found: Found) -> None:
    """Each committed order has its jobs, once; what was taken back has none."""
    by_order: dict[str, list[Job]] = defaultdict(list)
    for job in evidence.jobs:
        if not job.reprint:
            by_order[job.order].append(job)
    for one in evidence.sold:
        there = len(by_order[one.number])
        if one.end == "committed" and there < one.documents:
            found.add("lost", f"order {one.number} was committed, and has {there} of {one.documents} print jobs")
        if one.end == "rolled_back" and there:
            found.add("phantom", f"order {one.number} was rolled back, and has {there} print jobs")
        if there > one.documents:
            found.add("phantom", f"order {one.number} has {there} print jobs, and is due {one.documents}")


def _look_at_arrivals(evidence: Evidence, jobs: dict[str, Job], found: Found) -> None:
    """What came out was committed, has the bytes of its document, and did not come twice without saying so."""
    times: Counter[str] = Counter()
    for lane, arrivals in evidence.arrivals.items():
        for one in arrivals:
            times[one.key] += 1
            job = jobs.get(one.key)
            if job is None:
                found.add("phantom", f"on {lane} a document came out under the key {one.key}, which no job has")
            elif one.sha256 != job.sha256:
                found.add("phantom", f"{job.name} came out with the bytes {one.sha256[:12]}, not {job.sha256[:12]}")
    for key, count in times.items():
        job = jobs.get(key)
        if job is not None and count > 1 and not job.may_be_twice:
            found.add("unmarked_duplicates", f"{job.name} came out {count} times, and does not say that it may have")


def _look_at_jobs(evidence: Evidence, found: Found) -> None:
    """What was not called off came out; what was called off before it left did not."""
    arrived = {one.key for arrivals in evidence.arrivals.values() for one in arrivals}
    keys = {job.pk: job.key for job in evidence.jobs}
    for job in evidence.jobs:
        wanted_off = evidence.canceled & {job.key, keys.get(job.follows or 0, "")}
        if job.state == "canceled" and not wanted_off:
            found.add("lost", f"{job.name} is canceled, and nobody canceled it")
        elif job.state == "canceled" and job.key in arrived and not job.asked:
            found.add("phantom", f"{job.name} was canceled before it left, and came out")
        elif job.state == "successful" and job.key not in arrived:
            found.add("lost", f"{job.name} is successful, and did not come out")
        elif job.state not in ("canceled", "successful"):
            found.add("stuck", f"{job.name} is still {job.state}")


def _look_at_order(lane: str, arrivals: list[Arrival], evidence: Evidence, jobs: dict[str, Job], found: Found) -> None:
    """First arrivals are in turn, and a slip comes right behind its letter."""
    first = [jobs[key] for key in dict.fromkeys(one.key for one in arrivals) if key in jobs]
    moments = _moments(evidence)
    latest: list[Job] = []  # those that came so far
    for job in first:
        passed = [one for one in latest if one.turn > job.turn and _came_before(job, one, moments)]
        # Rescheduled, it comes when it can: that a person has put it back into its place is no promise of order.
        if passed and job.round == 0:
            found.add("out_of_order", f"{job.name} came out behind job {passed[0].pk}, which came in after it")
        latest.append(job)
    for place, job in enumerate(first):
        _look_at_pair(job, first[:place], evidence, found)


def _look_at_pair(slip: Job, before: list[Job], evidence: Evidence, found: Found) -> None:
    letter = next((one for one in evidence.jobs if one.pk == slip.follows), None)
    if letter is None or letter.lane != slip.lane:
        return
    places = [place for place, one in enumerate(before) if one.pk == letter.pk]
    if not places:
        # Wanted alone where the letter was called off; else a slip without its letter is of no use.
        if letter.state != "canceled":
            found.add("out_of_order", f"{slip.name} came out without its letter, job {letter.pk}, before it")
    elif (between := before[places[0] + 1 :]) and slip.round == letter.round == 0:
        found.add("out_of_order", f"{slip.name}: job {between[0].pk} came between it and its letter")


def _moments(evidence: Evidence) -> dict[str, tuple[float, float]]:
    """When the transactions began and ended in which jobs were made: by order number, and by key for reprints."""
    sold = {one.number: (one.began, one.ended) for one in evidence.sold if one.end == "committed"}
    return {**sold, **evidence.reprinted}


def _came_before(one: Job, other: Job, moments: dict[str, tuple[float, float]]) -> bool:
    """Whether it is certain that a job was committed before the transaction of another one began, or with it."""
    mine, theirs = (moments.get(job.key if job.reprint else job.order) for job in (one, other))
    if mine is None or theirs is None:
        return False
    return mine == theirs or mine[1] < theirs[0]


def enough(found: Found, *, orders: int, faults: int) -> Iterable[str]:
    """What did not happen often enough for zeros to mean anything, in sentences."""
    for name, least in (("committed", orders), ("printed", orders), ("faults", faults)):
        if found.counts[name] < least:
            yield f"only {found.counts[name]} {name}, at least {least} are needed for the zeros to say anything"
