"""Pressroom's admin: the pages of a Space behind /space/<slug>/, those of the installation at the root."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from unfold.forms import AuthenticationForm
from unfold.sites import UnfoldAdminSite

from config.dashboard import dashboard
from printing.services.workers import silence
from spaces.middleware import root_url, space_url
from spaces.models import Space
from spaces.scoping import role_of, space_of

# More Spaces than this are looked for in the list of Spaces.
CHOOSER_LIMIT = 200


class LogInForm(AuthenticationForm):  # type: ignore[misc]
    """Everybody with an account may log in: what they see is decided by their Spaces, not by Django's staff flag."""

    def confirm_login_allowed(self, user: Any) -> None:
        if not user.is_active:
            raise ValidationError(self.get_invalid_login_error())


class PressroomAdminSite(UnfoldAdminSite):  # type: ignore[misc]
    """Members enter their Spaces; whoever has one lands in it, whoever has several chooses."""

    login_form = LogInForm

    def has_permission(self, request: HttpRequest) -> bool:
        if space_of(request) is not None:
            return role_of(request) is not None
        return request.user.is_active and request.user.is_authenticated

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context: dict[str, Any] = super().each_context(request)
        safe = request.method in {"GET", "HEAD"}
        return {
            **context,
            "space": space_of(request),
            "root_url": root_url(request),
            # Where choosing a language leads back to; not to the address of a form that was posted.
            "redirect_to": request.get_full_path() if safe else request.path,
        }

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        space = space_of(request)
        if space is None:
            return self._chooser(request)
        context = {**self.each_context(request), "title": space.name, **dashboard(request, space)}
        return TemplateResponse(request, "admin/space_dashboard.html", context)

    def _chooser(self, request: HttpRequest) -> HttpResponse:
        spaces = list(Space.objects.for_user(request.user).order_by("name")[:CHOOSER_LIMIT])
        if len(spaces) == 1 and not request.user.is_superuser:
            return HttpResponseRedirect(space_url(request, spaces[0]))
        context = {
            **self.each_context(request),
            "title": _("Your Spaces"),
            "spaces": [(space, space_url(request, space)) for space in spaces],
            "may_create": request.user.is_superuser,
            "silence": silence() if request.user.is_superuser else None,
        }
        return TemplateResponse(request, "admin/space_chooser.html", context)

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """No search: unfold keeps its results per person for minutes, so those of one Space would show in another."""
        raise Http404
