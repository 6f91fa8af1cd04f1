"""Two workers that look and tell at the same moment: one message."""

from __future__ import annotations

from pathlib import Path

import pytest

from printing.models import Incident
from printing.states import JobState
from spaces.models import Role, Space
from tests.factories import MemberFactory, PrinterConfigurationFactory, PrintJobFactory
from tests.lab.smtp import SmtpServer
from tests.processes import Gate, finish, start

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.process]

WORKERS = 3
LOOK_AND_TELL = "from printing.tasks import incidents; incidents()"


def test_processes_that_race_send_one_message(space: Space, mail: SmtpServer, tmp_path: Path) -> None:
    MemberFactory(space=space, role=Role.OWNER, user__email="olga@example.com")
    configuration = PrinterConfigurationFactory(space=space)
    for _ in range(20):
        PrintJobFactory(space=space, configuration=configuration, state=JobState.FAILED)
    gate = Gate(tmp_path)
    sender = {
        "EMAIL_URL": mail.url,
        "DEFAULT_FROM_EMAIL": "pressroom@print.example.com",
        "PUBLIC_URL": "https://print.example.com",
    }
    workers = [start(gate.code(number) + LOOK_AND_TELL, **sender) for number in range(WORKERS)]
    gate.open(WORKERS)
    finish(*workers)
    told = [letter.subject for letter in mail.letters()]
    assert len(told) == 1, told
    assert "20 documents" in told[0]
    assert Incident.objects.filter(told_at__isnull=False).count() == 20
