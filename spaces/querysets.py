"""The one door to everything a Space owns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models

if TYPE_CHECKING:
    from spaces.models import Space

ModelT = TypeVar("ModelT", bound=models.Model)


class SpaceQuerySet(models.QuerySet["Space"]):
    def for_user(self, user: AbstractBaseUser | AnonymousUser) -> SpaceQuerySet:
        """The Spaces a person may enter: those they are a member of; all of them for the installation's superusers."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if getattr(user, "is_superuser", False):
            return self.all()
        return self.filter(members__user_id=user.pk).distinct()


class SpaceOwnedQuerySet(models.QuerySet[ModelT]):
    """Rows that belong to a Space. Whatever a person sees or touches comes through :meth:`in_space`."""

    def in_space(self, space: Space | None) -> Any:
        """The rows of one Space; none at all without a Space, so that forgetting one shows nothing."""
        return self.none() if space is None else self.filter(space=space)
