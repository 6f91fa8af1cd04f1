"""What the commands of this app have in common."""

from __future__ import annotations

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from spaces.models import Space


def space_by_slug(slug: str) -> Space:
    """The Space of that short name. Raises CommandError naming those there are."""
    space = Space.objects.filter(slug=slug).first()
    if space is None:
        known = ", ".join(Space.objects.order_by("slug").values_list("slug", flat=True)[:20])
        sentence = _("There is no Space “%(slug)s”. There are: %(known)s.") % {"slug": slug, "known": known or "–"}
        raise CommandError(sentence, returncode=2)
    return space
