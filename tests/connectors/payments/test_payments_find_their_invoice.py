"""What a payer writes names an invoice for certain, or none at all."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine

from connectors.documents.references import grouped
from connectors.models import Invoice, InvoiceState, NumberSeries, Unmatched
from connectors.services.payment_matching import find_invoice
from spaces.models import Space
from tests.connectors.dunning_factories import overdue_invoice
from tests.connectors.factories import swiss, swiss_invoice
from tests.factories import SpaceFactory

pytestmark = pytest.mark.django_db
SOME = Decimal("1.00")


@pytest.fixture(autouse=True)
def _on_the_first_of_april() -> Iterator[None]:
    with time_machine.travel("2026-04-01T10:00:00Z", tick=False):
        yield


def named(space: Space, text: str, amount: Decimal = SOME, currency: str = "EUR") -> Invoice | Unmatched | None:
    found = find_invoice(space, text, amount, currency)
    return found.invoice or found.unmatched


@pytest.mark.parametrize(
    "text",
    [
        "{number}",
        "Rechnung {number}",
        "Rechnung:{number}, Kunde 12",
        "RE{number}",
        "re-nr. {number}.",
        "Rechnungsnr.{number}",
        "INVOICE {number} THANK YOU",
        "bezahlt ({number})",
    ],
)
def test_a_number_in_a_text_is_found(space: Space, text: str) -> None:
    invoice = overdue_invoice(space)
    overdue_invoice(space)
    assert named(space, text.format(number=invoice.number)) == invoice


def test_a_number_that_was_torn_apart_is_found(space: Space) -> None:
    invoice = overdue_invoice(space)
    assert invoice.number == "2026-0001"
    for text in ("Rechnung 2026- 0001", "Rechnung 2026 -0001 vom 2.3."):
        assert named(space, text) == invoice


@pytest.mark.parametrize(
    "text", ["M2026-0001", "L2026-0001", "2026-00010", "12026-0001", "2026-0001-7", "2026", "0001", "Danke"]
)
def test_a_part_of_something_else_is_no_number(space: Space, text: str) -> None:
    overdue_invoice(space)
    assert named(space, text) == Unmatched.NOT_FOUND


def test_digits_alone_count_only_with_the_amount(space: Space) -> None:
    overdue_invoice(space)
    NumberSeries.objects.update(pattern="{number}")
    invoice = overdue_invoice(space)
    assert invoice.number.isdecimal()
    assert named(space, f"Kunde {invoice.number}") == Unmatched.NOT_FOUND
    assert named(space, f"Rechnung {invoice.number}", invoice.gross) == invoice


def test_two_invoices_in_one_text_are_left_to_a_person(space: Space) -> None:
    numbers = " ".join(overdue_invoice(space).number for _number in range(2))
    assert named(space, numbers) == Unmatched.SEVERAL


def test_without_a_word_there_is_nothing_to_find(space: Space) -> None:
    assert named(space, " - ") in {Unmatched.NO_REFERENCE, Unmatched.NOT_FOUND}
    assert named(space, "") == Unmatched.NO_REFERENCE


def test_a_canceled_invoice_gives_way_to_a_valid_one(space: Space) -> None:
    canceled, valid = overdue_invoice(space), overdue_invoice(space)
    Invoice.objects.filter(pk=canceled.pk).change_state(InvoiceState.CANCELED)
    assert named(space, canceled.number) == Unmatched.INVOICE_CANCELED
    assert named(space, f"{canceled.number} {valid.number}") == valid


def test_another_currency_is_another_thing(space: Space) -> None:
    assert named(space, overdue_invoice(space).number, currency="CHF") == Unmatched.CURRENCY


def test_the_invoices_of_another_space_are_not_there(space: Space) -> None:
    assert named(SpaceFactory(), overdue_invoice(space).number) == Unmatched.NOT_FOUND


@pytest.mark.parametrize("iban", ["", "CH9300762011623852957"])
def test_a_payment_reference_is_found_however_it_is_written(space: Space, iban: str) -> None:
    invoice = swiss_invoice(space, swiss(space, iban=iban) if iban else swiss(space))
    reference = invoice.payment_reference
    for text in (reference, grouped(reference), f"Zahlung {grouped(reference)} danke", reference.lstrip("0")):
        assert named(space, text, currency="CHF") == invoice, text


def test_a_reference_with_a_typing_error_pays_nobody(space: Space) -> None:
    reference = swiss_invoice(space, swiss(space)).payment_reference
    other_digit = "1" if reference[20] != "1" else "2"
    assert named(space, reference[:20] + other_digit + reference[21:], currency="CHF") == Unmatched.NOT_FOUND
