"""A household in one page: the house, everybody in it, and what they allow."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.core import clock
from okat.city.core.forms import OkatForm, ThaiBirthField
from okat.city.core.ids import new_id
from okat.city.partners.models import Partner
from okat.city.people import rules
from okat.city.people.actions import HouseRow, PinRow, refused
from okat.city.people.forms.consent import HowMixin
from okat.city.people.forms.fields import AreaField, term_choices
from okat.city.people.forms.pin import says_of_health
from okat.city.people.rules import How
from okat.city.taxonomy.models import Vocabulary

MEMBERS = 4  # lines shown at first
MOST = 12


class MemberForm(forms.Form):
    """One line: somebody who lives there. A line without a name is left out."""

    given = forms.CharField(label=_("Given name"), max_length=120, required=False)
    family = forms.CharField(label=_("Family name"), max_length=120, required=False)
    birth = ThaiBirthField(label=_("Born"), required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=[("", "–"), *rules.Sex.choices], required=False)
    role = forms.ChoiceField(label=_("In the house"), choices=[("", "–"), *rules.HouseholdRole.choices], required=False)
    needs = forms.MultipleChoiceField(label=_("Needs"), widget=forms.CheckboxSelectMultiple, required=False)
    id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["needs"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = term_choices(Vocabulary.NEED, leaves=True)
        self.fields["id"].initial = new_id

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("given") and (data.get("family") or data.get("birth") or data.get("needs")):
            self.add_error("given", _("Write a name; a nickname is enough."))
        try:
            rules.check_birth(data.get("birth"), clock.today())
        except rules.PeopleError as error:
            self.add_error("birth", str(error))
        return data


class HouseForm(HowMixin, OkatForm):
    """The house, and what its people allow."""

    where = AreaField(label=_("Where"), help_text=_("Community or sub-district; no address is needed."))
    house = forms.CharField(
        label=_("House"), max_length=160, required=False, help_text=_("Number and lane, or how one finds it.")
    )
    tenure = forms.ChoiceField(label=_("How they live there"), choices=rules.Tenure.choices, required=False)
    papers = forms.ChoiceField(label=_("House registration"), choices=rules.Papers.choices, required=False)
    guardian = forms.CharField(
        label=_("Parent or guardian of those under 20"), max_length=120, required=False,
        help_text=_("Agrees for them; must be there when somebody is under 20."),
    )  # fmt: skip

    def __init__(self, *args: Any, partner: Partner, others: list[Partner], rounds: list[Partner], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.ask_of(partner, others, rounds)
        self.fields["where"].widget.attrs |= {"list": "areas", "autocomplete": "off"}
        self.fields["tenure"].initial, self.fields["papers"].initial = rules.Tenure.UNKNOWN, rules.Papers.UNKNOWN

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("care"):
            self.add_error("care", _("Ask whether your office may keep this record. Without a yes it is not saved."))
        self.check_how(data, None)
        return data

    def check_members(self, members: list[MemberForm]) -> None:
        """Somebody must live there, and a guardian must agree for the young. Adds the errors."""
        if not members:
            self.add_error(None, _("Write at least one member of the household."))
        if any(says_of_health(member.cleaned_data) for member in members) and not self.cleaned_data.get("sensitive"):
            self.add_error("sensitive", str(refused()))
        if any(_young(member) for member in members) and not self.cleaned_data.get("guardian"):
            self.add_error("guardian", _("Write the name of the witness or guardian."))

    def house_row(self) -> HouseRow:
        data = self.cleaned_data
        return HouseRow(house=data["house"], tenure=data["tenure"] or rules.Tenure.UNKNOWN)

    def rows(self, members: list[MemberForm]) -> list[PinRow]:
        """One row for each member; all share the place and what was allowed."""
        data = self.cleaned_data
        adult = self.consents(data)
        young = self.consents({**data, "how": How.GUARDIAN, "witness": data["guardian"]})
        return [
            PinRow(
                area=data["where"], given=one["given"], family=one["family"], birth=one["birth"], sex=one["sex"],
                household_role=one["role"], needs=tuple(one["needs"]), id=one["id"] or new_id(),
                papers=data["papers"] or rules.Papers.UNKNOWN, consents=young if _young(member) else adult,
            )
            for member in members
            for one in [member.cleaned_data]
        ]  # fmt: skip


def _young(member: MemberForm) -> bool:
    return rules.needs_guardian(member.cleaned_data.get("birth"), clock.today())
