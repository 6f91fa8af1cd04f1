"""Forms of a Space: what its owner says about it, its features and its members."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminImageFieldWidget,
    UnfoldAdminTextInputWidget,
)

from spaces.models import Feature, FeatureName, Member, Role, Space


class LogoWidget(UnfoldAdminImageFieldWidget):  # type: ignore[misc]
    """Shows the logo through the view that checks the Space: the storage itself has no public address."""

    template_name = "spaces/logo_input.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        space = getattr(value, "instance", None)
        if value and space is not None and space.pk:
            context["widget"]["logo_url"] = reverse("admin:spaces_space_logo", args=[space.pk])
        return context


class SpaceForm(forms.ModelForm):  # type: ignore[type-arg]
    """A Space with its features as switches."""

    active_features = forms.MultipleChoiceField(
        label=_("Features"),
        choices=FeatureName.choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("A feature that is not activated has no menu and does nothing."),
    )

    class Meta:
        model = Space
        exclude: list[str] = []
        widgets = {"logo": LogoWidget}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["active_features"].initial = list(self.instance.features.values_list("name", flat=True))
        else:
            self.fields["active_features"].initial = [FeatureName.PRINTING]

    def save_features(self, space: Space) -> None:
        """Activate what is ticked and was not; deactivate what no longer is."""
        wanted = set(self.cleaned_data["active_features"])
        Feature.objects.filter(space=space).exclude(name__in=wanted).delete()
        for name in wanted:
            Feature.objects.get_or_create(space=space, name=name)


class MemberForm(forms.ModelForm):  # type: ignore[type-arg]
    """A member is added by user name or e-mail: an owner does not get to see everybody who has an account here."""

    person = forms.CharField(
        label=_("User name or e-mail"), max_length=254, widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"})
    )

    class Meta:
        model = Member
        fields = ["role", "told_of_problems"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["person"].initial = self.instance.user.get_username()
            self.fields["person"].disabled = True

    def clean_person(self) -> str:
        name: str = self.cleaned_data["person"].strip()
        if self.instance.pk:
            return name
        people = get_user_model().objects.filter(is_active=True)
        user = people.filter(username=name).first() or people.filter(email__iexact=name).first()
        if user is None:
            raise ValidationError(_("Nobody here has this user name or e-mail. Your administrator adds people."))
        self.instance.user = user
        return name


class MemberFormSet(PaginationInlineFormSet):  # type: ignore[misc]
    """A Space keeps an owner, and nobody is in it twice."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        kept = [form for form in self.forms if form.has_changed() or form.instance.pk]
        kept = [form for form in kept if not (self.can_delete and self._should_delete_form(form))]
        people = [form.instance.user_id for form in kept]
        if len(people) != len(set(people)):
            raise ValidationError(_("This person is a member of the Space already."))
        if self.instance.pk and not any(form.cleaned_data.get("role") == Role.OWNER for form in kept):
            raise ValidationError(_("A Space needs an owner: give somebody this role first."))
