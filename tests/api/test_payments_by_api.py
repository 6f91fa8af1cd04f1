"""Programs record payments and ask for invoices, in the Space of their key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from connectors.models import Invoice, InvoiceState, Payment
from spaces import api_keys
from spaces.models import Space
from tests.api.conftest import Program
from tests.conftest import Stranger
from tests.connectors.dunning_factories import overdue_invoice
from tests.connectors.payment_factories import pay, recorded, state

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_first_of_april() -> Iterator[None]:
    with time_machine.travel("2026-04-01T10:00:00Z", tick=False):
        yield


def body(**changes: Any) -> dict[str, Any]:
    return {"externalId": "shop-1", "amount": "40.00", "paidOn": "2026-03-30", **changes}


def test_a_payment_is_recorded_and_the_same_again_is_the_first(space: Space, program: Program) -> None:
    invoice = overdue_invoice(space)
    answer = program.post("payments", body(invoiceNumber=invoice.number, payer="Müller"))
    assert answer.status_code == 201
    first = answer.json()
    assert (first["amount"], first["invoiceNumber"], first["invoiceOpen"]) == ("40.00", invoice.number, "60.00")
    assert (first["source"], first["payer"], first["paidOn"]) == ("api", "Müller", "2026-03-30")
    again = program.post("payments", body(amount="99.00"))
    assert (again.status_code, again.json()) == (200, first)
    assert Payment.objects.count() == 1


def test_a_payment_that_covers_its_invoice_settles_it(space: Space, program: Program) -> None:
    invoice = overdue_invoice(space)
    answer = program.post("payments", body(amount=100, reference=f"Rechnung {invoice.number}"))
    assert (answer.json()["invoiceState"], answer.json()["invoiceOpen"]) == ("paid", "0.00")
    assert state(invoice) == InvoiceState.PAID


def test_what_is_nobodys_waits_and_says_why(space: Space, program: Program) -> None:
    answer = program.post("payments", body(reference="Danke"))
    assert answer.status_code == 201
    assert answer.json()["unassignedBecause"] == "No invoice was found by what the payer wrote."
    assert [item["externalId"] for item in program.get("payments", assigned="false").json()["items"]] == ["shop-1"]
    assert program.get("payments", assigned="true").json()["items"] == []


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"amount": "0"}, "amount", "The amount of a payment must be more than zero."),
        ({"amount": 40.005}, "amount", "40.005 is not an amount in EUR: its smallest unit is 0.01."),
        ({"amount": True}, "amount", "must be a number"),
        ({"amount": "1e3"}, "amount", "must be a number"),
        ({"currency": "XXQ"}, "currency", "“XXQ” is not a currency code; use three letters as in EUR or CHF."),
        ({"paidOn": "30.03.2026"}, "paidOn", "must be a day like 2026-01-31"),
        ({"paidOn": "2026-06-30"}, "paidOn", "The day lies in the future."),
        ({"invoiceNumber": "0815"}, "invoiceNumber", "There is no invoice with the number “0815”."),
        ({"externalId": ""}, "externalId", "must not be empty"),
        ({"sum": 1}, "sum", "is not a field that is known here"),
        ({"note": "x" * 301}, "note", "may have 300 characters at most"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    space: Space, program: Program, changes: dict[str, Any], field: str, message: str
) -> None:
    answer = program.post("payments", body(**changes))
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["field"] == field
    assert error["message"] == message
    assert not Payment.objects.exists()


def test_all_that_is_wrong_is_said_at_once(space: Space, program: Program) -> None:
    answer = program.post("payments", {"amount": "x"})
    found = {error["field"]: error["message"] for error in answer.json()["errors"]}
    assert found["externalId"] == found["paidOn"] == "is missing"
    assert found["amount"] == "must be a number"


@pytest.mark.parametrize(("content", "status"), [("{", 400), ("[]", 422), ("x" * 100_001, 413)])
def test_a_body_that_is_none_is_refused(space: Space, program: Program, content: str, status: int) -> None:
    answer = program.post("payments", content)
    assert answer.status_code == status
    assert answer.json()["errors"][0]["message"]


def test_an_invoice_is_asked_for_by_its_number(space: Space, program: Program) -> None:
    invoice = overdue_invoice(space)
    pay(invoice, "60.00")
    overdue_invoice(space)
    (found,) = program.get("invoices", number=invoice.number).json()["items"]
    assert (found["amount"], found["paid"], found["open"], found["overpaid"]) == ("100.00", "60.00", "40.00", "0.00")
    assert (found["state"], found["orderNumber"], found["dueOn"]) == ("open", invoice.order.number, "2026-03-16")


def test_nothing_is_open_of_a_canceled_invoice(space: Space, program: Program) -> None:
    invoice = overdue_invoice(space)
    Invoice.objects.filter(pk=invoice.pk).change_state(InvoiceState.CANCELED)
    assert program.get("invoices").json()["items"][0]["open"] == "0.00"


def test_a_list_is_read_page_by_page(space: Space, program: Program) -> None:
    for number in range(5):
        recorded(space, "1.00", external_id=f"{number}")
    seen, before = [], None
    while True:
        answer = program.get("payments", limit=2, **({"before": before} if before else {})).json()
        seen += [item["externalId"] for item in answer["items"]]
        if (before := answer["next"]) is None:
            break
    assert seen == ["4", "3", "2", "1", "0"]
    assert program.get("payments", limit=101).status_code == 422


def test_lists_ask_no_more_for_more_rows(space: Space, program: Program) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert program.get(address).status_code == 200
        return len(captured)

    pay(overdue_invoice(space), "1.00")
    queries("payments")
    few = [queries(address) for address in ("payments", "invoices")]
    for _number in range(4):
        pay(overdue_invoice(space), "1.00")
    assert [queries(address) for address in ("payments", "invoices")] == few


def test_a_strangers_key_sees_and_changes_nothing_here(space: Space, stranger: Stranger) -> None:
    invoice = overdue_invoice(space)
    pay(invoice, "60.00", external_id="shop-1")
    theirs = Program(api_keys.create(stranger.space, "Theirs")[1])
    for address in ("payments", "invoices", "print-jobs"):
        rows = theirs.get(address).json()["items"]
        assert all(row.get("orderNumber") != invoice.order.number for row in rows)
    assert theirs.get("invoices", number=invoice.number).json()["items"] == []
    assert theirs.post("payments", body(invoiceNumber=invoice.number)).status_code == 422
    answer = theirs.post("payments", body(reference=invoice.number))
    assert (answer.status_code, answer.json()["invoiceNumber"]) == (201, None)
    assert Payment.objects.filter(invoice=invoice).count() == 1
