"""Webhooks, from a print service of its own to the job's row: lost, doubled, overtaken and forged calls."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.test import Client

from printing import webhooks
from printing.dispatcher import dispatch
from printing.follow_up import follow_up
from printing.models import Connection, PrintJob, WebhookEvent
from printing.paper import apply_events
from printing.providers.base import PaperState, Progress, ProviderEvent
from printing.states import JobState, Outcome
from spaces.models import Space
from tests.factories import SpaceFactory
from tests.fakes.printnode.fake import PrintNodeFake
from tests.lab.processes import wait_until
from tests.printing.conftest import Clock
from tests.printing.printnode import printnode_printer
from tests.printing.simulated import SimulatedPrinter, file_job

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "hook-secret-0815"


def connect(space: Space, printnode: PrintNodeFake, secret: str = SECRET) -> Connection:
    return printnode_printer(space, printnode, secret=secret).printer.connection


@pytest.fixture
def connection(space: Space, printnode: PrintNodeFake) -> Connection:
    return connect(space, printnode)


def hook(connection: Connection) -> str:
    return f"/hooks/{connection.provider}/{connection.hook_key}/"


def accepted_job(space: Space) -> PrintJob:
    job = file_job(space)
    dispatch()
    job.refresh_from_db()
    assert (job.state, job.paper) == (JobState.SUCCESSFUL, PaperState.UNKNOWN)
    return job


def event(job: PrintJob, state: str, message: str = "", uid: str = "") -> dict[str, Any]:
    data = {"uid": uid or uuid.uuid4().hex, "printJobId": int(job.remote_id), "state": state, "message": message}
    return {"type": "print job state", "data": data}


def call(address: str, *events: object, secret: str = SECRET) -> Any:
    """What PrintNode's call with these events is answered, cross-site checks on as for everybody."""
    headers = {"X-PrintNode-Webhook-Secret": secret}
    client = Client(enforce_csrf_checks=True)
    return client.post(address, json.dumps(events), content_type="application/json", headers=headers)


def paper(job: PrintJob) -> tuple[str, str]:
    job.refresh_from_db()
    return job.paper, job.paper_detail


def test_printnode_tells_by_itself_what_became_of_a_job(
    space: Space, printnode: PrintNodeFake, connection: Connection, live_server: Any
) -> None:
    job = accepted_job(space)
    printnode.order("webhook", url=live_server.url + hook(connection), secret=SECRET)
    printnode.finish(job.remote_id, "error", "Out of paper")
    wait_until(lambda: paper(job) == (PaperState.PROBLEM, "Out of paper"), "the call arrives")
    wait_until(lambda: len(printnode.order("deliveries")) == 1, "it is answered")
    assert printnode.order("deliveries")[0]["received"]
    assert (job.paper_final, job.follow_up_at) == (True, None)


def test_a_call_with_another_secret_changes_nothing_and_a_lost_one_is_made_up_for_by_asking(
    space: Space, printnode: PrintNodeFake, connection: Connection, live_server: Any, clock: Clock
) -> None:
    job = accepted_job(space)
    printnode.order("webhook", url=live_server.url + hook(connection), secret="another")
    printnode.finish(job.remote_id, "done")
    wait_until(lambda: len(printnode.order("deliveries")) == 2, "it is called, and called again")
    assert [delivery["status"] for delivery in printnode.order("deliveries")] == [401, 401]
    assert paper(job)[0] == PaperState.UNKNOWN
    clock.shift(15)
    follow_up()
    assert paper(job)[0] == PaperState.PRINTED


def test_the_same_call_again_changes_nothing(space: Space, connection: Connection) -> None:
    job = accepted_job(space)
    first = event(job, "in_progress", uid="u1")
    for _time in range(2):
        assert call(hook(connection), first, first).status_code == 200
    assert WebhookEvent.objects.count() == 1
    # Were it acted on again, the other words under the same number would stand there now.
    call(hook(connection), event(job, "error", "Jam", uid="u1"))
    assert paper(job)[0] == PaperState.PRINTING


def test_a_call_that_was_overtaken_does_not_lead_back(space: Space, connection: Connection) -> None:
    job = accepted_job(space)
    call(hook(connection), event(job, "in_progress"))
    call(hook(connection), event(job, "sent_to_client"))
    assert paper(job)[0] == PaperState.PRINTING
    call(hook(connection), event(job, "done"))
    call(hook(connection), event(job, "in_progress"), event(job, "error", "Jam"))
    assert paper(job)[0] == PaperState.PRINTED


