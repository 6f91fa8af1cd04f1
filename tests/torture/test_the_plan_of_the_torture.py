"""What chance decides is repeated by its seed, and a short run meets every kind of blow."""

from __future__ import annotations

from itertools import islice

import pytest

from tests.fakes.faults import FaultKind
from tests.torture.plan import GROUND, HOSTS, MODES, REDIS_ONLY, STATUSES, Plan


def test_a_seed_repeats_its_blows() -> None:
    first, again, other = (Plan(seed, "db") for seed in (4711, 4711, 4712))
    assert list(islice(first.ground(), 60)) == list(islice(again.ground(), 60))
    assert list(islice(first.services(), 60)) == list(islice(again.services(), 60))
    assert list(islice(first.ground(), 60)) != list(islice(other.ground(), 60))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("broker", ["db", "redis"])
def test_the_first_round_has_a_blow_of_each_kind(seed: int, broker: str) -> None:
    plan = Plan(seed, broker)
    kinds = [blow.kind for blow in islice(plan.ground(), plan.first_round())]
    assert sorted(kinds) == sorted(GROUND + (REDIS_ONLY if broker == "redis" else ()))


def test_the_hosts_are_hit_in_turns() -> None:
    plan = Plan(1, "db")
    hosts = [blow.host for blow in islice(plan.ground(), plan.first_round())]
    assert hosts == [hosts[number % 2] for number in range(len(hosts))]
    assert set(hosts) == set(HOSTS)


def test_the_services_do_everything_wrong_that_a_fake_can_be_told() -> None:
    blows = list(islice(Plan(1, "db").services(), 21))
    assert {blow.how["status"] for blow in blows if blow.kind == "status"} == set(STATUSES)
    assert {blow.how["mode"] for blow in blows if blow.kind == "mode"} == set(MODES)
    # A quotation is about secrets, and slow services come with other blows.
    assert {kind.value for kind in FaultKind} - {blow.kind for blow in blows} == {FaultKind.QUOTE, FaultKind.SLOW}


def test_a_hunt_can_be_for_one_blow() -> None:
    plan = Plan(1, "db", ["oversleep"])
    assert {blow.kind for blow in islice(plan.ground(), 5)} == {"oversleep"}
