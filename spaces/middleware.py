"""The URL names the Space, so that two browser tabs can work in two Spaces."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import set_script_prefix
from django.utils import timezone, translation

from spaces.models import Space

SPACE_PATH = re.compile(r"^/space/(?P<slug>[^/]+)(?P<rest>/.*|)$")


def root_url(request: HttpRequest) -> str:
    """Where the installation's own pages begin, outside of every Space."""
    return f"{getattr(request, 'root_script_name', '')}/"


def space_url(request: HttpRequest, space: Space) -> str:
    """Where a Space's pages begin."""
    return f"{root_url(request)}space/{space.slug}/"


class SpaceMiddleware:
    """Move ``/space/<slug>`` from the path into the script name, so that all links stay inside the Space.

    Sets ``request.space``; answers 404 to anyone who is not a member. Somebody who has not logged in is let through
    without a Space: the admin shows the log-in page, whether or not the Space exists. Inside a Space its time zone and,
    unless the person chose a language, its language are active.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.space = None  # type: ignore[attr-defined]
        script_name = request.META.get("SCRIPT_NAME", "")
        request.root_script_name = script_name  # type: ignore[attr-defined]
        match = SPACE_PATH.match(request.path_info)
        if match:
            script_name = f"{script_name}/space/{match['slug']}"
            request.META["SCRIPT_NAME"] = script_name
            request.path_info = request.META["PATH_INFO"] = match["rest"] or "/"
        # On every request: the prefix is thread-local, and the thread served another Space before.
        set_script_prefix(f"{script_name}/")
        if match is None:
            return self.get_response(request)
        if not match["rest"] and request.method in {"GET", "HEAD"}:
            return HttpResponseRedirect(f"{script_name}/")
        return self._inside(request, match["slug"])

    def _inside(self, request: HttpRequest, slug: str) -> HttpResponse:
        space = Space.objects.for_user(request.user).filter(slug=slug).first()
        if space is None:
            if request.user.is_authenticated:
                raise Http404
            return self.get_response(request)
        request.space = space  # type: ignore[attr-defined]
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(space.language)
            request.LANGUAGE_CODE = space.language
        with timezone.override(space.zone):
            return self.get_response(request)
