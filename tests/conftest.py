"""What every test can ask for: two Spaces and the people in them. The stranger owns a Space, a printer and jobs too."""

from __future__ import annotations

import gc
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

import hypothesis
import pytest
from django.test import Client
from django.utils import translation
from time_machine import TimeMachineFixture

from printing.models import PrinterConfiguration, PrintJob
from printing.providers.ipp import abilities
from printing.states import JobState
from spaces.models import FeatureName, Role, Space
from tests import generated
from tests.browser import Browser
from tests.factories import (
    MemberFactory,
    PrintAttemptFactory,
    PrinterConfigurationFactory,
    PrintJobFactory,
    SpaceFactory,
    UserFactory,
)

pytest_plugins = ["tests.lab.fixtures", "tests.needs"]

hypothesis.settings.load_profile(generated.PROFILE)

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # So a shell starts what runs in the background, and the programs that tests start would not hear Ctrl-C either.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: looking through all of it for garbage again and again is a tenth of the
    suite's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Every test begins in English; a page in German leaves its thread speaking German."""
    with translation.override("en"):
        yield


Clock: TypeAlias = TimeMachineFixture


@pytest.fixture
def clock(time_machine: Clock) -> Clock:
    """The clock, ticking on from now; ``shift`` moves it."""
    time_machine.move_to(datetime.now(UTC), tick=True)
    return time_machine


@pytest.fixture(autouse=True)
def new_printers() -> None:
    """What one test's printer can do must not be remembered for the next one's, which may have its port."""
    abilities.forget()


@pytest.fixture
def space(db: None) -> Space:
    """The Space tests work in; it prints."""
    return SpaceFactory(name="Alpenblick", slug="alpenblick", features=[FeatureName.PRINTING])


@pytest.fixture
def owner(space: Space) -> Any:
    return MemberFactory(space=space, role=Role.OWNER, user__username="olga-owner").user


@pytest.fixture
def operator(space: Space) -> Any:
    return MemberFactory(space=space, role=Role.OPERATOR, user__username="otto-operator").user


@pytest.fixture
def viewer(space: Space) -> Any:
    return MemberFactory(space=space, role=Role.VIEWER, user__username="vera-viewer").user


@pytest.fixture
def superuser(db: None) -> Any:
    return UserFactory(username="root", is_superuser=True)


@dataclass(frozen=True)
class Stranger:
    """Somebody else's whole Space."""

    user: Any
    space: Space
    configuration: PrinterConfiguration
    jobs: dict[JobState, PrintJob]


@pytest.fixture
def stranger(db: None) -> Stranger:
    """The owner of another Space, with a printer and a job in each state, so that "sees nothing" means something."""
    other = SpaceFactory(name="Fremdland", slug="fremdland", features=[FeatureName.PRINTING])
    user = MemberFactory(space=other, role=Role.OWNER, user__username="sven-stranger").user
    configuration = PrinterConfigurationFactory(space=other, name="Fremder Drucker", is_default=True)
    jobs: dict[JobState, PrintJob] = {
        state: PrintJobFactory(
            space=other, configuration=configuration, state=state, title=f"Fremd {state}", order_number="F-4711"
        )
        for state in JobState
    }
    PrintAttemptFactory(job=jobs[JobState.SUCCESSFUL])
    return Stranger(user, other, configuration, jobs)


@pytest.fixture
def log_in() -> Callable[[Any], Client]:
    """A browser in which this person is logged in."""

    def browser(user: Any) -> Client:
        client = Browser()
        client.force_login(user)
        return client

    return browser


@pytest.fixture
def owner_client(owner: Any, log_in: Callable[[Any], Client]) -> Client:
    return log_in(owner)


@pytest.fixture
def operator_client(operator: Any, log_in: Callable[[Any], Client]) -> Client:
    return log_in(operator)


@pytest.fixture
def viewer_client(viewer: Any, log_in: Callable[[Any], Client]) -> Client:
    return log_in(viewer)


@pytest.fixture
def stranger_client(stranger: Stranger, log_in: Callable[[Any], Client]) -> Client:
    return log_in(stranger.user)


@pytest.fixture
def superuser_client(superuser: Any, log_in: Callable[[Any], Client]) -> Client:
    return log_in(superuser)
