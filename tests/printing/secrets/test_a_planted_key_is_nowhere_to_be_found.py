"""Credentials go in and never come out: a planted key is searched in everything the product says, writes and stores.

The whole way is gone with a real service process, worker and operator's shell, with DEBUG on and everything logged.
"""

from __future__ import annotations

import base64
import io
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.core import mail
from django.core.management import call_command
from django.test import Client

from printing.models import Connection, PrintAttempt, Printer, PrintJob
from printing.providers.errors import Reason
from printing.states import JobState
from spaces.models import Space
from tests import processes
from tests.config.programs import program
from tests.fakes.ezeep.fake import OFFICE, ezeep_fake
from tests.fakes.printnode.fake import PRINTER, PrintNodeFake, printnode_fake
from tests.lab.ipp import LabServer
from tests.printing.admin.test_connecting_a_printer import FORM
from tests.printing.admin.test_connecting_ezeep import answer_at
from tests.printing.secrets.planted import PLANTED, Evidence, KeepingHandler, disguises
from tests.printing.simulated import file_job
from tests.processes import ROOT, environment, start, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

SETTINGS = "tests.printing.secrets.debugging"
BROKEN_NETWORK = """
import requests
def send(session, request, **options): raise RuntimeError("the network is broken")
requests.Session.send = send
"""


@pytest.fixture
def evidence(settings: Any) -> Iterator[Evidence]:
    """Everything that is logged from now on, with DEBUG on."""
    settings.DEBUG = True
    found = Evidence()
    handler, root = KeepingHandler(found), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield found
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def printnode() -> Iterator[PrintNodeFake]:
    with printnode_fake() as fake:
        fake.order("add_key", key=PLANTED)
        yield fake


@pytest.fixture
def browser(owner_client: Client) -> Client:
    owner_client.raise_request_exception = False
    return owner_client


