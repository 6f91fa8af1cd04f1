"""An access that runs out is renewed by one worker; where that is lost, a person is asked, not ezeep again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from printing import accounts
from printing.dispatcher import dispatch
from printing.health import check_printers
from printing.models import Connection, Printer, PrintJob
from printing.providers import capabilities
from printing.providers.base import Credentials, Provider, RemotePrinter
from printing.providers.errors import ConfigurationProblem, Reason, Transient
from printing.states import JobState
from spaces.models import Space
from tests.factories import ConnectionFactory, PrinterConfigurationFactory, PrinterFactory, PrintJobFactory
from tests.fakes.ezeep.fake import OFFICE, QUEUE, EzeepFake, ezeep_fake
from tests.processes import DISPATCH, Gate, finish, start

pytestmark = pytest.mark.django_db(transaction=True)

TOKEN = "/oauth/access_token/"


@pytest.fixture
def ezeep() -> Iterator[EzeepFake]:
    with ezeep_fake() as fake:
        yield fake


@pytest.fixture
def connection(space: Space, ezeep: EzeepFake) -> Connection:
    """An access that is over by our own clock."""
    row: Connection = ConnectionFactory(space=space, provider="ezeep", credentials=ezeep.credentials(expires_in=-1))
    return row


@pytest.fixture
def printers(connection: Connection) -> list[Printer]:
    """Two printers behind the connection, with a job each."""
    found: list[Printer] = []
    for remote_id in (OFFICE, QUEUE):
        printer: Printer = PrinterFactory(
            space=connection.space,
            provider="ezeep",
            connection=connection,
            remote_id=remote_id,
            capabilities=capabilities.to_json(RemotePrinter(remote_id, remote_id)),
        )
        configuration = PrinterConfigurationFactory(space=connection.space, printer=printer)
        PrintJobFactory(space=connection.space, configuration=configuration)
        found.append(printer)
    return found


def ask(connection: Connection) -> list[RemotePrinter]:
    def operation(provider: Provider, credentials: Credentials) -> list[RemotePrinter]:
        return provider.printers(credentials)

    return accounts.call(connection, operation)


@pytest.mark.process
@pytest.mark.fake
def test_two_workers_at_once_renew_it_once_and_both_print(
    ezeep: EzeepFake, printers: list[Printer], tmp_path: Path
) -> None:
    # Slow, so that the other one surely comes while it is under way.
    ezeep.fault("slow", path=TOKEN, seconds=1.0)
    gate = Gate(tmp_path)
    workers = [start(gate.code(number) + DISPATCH, LANE_THREADS="2") for number in range(2)]
    gate.open(2)
    finish(*workers)
    assert ezeep.refreshed == 1
    assert len(ezeep.requests("POST", TOKEN)) == 1
    assert len(ezeep.documents()) == 2
    assert PrintJob.objects.filter(state=JobState.SUCCESSFUL, attempts=1).count() == 2


@pytest.mark.process
@pytest.mark.fake
def test_four_processes_that_ask_at_once_renew_it_once(
    ezeep: EzeepFake, connection: Connection, tmp_path: Path
) -> None:
    ezeep.fault("slow", path=TOKEN, seconds=0.5)
    gate = Gate(tmp_path)
    code = """
from printing import accounts
from printing.models import Connection
connection = Connection.objects.get(pk={pk})
{gate}
print(len(accounts.call(connection, lambda provider, credentials: provider.printers(credentials))))
"""
    processes = [start(code.format(pk=connection.pk, gate=gate.code(number))) for number in range(4)]
    gate.open(4)
    assert [text.strip() for text in finish(*processes)] == ["3"] * 4
    assert ezeep.refreshed == 1


@pytest.mark.fake
def test_a_token_refused_before_its_time_is_renewed_and_the_document_printed_once(
    ezeep: EzeepFake, connection: Connection, printers: list[Printer]
) -> None:
    Connection.objects.filter(pk=connection.pk).update(credentials=ezeep.credentials())
    ezeep.order("expire")
    dispatch()
    assert ezeep.refreshed == 1
    assert PrintJob.objects.filter(state=JobState.SUCCESSFUL).count() == len(ezeep.documents()) == 2


@pytest.mark.fake
def test_the_new_tokens_are_stored_before_they_are_used(ezeep: EzeepFake, connection: Connection) -> None:
    before = connection.credentials
    ezeep.fault("status", path="/sfapi/", status=500)
    with pytest.raises(Transient):
        ask(connection)
    after = Connection.objects.get().credentials
    assert before["refresh_token"] != after["refresh_token"]
    assert ask(connection)
    assert ezeep.refreshed == 1


@pytest.mark.fake
@pytest.mark.parametrize("kind", ["lose-reply", "cut-reply", "garbage", "truncated-json"])
def test_a_lost_answer_asks_for_a_person_and_nobody_tries_again(
    ezeep: EzeepFake, connection: Connection, printers: list[Printer], kind: str
) -> None:
    ezeep.fault(kind, path=TOKEN)
    dispatch()
    assert Connection.objects.get().reconnect_needed_at is not None
    assert {printer.pause_reason for printer in Printer.objects.all()} == {Reason.RECONNECT_NEEDED}
    dispatch()
    Connection.objects.update(checked_at=timezone.now() - timedelta(days=1))
    check_printers()
    assert len(ezeep.requests("POST", TOKEN)) == 1
    assert ezeep.documents() == []
    assert PrintJob.objects.filter(state=JobState.PENDING).count() == 2


@pytest.mark.fake
def test_an_access_that_was_taken_back_asks_for_a_person(ezeep: EzeepFake, connection: Connection) -> None:
    ezeep.order("revoke")
    for _ in range(3):
        with pytest.raises(ConfigurationProblem) as caught:
            ask(connection)
        assert caught.value.reason is Reason.RECONNECT_NEEDED
    assert len(ezeep.requests("POST", TOKEN)) == 1


@pytest.mark.fake
@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_accounts_that_are_down_for_a_while_ask_for_nobody(
    ezeep: EzeepFake, connection: Connection, status: int
) -> None:
    ezeep.fault("status", path=TOKEN, status=status)
    with pytest.raises(Transient):
        ask(connection)
    assert Connection.objects.get().reconnect_needed_at is None
    assert len(ask(connection)) == 3


@pytest.mark.fake
def test_a_worker_that_dies_while_renewing_does_not_lock_the_others_out(
    ezeep: EzeepFake, connection: Connection
) -> None:
    now = timezone.now()
    Connection.objects.update(renewal_token=None, renewal_expires_at=now - timedelta(seconds=1))
    assert len(ask(connection)) == 3


@pytest.mark.fake
def test_a_client_without_a_secret_and_tokens_that_stay_work_too(ezeep: EzeepFake, connection: Connection) -> None:
    ezeep.order("set_accounts", public=True, rotating=False)
    Connection.objects.update(credentials={**connection.credentials, "client_secret": ""})
    assert len(ask(connection)) == 3
