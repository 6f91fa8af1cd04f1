"""Real processes: runs that are killed, runs at the same moment, and payments that arrive while a run issues.

A process is held, or dies, behind a statement of its own choice: Django's execute_wrapper looks at each.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Count

from connectors.models import CaseState, DunningCase, DunningCaseEvent, DunningNotice, DunningRun, Invoice, InvoiceState
from connectors.services import dunning
from printing.dispatcher import dispatch
from printing.models import PrintJob
from printing.states import JobState
from spaces.models import FeatureName, Space
from tests.connectors.dunning_factories import DUE, DunningFlowFactory, overdue_invoice
from tests.factories import SpaceFactory
from tests.printing.simulated import SimulatedPrinter, simulated_printer
from tests.processes import Gate, Process, finish, somebody_waits_for_a_lock, start, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.process]

INVOICES = 8
DAY = DUE + timedelta(days=7)
RUN = f"call_command('dunning_run', '--space', 'mahnhof', '--date', '{DAY}', '--yes')"
PAY = "for order in Order.objects.order_by('pk'): orders.mark_paid(order)"
IMPORTS = """
from django.core.management import call_command
from connectors.models import Order
from connectors.services import orders
"""
NOTICE, PAID = 'INSERT INTO "connectors_dunningnotice"', 'UPDATE "connectors_invoice"'


@pytest.fixture
def mahnhof() -> Space:
    return SpaceFactory(slug="mahnhof", features=[FeatureName.PRINTING, FeatureName.DUNNING])


@pytest.fixture
def printer(mahnhof: Space) -> SimulatedPrinter:
    return simulated_printer(mahnhof, default=True)


@pytest.fixture(autouse=True)
def invoices(mahnhof: Space, printer: SimulatedPrinter) -> list[Invoice]:
    DunningFlowFactory(space=mahnhof, levels=2)
    found = [overdue_invoice(mahnhof) for _number in range(INVOICES)]
    PrintJob.objects.change_state(JobState.CANCELED)  # the invoices' own
    return found


def held(statement: str, count: int, directory: Path, code: str) -> str:
    """Code that waits behind its ``count``-th statement beginning like this until the test lets it go on."""
    return f"""
import pathlib, time
from django.db import connection
here = pathlib.Path({str(directory)!r})
seen = 0
def hold(execute, sql, params, many, context):
    global seen
    result = execute(sql, params, many, context)
    if sql.startswith({statement!r}):
        seen += 1
        if seen == {count}:
            (here / "held").touch()
            while not (here / "go").exists(): time.sleep(0.002)
    return result
{IMPORTS}
with connection.execute_wrapper(hold):
    {code}
