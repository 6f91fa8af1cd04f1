"""The levels in the form of a flow: each with its texts in all languages, and counted without gaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from connectors.models import DunningFlow, DunningLevel, DunningLevelText
from connectors.models.dunning_flow import MAX_LEVELS, validate_placeholders

# One number stays free: over it two levels change places, because the database takes no number twice.
MOST_LEVELS = MAX_LEVELS - 1


def text_fields(language: str) -> tuple[str, str]:
    """The names of the form's fields for the title and the text in a language."""
    return f"title_{language}", f"text_{language}"


class LevelForm(forms.ModelForm):  # type: ignore[type-arg]
    """A level and what it says, one pair of fields per language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        texts = {text.language: text for text in self.instance.texts.all()} if self.instance.pk else {}
        for language, _name in settings.LANGUAGES:
            self._add_text_fields(language, texts.get(language))
        for field in self.fields.values():
            field.label = capfirst(field.label)

    def _add_text_fields(self, language: str, text: DunningLevelText | None) -> None:
        title, body = text_fields(language)
        self.fields[title] = forms.CharField(
            label=gettext_lazy("title"),
            max_length=200,
            required=False,
            validators=[validate_placeholders],
            widget=UnfoldAdminTextInputWidget(),
        )
        self.fields[body] = forms.CharField(
            label=gettext_lazy("text"),
            max_length=4000,
            required=False,
            validators=[validate_placeholders],
            widget=UnfoldAdminTextareaWidget({"rows": 8}),
        )
        if text is not None:
            self.initial.update({title: text.title, body: text.text})

    @property
    def flow(self) -> DunningFlow:
        """The flow the level belongs to; while it is being made, one that is not saved yet."""
        flow: DunningFlow = self.fields["flow"].parent_instance  # type: ignore[attr-defined]
        return flow

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for language, _name in settings.LANGUAGES:
            title, body = text_fields(language)
            if title in data and body in data and data[body] and not data[title]:
                self.add_error(title, gettext("The letter needs a title where it has a text."))
        own = text_fields(self.flow.space.language)[0]
        if own in data and not data[own]:
            name = dict(settings.LANGUAGES).get(self.flow.space.language, self.flow.space.language)
            sentence = gettext("Enter the words in %(language)s, the language of the Space: others fall back to them.")
            self.add_error(own, sentence % {"language": gettext(str(name))})
        return data

    def _get_validation_exclusions(self) -> set[str]:
        # That no number stands twice is seen in all levels together: two may change places.
        return {*super()._get_validation_exclusions(), "flow"}  # type: ignore[misc]

    def _save_m2m(self) -> None:
        super()._save_m2m()  # type: ignore[misc]
        for language, _name in settings.LANGUAGES:
            title, body = (self.cleaned_data[name] for name in text_fields(language))
            if title:
                DunningLevelText.objects.update_or_create(
                    level=self.instance, language=language, defaults={"title": title, "text": body}
                )
            else:
                DunningLevelText.objects.filter(level=self.instance, language=language).delete()


class LevelFormSet(PaginationInlineFormSet):  # type: ignore[misc]
    """The levels of a flow. What was issued by one stays true: it is not deleted and keeps its number."""

    def clean(self) -> None:
        there = [form for form in self.forms if form.instance.pk or form.has_changed()]
        deleted = [form for form in there if self._should_delete_form(form)]
        kept = [form for form in there if form not in deleted]
        # First: Django's own look at what is to be deleted would list all the notices.
        self._refuse_change_of_used(deleted, kept)
        super().clean()
        if any(self.errors):
            return
        if not kept:
            raise ValidationError(gettext("A flow needs at least one level."))
        positions = sorted(form.cleaned_data["position"] for form in kept)
        if positions != list(range(1, len(positions) + 1)):
            raise ValidationError(_miscounted(positions))

    def _refuse_change_of_used(self, deleted: Iterable[Any], kept: Iterable[Any]) -> None:
        """A customer who had the second level would get it again as the third."""
        used = set(
            DunningLevel.objects.filter(flow=self.instance.pk, notices__isnull=False).values_list("pk", flat=True)
        )
        for form in deleted:
            if form.instance.pk in used:
                sentence = gettext("The level “%(level)s” has issued notices and stays. Deactivate the flow instead.")
                raise ValidationError(sentence % {"level": form.instance.name})
        for form in kept:
            if form.instance.pk in used and "position" in form.changed_data:
                form.add_error("position", gettext("This level has issued notices: it keeps its number."))

    def save(self, commit: bool = True) -> Any:
        if commit:
            _make_room(
                {form.instance.pk: form.cleaned_data["position"] for form in self.initial_forms if form.instance.pk},
                {form.instance.pk for form in self.deleted_forms if form.instance.pk},
            )
        return super().save(commit)


def _miscounted(positions: list[int]) -> str:
    """What is wrong with numbers that are not 1, 2, 3, …"""
    twice = next((number for number in positions if positions.count(number) > 1), None)
    if twice is not None:
        return gettext("Two levels have the number %(number)s. Count them 1, 2, 3.") % {"number": twice}
    missing = next(number for number in range(1, MAX_LEVELS + 1) if number not in positions)
    return gettext("The number %(number)s is missing among the levels. Count them 1, 2, 3.") % {"number": missing}


def _make_room(targets: Mapping[int, int], deleted: set[int]) -> None:
    """Delete what is deleted, then bring the levels to their new numbers, each onto one that is free just then."""
    DunningLevel.objects.filter(pk__in=deleted).delete()
    now = dict(DunningLevel.objects.filter(pk__in=targets).values_list("pk", "position"))
    waiting = [pk for pk in now if now[pk] != targets[pk]]
    while waiting:
        free = {pk for pk in waiting if targets[pk] not in now.values()}
        pk = next(iter(free), waiting[0])
        # All wait for each other: one steps aside.
        aside = next(number for number in range(MAX_LEVELS, 0, -1) if number not in now.values())
        now[pk] = targets[pk] if pk in free else aside
        DunningLevel.objects.filter(pk=pk).update(position=now[pk])
        waiting = [pk for pk in now if now[pk] != targets[pk]]
