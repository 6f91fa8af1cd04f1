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

# Each in a process of its own, forked from one that has loaded the product.
PLANT_ALL = """
import os, traceback
import django
django.setup()
from tests.torture.plants import PLANTS
for name, plant in PLANTS.items():
    if os.fork() == 0:
        try:
            plant.plant()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    if os.wait()[1] == 0:
        print(name)
"""


@pytest.mark.process
def test_each_fault_can_be_planted() -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.torture.settings"}
    done = subprocess.run(
        [sys.executable, "-c", PLANT_ALL], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == list(PLANTS), done.stderr


@pytest.mark.parametrize("name", PLANTS)
def test_it_says_which_blow_brings_it_to_light_and_what_sees_it(name: str) -> None:
    assert PLANTS[name].blow in GROUND
    assert PLANTS[name].seen_as in WRONG
