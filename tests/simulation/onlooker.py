"""The onlooker: writes down what the product has written, what came out of its printer and what it has mailed."""

from __future__ import annotations

import json
import re
from datetime import datetime
from decimal import Decimal
from email import message_from_bytes, policy
from email.message import EmailMessage

from django.utils import timezone

from connectors.models import DunningNotice, DunningRun, Invoice
from connectors.services import payments
from tests.connectors.documents.pdf import words_of
from tests.lab.smtp import SmtpServer
from tests.simulation.journal import Account, Entry, Left, Noticed, Ran
from tests.simulation.world import World

_NUMBER = re.compile(r"M\d{4}-\d+")


class Onlooker:
    """Looks after each step, so that the order of the journal is that of the events, whatever their clocks say."""

    def __init__(self, world: World, mail: SmtpServer) -> None:
        self.world = world
        self.mail = mail
        self.journal: list[Entry] = []
        self.seen: set[str] = set()
        self.last_notice = 0

    def look(self) -> None:
        """Write down what is new."""
        self._rows()
        self._paper()
        self._mails()

    def _rows(self) -> None:
        notices = DunningNotice.objects.in_space(self.world.space).filter(pk__gt=self.last_notice)
        if not notices.exists():
            return
        by_run: dict[int, DunningRun] = {}
        related = notices.select_related("case__invoice", "level__flow", "run")
        new = list(related.defer("data", "case__invoice__data").order_by("pk"))
        for notice in new:
            by_run[notice.run_id] = notice.run
        for run in by_run.values():
            self.journal += [_noticed(notice) for notice in new if notice.run_id == run.pk]
            totals = {currency: Decimal(total) for currency, total in run.totals.items()}
            self.journal.append(Ran(run.started_at, run.notice_count, totals))
        self.last_notice = new[-1].pk

    def _paper(self) -> None:
        for path in self.world.printer.documents():
            if path.name in self.seen:
                continue
            self.seen.add(path.name)
            remark = json.loads(path.with_suffix(".json").read_text())
            arrived = datetime.fromisoformat(remark["arrived"])
            self.journal.append(Left(arrived, "print", _number(remark["title"]), words_of(path.read_bytes())))

    def _mails(self) -> None:
        for path in sorted(self.mail.directory.glob("*.eml")):
            if path.name in self.seen:
                continue
            self.seen.add(path.name)
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            assert isinstance(message, EmailMessage)
            [attachment] = message.iter_attachments()
            number = _number(attachment.get_filename() or "")
            self.journal.append(Left(timezone.now(), "e-mail", number, words_of(attachment.get_content())))

    def close(self) -> None:
        """Write down what the product says of every invoice."""
        self.look()
        for invoice in Invoice.objects.in_space(self.world.space).defer("data").order_by("pk"):
            account = payments.account_of(invoice)
            self.journal.append(Account(invoice.number, account.gross, payments.open_amount(invoice)))


def _number(text: str) -> str:
    found = _NUMBER.search(text)
    assert found is not None, text
    return found.group()


def _noticed(notice: DunningNotice) -> Noticed:
    return Noticed(
        at=notice.created_at,
        notice=notice.number,
        invoice=notice.case.invoice.number,
        flow=notice.level.flow.name,
        level=notice.position,
        day=notice.issued_on,
        principal=notice.principal,
        fees_before=notice.fees_before,
        fee=notice.fee,
        fee_tax=notice.fee_tax,
        interest=notice.interest,
        total=notice.total,
    )
