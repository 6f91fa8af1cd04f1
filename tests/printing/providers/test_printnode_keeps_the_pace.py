"""Ten requests a second, shared by all workers: the provider asks whoever keeps the count before every request."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from printing.providers.base import Document, ProviderContext, Target
from printing.providers.errors import Reason, Transient
from printing.providers.printnode.client import LONGEST_WAIT
from printing.providers.printnode.provider import PrintNodeProvider
from tests.fakes.printnode.fake import PRINTER, PrintNodeFake

PDF = Document(b"%PDF", "Invoice")


class Count:
    """Keeps the count as a database would, and remembers who asked."""

    def __init__(self, *waits: float) -> None:
        self.waits = list(waits)
        self.asked: list[tuple[str, float]] = []

    def __call__(self, account: str, per_second: float) -> float:
        self.asked.append((account, per_second))
        return self.waits.pop(0) if self.waits else 0.0


def test_every_request_asks_first(printnode: PrintNodeFake, context: ProviderContext) -> None:
    count = Count()
    provider = PrintNodeProvider(replace(context, throttle=count))
    provider.printers(printnode.credentials)
    provider.submit(PDF, Target(printnode.credentials, str(PRINTER)), "5b1c")
    assert len(count.asked) == len(printnode.requests())
    assert {per_second for _, per_second in count.asked} == {10.0}


def test_the_account_is_named_without_its_key_and_not_as_another_one(context: ProviderContext) -> None:
    count = Count(*[LONGEST_WAIT * 2] * 3)
    provider = PrintNodeProvider(replace(context, throttle=count))
    for key in ("one-key", "one-key ", "other-key"):
        with pytest.raises(Transient):
            provider.describe({"api_key": key})
    one, same, other = (account for account, _ in count.asked)
    assert one == same != other
    assert "one-key" not in one


def test_a_short_wait_is_waited(printnode: PrintNodeFake, context: ProviderContext) -> None:
    provider = PrintNodeProvider(replace(context, throttle=Count(0.3)))
    started = time.monotonic()
    provider.describe(printnode.credentials)
    assert time.monotonic() - started >= 0.3


def test_a_long_wait_gives_the_lane_back_and_sends_nothing(printnode: PrintNodeFake, context: ProviderContext) -> None:
    provider = PrintNodeProvider(replace(context, throttle=Count(42.0)))
    with pytest.raises(Transient) as caught:
        provider.submit(PDF, Target(printnode.credentials, str(PRINTER)), "5b1c")
    assert (caught.value.reason, caught.value.retry_after) == (Reason.RATE_LIMITED, 42.0)
    assert printnode.requests() == []


def test_a_service_that_slows_us_down_itself_is_obeyed(printnode: PrintNodeFake, context: ProviderContext) -> None:
    printnode.set(per_second=3, retry_after="2")
    provider = PrintNodeProvider(context)
    target = Target(printnode.credentials, str(PRINTER))
    for number in range(3):
        provider.submit(PDF, target, f"5b1c-{number}")
    with pytest.raises(Transient) as caught:
        provider.submit(PDF, target, "5b1c-3")
    assert caught.value.retry_after == 2
    assert len(printnode.documents()) == 3
