"""What the operators' commands share: the Space they work in, and errors as sentences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError

from printing.providers.errors import ProviderError
from printing.sentences import sentence_of
from spaces.models import FeatureName, Space


def space_or_error(slug: str, *, prints: bool = True) -> Space:
    """The Space of that short name. Raises CommandError where there is none, or where it does not print."""
    space = Space.objects.filter(slug=slug).first()
    if space is None:
        known = ", ".join(Space.objects.order_by("slug").values_list("slug", flat=True)[:20])
        raise CommandError(f"There is no Space “{slug}”. There are: {known or 'none yet'}.")
    if prints and not space.has_feature(FeatureName.PRINTING):
        raise CommandError(f"The feature Printing is not activated in the Space “{slug}”.")
    return space


@contextmanager
def sentences() -> Iterator[None]:
    """Say what a provider objects to instead of showing a traceback."""
    try:
        yield
    except ProviderError as error:
        detail = f" ({error.detail})" if error.detail else ""
        raise CommandError(f"{sentence_of(error)}{detail}") from error
