"""``manage.py receive_order``: one order over many lines, or JSON lines; the good go through, the bad are reported."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from connectors.models import Invoice, Order
from connectors.order_json import RawOrder, read_orders
from spaces.models import Space
from tests.connectors.factories import ConnectorFactory, line_json, order_json
from tests.factories import PrinterConfigurationFactory, SpaceFactory

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db


def run(
    content: str | bytes | Path, *arguments: str, space: str = "alpenblick", tmp_path: Path
) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of the command."""
    file = content
    if not isinstance(file, Path):
        file = tmp_path / "orders.json"
        file.write_bytes(content if isinstance(content, bytes) else str(content).encode())
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("receive_order", str(file), "--space", space, *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return error.returncode, out.getvalue(), f"{err.getvalue()}{error}"
    return 0, out.getvalue(), err.getvalue()


def test_the_example_of_the_documentation_is_received_and_queued(space: Space, tmp_path: Path) -> None:
    PrinterConfigurationFactory(space=space, is_default=True)
    code, out, err = run(ROOT / "docs" / "examples" / "order.json", tmp_path=tmp_path)
    order = Order.objects.get()
    invoice = Invoice.objects.get()
    jobs = [job.pk for job in _jobs()]
    assert (code, err) == (0, "")
    assert out == (
        f"Order {order.number}: created; invoice {invoice.number}; "
        f"Invoice {invoice.number}: print job {jobs[0]} queued; "
        f"Packing slip L{invoice.number}: print job {jobs[1]} queued\n"
    )


def _jobs() -> Any:
    from printing.models import PrintJob

    return PrintJob.objects.order_by("pk")


def test_the_same_again_is_unchanged(space: Space, tmp_path: Path) -> None:
    order = json.dumps(order_json(number="4711"), indent=2)
    run(order, tmp_path=tmp_path)
    code, out, _err = run(order, tmp_path=tmp_path)
    number = Invoice.objects.get().number
    assert (code, out) == (0, f"Order 4711: unchanged, it was received before; invoice {number}.\n")


def test_it_says_why_nothing_prints(space: Space, tmp_path: Path) -> None:
    _code, out, _err = run(json.dumps(order_json()), tmp_path=tmp_path)
    assert "No default printer is set." in out
    ConnectorFactory(space=space, key="quiet")
    _code, out, _err = run(json.dumps(order_json()), "--connector", "quiet", tmp_path=tmp_path)
    assert "nothing prints: no rule of the connector “quiet” asks for it." in out
    silent = SpaceFactory()
    _code, out, _err = run(json.dumps(order_json()), space=silent.slug, tmp_path=tmp_path)
    assert "nothing prints: the feature Printing is not activated in this Space." in out


def test_one_bad_line_among_good_ones_is_reported_with_its_number(space: Space, tmp_path: Path) -> None:
    lines = [
        json.dumps(order_json(number="1")),
        "",
        json.dumps(order_json(lines=[line_json(), line_json(quantity=-1)])),
        '{"external_id": "cut',
        "\ufffe",
        json.dumps(order_json(lines=[line_json(discount={"amount": "99"})])),
        json.dumps(order_json(number="2")),
    ]
    code, out, err = run("\n".join(lines), tmp_path=tmp_path)
    assert code == 1
    assert [line.split(":")[0] for line in out.splitlines()] == ["Order 1", "Order 2"]
    assert err.splitlines()[0] == "line 3: lines[1].quantity: must be greater than 0 (got -1)"
    assert [line.split(":")[0] for line in err.splitlines()] == [
        "line 3", "line 4", "line 5", "line 6", "4 orders were refused."
    ]  # fmt: skip
    assert err.splitlines()[3].startswith("line 6: lines[0]: ")
    assert Order.objects.count() == 2


def test_bytes_that_are_no_utf_8_spoil_only_their_line(space: Space, tmp_path: Path) -> None:
    good = json.dumps(order_json()).encode()
    code, _out, err = run(good + b"\n\xff\xfe{}\n", tmp_path=tmp_path)
    assert code == 1
    assert err.startswith("line 2: This is not UTF-8: byte 0xFF at position 1")


def test_a_bad_first_line_does_not_hide_the_good_ones(space: Space, tmp_path: Path) -> None:
    content = '{"external_id": "cut\n' + json.dumps(order_json()) + "\n" + json.dumps(order_json())
    code, _out, err = run(content, tmp_path=tmp_path)
    assert (code, Order.objects.count()) == (1, 2)
    assert err.startswith("line 1: This is not JSON (column ")


def test_nothing_readable_is_told_apart_from_something_bad(space: Space, tmp_path: Path) -> None:
    assert run("", tmp_path=tmp_path)[0] == 2
    code, _out, err = run('{\n  "external_id": "1",\n  "number" "2"\n}', tmp_path=tmp_path)
    assert (code, err.splitlines()[0]) == (2, "This is not JSON (line 3, column 12): Expecting ':' delimiter.")
    code, _out, err = run(tmp_path / "missing.json", tmp_path=tmp_path)
    assert code == 2
    assert err.endswith("missing.json cannot be read: No such file or directory.")


def test_ten_thousand_lines_are_one_order(space: Space, tmp_path: Path) -> None:
    code, _out, err = run(json.dumps(order_json(10_000)), tmp_path=tmp_path)
    assert (code, err) == (0, "")
    order = Order.objects.get()
    assert order.lines.count() == len(Invoice.objects.get().copy.lines) == 10_000
    assert order.net == 200_000


def test_a_list_of_orders_is_refused_whole(space: Space, tmp_path: Path) -> None:
    content = "[\n" + json.dumps(order_json()) + ",\n" + json.dumps(order_json()) + "\n]"
    code, _out, err = run(content, tmp_path=tmp_path)
    assert (code, Order.objects.count()) == (2, 0)
    assert err.startswith("the order: must be an object (got […])")


def test_an_unknown_space_or_connector_is_named(space: Space, tmp_path: Path) -> None:
    code, _out, err = run("{}", space="nowhere", tmp_path=tmp_path)
    assert (code, err) == (2, "There is no Space “nowhere”. There are: alpenblick.")
    ConnectorFactory(space=space, key="shop")
    ConnectorFactory(space=space, key="till", active=False)
    code, _out, err = run("{}", "--connector", "mail", tmp_path=tmp_path)
    assert (code, err) == (2, "The Space “alpenblick” has no connector “mail”; it has: shop, till.")
    assert "name one of: shop, till" in run("{}", tmp_path=tmp_path)[2]
    assert "is inactive" in run("{}", "--connector", "till", tmp_path=tmp_path)[2]


def test_the_only_connector_need_not_be_named(space: Space, tmp_path: Path) -> None:
    connector = ConnectorFactory(space=space, key="shop")
    run(json.dumps(order_json()), tmp_path=tmp_path)
    assert Order.objects.get().connector == connector


class Pipe(io.RawIOBase):
    """Gives one line at a time, and notes how many were asked for."""

    def __init__(self, lines: list[bytes]) -> None:
        self.given = 0
        self._lines = lines

    def readline(self, _limit: int | None = -1, /) -> bytes:
        self.given += 1
        return self._lines[self.given - 1] if self.given <= len(self._lines) else b""


def test_orders_on_lines_of_their_own_are_taken_as_they_come() -> None:
    pipe = Pipe([b'{"external_id": "1"}\n', b'{"external_id": "2"}\n', b"never\n"])
    orders: Iterator[RawOrder] = read_orders(pipe)  # type: ignore[arg-type]
    assert next(orders).line == 1
    assert pipe.given == 1
    assert next(orders).line == 2
    assert pipe.given == 2


def test_a_line_without_end_is_refused_without_keeping_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.order_json.MAX_ORDER_BYTES", 100)
    stream = io.BytesIO(b'{"external_id": "1"}\n' + b"x" * 5000 + b'\n{"external_id": "2"}\n')
    orders = list(read_orders(stream))
    assert [(order.line, order.too_large) for order in orders] == [(1, False), (2, True), (3, False)]
    assert len(orders[1].content) <= 100