class Journey:
    """The way of one connection through the product; every answer is kept."""

    def __init__(self, evidence: Evidence, browser: Client, space: Space, provider: str, **fields: str) -> None:
        self.evidence, self.browser, self.provider = evidence, browser, provider
        self.home = f"/space/{space.slug}/"
        self.printers = f"{self.home}printing/printerconfiguration/"
        self.fields = fields

    def post(self, address: str, data: dict[str, str]) -> Any:
        return self.evidence.answer(f"POST {address.partition('?')[0]}", self.browser.post(address, data))

    def get(self, address: str) -> Any:
        return self.evidence.answer(f"GET {address.partition('?')[0]}", self.browser.get(address))

    def connect(self, **changes: str) -> Any:
        given = {f"connection-{name}": value for name, value in {**self.fields, **changes}.items()}
        return self.post(f"{self.printers}add/?provider={self.provider}", given)

    def save(self, device: str = "") -> None:
        """Connect, fill the form in wrongly first, then rightly."""
        form = self.connect().headers["Location"]
        self.get(form)
        address = f"{form}&device={device}" if device else form
        assert self.post(address, {**FORM, "copies": "0", "name": "Büro"}).status_code == 200
        assert self.post(address, {**FORM, "name": "Büro"}).status_code == 302

    def change(self, **changes: str) -> Any:
        """Open the connection once more, and save it with changes."""
        address = f"{self.printers}{Printer.objects.get().configurations.get().pk}/connection/"
        self.get(address)
        return self.post(address, {f"connection-{name}": value for name, value in {**self.fields, **changes}.items()})

    def break_down(self, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
        """A fault in the middle of asking the service: the page of a developer, and the mail to an administrator."""

        def send(session: Any, request: Any, **options: Any) -> Any:
            raise RuntimeError("the network is broken")

        with monkeypatch.context() as broken:
            broken.setattr(requests.Session, "send", send)
            page = self.connect()
            assert page.status_code == 500
            assert b"the network is broken" in page.content
            settings.DEBUG, settings.ADMINS = False, [("Admin", "admin@example.com")]
            assert self.connect().status_code == 500
            settings.DEBUG = True
        assert mail.outbox
        for message in mail.outbox:
            self.evidence.add("mail", f"{message.subject} {message.body} {getattr(message, 'alternatives', '')}")


def in_the_shell(evidence: Evidence, *arguments: str, **extra: str) -> int:
    """An operator's command, as loud as it can be."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments, "--traceback"],
        cwd=ROOT,
        env=environment(DJANGO_SETTINGS_MODULE=SETTINGS, **extra),
        capture_output=True,
        timeout=processes.LIMIT,
        check=False,
    )
    evidence.add(f"command {arguments[0]}", done.stdout + done.stderr)
    return done.returncode


def called(evidence: Evidence, *arguments: str) -> None:
    """The same commands where the shell itself has nothing to add; what they log is kept with the rest."""
    out, err = io.StringIO(), io.StringIO()
    call_command(*arguments, stdout=out, stderr=err)
    evidence.add(f"command {arguments[0]}", out.getvalue() + err.getvalue())


def print_with_faults(space: Space, fake: PrintNodeFake, evidence: Evidence, log: Path) -> None:
    """A real worker sends; answers get lost and garbled, the service quotes the key, and at last refuses it."""
    for kind, status in (("lose-reply", 500), ("garbage", 500), ("quote", 400)):
        fake.fault(kind, method="POST", path="/printjobs", status=status)
    jobs = [file_job(space, number) for number in range(4)]
    evidence.database()  # with what waits in the queue
    settings = environment(DJANGO_SETTINGS_MODULE=SETTINGS, LANE_THREADS="2")
    with program(log, "manage.py", "run_worker", **settings) as worker:
        wait_until(lambda: not PrintJob.objects.filter(state=JobState.PENDING).exists(), "all jobs have ended")
        fake.revoke()
        file_job(space, 5)
        wait_until(lambda: Printer.objects.exclude(paused_at=None).exists(), "the wrong key pauses the printer")
        assert worker.ends(15) == 0
    evidence.add("worker", log.read_bytes())
    states = [PrintJob.objects.get(pk=job.pk).state for job in jobs]
    assert states == [JobState.SUCCESSFUL, JobState.SUCCESSFUL, JobState.FAILED, JobState.SUCCESSFUL]


@pytest.mark.process
@pytest.mark.fake
@pytest.mark.long
def test_a_key_of_printnode_goes_in_and_never_comes_out(
    space: Space,
    browser: Client,
    printnode: PrintNodeFake,
    evidence: Evidence,
    tmp_path: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    journey = Journey(evidence, browser, space, "printnode", api_key=PLANTED, base_url=printnode.url)
    journey.connect(base_url="no address")
    printnode.fault("quote", status=401)
    journey.connect()
    printnode.fault("garbage")
    journey.connect()
    journey.save(str(PRINTER))
    journey.break_down(monkeypatch, settings)
    journey.change(api_key="", base_url="http://127.0.0.1:1")
    journey.change(api_key="")
    print_with_faults(space, printnode, evidence, tmp_path / "worker.log")
    broken = start(BROKEN_NETWORK + "from printing import tasks\ntasks.printer_health()\n" + processes.DISPATCH)
    evidence.add("broken worker", "".join(broken.communicate(timeout=processes.LIMIT)))
    shell = ["add_printer", "--space", space.slug, "--provider", "printnode", "--name", "Zwei", "--device", "1002"]
    assert in_the_shell(evidence, *shell, f"--set=base_url={printnode.url}", PRESSROOM_API_KEY=PLANTED) == 1
    printnode.order("add_key", key=PLANTED)
    monkeypatch.setenv("PRESSROOM_API_KEY", PLANTED)
    called(evidence, *shell, f"--set=base_url={printnode.url}")
    for command in (["print_jobs", "--space", space.slug, "--json"], ["rotate_keys"], ["purge_print_jobs"]):
        called(evidence, *command)
    assert evidence.crawl(browser, journey.home) > 20
    evidence.database()

    assert evidence.holding(PLANTED) == []
    assert Connection.objects.get().credentials["api_key"] == PLANTED
    assert len(printnode.documents()) == 3
    quoted = PrintAttempt.objects.get(reason=Reason.DOCUMENT_REFUSED)
    assert "not understood: …" in quoted.detail


@pytest.mark.process
def test_a_password_of_an_ipp_printer_goes_in_and_never_comes_out(
    space: Space,
    browser: Client,
    ipp_printer: LabServer,
    evidence: Evidence,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fields = {"url": ipp_printer.url, "username": "u", "password": PLANTED}
    journey = Journey(evidence, browser, space, "ipp", **fields)
    for odd in (f"ipp://u:{PLANTED}@printer/", f"ipp://{PLANTED.replace('/', '.')}@printer/"):
        assert odd not in journey.connect(url=odd).content.decode()
    journey.connect(url="ipp://127.0.0.1:1/")
    journey.save()
    journey.break_down(monkeypatch, settings)
    journey.change(password="", username="v")
    file_job(space)
    worker = start(processes.DISPATCH, DJANGO_SETTINGS_MODULE=SETTINGS)
    evidence.add("worker", "".join(worker.communicate(timeout=processes.LIMIT)))
    broken = start(BROKEN_NETWORK + "from printing import tasks\ntasks.printer_health()\n" + processes.DISPATCH)
    evidence.add("broken worker", "".join(broken.communicate(timeout=processes.LIMIT)))
    evidence.crawl(browser, journey.home)
    evidence.database()

    assert evidence.holding(PLANTED) == []
    assert PrintJob.objects.get().state == JobState.SUCCESSFUL
    assert Connection.objects.get().credentials["password"] == PLANTED


@pytest.mark.process
@pytest.mark.fake
def test_tokens_of_ezeep_come_in_and_never_go_out(
    space: Space, browser: Client, evidence: Evidence, settings: Any
) -> None:
    with ezeep_fake() as ezeep:
        journey = Journey(evidence, browser, space, "ezeep", **ezeep.client)
        for spoiled in (True, False):
            if spoiled:
                ezeep.fault("garbage", path="/oauth/access_token/")
            back = urlsplit(answer_at(journey.connect().headers["Location"]))
            back = urlsplit(journey.get(f"{back.path}?{back.query}").headers["Location"])
            draft = journey.get(f"{back.path}?{back.query}").headers["Location"]
        assert journey.post(f"{draft}&device={OFFICE}", {**FORM, "copies": "0", "name": "Büro"}).status_code == 200
        assert journey.post(f"{draft}&device={OFFICE}", {**FORM, "name": "Büro"}).status_code == 302
        tokens = dict(Connection.objects.get().credentials)
        ezeep.fault("quote", path="/sfapi/Print/", status=400)
        ezeep.fault("quote", path="/sfapi/Print/", status=401)
        jobs = [file_job(space, number) for number in range(2)]
        for code in ("", BROKEN_NETWORK):
            worker = start(code + processes.DISPATCH, DJANGO_SETTINGS_MODULE=SETTINGS)
            evidence.add("worker", "".join(worker.communicate(timeout=processes.LIMIT)))
            file_job(space, 3)
        evidence.crawl(browser, journey.home)
        evidence.database()
        renewed = dict(Connection.objects.get().credentials)

    assert [PrintJob.objects.get(pk=job.pk).state for job in jobs] == [JobState.FAILED, JobState.SUCCESSFUL]
    assert tokens["access_token"] != renewed["access_token"]
    for credentials in (tokens, renewed):
        for name in ("client_secret", "access_token", "refresh_token"):
            assert evidence.holding(credentials[name]) == [], name


@pytest.mark.parametrize(
    "text",
    [
        f"key={PLANTED}",
        base64.b64encode(f"{PLANTED}:".encode()).decode(),
        base64.b64encode(f"u:{PLANTED}".encode()).decode(),
        requests.Request("GET", "http://printer/", params={"key": PLANTED}).prepare().url,
    ],
)
def test_the_search_finds_the_key_in_every_disguise(text: str) -> None:
    evidence = Evidence()
    evidence.add("somewhere", f"before {text} behind")
    assert len(evidence.holding(PLANTED)) >= 1
    assert not any(re.search(re.escape(form), b"nothing of the kind") for form in disguises(PLANTED))
