"""Whoever looks after the installation is told, once, that the worker of a host is silent, and that it is back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from printing.constants import TELL_RETRY, WORKER_SILENT_AFTER
from printing.models import WorkerSign
from printing.services.workers import forget_this_host, sign_of_life
from printing.tasks import incidents
from tests.factories import MemberFactory, UserFactory
from tests.lab.smtp import SmtpServer
from tests.printing.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def people() -> None:
    UserFactory(is_superuser=True, email="admin@example.com")
    UserFactory(is_superuser=True, email="")
    MemberFactory(user__email="merchant@example.com")


@pytest.fixture
def silent(clock: Clock) -> WorkerSign:
    """The worker of another host, which has just died."""
    sign: WorkerSign = WorkerSign.objects.create(host="print-2", seen_at=timezone.now() - WORKER_SILENT_AFTER)
    return sign


def test_it_is_told_once_and_once_more_when_it_is_back(silent: WorkerSign, mail: SmtpServer, clock: Clock) -> None:
    for _ in range(3):
        sign_of_life()
        incidents()
    [letter] = mail.letters()
    assert letter.recipients == ["admin@example.com"]
    assert letter.subject == "Pressroom: the worker on print-2 is silent"
    assert "Look whether run_worker is running there." in letter.text
    clock.shift(timedelta(minutes=1))
    WorkerSign.objects.filter(pk=silent.pk).update(seen_at=timezone.now())
    for _ in range(3):
        incidents()
    assert [letter.subject for letter in mail.letters()[1:]] == ["Pressroom: the worker on print-2 is at work again"]
    clock.shift(WORKER_SILENT_AFTER)
    sign_of_life()
    incidents()
    assert len(mail.letters()) == 3, "silent anew"


def test_what_the_mail_server_did_not_take_is_told_later(silent: WorkerSign, mail: SmtpServer, clock: Clock) -> None:
    mail.stop()
    incidents()
    mail.start()
    incidents()
    assert mail.letters() == []
    clock.shift(TELL_RETRY)
    incidents()
    assert len(mail.letters()) == 1


def test_a_worker_that_takes_tasks_or_was_stopped_on_purpose_is_not_missed(mail: SmtpServer, clock: Clock) -> None:
    sign_of_life()
    incidents()
    forget_this_host()
    clock.shift(WORKER_SILENT_AFTER)
    incidents()
    assert mail.letters() == []
