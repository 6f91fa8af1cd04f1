"""``/health/`` for uptime monitors: whether the database is reached and the workers are at work."""

from __future__ import annotations

from datetime import datetime

import django.db
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from printing.constants import JOB_STUCK_AFTER, WORKER_SILENT_AFTER
from printing.services.workers import last_sign, waiting_since


@require_safe
@never_cache
def health(_request: HttpRequest) -> JsonResponse:
    """200 while all is well, else 503; ages in seconds, and nothing of anybody's business."""
    try:
        worker, job = _age(last_sign()), _age(waiting_since())
    except django.db.Error:
        return JsonResponse({"status": "trouble", "database": False}, status=503)
    well = worker is not None and worker < WORKER_SILENT_AFTER.total_seconds()
    well = well and (job is None or job < JOB_STUCK_AFTER.total_seconds())
    report = {
        "status": "ok" if well else "trouble",
        "database": True,
        "worker_seen_seconds_ago": worker,
        "oldest_due_job_waits_seconds": job,
    }
    return JsonResponse(report, status=200 if well else 503)


def _age(moment: datetime | None) -> int | None:
    return None if moment is None else max(0, int((timezone.now() - moment).total_seconds()))
