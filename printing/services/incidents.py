"""Incidents that a person has dismissed."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from printing.models import Incident


def dismiss(incidents: QuerySet[Incident]) -> int:
    """Close the incidents of jobs among them, and tell nobody that they are over; returns how many.

    Those of printers end by themselves: closed by hand, they would be there again a minute later.
    """
    now = timezone.now()
    ids = list(incidents.filter(closed_at=None, job__isnull=False).values_list("pk", flat=True))
    return Incident.objects.filter(pk__in=ids, closed_at=None).update(closed_at=now, end_told_at=now)
