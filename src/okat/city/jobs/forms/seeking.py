"""What somebody looks for in work, and what they can do."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.catalogue.forms.facts import area_choices
from okat.city.catalogue.queries.read import choosable_areas
from okat.city.catalogue.rules.ranking import Asker
from okat.city.core import clock
from okat.city.core.forms import OkatForm, ThaiIntegerField
from okat.city.jobs.forms.work import choices
from okat.city.jobs.rules import HOURS_OF_A_WEEK, STRENGTH_LABELS
from okat.city.jobs.rules.fit import Name, Seeker
from okat.city.places.models import Area
from okat.city.taxonomy.models import Vocabulary


class WishForm(forms.Form):
    """Conditions; each may stay open, and each may be a wish or a must. It stands in the address, so that the same
    search can be sent on. `seeker()` of a valid form is what the rules take."""

    template_name = "core/form.html"
    use_required_attribute = False

    hours = ThaiIntegerField(
        label=_("Hours in a week, at most"), required=False, min_value=1, max_value=HOURS_OF_A_WEEK
    )
    hours_must = forms.BooleanField(label=_("The hours are a must: leave out the rest"), required=False)
    strength = forms.ChoiceField(label=_("How strong one must be, at most"), required=False)
    strength_must = forms.BooleanField(label=_("The strength is a must: leave out the rest"), required=False)
    km = ThaiIntegerField(label=_("Kilometres from home, at most"), required=False, min_value=1, max_value=1000)
    km_must = forms.BooleanField(label=_("The distance is a must: leave out the rest"), required=False)
    move = forms.BooleanField(label=_("I would live where the work is, if there is lodging"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose: dict[str, Any] = self.fields
        labels = [(value.value, label) for value, label in STRENGTH_LABELS.items()]
        choose["strength"].choices = [("", _("any")), *labels]

    def seeker(self, skills: frozenset[str]) -> Seeker:
        data = self.cleaned_data
        must = frozenset(name for name in Name if data.get(f"{name}_must"))
        return Seeker(skills, data["hours"], data["strength"], data["km"], must, data["move"])


class SeekForm(WishForm):
    """The same for somebody without a record here: where they live, how old they are and what they can do."""

    where = forms.ChoiceField(label=_("Where do you live?"), required=False)
    age = ThaiIntegerField(
        label=_("How old are you?"), required=False, min_value=1, max_value=120,
        help_text=_("Some jobs are for an age; left empty, the page asks where it matters."),
    )  # fmt: skip
    skills = forms.MultipleChoiceField(label=_("What can you do?"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose: dict[str, Any] = self.fields
        choose["where"].choices = [("", _("not known")), *area_choices()]
        choose["skills"].choices = choices(Vocabulary.SKILL)
        self.order_fields(["where", "age", *WishForm.base_fields, "skills"])

    def said(self) -> dict[str, Any]:
        """The facts that rules may ask; an age is taken as completed today."""
        found: dict[str, Any] = {}
        if self.cleaned_data["age"]:
            found["birth_date"] = _born(clock.today(), self.cleaned_data["age"])
        area = self._area()
        if area is not None:
            found["area_codes"] = area.path.strip("/").split("/")
            if area.lat is not None:
                found["home"] = (area.lat, area.lon)
        return found

    def asker(self) -> Asker:
        area = self._area()
        return Asker(lat=area.lat if area else None, lon=area.lon if area else None)

    def chosen(self) -> frozenset[str]:
        return frozenset(self.cleaned_data["skills"])

    def _area(self) -> Area | None:
        code = self.cleaned_data["where"]
        return next((area for area in choosable_areas() if area.code == code), None) if code else None


def _born(today: dt.date, age: int) -> dt.date:
    """Somebody who completed `age` years today (on 28 February where the day is missing)."""
    try:
        return today.replace(year=today.year - age)
    except ValueError:
        return today.replace(year=today.year - age, day=28)


class SkillsForm(OkatForm):
    """What a person says they can do; certificates stand beside it and need not be ticked."""

    skills = forms.MultipleChoiceField(
        label=_("What can you do?"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Skills of certificates count by themselves."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose: dict[str, Any] = self.fields
        choose["skills"].choices = choices(Vocabulary.SKILL)
