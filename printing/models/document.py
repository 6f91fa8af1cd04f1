"""Stored documents: content-addressed, one row per Space and content."""

from __future__ import annotations

from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from spaces.scoping import SpaceOwned


def document_storage() -> Storage:
    return storages["documents"]


class StoredDocument(SpaceOwned):
    """A PDF as it was, or will be, sent: the same bytes on every retry and at every download."""

    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveIntegerField(_("size in bytes"))
    pages = models.PositiveIntegerField(_("pages"))
    file = models.FileField(_("file"), storage=document_storage, max_length=200)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [models.UniqueConstraint(fields=["space", "sha256"], name="document_once_per_space")]

    def __str__(self) -> str:
        return self.sha256[:12]
