"""What changed in a life. `family` shares the house; `others` were found by the name that was typed, or live in the
house of `again`: where the person lived before, from which a form starts to note it again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.core.forms import OkatForm
from okat.city.people import rules
from okat.city.people.actions import Living
from okat.city.people.forms.fields import AreaField, place_name
from okat.city.people.models import Person
from okat.city.people.queries.life import Home


class LifeForm(OkatForm):
    def __init__(
        self, *args: Any, person: Person, family: list[Person], others: list[Person], q: str,
        again: Home | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        if again is not None:
            self.initial.update(self.as_before(again))
        self.person, self.others = person, {str(other.pk): other for other in others}
        self.family = {str(other.pk): other for other in family}
        if "along_with" in self.fields:
            field = self.fields["along_with"]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = [(pk, other.full_name) for pk, other in self.family.items()]
            if not self.family:
                del self.fields["along_with"]

    def as_before(self, again: Home) -> dict[str, Any]:
        """What a form starts from that notes again what was before."""
        return {}

    def along(self) -> list[Person]:
        return [self.family[pk] for pk in self.cleaned_data.get("along_with", ())]


class MoveForm(LifeForm):
    where = AreaField(label=_("Where they live now"), help_text=_("Community or sub-district; no address is needed."))
    house = forms.CharField(
        label=_("House"), max_length=160, required=False, help_text=_("Number and lane, or how one finds it.")
    )
    along_with = forms.MultipleChoiceField(
        label=_("Who moved along"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["where"].widget.attrs |= {"list": "areas", "autocomplete": "off"}

    def as_before(self, again: Home) -> dict[str, Any]:
        return {"where": place_name(again.area), "house": again.house}


class HomeForm(LifeForm):
    """`beside` holds whoever was found by name; a new house is for those who split off."""

    how = forms.ChoiceField(
        label=_("With whom they live now"), widget=forms.RadioSelect,
        choices=[("beside", _("In the house of somebody we know")), ("new", _("In a house of their own")),
                 ("alone", _("In no household"))],
    )  # fmt: skip
    beside = forms.ChoiceField(label=_("In whose house"), required=False, widget=forms.RadioSelect)
    house = forms.CharField(label=_("House"), max_length=160, required=False)
    along_with = forms.MultipleChoiceField(
        label=_("Who of the present house comes along"), widget=forms.CheckboxSelectMultiple, required=False
    )
    role = forms.ChoiceField(label=_("In the house"), choices=[("", "–"), *rules.HouseholdRole.choices], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["beside"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(pk, f"{other.full_name} · {other.area}") for pk, other in self.others.items()]
        if not self.others:
            del self.fields["beside"]

    def as_before(self, again: Home) -> dict[str, Any]:
        how = "beside" if again.family else "alone" if again.alone else "new"
        return {"how": how, "house": again.house, "beside": str(again.family[0].pk) if again.family else ""}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("how") == "beside" and not data.get("beside"):
            self.add_error("how", _("Search for somebody who lives there, and choose them."))
        return data

    def living(self) -> Living:
        data = self.cleaned_data
        if data["how"] == "beside":
            return Living(beside=self.others[data["beside"]])
        return Living(house=data["house"]) if data["how"] == "new" else Living()


class AwayForm(LifeForm):
    goes_on = forms.BooleanField(
        label=_("They still come to what they have begun here"), required=False, initial=True,
        help_text=_("Courses, placements and work go on; what they only wait for ends."),
    )  # fmt: skip


class DiedForm(LifeForm):
    sure = forms.BooleanField(
        label=_("I heard it from the family, the village head or an office, and this is the right record"),
        error_messages={"required": _("Make sure first: look at the name above, and ask.")},
    )  # fmt: skip


class BackForm(LifeForm):
    """Nothing to say."""
