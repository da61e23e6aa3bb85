"""Answers about a person as a form: one field for each fact, each of which may stay empty (not known)."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from okat.city.catalogue.forms.fields import BahtField, area_words
from okat.city.catalogue.queries.read import choosable_areas
from okat.city.catalogue.solve.ask import NONE, Question
from okat.city.core.forms import ThaiIntegerField, ThaiPartialDateField

YES_NO = (("", _("not known")), ("yes", pgettext_lazy("answer", "yes")), ("no", pgettext_lazy("answer", "no")))


class AnswersForm(forms.Form):
    """Fields named by the facts. `values()` hands the answers to the engine's door."""

    template_name = "core/form.html"
    use_required_attribute = False

    def __init__(self, *args: Any, questions: Iterable[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(questions)
        areas = area_choices() if any(q.areas or q.kind == "point" for q in self.questions) else []
        for one in self.questions:
            self.fields[one.name] = field_of(one, areas)

    def values(self) -> dict[str, Any]:
        """What was answered, by fact; call it on a valid form."""
        found = {}
        for one in self.questions:
            raw = self.cleaned_data.get(one.name)
            if raw in (None, "", []):
                continue
            found[one.name] = _READ.get(one.kind, _same)(raw, one)
        return found


def field_of(one: Question, areas: list[tuple[str, str]]) -> forms.Field:
    """The field that asks for a fact."""
    label = f"{one.question} ({one.unit})" if one.unit else one.question
    common: dict[str, Any] = {"label": label, "required": False}
    if one.kind == "bool":
        return forms.ChoiceField(choices=YES_NO, **common)
    if one.kind == "int":
        return ThaiIntegerField(**common, min_value=0, max_value=1_000_000_000)
    if one.kind == "number":
        return BahtField(**common)
    if one.kind == "date":
        return ThaiPartialDateField(**common, max_length=60, help_text=_("A year is enough, like 2503."))
    if one.areas or one.kind == "point":
        return forms.ChoiceField(choices=[("", _("not known")), *areas], **common)
    if not one.codes:
        return forms.CharField(**common, max_length=200)
    if one.kind == "code":
        return forms.ChoiceField(choices=[("", _("not known")), *one.codes], **common)
    none = [(NONE, _("none of these"))]
    return forms.MultipleChoiceField(choices=[*one.codes, *none], widget=forms.CheckboxSelectMultiple, **common)


def area_choices() -> list[tuple[str, str]]:
    return [(area.code, area_words(area)) for area in choosable_areas()]


def _same(raw: Any, _one: Question) -> Any:
    return raw


def _codes(raw: Any, one: Question) -> Any:
    """Living in a sub-district is living in its district and province as well."""
    if not one.areas:
        return raw if isinstance(raw, list) else [part.strip() for part in raw.split(",") if part.strip()]
    area = next((area for area in choosable_areas() if area.code == raw), None)
    return area.path.strip("/").split("/") if area is not None else None


def _point(raw: Any, _one: Question) -> Any:
    area = next((area for area in choosable_areas() if area.code == raw), None)
    return (area.lat, area.lon) if area is not None and area.lat is not None else None


_READ: Mapping[str, Any] = {
    "bool": lambda raw, _one: raw == "yes",
    "codes": _codes,
    "point": _point,
    "number": lambda raw, _one: Decimal(raw),
}
