"""The bytes of a job: rendered once from the frozen source and stored, then read back the same on every retry."""

from __future__ import annotations

from printing import kinds
from printing.models import PrintJob, StoredDocument
from printing.providers.errors import Permanent, Reason, Transient
from printing.services.documents import store_document


def document_of(job: PrintJob) -> tuple[StoredDocument, bytes]:
    """Make and store the document of a job that has none yet; outside of transactions.

    Raises Permanent where it cannot be made, Transient where the storage does not answer or this program is too old.
    """
    kind = kinds.get(job.document_kind)
    if kind is None or kind.render is None or job.source_id is None:
        raise Permanent(Reason.SOURCE_GONE, detail=f"no renderer for {job.document_kind}")
    render = kind.render_copy if job.is_copy and kind.render_copy is not None else kind.render
    try:
        content = render(job.source_id)
    except kinds.SourceGone as error:
        raise Permanent(Reason.SOURCE_GONE, detail=str(error)) from error
    except kinds.NotYet as error:
        # While hosts are updated one after the other. The order of the printer is kept: nothing overtakes the job.
        raise Transient(Reason.NEWER_COPY, detail=str(error)) from error
    except kinds.RenderingFailed as error:
        raise Permanent(Reason.RENDERING_FAILED, detail=str(error)) from error
    try:
        return store_document(job.space, content), content
    except OSError as error:
        raise Transient(Reason.STORAGE_UNAVAILABLE, detail=str(error)) from error


def read_document(document: StoredDocument) -> bytes:
    """The stored bytes. Raises Permanent where the file is gone, Transient where the storage does not answer."""
    try:
        with document.file.open("rb") as file:
            content: bytes = file.read()
    except FileNotFoundError as error:
        raise Permanent(Reason.DOCUMENT_GONE, detail=str(error)) from error
    except OSError as error:
        raise Transient(Reason.STORAGE_UNAVAILABLE, detail=str(error)) from error
    if len(content) != document.size:
        raise Permanent(Reason.DOCUMENT_GONE, detail=f"{len(content)} of {document.size} bytes")
    return content
