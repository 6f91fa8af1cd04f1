"""Admin pages of what belongs to a Space: the one door, and what each role may do."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import Http404, HttpRequest
from unfold.admin import ModelAdmin

from spaces.models import FeatureName, Role
from spaces.scoping import EDITORS, OWNERS, has_feature, role_of, space_of

__all__ = ["EDITORS", "OWNERS", "SpaceScopedAdmin"]


class SpaceScopedAdmin(ModelAdmin):  # type: ignore[misc]
    """A model's pages inside a Space: only its rows, only with its features, by role instead of Django permissions."""

    feature: ClassVar[FeatureName | None] = None
    add_roles: ClassVar[frozenset[Role]] = EDITORS
    change_roles: ClassVar[frozenset[Role]] = EDITORS
    delete_roles: ClassVar[frozenset[Role]] = OWNERS

    def _may(self, request: HttpRequest, roles: frozenset[Role] | None) -> bool:
        if self.feature is not None and not has_feature(request, self.feature):
            return False
        role = role_of(request)
        return role is not None and (roles is None or role in roles)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request, None)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, None)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request, self.add_roles)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, self.change_roles)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, self.delete_roles)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).in_space(space_of(request))  # type: ignore[no-any-return]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        manager = db_field.remote_field.model._default_manager
        if hasattr(manager, "in_space") and "queryset" not in kwargs:
            kwargs["queryset"] = manager.in_space(space_of(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.space = space_of(request)
        super().save_model(request, obj, form, change)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Give a new object its Space before validation, so that uniqueness within the Space is checked in the form."""
        form = super().get_form(request, obj, change, **kwargs)
        space = space_of(request)

        class FormInSpace(form):  # type: ignore[misc,valid-type]
            def __init__(self, *args: Any, **form_kwargs: Any) -> None:
                super().__init__(*args, **form_kwargs)
                if self.instance.pk is None:
                    self.instance.space = space

            def _get_validation_exclusions(self) -> set[str]:
                return super()._get_validation_exclusions() - {"space"}  # type: ignore[no-any-return]

        return FormInSpace


def without_links(field: Any) -> Any:
    """Choose only: no adding, changing or deleting of the chosen in a window beside the form."""
    for link in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
        setattr(field.widget, link, False)
    return field