def test_a_call_before_our_own_answer_neither_harms_nor_is_missed(
    space: Space, printnode: PrintNodeFake, connection: Connection, clock: Clock
) -> None:
    waiting = file_job(space)
    early = PrintJob(remote_id="501")  # the number it is going to have
    assert call(hook(connection), event(early, "done")).status_code == 200
    waiting.refresh_from_db()
    assert (waiting.state, waiting.paper) == (JobState.PENDING, PaperState.UNKNOWN)
    dispatch()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.remote_id) == (JobState.SUCCESSFUL, "501")
    printnode.finish(501, "done")
    clock.shift(15)
    follow_up()
    assert paper(waiting)[0] == PaperState.PRINTED


def test_a_connection_speaks_of_its_own_jobs_alone(
    space: Space, printnode: PrintNodeFake, connection: Connection
) -> None:
    job = accepted_job(space)
    elsewhere = connect(SpaceFactory(features=["printing"]), printnode, secret="their-secret")
    assert call(hook(elsewhere), event(job, "error", "Forged"), secret="their-secret").status_code == 200
    assert paper(job) == (PaperState.UNKNOWN, "")
    # Nor is it believed with the secret of another Space at our address.
    assert call(hook(connection), event(job, "error", "Forged"), secret="their-secret").status_code == 401
    assert paper(job) == (PaperState.UNKNOWN, "")


def test_addresses_that_lead_nowhere_have_one_answer_after_one_query(
    laser: SimulatedPrinter, connection: Connection, django_assert_num_queries: Any
) -> None:
    never_calls = laser.configuration.printer.connection
    addresses = [
        "/hooks/printnode/no-such-key/",
        f"/hooks/printnode/{never_calls.hook_key}/",
        f"/hooks/folder/{connection.hook_key}/",
        f"/hooks/nobody/{connection.hook_key}/",
        hook(never_calls),
    ]
    answers = []
    for address in addresses:
        with django_assert_num_queries(1):
            answers.append(call(address))
    assert {(answer.status_code, answer.content, str(answer.headers)) for answer in answers} == {
        (404, b"", str(answers[0].headers))
    }


@pytest.mark.parametrize("stored", ["", None])
def test_an_empty_secret_opens_nothing(space: Space, connection: Connection, stored: str | None) -> None:
    job = accepted_job(space)
    connection.credentials = {
        name: value for name, value in connection.credentials.items() if name != "webhook_secret"
    } | ({} if stored is None else {"webhook_secret": stored})
    connection.save()
    assert call(hook(connection), event(job, "done"), secret="").status_code == 401
    assert paper(job)[0] == PaperState.UNKNOWN


def test_what_cannot_be_read_is_refused_with_its_status(connection: Connection) -> None:
    client, address = Client(), hook(connection)
    headers = {"X-PrintNode-Webhook-Secret": SECRET}
    for body, status in [(b"{", 400), (b"", 400), (b"[" + b" " * webhooks.MAX_BODY + b"]", 413)]:
        answer = client.post(address, body, content_type="application/json", headers=headers)
        assert answer.status_code == status
        assert "X-PrintNode-Webhook-Status" not in answer.headers
    assert client.get(address).status_code == 405
    assert client.put(address).status_code == 405


def test_an_empty_list_is_received_without_a_session(connection: Connection) -> None:
    answer = call(hook(connection))
    assert (answer.status_code, answer.headers["X-PrintNode-Webhook-Status"]) == (200, "OK")
    assert not answer.cookies


@pytest.mark.parametrize(("named", "state"), [(True, JobState.SUCCESSFUL), (False, JobState.PENDING)])
def test_a_call_that_names_a_job_by_our_key_is_the_answer_that_was_lost(
    space: Space, laser: SimulatedPrinter, clock: Clock, named: bool, state: JobState
) -> None:
    laser.set("lose-request")
    job = file_job(space)
    dispatch()
    job.refresh_from_db()
    assert (job.state, job.unresolved_since is not None) == (JobState.PENDING, True)
    key = job.submission_key if named else uuid.uuid4().hex
    told = ProviderEvent("u1", "at-the-service-7", Progress(PaperState.PRINTED, final=True), key=key)
    assert apply_events(laser.configuration.printer.connection, [told]) == 1
    job.refresh_from_db()
    assert (job.state, job.paper == PaperState.PRINTED, job.remote_id) == (state, named, "at-the-service-7" * named)
    laser.set("normal")
    clock.shift(60)
    dispatch()
    # Printed there already: nothing leaves once more. Of the other one nobody spoke, so it is sent again.
    assert len(laser.documents()) == (0 if named else 1)
    assert {attempt.outcome for attempt in job.attempt_set.all()} >= {Outcome.ACCEPTED}
