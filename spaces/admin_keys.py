"""Space > API keys: made, shown once, revoked; for owners."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextInputWidget

from spaces import api_keys
from spaces.admin_base import SpaceScopedAdmin
from spaces.models import ApiKey, Role
from spaces.scoping import OWNERS, space_of


class KeyForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ApiKey
        fields: ClassVar[list[str]] = ["name"]
        widgets: ClassVar[dict[str, Any]] = {"name": UnfoldAdminTextInputWidget}


@admin.register(ApiKey)
class ApiKeyAdmin(SpaceScopedAdmin):
    """The keys of the Space's programs. A key does what an operator may: nobody else hands one out or sees them."""

    add_roles: ClassVar[frozenset[Role]] = OWNERS
    change_roles: ClassVar[frozenset[Role]] = OWNERS
    delete_roles: ClassVar[frozenset[Role]] = frozenset()
    list_display = ["name", "shown_prefix", "created_at", "last_used_at", "revoked_at"]
    list_per_page = 50
    actions = None
    sortable_by: ClassVar[list[str]] = []

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request, OWNERS)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, OWNERS)

    @admin.display(description=gettext_lazy("begins with"))
    def shown_prefix(self, row: ApiKey) -> str:
        return f"pr_{row.prefix}_…"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.revoke_view)
        return [path("<path:object_id>/revoke/", view, name="spaces_apikey_revoke"), *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The answer to the POST is the only page that ever has the key in it."""
        if request.method not in {"GET", "HEAD", "POST"}:
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = KeyForm(request.POST or None)
        context: dict[str, Any] = {"form": form, "title": _("New API key")}
        if request.method == "POST" and form.is_valid():
            space = space_of(request)
            assert space is not None
            row, key = api_keys.create(space, form.cleaned_data["name"], request.user)  # type: ignore[arg-type]
            self.log_addition(request, row, [{"added": {}}])
            context |= {"key": key, "title": row.name}
        return self._page(request, context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        return self._page(request, {"row": row, "begin": self.shown_prefix(row), "title": row.name})

    def _page(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        request.current_app = self.admin_site.name
        everywhere = {**self.admin_site.each_context(request), "opts": self.opts}
        response = TemplateResponse(request, "admin/spaces/api_key.html", {**everywhere, **context})
        response.headers["Cache-Control"] = "no-store"
        return response

    def revoke_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_change_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if api_keys.revoke(row):
            self.log_change(request, row, [{"changed": {"fields": ["revoked"]}}])
            messages.success(request, _("The key is revoked: no program gets in with it any more."))
        return HttpResponseRedirect(reverse("admin:spaces_apikey_changelist"))
