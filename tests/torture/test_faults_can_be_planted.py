"""Each fault finds in the product what it replaces; one that the product has left behind would be found by nobody."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.torture.ledger import WRONG
from tests.torture.place import ROOT
from tests.torture.plan import GROUND
from tests.torture.plants import PLANTS


@pytest.mark.parametrize("name", PLANTS)
def test_a_fault_can_be_planted(name: str) -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.torture.settings", "TORTURE_PLANT": name}
    done = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", PLANTS)
def test_it_says_which_blow_brings_it_to_light_and_what_sees_it(name: str) -> None:
    assert PLANTS[name].blow in GROUND
    assert PLANTS[name].seen_as in WRONG
