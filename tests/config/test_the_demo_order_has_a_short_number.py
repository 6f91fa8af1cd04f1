"""The demo's order can be told over the telephone, and is a new one each time."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import demo
from connectors.models import Order
from spaces.models import Space
from tests.processes import Gate, finish, start


@pytest.mark.django_db
def test_it_counts_from_one_and_goes_on_after_the_highest(space: Space) -> None:
    assert [demo.receive_example(space).number for _run in range(3)] == ["DEMO-1", "DEMO-2", "DEMO-3"]
    demo.receive_example(space)
    Order.objects.filter(number="DEMO-2").update(external_id="gone")
    assert demo.receive_example(space).number == "DEMO-5"


@pytest.mark.django_db
def test_a_number_of_another_kind_is_not_counted(space: Space) -> None:
    order = demo.receive_example(space)
    Order.objects.filter(pk=order.pk).update(external_id="DEMO-20260102-101112-123456")
    assert demo.receive_example(space).number == "DEMO-1"


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
def test_two_demos_at_the_same_moment_have_an_order_each(space: Space, tmp_path: Path) -> None:
    gate = Gate(tmp_path)
    code = """
from config import demo
from spaces.models import Space
space = Space.objects.get(pk={space})
{gate}
print(demo.receive_example(space).number)
"""
    processes = [start(code.format(space=space.pk, gate=gate.code(number))) for number in range(3)]
    gate.open(3)
    assert sorted(printed.strip() for printed in finish(*processes)) == ["DEMO-1", "DEMO-2", "DEMO-3"]
