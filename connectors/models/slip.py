"""Where a Swiss payment slip goes."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from connectors.documents.payment import PaymentError
from connectors.payees import check_payee
from spaces.models import Space


class Slip(models.TextChoices):
    """Where the Swiss payment slip of a document goes."""

    NONE = "none", _("None")
    FOOT = "foot", _("At the foot of the last page, with lines to cut along")
    PAGE = "page", _("On a page of its own, for perforated paper")


def check_slip(space: Space, slip: str) -> None:
    """Raise ValidationError for the field ``slip`` where the Space cannot be on a payment slip."""
    if slip == Slip.NONE:
        return
    try:
        check_payee(space)
    except PaymentError as error:
        sentence = _("The settings of the Space do not suffice for a payment slip. %(problem)s")
        problem = gettext(error.sentence) % error.values
        raise ValidationError({"slip": sentence % {"problem": problem}}) from error
