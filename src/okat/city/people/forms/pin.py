"""The pin: one page, under two minutes."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.core import clock
from okat.city.core.forms import OkatForm, ThaiBirthField, ThaiIntegerField
from okat.city.core.ids import new_id
from okat.city.partners.models import Partner
from okat.city.people import rules
from okat.city.people.actions import Disability, PinRow, refused, tells
from okat.city.people.forms.consent import HowMixin
from okat.city.people.forms.fields import AreaField, PhoneField, PinField, place_name, term_choices
from okat.city.people.models import Person
from okat.city.people.queries.plain import situations_told
from okat.city.people.queries.record import value_of
from okat.city.taxonomy.models import Term, Vocabulary
from okat.city.taxonomy.queries import words
from okat.thai.dates import format_be

PLAIN = ("given", "family", "nickname", "sex", "phone", "papers", "education", "income", "situations")


class PersonForm(OkatForm):
    """What is known of a person; used for a pin and for a change."""

    given = forms.CharField(label=_("Given name"), max_length=120, required=False)
    family = forms.CharField(label=_("Family name"), max_length=120, required=False)
    nickname = forms.CharField(label=_("Nickname"), max_length=60, required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=rules.Sex.choices, widget=forms.RadioSelect, required=False)
    birth = ThaiBirthField(
        label=_("Born"), required=False, help_text=_("A day, a month or only the year: 17 พ.ค. 2503, or 2503")
    )
    phone = PhoneField(label=_("Telephone"), required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    where = AreaField(label=_("Where"), help_text=_("Community or sub-district; no address is needed."))
    papers = forms.ChoiceField(
        label=_("House registration"), choices=rules.Papers.choices, widget=forms.RadioSelect, required=False,
        initial=rules.Papers.UNKNOWN,
    )  # fmt: skip
    situations = forms.MultipleChoiceField(label=_("Situation"), widget=forms.CheckboxSelectMultiple, required=False)
    education = forms.ChoiceField(label=_("Schooling"), required=False)
    income = ThaiIntegerField(label=_("Income, baht a month"), required=False)
    pin = PinField(
        label=_("Identity number"), required=False, help_text=_("13 digits, only if the person wishes."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    disabilities = forms.MultipleChoiceField(
        label=_("Disability"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("Sensitive: only with the explicit consent below."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("given", "nickname"):
            self.fields[name].one_of = _("given name or nickname: one of them")  # type: ignore[attr-defined]
        self.choose("situations", term_choices(Vocabulary.SITUATION))
        self.choose("disabilities", term_choices(Vocabulary.DISABILITY))
        self.choose("education", [("", "–"), *term_choices(Vocabulary.EDUCATION)])
        self.fields["where"].widget.attrs |= {"list": "areas", "autocomplete": "off"}

    def choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("given") and not data.get("nickname") and "given" not in self.errors:
            self.add_error("given", _("Write a name; a nickname is enough."))
        try:
            rules.check_birth(data.get("birth"), clock.today())
            rules.check_income(data.get("income"))
        except rules.PeopleError as error:
            self.add_error("income" if error.code == "income" else "birth", str(error))
        return data

    def values(self) -> dict[str, Any]:
        """What PinRow takes."""
        data = self.cleaned_data
        found = {name: data[name] for name in ("given", "family", "nickname", "sex", "birth", "phone", "education")}
        values = {
            **found, "area": data["where"], "papers": data["papers"] or rules.Papers.UNKNOWN,
            "situations": tuple(sorted(data["situations"])), "income": data["income"],
            "pin": data["pin"].digits if data["pin"] else "",
            "pin_flag": " ".join(sorted(data["pin"].flags)) if data["pin"] else "",
        }  # fmt: skip
        if "disabilities" in data:
            versions = dict(Term.objects.filter(vocabulary=Vocabulary.DISABILITY).values_list("code", "version"))
            types = data["disabilities"]
            values["disabilities"] = tuple(Disability(code, versions.get(code, "")) for code in types)
        return values


class PinForm(HowMixin, PersonForm):
    """A new person: what they need, and what they allow."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    noted = forms.DateTimeField(widget=forms.HiddenInput, required=False)  # when the phone wrote it, by its own clock
    needs = forms.MultipleChoiceField(label=_("Needs"), widget=forms.CheckboxSelectMultiple, required=False)
    need_note = forms.CharField(
        label=_("In their own words"), widget=forms.Textarea({"rows": 2}), max_length=1000, required=False
    )
    photo = forms.FileField(
        label=_("Photo or signature"), required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )  # fmt: skip

    def __init__(self, *args: Any, partner: Partner, others: list[Partner], rounds: list[Partner], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.choose("needs", term_choices(Vocabulary.NEED, leaves=True))
        self.fields["id"].initial = new_id
        self.ask_of(partner, others, rounds)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("care"):
            self.add_error("care", _("Ask whether your office may keep this record. Without a yes it is not saved."))
        if says_of_health(data) and not data.get("sensitive"):
            self.add_error("sensitive", str(refused()))
        self.check_how(data, None if "birth" in self.errors else data.get("birth"))
        return data

    def row(self) -> PinRow:
        data = self.cleaned_data
        return PinRow(
            **self.values(), id=data["id"] or uuid.uuid4(), needs=tuple(data["needs"]), need_note=data["need_note"],
            noted_at=data["noted"], consents=self.consents(data),
        )  # fmt: skip


class ChangeForm(PersonForm):
    """The same, on the version that was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, kept: Person | None = None, **kwargs: Any) -> None:
        """`kept`: whose sensitive fields the writer may not see; they are left out, and stay as they are."""
        super().__init__(*args, **kwargs)
        self.kept = kept
        if kept is not None:
            del self.fields["disabilities"]
            shown, known = term_choices(Vocabulary.SITUATION), words()
            self.choose("situations", [one for one in shown if not known.tells(Vocabulary.SITUATION, one[0])])
        self.fields["pin"].help_text = _("A number that is known is not shown; write one only to replace it.")

    def values(self) -> dict[str, Any]:
        found = super().values()
        if not found["pin"]:
            del found["pin"], found["pin_flag"]
        if self.kept is not None:
            unseen = set(self.kept.situations).difference(situations_told(self.kept, deep=False))
            found["situations"] = tuple(sorted(unseen.union(found["situations"])))
        return found


def says_of_health(data: Mapping[str, Any]) -> bool:
    """Whether what was typed says something of health or a disability."""
    needs, situations, disabilities = (data.get(name) or () for name in ("needs", "situations", "disabilities"))
    return tells(words(), needs=needs, situations=situations, disabilities=disabilities)


def as_initial(person: Person, *, sensitive: bool) -> dict[str, Any]:
    """What the change form starts from."""
    born = value_of(person, "birth")
    return {
        **{name: getattr(person, name) for name in PLAIN}, "birth": format_be(born) if born else "",
        "situations": situations_told(person, deep=sensitive),
        "where": place_name(person.area), "version": person.version,
        "disabilities": [d.type for d in value_of(person, "disabilities")] if sensitive else [],
    }  # fmt: skip
