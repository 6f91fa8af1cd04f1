"""What the pages on the way to a printer share."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from spaces.models import Space
from spaces.scoping import space_of

ADD = "admin:printing_printerconfiguration_add"
CHANGE = "admin:printing_printerconfiguration_change"


def space_or_404(request: HttpRequest) -> Space:
    """The Space of the request; nothing of this exists outside of one."""
    space = space_of(request)
    if space is None:
        raise Http404
    return space
