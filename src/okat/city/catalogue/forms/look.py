"""The form beside the list; it is sent as an address, so its names are those of rules.look."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.catalogue.forms.fields import area_words
from okat.city.catalogue.queries.read import standing_areas, terms
from okat.city.catalogue.queries.usable import abilities
from okat.city.catalogue.rules import FAMILIES, FAMILY_LABELS, KIND_LABELS, SLOT_LABELS
from okat.city.catalogue.rules.look import COURSE_HOURS, NEAR_KM
from okat.city.catalogue.rules.reach import MINUTES
from okat.city.core.templatetags.okat import words
from okat.city.places.models import Level

MOST_AREAS = 60  # more would be too much to carry to a phone for a choice that few make


def kind_choices() -> Iterator[tuple[Any, Any]]:
    for family, kinds in FAMILIES.items():
        yield FAMILY_LABELS[family], [(kind.value, KIND_LABELS[kind]) for kind in kinds]


def term_choices(vocabulary: str) -> list[tuple[str, str]]:
    return [(term.code, words(term)) for term in terms(vocabulary)]


def near_choices(chosen: str | None = None) -> list[tuple[str, Any]]:
    """Districts, sub-districts and communities: nobody says a house. With `chosen` (a code or nothing), of a large
    province, which would make half of the page, only the districts and what lies in the chosen one."""
    areas = standing_areas()
    if chosen is not None and len(areas) > MOST_AREAS:
        home = next((area for area in areas if area.code == chosen), None)
        inside = home.path.split("/")[1] if home else ""
        areas = [area for area in areas if area.level == Level.DISTRICT or area.path.split("/")[1] == inside]
    return [("", "–"), *((area.code, area_words(area)) for area in areas)]


class LookForm(forms.Form):
    """Every condition of a search; nothing is required."""

    template_name = "core/form.html"
    use_required_attribute = False

    q = forms.CharField(label=_("Words"), required=False, max_length=200)
    kind = forms.MultipleChoiceField(label=_("Kind"), required=False, choices=kind_choices)
    need = forms.MultipleChoiceField(label=_("Need"), required=False)
    format = forms.MultipleChoiceField(
        label=_("What you cannot do without"), required=False, widget=forms.CheckboxSelectMultiple
    )
    usable = forms.MultipleChoiceField(
        label=_("It must be usable, at every stage, for"), required=False, widget=forms.CheckboxSelectMultiple
    )
    slot = forms.MultipleChoiceField(
        label=_("When you can come"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(slot.value, label) for slot, label in SLOT_LABELS.items()],
    )  # fmt: skip
    near = forms.ChoiceField(label=_("From where you are (nothing is stored)"), required=False)
    km = forms.ChoiceField(
        label=_("At most this far"), required=False, choices=[("", "–"), *((str(km), f"{km} km") for km in NEAR_KM)]
    )
    minutes = forms.ChoiceField(
        label=_("At most this long on the way"), required=False,
        choices=[("", "–"), *((str(n), _("%(n)s minutes") % {"n": n}) for n in MINUTES)],
    )  # fmt: skip
    level = forms.MultipleChoiceField(
        label=_("Schooling it leads to"), required=False, widget=forms.CheckboxSelectMultiple
    )
    hours = forms.ChoiceField(
        label=_("At most this many hours"), required=False,
        choices=[("", "–"), *((str(hours), str(hours)) for hours in COURSE_HOURS)],
    )  # fmt: skip
    credits = forms.BooleanField(
        label=_("It counts as credits"), required=False, widget=forms.CheckboxInput(attrs={"value": "1"})
    )
    free = forms.BooleanField(
        label=_("Free of charge"), required=False, widget=forms.CheckboxInput(attrs={"value": "1"})
    )
    nopapers = forms.BooleanField(
        label=_("Without papers"), required=False, widget=forms.CheckboxInput(attrs={"value": "1"})
    )
    places = forms.BooleanField(
        label=_("Places are left"), required=False, widget=forms.CheckboxInput(attrs={"value": "1"})
    )
    online = forms.BooleanField(label=_("Online"), required=False, widget=forms.CheckboxInput(attrs={"value": "1"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, vocabulary in (("need", "need"), ("format", "format"), ("level", "education")):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = term_choices(vocabulary)
        choose: dict[str, Any] = self.fields
        choose["near"].choices = near_choices(str(self.data.get("near", "")))
        if len(standing_areas()) > MOST_AREAS:
            choose["near"].help_text = _("Choose a district and press show: then its sub-districts stand here too.")
        whom: Any = self.fields["usable"]
        whom.choices = [(one.code, words(one)) for one in abilities()]
