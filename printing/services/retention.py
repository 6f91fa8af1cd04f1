"""Deleting print jobs after their time (S15), in batches, each in a short transaction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from printing.constants import PRINT_JOB_RETENTION, PURGE_BATCH
from printing.models import Incident, PrintAttempt, PrintJob, RequestPace, StoredDocument, WebhookEvent
from printing.models.document import document_storage


def purge_expired(batch: int = PURGE_BATCH) -> Iterator[int]:
    """Delete expired jobs, their attempts and the documents left without a job; yields each batch's count."""
    while True:
        rows = list(PrintJob.objects.expired().order_by("planned_purge_at").values_list("pk", "document_id")[:batch])
        if not rows:
            return
        ids = [pk for pk, _document in rows]
        with transaction.atomic():
            PrintAttempt.objects.filter(job__in=ids)._raw_delete("default")
            # Conditional again: a job rescheduled since the look stays.
            kept = set(PrintJob.objects.filter(pk__in=ids, planned_purge_at=None).values_list("pk", flat=True))
            PrintJob.objects.filter(pk__in=ids).exclude(pk__in=kept)._raw_delete("default")
        _delete_orphans({document for _pk, document in rows if document is not None})
        yield len(ids) - len(kept)


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
    WebhookEvent.objects.filter(received_at__lt=before).delete()
    RequestPace.objects.filter(next_at__lt=(timezone.now() - timedelta(days=1)).timestamp()).delete()