"""


def is_held(directory: Path) -> None:
    wait_until((directory / "held").exists, "the process is where it is held")


def issued() -> int:
    return int(DunningNotice.objects.count())


@pytest.mark.parametrize("count", [1, INVOICES // 2, INVOICES])
def test_a_run_killed_half_way_leaves_nothing_and_the_next_one_issues_all(
    mahnhof: Space, printer: SimulatedPrinter, tmp_path: Path, count: int
) -> None:
    process = start(held(NOTICE, count, tmp_path, RUN))
    is_held(tmp_path)
    process.kill()
    process.communicate()
    assert process.returncode == -9
    dispatch()
    assert printer.documents() == []
    assert (issued(), DunningRun.objects.count(), DunningCaseEvent.objects.filter(kind="notice_issued").count()) == (
        0,
        0,
        0,
    )
    assert not PrintJob.objects.filter(document_kind="dunning_notice").exists()

    finish(start(IMPORTS + RUN))
    numbers = DunningNotice.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [f"M2026-{number:04d}" for number in range(1, INVOICES + 1)]
    assert PrintJob.objects.filter(document_kind="dunning_notice", state=JobState.PENDING).count() == INVOICES
    dispatch()
    assert len(printer.documents()) == INVOICES


def test_of_two_runs_at_once_each_notice_is_issued_by_one(tmp_path: Path) -> None:
    gate = Gate(tmp_path)
    processes = [start(gate.code(number) + IMPORTS + RUN) for number in range(3)]
    gate.open(3)
    finish(*processes)
    assert issued() == INVOICES
    assert not DunningCase.objects.annotate(count=Count("notices")).exclude(count=1).exists()
    assert sum(run.notice_count for run in DunningRun.objects.all()) == INVOICES
    assert PrintJob.objects.filter(document_kind="dunning_notice").count() == INVOICES


def wait_for_a_lock(process: Process) -> None:
    """Until the process waits for what the held one has locked; SQLite lets nobody else write and does not say so."""
    if connection.vendor != "postgresql":
        return

    wait_until(lambda: somebody_waits_for_a_lock() or process.poll() is not None, "the second process waits")
    assert process.poll() is None, "it did not wait"


def test_money_that_arrives_while_a_run_issues_withdraws_its_notices(printer: SimulatedPrinter, tmp_path: Path) -> None:
    run = start(held(NOTICE, 1, tmp_path, RUN))
    is_held(tmp_path)
    payments = start(IMPORTS + PAY)
    wait_for_a_lock(payments)
    (tmp_path / "go").touch()
    finish(run, payments)
    assert issued() == INVOICES
    assert_nobody_who_paid_is_dunned(printer)
    assert not Invoice.objects.exclude(state=InvoiceState.PAID).exists()


def test_a_run_that_begins_while_money_arrives_leaves_the_paid_out(
    mahnhof: Space, printer: SimulatedPrinter, tmp_path: Path
) -> None:
    dunning.open_cases(mahnhof, DAY)  # or the run would wait there already, before its proposal
    # The first payment is made and not committed yet: the run still sees all invoices open, and waits.
    payment = start(held(PAID, 1, tmp_path, "orders.mark_paid(Order.objects.earliest('pk'))"))
    is_held(tmp_path)
    run = start(IMPORTS + RUN)
    wait_for_a_lock(run)
    (tmp_path / "go").touch()
    finish(payment, run)
    assert issued() == INVOICES - 1
    assert_nobody_who_paid_is_dunned(printer)
    if connection.vendor == "postgresql":  # on SQLite the run may look after the payment only
        (dropped,) = DunningRun.objects.get().dropped
        assert dropped == {"invoice": "2026-0001", "reasons": [["paid", {}]]}


def test_payments_and_runs_in_any_order_never_dun_the_paid(printer: SimulatedPrinter, tmp_path: Path) -> None:
    gate = Gate(tmp_path)
    some = "for order in Order.objects.order_by('-pk')[:5]: orders.mark_paid(order)"
    codes = [RUN, some, RUN, PAY.replace("order_by('pk')", "order_by('pk')[:5]")]
    processes = [start(gate.code(number) + IMPORTS + code) for number, code in enumerate(codes)]
    gate.open(len(codes))
    finish(*processes)
    assert not Invoice.objects.exclude(state=InvoiceState.PAID).exists()
    assert_nobody_who_paid_is_dunned(printer)


def assert_nobody_who_paid_is_dunned(printer: SimulatedPrinter) -> None:
    """No notice of a paid invoice stands, none of them comes out, and every case has ended."""
    dispatch()
    paid = DunningNotice.objects.filter(case__invoice__state=InvoiceState.PAID)
    assert not paid.filter(withdrawn_at=None).exists()
    states = PrintJob.objects.filter(document_kind="dunning_notice", source_id__in=paid.values("pk"))
    assert set(states.values_list("state", flat=True)) <= {JobState.CANCELED}
    assert not DunningCase.objects.filter(invoice__state=InvoiceState.PAID).exclude(state=CaseState.SUCCEEDED).exists()
    assert len(printer.documents()) == DunningNotice.objects.filter(withdrawn_at=None).count()
