"""Files of payments: read once, each payment in them recorded once, whatever else goes wrong in the file.

Each payment is a transaction of its own: a file that is broken off half-way is imported again, and what was recorded by
then is known by its number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone
from django.utils.translation import gettext as _

from connectors import bank_files
from connectors.bank_files import BankFile, Entry, FileRefused
from connectors.models import Invoice, Payment, PaymentImport, PaymentSource
from connectors.payment_checks import PaymentRefused
from connectors.services import dunning, payments
from connectors.services.payment_matching import find_invoice, obstacle_of
from spaces.models import Space

KEPT_PROBLEMS = 200


class Came(StrEnum):
    """What became of an entry."""

    MATCHED = "matched"
    UNMATCHED = "unmatched"
    KNOWN = "known"
    BAD = "bad"


@dataclass
class Report:
    """What became of a file. ``problems`` are sentences, each with its place in the file."""

    file: PaymentImport | None
    # When the same file was imported before; then nothing was done.
    before: datetime | None = None
    counts: dict[Came, int] = field(default_factory=lambda: dict.fromkeys(Came, 0))
    skipped: int = 0
    problems: list[str] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)


def import_file(
    space: Space,
    name: str,
    content: bytes,
    *,
    file_format: str = "",
    dry_run: bool = False,
    created_by: AbstractBaseUser | None = None,
    progress: Callable[[int, int], None] | None = None,
    most: int | None = None,
) -> Report:
    """Record the payments in a file. The same content again changes nothing.

    ``most`` bounds the number of payments. ``progress`` is told how many of how many are done. Raises FileRefused.
    """
    digest = hashlib.sha256(content).hexdigest()
    before = PaymentImport.objects.in_space(space).filter(sha256=digest).exclude(finished_at=None).first()
    if before is not None:
        return Report(before, before=before.finished_at)
    read = bank_files.read(content, file_format, space.currency)
    if not read.entries and not read.problems and not read.skipped:
        raise FileRefused(_("There is no payment in the file."))
    if most is not None and len(read.entries) > most:
        sentence = _("There are more than %(most)s payments in the file. Import it by ./manage.py import_payments.")
        raise FileRefused(sentence % {"most": f"{most:,}"})
    row = None if dry_run else _row(space, name, digest, read.format, created_by)
    report = Report(row, skipped=read.skipped)
    report.problems = [f"{problem.place}: {problem.sentence}" for problem in read.problems]
    report.counts[Came.BAD] = len(read.problems)
    _record_all(space, read, row, created_by, report, progress)
    if row is not None:
        _finish(row, report)
    return report


def _row(space: Space, name: str, digest: str, file_format: str, by: AbstractBaseUser | None) -> PaymentImport:
    """One that was broken off is gone on with."""
    fields = {"file_name": name[:200], "format": file_format, "created_by_id": by.pk if by else None}
    row, _created = PaymentImport.objects.get_or_create(space=space, sha256=digest, defaults=fields)
    return row


def _record_all(
    space: Space,
    read: BankFile,
    row: PaymentImport | None,
    by: AbstractBaseUser | None,
    report: Report,
    progress: Callable[[int, int], None] | None,
) -> None:
    for done, entry in enumerate(read.entries, 1):
        try:
            came, why = _previewed(space, entry) if row is None else _recorded(space, entry, row, by)
        except PaymentRefused as refused:
            came, why = Came.BAD, ""
            report.problems += [f"{entry.place}: {sentence}" for sentence in refused.problems.values()]
        report.counts[came] += 1
        if came == Came.UNMATCHED:
            report.unmatched.append(f"{entry.place}: {why}")
        if progress is not None:
            progress(done, len(read.entries))


def _recorded(space: Space, entry: Entry, row: PaymentImport, by: AbstractBaseUser | None) -> tuple[Came, str]:
    given = entry.payment
    payment, created = payments.record(
        space,
        amount=given.amount,
        currency=given.currency,
        paid_on=given.paid_on,
        source=PaymentSource.IMPORT,
        invoice=_named(space, entry),
        reference=given.reference,
        payer=given.payer,
        external_id=given.external_id,
        note=given.note,
        created_by=by,
        payment_import=row,
    )
    if not created:
        return Came.KNOWN, ""
    return (Came.MATCHED, "") if payment.invoice_id else (Came.UNMATCHED, payment.unmatched_sentence)


def _previewed(space: Space, entry: Entry) -> tuple[Came, str]:
    """The same, without writing anything."""
    given = entry.payment.cleaned(dunning.local_day(space))
    if Payment.objects.in_space(space).filter(external_id=given.external_id).exists():
        return Came.KNOWN, ""
    invoice = _named(space, entry)
    if invoice is not None:
        payments.refuse_currency(invoice, given.currency)
        found = obstacle_of(invoice, given.currency)
    else:
        found = find_invoice(space, given.reference, given.amount, given.currency)
    if found.unmatched is None:
        return Came.MATCHED, ""
    return Came.UNMATCHED, Payment(unmatched=found.unmatched, unmatched_number=found.number).unmatched_sentence


def _named(space: Space, entry: Entry) -> Invoice | None:
    """The invoice whose number stands in a field of its own."""
    if not entry.invoice:
        return None
    invoice: Invoice | None = Invoice.objects.in_space(space).filter(number=entry.invoice).defer("data").first()
    if invoice is None:
        sentence = _("There is no invoice with the number “%(number)s”.")
        raise PaymentRefused({"invoice": sentence % {"number": entry.invoice[:64]}})
    return invoice


def _finish(row: PaymentImport, report: Report) -> None:
    row.matched_count = report.counts[Came.MATCHED]
    row.unmatched_count = report.counts[Came.UNMATCHED]
    row.known_count = report.counts[Came.KNOWN]
    row.bad_count = report.counts[Came.BAD]
    row.skipped_count = report.skipped
    row.problems = report.problems[:KEPT_PROBLEMS]
    row.finished_at = timezone.now()
    row.save()
