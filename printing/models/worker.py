"""Signs of life of the workers, a row per host."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class WorkerSign(models.Model):
    """When a worker of a host took a task last. The row goes when the worker is stopped in good order."""

    host = models.CharField(max_length=255, unique=True)
    seen_at = models.DateTimeField(default=timezone.now)
    # That it is silent: being told, and told, to whoever looks after the installation.
    claimed_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.host
