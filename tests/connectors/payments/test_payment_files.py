"""Files of banks and tables become payments: each once, each with its invoice where that is certain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command

from connectors.bank_files import FileRefused, read
from connectors.models import InvoiceState, Payment, PaymentImport, PaymentSource
from connectors.services.payment_imports import Came, Report, import_file
from spaces.models import Space
from tests.connectors.dunning_factories import overdue_invoice
from tests.connectors.factories import swiss, swiss_invoice
from tests.connectors.payment_factories import state
from tests.connectors.payments.bank import VERSIONS, Part, booking, camt
from tests.factories import SpaceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_first_of_april() -> Iterator[None]:
    with time_machine.travel("2026-04-01T10:00:00Z", tick=False):
        yield


def counts(report: Report) -> tuple[int, int, int, int]:
    found = report.counts
    return found[Came.MATCHED], found[Came.UNMATCHED], found[Came.KNOWN], found[Came.BAD]


def load(space: Space, content: bytes | str, *, dry_run: bool = False) -> Report:
    return import_file(space, "bank.xml", content if isinstance(content, bytes) else content.encode(), dry_run=dry_run)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", ["053", "054"])
def test_a_booking_pays_the_invoice_that_it_names(space: Space, version: str, kind: str) -> None:
    invoice = overdue_invoice(space)
    part = Part("100.00", text=f"Rechnung {invoice.number}, danke", payer="Müller & Söhne")
    report = load(space, camt(booking(part, number="B1", version=version), kind=kind, version=version))
    assert counts(report) == (1, 0, 0, 0)
    payment = Payment.objects.get()
    assert (payment.invoice, payment.amount, payment.currency) == (invoice, Decimal(100), "EUR")
    assert (payment.payer, payment.paid_on, payment.source) == (
        "Müller & Söhne",
        date(2026, 3, 30),
        PaymentSource.IMPORT,
    )
    assert state(invoice) == InvoiceState.PAID


@pytest.mark.parametrize("version", VERSIONS)
def test_a_collective_booking_is_as_many_payments(space: Space, version: str) -> None:
    invoices = [overdue_invoice(space, gross) for gross in ("10.10", "20.20")]
    parts = [Part(str(invoice.gross), text=invoice.number, number=f"T{invoice.pk}") for invoice in invoices]
    content = camt(booking(*parts, amount="30.30", number="B1", version=version), version=version)
    assert counts(load(space, content)) == (2, 0, 0, 0)
    assert {state(invoice) for invoice in invoices} == {InvoiceState.PAID}


def test_a_collective_booking_that_does_not_add_up_is_refused(space: Space) -> None:
    report = load(space, camt(booking(Part("10.00"), Part("20.00"), amount="31.00")))
    assert counts(report) == (0, 0, 0, 1)
    (problem,) = report.problems
    assert problem.endswith("The 2 payments in it come to 30.00, the booking to 31.00.")


def test_a_sum_without_its_payments_asks_for_the_other_file(space: Space) -> None:
    lump = booking(Part("30.00")).replace(
        booking(Part("30.00")).partition("<NtryDtls>")[2],
        "<Btch><NbOfTxs>3</NbOfTxs></Btch></NtryDtls></Ntry>",
    )
    report = load(space, camt(lump, kind="053"))
    assert report.problems[0].endswith("3 payments in one sum, without details; import the bank's camt.054 instead.")
    assert not Payment.objects.exists()


def test_what_is_no_payment_is_left_out(space: Space) -> None:
    debit = booking(Part("10.00"), direction="DBIT")
    pending = booking(Part("10.00"), status="PDNG")
    given_back = booking(Part("10.00"), extra="<RvslInd>true</RvslInd>")
    report = load(space, camt(debit, pending, given_back))
    assert (counts(report), report.skipped) == ((0, 0, 0, 0), 3)


def test_the_reference_of_a_payment_slip_finds_its_invoice(space: Space) -> None:
    invoice = swiss_invoice(space, swiss(space))
    part = Part(str(invoice.gross), reference=invoice.payment_reference, currency="CHF")
    content = camt(booking(part)).replace(b'Ccy="EUR"', b'Ccy="CHF"')
    assert counts(load(space, content)) == (1, 0, 0, 0)
    assert state(invoice) == InvoiceState.PAID


def test_the_same_file_again_changes_nothing(space: Space) -> None:
    content = camt(booking(Part("10.00"), number="B1"))
    load(space, content)
    report = load(space, content)
    assert report.before is not None
    assert (Payment.objects.count(), PaymentImport.objects.count()) == (1, 1)
    assert counts(load(SpaceFactory(), content)) == (0, 1, 0, 0)


def test_a_booking_is_booked_once_whatever_file_it_is_in(space: Space) -> None:
    notification = camt(booking(Part("10.00", number="T1"), number="B1"), kind="054")
    statement = camt(booking(Part("10.00"), number="B1"), kind="053")
    load(space, notification)
    assert counts(load(space, statement)) == (0, 0, 1, 0)


def test_two_payments_alike_in_one_file_are_two(space: Space) -> None:
    twice = camt(booking(Part("10.00")), booking(Part("10.00")))
    assert counts(load(space, twice)) == (0, 2, 0, 0)
    assert counts(load(space, twice + b"\n")) == (0, 0, 2, 0)


def test_trying_it_out_writes_nothing(space: Space) -> None:
    invoice = overdue_invoice(space)
    content = camt(booking(Part("100.00", text=invoice.number)), booking(Part("5.00")))
    report = load(space, content, dry_run=True)
    assert counts(report) == (1, 1, 0, 0)
    assert (Payment.objects.count(), PaymentImport.objects.count()) == (0, 0)
    assert state(invoice) == InvoiceState.OPEN


BOMB = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><Document>&b;</Document>'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (BOMB, "The file declares a document type or entities, which no bank does."),
        (b"<Document>", "The file is not well-formed XML: no element found: line 1, column 10."),
        (b"<html/>", "The file is neither a camt.053 nor a camt.054: its first element is html."),
        (b"\xff\xfe\x00", "The file is neither a CAMT file nor UTF-8 text. Save it as “CSV UTF-8”."),
        (b"%PDF-1.7", "The first line has to name the columns: date, amount, currency, invoice, reference, payer"),
        (b"date;sum\n", "There is no column “sum”. Possible are: date, amount"),
        (b"date;invoice\n", "The column “amount” is missing."),
        (b"date;amount\n", "There is no payment in the file."),
        (b'date;amount\n2026-03-30;"1\n', "Line 2 cannot be read"),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_sentence(space: Space, content: bytes, sentence: str) -> None:
    with pytest.raises(FileRefused) as refused:
        load(space, content)
    assert str(refused.value).startswith(sentence)
    assert not PaymentImport.objects.exists()


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1234.5", "1234.5"),
        ("1234,50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("1’234’567.05", "1234567.05"),
        ("1.234.567", "1234567"),
        ("12", "12"),
    ],
)
def test_amounts_are_read_as_germans_and_swiss_write_them(text: str, amount: str) -> None:
    (entry,) = read(f"date;amount\n30.03.2026;{text}\n".encode(), "", "EUR").entries
    assert entry.payment.amount == Decimal(amount)


@pytest.mark.parametrize("text", ["1.234", "1,234", "12.34.56", "1'23.4", "EUR 5", "", "1e3", "NaN", "5-"])
def test_an_amount_that_may_be_another_is_refused(text: str) -> None:
    file = read(f"date;amount\n2026-03-30;{text}\n2026-03-30;5.00\n".encode(), "", "EUR")
    assert (len(file.entries), len(file.problems)) == (1, 1)


def test_a_table_goes_through_line_by_line(space: Space) -> None:
    invoice = overdue_invoice(space)
    report = load(
        space,
        "Datum;Betrag;Währung;Rechnung;Verwendungszweck;Zahler;Nummer\n"
        f"30.03.2026;60,00;EUR;{invoice.number};;Beispiel AG;7\n"
        f"2026-03-31;40.00;;;RE {invoice.number};Beispiel AG;8\n"
        "2026-02-30;1.00;;;;;9\n"
        "2026-03-31;1.00;;2020-0001;;;10\n"
        "2026-03-31;1.00\n"
        "2026-03-31;0.00;;;;;11\n"
        "2026-03-31;-5.00;;;Gebühren;;12\n",
    )
    assert (counts(report), report.skipped) == ((2, 0, 0, 4), 1)
    assert state(invoice) == InvoiceState.PAID
    assert sorted(report.problems) == [
        "line 4: “2026-02-30” is not a day: write it as in 2026-03-31 or 31.03.2026.",
        "line 5: There is no invoice with the number “2020-0001”.",
        "line 6: It has 2 columns instead of 7.",
        "line 7: The amount of a payment must be more than zero.",
    ]
    row = PaymentImport.objects.get()
    assert (row.matched_count, row.bad_count, row.skipped_count) == (2, 4, 1)


def test_a_corrected_table_books_only_what_was_missing(space: Space) -> None:
    load(space, "date;amount;id\n2026-03-30;5.00;1\n2026-02-30;6.00;2\n")
    assert counts(load(space, "date;amount;id\n2026-03-30;5.00;1\n2026-03-30;6.00;2\n")) == (0, 1, 1, 0)


def test_the_command_says_what_it_did(space: Space, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "march.csv"
    file.write_text("date;amount\n2026-03-30;5.00\n")
    call_command("import_payments", str(file), "--space", space.slug, "--dry-run")
    call_command("import_payments", str(file), "--space", space.slug)
    call_command("import_payments", str(file), "--space", space.slug)
    assert capsys.readouterr().out.splitlines() == [
        "to be assigned: line 2: The payer named neither a reference nor an invoice.",
        "Would be recorded: 0 assigned, 1 to be assigned; known already: 0; left out: 0; with errors: 0.",
        "to be assigned: line 2: The payer named neither a reference nor an invoice.",
        "Recorded: 0 assigned, 1 to be assigned; known already: 0; left out: 0; with errors: 0.",
        "This file was imported on 2026-04-01 10:00 already; nothing has changed.",
    ]


@pytest.mark.parametrize(
    ("content", "code"), [("date;amount\n2026-03-30;5.00\nx;5.00\n", 1), ("date;amount\nx;5.00\n", 2), ("x", 2)]
)
def test_the_exit_code_says_whether_all_went_through(space: Space, tmp_path: Path, content: str, code: int) -> None:
    file = tmp_path / "march.csv"
    file.write_text(content)
    with pytest.raises(CommandError) as failed:
        call_command("import_payments", str(file), "--space", space.slug)
    assert failed.value.returncode == code
