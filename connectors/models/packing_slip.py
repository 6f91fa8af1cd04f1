"""Packing slips."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from connectors.documents.data import PackingSlipData
from connectors.models.issued import IssuedDocument


class PackingSlip(IssuedDocument):
    """What goes into the parcel; shows no prices."""

    class Meta:
        verbose_name = _("packing slip")
        verbose_name_plural = _("packing slips")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["space", "number"],
                name="packing_slip_number_once_per_space",
                violation_error_message=_("Another packing slip of this Space has this number already."),
            ),
        ]
        indexes = [
            # The list of a Space, newest first.
            models.Index(fields=["space", "-id"], name="packing_slip_list"),
        ]

    @property
    def copy(self) -> PackingSlipData:
        """What is printed. Raises DocumentError where this program cannot read the copy."""
        return PackingSlipData.from_json(self.data)
