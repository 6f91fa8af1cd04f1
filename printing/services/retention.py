"""Deleting print jobs after their time (S15), in batches, each in a short transaction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from printing.constants import PRINT_JOB_RETENTION, PURGE_BATCH
from printing.models import Incident, PrintAttempt, PrintJob, RequestPace, StoredDocument, WebhookEvent, WorkerSign
from printing.models.document import document_storage


def purge_expired(batch: int = PURGE_BATCH) -> Iterator[int]:
    """Delete expired jobs, their attempts and the documents left without a job; yields each batch's count."""
    while True:
        found = list(PrintJob.objects.expired().order_by("planned_purge_at").values_list("pk", flat=True)[:batch])
        if not found:
            return
        with transaction.atomic():
            # Asked again under the rows' locks: a job rescheduled since the look stays, with all its attempts.
            # PostgreSQL checks the condition anew on a row it had to wait for; SQLite lets one writer in at a time.
            expired = PrintJob.objects.expired().filter(pk__in=found).order_by("pk")
            rows = list(expired.select_for_update(of=("self",)).values_list("pk", "document_id"))
            ids = [pk for pk, _document in rows]
            PrintAttempt.objects.filter(job__in=ids)._raw_delete("default")
            Incident.objects.filter(job__in=ids)._raw_delete("default")
            PrintJob.objects.filter(pk__in=ids)._raw_delete("default")
        _delete_orphans({document for _pk, document in rows if document is not None})
        yield len(ids)


def _delete_orphans(candidates: set[int]) -> None:
    """Delete the documents no job refers to any more: the row first, then the file nobody can reach."""
    orphans = StoredDocument.objects.filter(pk__in=candidates, jobs=None)
    for document in orphans:
        try:
            document.delete()
        except ProtectedError:
            continue  # a job has taken it up since the look
        document_storage().delete(str(document.file.name))


def purge_words() -> None:
    """Delete what was told and heard a retention time ago: ended incidents, webhook events, idle accounts' paces."""
    before = timezone.now() - PRINT_JOB_RETENTION
    Incident.objects.filter(closed_at__lt=before).delete()
    WorkerSign.objects.filter(seen_at__lt=before).delete()
    WebhookEvent.objects.filter(received_at__lt=before).delete()
    RequestPace.objects.filter(next_at__lt=(timezone.now() - timedelta(days=1)).timestamp()).delete()
