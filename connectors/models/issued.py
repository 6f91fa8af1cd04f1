"""Issued documents: frozen copies that are never edited and never deleted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, NoReturn

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from connectors.documents.data import IssuedData
from connectors.models.order import Order
from spaces.querysets import SpaceOwnedQuerySet
from spaces.scoping import SpaceOwned


class IssuedForGood(Exception):
    """Somebody tried to change or delete an issued document; the text is for the person who asked."""


class FrozenLogo(SpaceOwned):
    """A logo as it was on issued documents, once per Space and content: the Space's own logo may change."""

    sha256 = models.CharField("SHA-256", max_length=64)
    content = models.BinaryField()

    class Meta:
        verbose_name = _("logo")
        verbose_name_plural = _("logos")
        constraints = [models.UniqueConstraint(fields=["space", "sha256"], name="logo_once_per_space")]

    def __str__(self) -> str:
        return self.sha256[:12]


class IssuedQuerySet(SpaceOwnedQuerySet[Any]):
    """Refuses in bulk what :class:`IssuedDocument` refuses one by one."""

    def update(self, **fields: Any) -> int:
        refuse_frozen(fields.keys() - self.model.changeable)
        return super().update(**fields)

    def delete(self) -> NoReturn:
        refuse_deletion()


class IssuedDocument(SpaceOwned):
    """A numbered document of an order; ``data`` is all that is printed on it, beside the logo."""

    # The fields that may change after the issue.
    changeable: ClassVar[frozenset[str]] = frozenset()

    order = models.ForeignKey(Order, models.PROTECT, related_name="%(class)s_set", verbose_name=_("order"))
    number = models.CharField(_("number"), max_length=64)
    issued_on = models.DateField(_("issued"))
    data = models.JSONField()
    logo = models.ForeignKey(FrozenLogo, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    objects: ClassVar[Any] = IssuedQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number

    @property
    def copy(self) -> IssuedData:
        """What is printed. Raises DocumentError where this program cannot read the copy."""
        raise NotImplementedError

    @property
    def logo_content(self) -> bytes | None:
        """The logo's bytes; PostgreSQL hands out a memoryview."""
        return bytes(self.logo.content) if self.logo else None

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            self._refuse_changes()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        refuse_deletion()

    def _refuse_changes(self) -> None:
        frozen = [field.attname for field in self._meta.concrete_fields if field.name not in self.changeable]
        stored = type(self).objects.filter(pk=self.pk).values(*frozen).first()
        if stored is not None:
            refuse_frozen(name for name in frozen if getattr(self, name) != stored[name])


def refuse_frozen(names: Iterable[str]) -> None:
    """Raise IssuedForGood if there are any names."""
    if changed := sorted(names):
        sentence = gettext("An issued document cannot be changed (%(fields)s).")
        raise IssuedForGood(sentence % {"fields": ", ".join(changed)})


def refuse_deletion() -> NoReturn:
    raise IssuedForGood(gettext("An issued document cannot be deleted."))
