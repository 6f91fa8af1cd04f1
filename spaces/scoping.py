"""What it means to belong to a Space, and the Space a request works in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from spaces.models import Member, Role, Space
from spaces.querysets import SpaceOwnedQuerySet

OWNERS = frozenset({Role.OWNER})
EDITORS = frozenset({Role.OWNER, Role.OPERATOR})


class SpaceOwned(models.Model):
    """Base of every model that belongs to a Space."""

    space = models.ForeignKey(Space, models.CASCADE, verbose_name=_("Space"), editable=False)

    objects: ClassVar[Any] = SpaceOwnedQuerySet.as_manager()

    class Meta:
        abstract = True


def space_of(request: HttpRequest) -> Space | None:
    """The Space the request's address names and its person may enter; None outside of Spaces."""
    return getattr(request, "space", None)


def role_of(request: HttpRequest) -> Role | None:
    """The person's role in the request's Space, read once per request. Superusers act as owners."""
    space = space_of(request)
    if space is None or not request.user.is_authenticated:
        return None
    if request.user.is_superuser:
        return Role.OWNER
    if not hasattr(request, "_space_role"):
        role = Member.objects.filter(space=space, user_id=request.user.pk).values_list("role", flat=True).first()
        request._space_role = Role(role) if role else None  # type: ignore[attr-defined]  # noqa: SLF001
    return request._space_role  # type: ignore[attr-defined,no-any-return]  # noqa: SLF001


def has_feature(request: HttpRequest, name: str) -> bool:
    """Whether the request's Space has the feature, read once per request."""
    space = space_of(request)
    if space is None:
        return False
    if not hasattr(request, "_space_features"):
        request._space_features = set(space.features.values_list("name", flat=True))  # type: ignore[attr-defined]  # noqa: SLF001
    return name in request._space_features  # type: ignore[attr-defined]  # noqa: SLF001
