"""A letter as a run would issue it, to look at: nothing is written, no number is taken."""

from __future__ import annotations

from datetime import date

from connectors.documents.errors import DocumentError
from connectors.documents.render import render_notice
from connectors.services import copies
from connectors.services.dunning.notices import notice_copy
from connectors.services.dunning.proposal import propose
from printing.kinds import RenderingFailed
from spaces.models import Space


def preview(space: Space, day: date, invoice: int) -> bytes | None:
    """The PDF of the notice that is due for an invoice (primary key) on a day; None where none is due.

    Marked as a preview on every page. Raises RenderingFailed.
    """
    items = propose(space, day, only=[invoice]).items
    if not items:
        return None
    logo = copies.logo_as_it_is(space)
    data = notice_copy(items[0], copies.sender_of(space, logo), day)
    try:
        return render_notice(data, bytes(logo.content) if logo else None, preview=True)
    except DocumentError as error:
        raise RenderingFailed(str(error)) from error
