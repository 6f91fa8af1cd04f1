"""The benchmark has the parts it offers, and says so when a job was lost or doubled. ``.ci/run`` runs all of them."""

from __future__ import annotations

import pytest

from benchmarks.__main__ import PARTS
from benchmarks.parts import parts
from benchmarks.rows import Wrong, check_bare
from benchmarks.stub_printer import Taken


def test_every_part_can_be_asked_for() -> None:
    assert tuple(parts()) == PARTS


@pytest.mark.parametrize("keys", [[0, 1], [0, 1, 2, 2], [0, 1, 3]], ids=["lost", "doubled", "another"])
def test_a_wrong_count_is_noticed(keys: list[int]) -> None:
    taken = [Taken("/0/0", f"{key:032d}", 0.0, 0) for key in keys]

    with pytest.raises(Wrong):
        check_bare(3, taken)
