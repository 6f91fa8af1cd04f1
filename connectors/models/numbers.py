"""Number series: how the numbers of a Space's documents look, and how far they have come."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from spaces.scoping import SpaceOwned

_PLACEHOLDER = re.compile(r"\{(\w*)\}")
NO_YEAR = 0


class SeriesKind(models.TextChoices):
    INVOICE = "invoice", _("Invoices")
    PACKING_SLIP = "packing_slip", _("Packing slips")
    DUNNING_NOTICE = "dunning_notice", _("Dunning notices")
    CREDIT_NOTE = "credit_note", _("Credit notes")


DEFAULT_PATTERNS = {
    SeriesKind.INVOICE: "{year}-{number}",
    SeriesKind.PACKING_SLIP: "L{year}-{number}",
    SeriesKind.DUNNING_NOTICE: "M{year}-{number}",
    SeriesKind.CREDIT_NOTE: "S{year}-{number}",
}


def validate_pattern(value: str) -> None:
    names = _PLACEHOLDER.findall(value)
    if names.count("number") != 1 or names.count("year") > 1 or set(names) - {"number", "year"}:
        raise ValidationError(
            _("Write {number} once and {year} at most once, as in “{year}-{number}”; other letters stay as they are.")
        )


class NumberSeries(SpaceOwned):
    """The pattern of one kind of numbers. With ``{year}`` in it, each year begins at 1."""

    kind = models.CharField(_("kind"), max_length=16, choices=SeriesKind.choices)
    pattern = models.CharField(_("pattern"), max_length=40, validators=[validate_pattern])
    digits = models.PositiveSmallIntegerField(
        _("digits at least"), default=4, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = [
            models.UniqueConstraint(
                fields=["space", "kind"],
                name="series_once_per_space",
                violation_error_message=_("There is a number series of this kind already."),
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    def counting_year(self, year: int) -> int:
        """The year a number is counted in; NO_YEAR where the numbers go on for ever."""
        return year if "{year}" in self.pattern else NO_YEAR

    def written(self, number: int, year: int) -> str:
        return self.pattern.replace("{year}", str(year)).replace("{number}", f"{number:0{self.digits}d}")


class NumberCounter(models.Model):
    """The last number given in a series and year. A row per year: a late document of December still finds its own."""

    series = models.ForeignKey(NumberSeries, models.CASCADE, related_name="counters", verbose_name=_("number series"))
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveBigIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("number counter")
        verbose_name_plural = _("number counters")
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="counter_once_per_year")]

    def __str__(self) -> str:
        return f"{self.series} {self.year}: {self.last}"
