"""Documents are stored once under their SHA-256 and sent byte for byte the same."""

from __future__ import annotations

import pytest

from printing.constants import MAX_DOCUMENT_BYTES
from printing.dispatcher import dispatch
from printing.models import StoredDocument
from printing.models.document import document_storage
from printing.providers.errors import Reason
from printing.services import InvalidDocument, store_document
from printing.states import JobState
from spaces.models import Space
from tests.factories import SpaceFactory
from tests.pdfs import make_pdf
from tests.printing.simulated import SimulatedPrinter, file_job

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_came_out_is_what_is_stored(space: Space, laser: SimulatedPrinter) -> None:
    job = file_job(space)
    dispatch()
    assert job.document is not None
    with job.document.file.open("rb") as file:
        assert file.read() == laser.documents()[0].read_bytes() == make_pdf(0)


def test_the_same_content_is_stored_once_in_a_space_and_apart_in_another(space: Space) -> None:
    first = store_document(space, make_pdf())
    assert store_document(space, make_pdf()) == first
    other = store_document(SpaceFactory(), make_pdf())
    assert other.file.name != first.file.name


@pytest.mark.parametrize("content", [b"", b"hello", b"%PDF-1.7\n%%EOF", b"PK\x03\x04" + b"x" * 100])
def test_what_is_no_pdf_is_refused_and_leaves_nothing(space: Space, content: bytes) -> None:
    with pytest.raises(InvalidDocument) as refused:
        store_document(space, content)
    assert refused.value.reason is Reason.NOT_A_PDF
    assert StoredDocument.objects.count() == 0


def test_a_document_that_is_too_large_is_refused_with_both_sizes(space: Space) -> None:
    with pytest.raises(InvalidDocument) as refused:
        store_document(space, b"%PDF-1.7" + b" " * MAX_DOCUMENT_BYTES)
    assert refused.value.params == {"size": "50.0", "limit": "50"}


def test_a_file_cut_short_by_a_crash_is_written_anew(space: Space) -> None:
    document = store_document(space, make_pdf())
    path = document_storage().path(str(document.file.name))
    document.delete()
    with open(path, "r+b") as file:  # noqa: PTH123
        file.truncate(10)
    document = store_document(space, make_pdf())
    with document.file.open("rb") as stored:
        assert stored.read() == make_pdf()


def test_a_job_whose_stored_file_is_gone_fails_and_says_so(space: Space, laser: SimulatedPrinter) -> None:
    job = file_job(space)
    assert job.document is not None
    document_storage().delete(str(job.document.file.name))
    dispatch()
    job.refresh_from_db()
    assert (job.state, job.reason) == (JobState.FAILED, Reason.DOCUMENT_GONE)
