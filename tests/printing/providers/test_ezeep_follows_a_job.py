"""What the numbers of ezeep's states say about the paper."""

from __future__ import annotations

import pytest

from printing.providers.base import Document, PaperState, ProviderContext, Target
from printing.providers.errors import ConfigurationProblem, TokenExpired, Transient
from printing.providers.ezeep.provider import EzeepProvider
from tests.fakes.ezeep.fake import OFFICE, EzeepFake

PDF = Document(b"%PDF", "Invoice")


@pytest.fixture
def provider(context: ProviderContext) -> EzeepProvider:
    return EzeepProvider(context)


@pytest.fixture
def target(ezeep: EzeepFake) -> Target:
    ezeep.set(automatic=False)
    return Target(ezeep.credentials(), OFFICE)


@pytest.mark.parametrize(
    ("status", "paper", "final"),
    [
        (1246, PaperState.QUEUED, False),
        (129, PaperState.PRINTING, False),
        (0, PaperState.PRINTED, True),
        (3011, PaperState.PROBLEM, True),
        (2, PaperState.UNKNOWN, True),
        (412, PaperState.PROBLEM, True),
        (500, PaperState.PROBLEM, True),
        (503, PaperState.PROBLEM, True),
        (1048579, PaperState.PROBLEM, True),
        (87, PaperState.PROBLEM, True),
    ],
)
def test_each_number_says_what_became_of_the_paper(
    ezeep: EzeepFake, provider: EzeepProvider, target: Target, status: int, paper: PaperState, final: bool
) -> None:
    accepted = provider.submit(PDF, target, "5b1c5b1c")
    ezeep.finish(accepted.remote_id, status, "OUT_OF_PAPER|")
    progress = provider.progress(target, accepted.remote_id)
    assert (progress.paper, progress.final) == (paper, final)
    if status == 87:
        assert progress.detail == "OUT_OF_PAPER (87)"


def test_an_id_with_blanks_hashes_plus_and_colons_arrives_as_it_is(
    ezeep: EzeepFake, provider: EzeepProvider, target: Target
) -> None:
    accepted = provider.submit(PDF, target, "5b1c5b1c")
    assert {" ", "#", ":"} <= set(accepted.remote_id)
    assert provider.progress(target, accepted.remote_id).paper is PaperState.QUEUED


@pytest.mark.parametrize("status", [200, 400, 404])
def test_a_job_that_is_forgotten_is_no_failure_however_ezeep_says_it(
    ezeep: EzeepFake, provider: EzeepProvider, target: Target, status: int
) -> None:
    accepted = provider.submit(PDF, target, "5b1c5b1c")
    ezeep.order("forget_jobs")
    ezeep.set(forgotten_status=status)
    progress = provider.progress(target, accepted.remote_id)
    assert (progress.paper, progress.final) == (PaperState.UNKNOWN, True)


@pytest.mark.parametrize(
    ("kind", "status", "error"),
    [
        ("garbage", 200, Transient),
        ("status", 500, Transient),
        ("status", 401, TokenExpired),
        ("status", 403, ConfigurationProblem),
        ("lose-reply", 200, Transient),
    ],
)
def test_a_question_that_is_not_answered_says_nothing_about_the_paper(
    ezeep: EzeepFake, provider: EzeepProvider, target: Target, kind: str, status: int, error: type[Exception]
) -> None:
    accepted = provider.submit(PDF, target, "5b1c5b1c")
    ezeep.fault(kind, path="/sfapi/Status/", status=status)
    with pytest.raises(error):
        provider.progress(target, accepted.remote_id)


def test_nothing_is_withdrawn_and_ezeep_not_bothered(ezeep: EzeepFake, provider: EzeepProvider, target: Target) -> None:
    accepted = provider.submit(PDF, target, "5b1c5b1c")
    asked = len(ezeep.requests())
    assert provider.cancel(target, accepted.remote_id) is False
    assert len(ezeep.requests()) == asked
