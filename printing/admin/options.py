"""The form of a printer configuration: tray, paper, sides and colour are chosen from what the printer reports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldBooleanSwitchWidget

from printing.models import PrinterConfiguration
from printing.providers.base import ColorMode, RemotePrinter, Sides
from printing.providers.errors import Permanent
from printing.sentences import sentence_of
from printing.services.printers import check_options
from printing.states import ConfigurationState
from spaces.admin_base import without_links
from spaces.models import Space

OPTIONS = ("tray", "paper", "sides", "color", "copies")
AS_SET = _("As the printer is set")


class ConfigurationForm(forms.ModelForm):  # type: ignore[type-arg]
    """``device`` is a printer that is being connected just now; without one the configuration's own is asked."""

    device: ClassVar[RemotePrinter | None] = None
    space: ClassVar[Space]

    # Not the model's field: that one is the flag of the Space, moved by the service under its lock.
    default = forms.BooleanField(
        label=_("Default"),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text=_("Documents go to this printer unless something else is named. There is one default in a Space."),
    )

    class Meta:
        model = PrinterConfiguration
        fields = [
            "name",
            "state",
            "tray",
            "paper",
            "sides",
            "color",
            "copies",
            "fit_to_page",
            "unknown_rule",
            "max_age_hours",
            "substitute",
            "substitute_after_minutes",
        ]
        widgets: ClassVar[dict[str, Any]] = {"fit_to_page": UnfoldBooleanSwitchWidget}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.remote = self.device or self.instance.printer.remote
        if "tray" not in self.fields:
            return  # shown to somebody who may not change it: there is nothing to offer
        self.fields["default"].initial = self.instance.is_default
        if "state" in self.fields:
            kept = [choice for choice in ConfigurationState.choices if choice[0] != ConfigurationState.DELETED]
            self.fields["state"].choices = kept  # type: ignore[attr-defined]
        self._offer_substitutes()
        self._offer("tray", ((tray.id, tray.name) for tray in self.remote.trays))
        self._offer("paper", ((paper.id, paper.name) for paper in self.remote.papers))
        if self.remote.duplex is False:
            self._restrict("sides", {Sides.PRINTER_DEFAULT, Sides.ONE_SIDED})
        if self.remote.color is False:
            self._restrict("color", {ColorMode.PRINTER_DEFAULT, ColorMode.MONOCHROME})

    def _offer_substitutes(self) -> None:
        """The other printers of the Space that are in use, and the chosen one whatever became of it."""
        field = without_links(self.fields["substitute"])
        assert isinstance(field, forms.ModelChoiceField)
        usable = PrinterConfiguration.objects.in_space(self.space).usable()
        chosen = PrinterConfiguration.objects.in_space(self.space).filter(pk=self.instance.substitute_id)
        others = (usable | chosen).exclude(pk=self.instance.pk)
        # Another tray of the same device is out of order together with it.
        field.queryset = others.exclude(printer=self.instance.printer_id).order_by("name")
        field.empty_label = str(_("None: documents wait for this printer"))

    def _offer(self, name: str, reported: Iterable[tuple[str, str]]) -> None:
        """Offer what the printer reports. The field stays text: what is refused, is refused with the right sentence."""
        choices = list(reported)
        if not choices:
            self.fields[name].help_text = _("The printer reports none; write it as the printer calls it, or leave it.")
            return
        current = getattr(self.instance, name)
        if current and current not in dict(choices):
            choices.append((current, _("%(name)s (not reported any more)") % {"name": current}))
        self.fields[name].widget = UnfoldAdminSelectWidget(choices=[("", AS_SET), *choices])

    def _restrict(self, name: str, values: set[Any]) -> None:
        field = self.fields[name]
        kept = values | {getattr(self.instance, name)}
        field.choices = [choice for choice in field.choices if choice[0] in kept]  # type: ignore[attr-defined]

    def _get_validation_exclusions(self) -> set[str]:
        # The name is unique among the printers that are not deleted: that cannot be checked without the state.
        return super()._get_validation_exclusions() - {"state"}  # type: ignore[misc,no-any-return]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                check_options(self.remote, **{name: cleaned[name] for name in OPTIONS})
            except Permanent as error:
                self.add_error(error.field if error.field in self.fields else None, sentence_of(error))
        return cleaned
