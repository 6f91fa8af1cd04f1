"""The ledger on evidence made by hand: nothing is wrong with what is well, and each wrong is counted as what it is."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from dataclasses import replace

import pytest

from tests.torture.ledger import WRONG, Arrival, Evidence, Found, Job, Sold, check, enough
from tests.torture.place import ROOT

LETTER, SLIP, NEXT = "a" * 32, "b" * 32, "c" * 32


def job(pk: int, key: str, order: str = "1", **changes: object) -> Job:
    return replace(Job(pk, key, order, "folder", f"Invoice {order}", "successful", sha256=key[:8]), **changes)  # type: ignore[arg-type]


def arrival(key: str, sha256: str | None = None) -> Arrival:
    return Arrival(key, sha256 or key[:8])


@pytest.fixture
def evidence() -> Evidence:
    """Two orders, one after the other: a letter with its slip, and a document."""
    return Evidence(
        sold=[Sold("1", 2, "committed", 1.0, 2.0), Sold("2", 1, "committed", 3.0, 4.0)],
        jobs=[job(10, LETTER), job(12, SLIP, follows=10), job(11, NEXT, "2")],
        arrivals={"folder": [arrival(LETTER), arrival(SLIP), arrival(NEXT)]},
        faults=Counter({"kill worker": 3}),
    )


def counted(evidence: Evidence) -> dict[str, int]:
    return check(evidence).wrong


def change(evidence: Evidence, key: str, **changes: object) -> None:
    evidence.jobs = [replace(one, **changes) if one.key == key else one for one in evidence.jobs]  # type: ignore[arg-type]


def came(evidence: Evidence, *keys: str) -> None:
    evidence.arrivals = {"folder": [arrival(key) for key in keys]}


def test_nothing_is_wrong_with_what_is_well(evidence: Evidence) -> None:
    found = check(evidence)
    assert found.problems == []
    assert found.line == (
        "orders=2 committed=2 printed=3 lost=0 phantom=0 unmarked_duplicates=0 out_of_order=0 stuck=0 orphans=0 "
        "faults=3 told_twice=0"
    )


def test_what_did_not_come_out_is_lost(evidence: Evidence) -> None:
    came(evidence, LETTER, SLIP)
    assert counted(evidence) == {"lost": 1}


def test_a_committed_order_without_its_jobs_is_lost(evidence: Evidence) -> None:
    evidence.sold.append(Sold("3", 1, "committed", 5.0, 6.0))
    assert counted(evidence) == {"lost": 1}


def test_what_nobody_canceled_is_lost(evidence: Evidence) -> None:
    change(evidence, NEXT, state="canceled")
    came(evidence, LETTER, SLIP)
    assert counted(evidence) == {"lost": 1}
    evidence.canceled.add(NEXT)
    assert counted(evidence) == {}


def test_a_slip_is_called_off_with_its_letter(evidence: Evidence) -> None:
    for key in (LETTER, SLIP):
        change(evidence, key, state="canceled")
    came(evidence, NEXT)
    evidence.canceled.add(LETTER)
    assert counted(evidence) == {}


def test_what_was_canceled_before_it_left_and_came_out_is_a_phantom(evidence: Evidence) -> None:
    change(evidence, NEXT, state="canceled")
    evidence.canceled.add(NEXT)
    assert counted(evidence) == {"phantom": 1}
    # Canceled while nobody knew whether it had arrived.
    change(evidence, NEXT, asked=True)
    assert counted(evidence) == {}


def test_an_order_that_was_rolled_back_has_no_jobs(evidence: Evidence) -> None:
    evidence.sold[1] = Sold("2", 1, "rolled_back", 3.0, 4.0)
    assert counted(evidence) == {"phantom": 1}


def test_what_no_row_knows_is_a_phantom(evidence: Evidence) -> None:
    came(evidence, LETTER, SLIP, NEXT, "d" * 32)
    assert counted(evidence) == {"phantom": 1}


def test_a_document_without_a_key_is_a_phantom(evidence: Evidence) -> None:
    came(evidence, LETTER, SLIP, NEXT, "")
    assert counted(evidence) == {"phantom": 1}


def test_other_bytes_than_the_documents_are_a_phantom(evidence: Evidence) -> None:
    evidence.arrivals["folder"][2] = arrival(NEXT, "other")
    assert counted(evidence) == {"phantom": 1}


def test_more_jobs_than_an_order_is_due_are_phantoms(evidence: Evidence) -> None:
    evidence.jobs.append(job(13, "d" * 32, "2"))
    came(evidence, LETTER, SLIP, NEXT, "d" * 32)
    assert counted(evidence) == {"phantom": 1}
    change(evidence, "d" * 32, reprint=True)
    assert counted(evidence) == {}


def test_what_comes_twice_has_to_say_so(evidence: Evidence) -> None:
    came(evidence, LETTER, SLIP, NEXT, NEXT)
    assert counted(evidence) == {"unmarked_duplicates": 1}
    change(evidence, NEXT, may_be_twice=True)
    assert counted(evidence) == {}


def test_two_printers_count_as_twice_too(evidence: Evidence) -> None:
    evidence.arrivals["printnode"] = [arrival(NEXT)]
    assert counted(evidence) == {"unmarked_duplicates": 1}


def test_what_came_in_first_comes_out_first(evidence: Evidence) -> None:
    change(evidence, SLIP, follows=None, pk=9)
    came(evidence, LETTER, SLIP, NEXT)
    assert counted(evidence) == {"out_of_order": 1}


def test_an_order_committed_later_may_come_later_whatever_its_number(evidence: Evidence) -> None:
    evidence.sold[0] = Sold("1", 2, "committed", 1.0, 3.5)
    came(evidence, NEXT, LETTER, SLIP)
    assert counted(evidence) == {}
    evidence.sold[0] = Sold("1", 2, "committed", 1.0, 2.5)
    assert counted(evidence) == {"out_of_order": 2}


def test_what_was_rescheduled_comes_when_it_can(evidence: Evidence) -> None:
    for key in (LETTER, SLIP):
        change(evidence, key, round=1)
    came(evidence, NEXT, LETTER, SLIP)
    assert counted(evidence) == {}


def test_a_second_copy_that_comes_late_is_not_out_of_order(evidence: Evidence) -> None:
    change(evidence, LETTER, may_be_twice=True)
    came(evidence, LETTER, SLIP, NEXT, LETTER)
    assert counted(evidence) == {}


def test_nothing_comes_between_a_letter_and_its_slip(evidence: Evidence) -> None:
    came(evidence, LETTER, NEXT, SLIP)
    assert check(evidence).wrong["out_of_order"] == 2  # it also came out behind what came in after it


def test_a_slip_does_not_come_without_its_letter(evidence: Evidence) -> None:
    change(evidence, LETTER, round=1)
    came(evidence, SLIP, LETTER, NEXT)
    assert counted(evidence) == {"out_of_order": 1}
    # Nor where the two are rescheduled together.
    change(evidence, SLIP, round=1)
    assert counted(evidence) == {"out_of_order": 1}


def test_a_slip_is_wanted_alone_where_its_letter_was_called_off(evidence: Evidence) -> None:
    change(evidence, LETTER, state="canceled")
    change(evidence, SLIP, round=1)
    evidence.canceled.add(LETTER)
    came(evidence, SLIP, NEXT)
    assert counted(evidence) == {}


@pytest.mark.parametrize("state", ["pending", "failed"])
def test_what_has_not_ended_is_stuck(evidence: Evidence, state: str) -> None:
    change(evidence, NEXT, state=state)
    came(evidence, LETTER, SLIP)
    assert counted(evidence) == {"stuck": 1}


def test_what_is_stuck_or_left_over_is_said_as_it_was_found(evidence: Evidence) -> None:
    evidence.stuck.append("the lane of printer folder is still held")
    evidence.orphans.append("the file x in the document store has no row")
    found = check(evidence)
    assert found.wrong == {"stuck": 1, "orphans": 1}
    assert found.problems == [
        "stuck: the lane of printer folder is still held",
        "orphans: the file x in the document store has no row",
    ]


def test_what_is_told_more_often_than_it_happened_is_told_twice(evidence: Evidence) -> None:
    evidence.to_tell["printer folder paused"] = 2
    evidence.told["printer folder paused"] = 2
    assert counted(evidence) == {}
    evidence.told["printer folder paused"] = 4
    assert counted(evidence) == {"told_twice": 2}


def test_each_problem_names_its_job(evidence: Evidence) -> None:
    came(evidence, LETTER, SLIP)
    [problem] = check(evidence).problems
    assert all(word in problem for word in ("job 11", "order 2", NEXT, "folder"))


def test_zeros_say_nothing_where_too_little_happened() -> None:
    found = Found(Counter(orders=9, committed=9, printed=9, faults=20))
    assert list(enough(found, orders=10, faults=10)) == [
        "only 9 committed, at least 10 are needed for the zeros to say anything",
        "only 9 printed, at least 10 are needed for the zeros to say anything",
    ]


def test_every_wrong_stands_in_the_line() -> None:
    assert all(f"{name}=0" in Found().line for name in WRONG)


@pytest.mark.process
@pytest.mark.parametrize("module", ["ledger", "reader", "journal"])
def test_who_reads_imports_nothing_of_the_product(module: str) -> None:
    code = (
        f"import sys, tests.torture.{module}\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}"
        " & {'config', 'connectors', 'django', 'django_q', 'printing', 'spaces'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
