"""The people of the simulated Space: they look after what failed, and suspend, resume, cancel and write off cases."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.utils import timezone

from connectors.issued_kinds import DUNNING_NOTICE
from connectors.models import CaseState, DunningCase, DunningChannel, DunningNotice, MailState, OutgoingMail
from connectors.services import dunning, mails
from connectors.services.dunning import DunningRefused
from printing.models import PrintJob
from printing.services import reschedule
from printing.states import JobState
from tests.simulation.journal import TaskDone
from tests.simulation.onlooker import Onlooker


class Office:
    """Comes in the morning of a working day."""

    def __init__(self, onlooker: Onlooker, chance: random.Random) -> None:
        self.onlooker = onlooker
        self.space = onlooker.world.space
        self.chance = chance

    def morning(self) -> None:
        self._failed_letters()
        self._failed_mails()
        self._tasks()
        self._cases()

    def _failed_letters(self) -> None:
        failed = PrintJob.objects.filter(space=self.space, state=JobState.FAILED, document_kind=DUNNING_NOTICE)
        for job in failed.select_related("space", "configuration", "printer").order_by("pk"):
            choice = self.chance.random()
            if choice < 0.6:
                reschedule(job)
            elif choice < 0.9:
                self._withdraw(job.source_id)

    def _failed_mails(self) -> None:
        for mail in OutgoingMail.objects.in_space(self.space).filter(state=MailState.FAILED).order_by("pk"):
            choice = self.chance.random()
            if choice < 0.6:
                mails.send_again(mail, f"right-{mail.pk}@example.com")
            elif choice < 0.8:
                self._withdraw(mail.source_id)

    def _withdraw(self, pk: int | None) -> None:
        notice = DunningNotice.objects.select_related("case", "space", "order").get(pk=pk)
        # Refused where it has left on another way.
        with suppress(DunningRefused):
            dunning.withdraw_notice(notice)

    def _tasks(self) -> None:
        tasks = DunningNotice.objects.in_space(self.space).filter(channel=DunningChannel.TASK)
        for notice in tasks.filter(informed_at=None, withdrawn_at=None).select_related("case").order_by("pk"):
            if self.chance.random() < 0.3:
                dunning.task_done(notice)
                self.onlooker.journal.append(TaskDone(timezone.now(), notice.number))

    def _cases(self) -> None:
        today = dunning.local_day(self.space)
        for case in self._some(0.02, state=CaseState.RUNNING):
            choice = self.chance.random()
            if choice < 0.5:
                dunning.suspend(case, today + timedelta(days=self.chance.randint(2, 25)))
            elif choice < 0.8:
                dunning.suspend(case, None)
            else:
                dunning.cancel(case)
        for case in self._some(0.1, state=CaseState.SUSPENDED, suspended_until=None):
            dunning.resume(case)
        for case in self._some(0.03, state=CaseState.CANCELED):
            self.chance.choice([dunning.resume, dunning.write_off])(case)
        for case in self._some(0.05, state=CaseState.FAILED):
            dunning.write_off(case)

    def _some(self, share: float, **conditions: Any) -> list[DunningCase]:
        cases = DunningCase.objects.in_space(self.space).filter(**conditions).select_related("space").order_by("pk")
        return [case for case in cases if self.chance.random() < share]
