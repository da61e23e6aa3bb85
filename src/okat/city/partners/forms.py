"""Forms of the network: members, venues, contributions, memoranda."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.rules import Channel, normal_address
from okat.city.core import clock
from okat.city.core.forms import OkatForm, ThaiDateField, ThaiIntegerField
from okat.city.core.templatetags.okat import words
from okat.city.partners import queries
from okat.city.partners.models import Contribution, Partner, Venue
from okat.city.partners.rules import (
    DAYS,
    LEAVING,
    ROLE_WORDS,
    UNITS,
    VENUE_KINDS,
    Role,
    parse_hours,
    say_hours,
)
from okat.city.places.models import Area
from okat.city.taxonomy.models import Term, Vocabulary
from okat.city.taxonomy.queries import words as city_words
from okat.city.taxonomy.rules import ANSWER_CHOICES, Stage

KINDS = (
    ("municipality", _("Municipality")), ("provincial", _("Provincial office")), ("school", _("School")),
    ("university", _("University")), ("foundation", _("Foundation")), ("company", _("Company")),
    ("community", _("Community organisation")), ("funder", _("Funder")),
)  # fmt: skip
ZERO = Decimal(0)


class AreasForm(OkatForm):
    areas = forms.ModelMultipleChoiceField(
        Area.objects.none(), label=_("Works in"), required=False, widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_("Choose none for the whole area of the partner."),
    )  # fmt: skip

    def __init__(self, *args: Any, partner: Partner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["areas"].queryset = queries.areas_within(partner)  # type: ignore[attr-defined]


class MemberForm(AreasForm):
    name = forms.CharField(label=_("Name"), max_length=160)
    email = forms.CharField(
        label=_("E-mail"), max_length=200, widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("The invitation goes there. The role begins when its owner accepts."),
    )  # fmt: skip
    role = forms.ChoiceField(label=_("Role"))
    field_order = ("name", "email", "role", "areas")

    def __init__(self, *args: Any, roles: frozenset[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(r.value, ROLE_WORDS[r]) for r in Role if r in roles]  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        try:
            return normal_address(Channel.EMAIL, self.cleaned_data["email"])
        except ValueError as error:
            raise ValidationError(_("This is not an e-mail address, like somchai@example.org.")) from error


class AboutForm(OkatForm):
    about_th = forms.CharField(label=_("About us, in Thai"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    about_en = forms.CharField(
        label=_("About us, in English"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    email = forms.EmailField(label=_("E-mail of the office"), required=False)
    phone = forms.CharField(label=_("Phone of the office"), required=False, max_length=40)


class VenueForm(OkatForm):
    """Opening hours by day and what each person can count on; both are kept as JSON on the venue."""

    th = forms.CharField(label=_("Name in Thai"), max_length=200)
    en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    area = forms.ModelChoiceField(Area.objects.none(), label=_("Area"))
    kind = forms.ChoiceField(label=_("Kind of place"), choices=[(k.value, label) for k, label in VENUE_KINDS.items()])
    open_to_all = forms.BooleanField(
        label=_("Anybody may come in and learn here while it is open"), required=False,
        help_text=_("It then stands among the learning spaces of the city."),
    )  # fmt: skip
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    lat = forms.FloatField(label=_("Latitude"), required=False, min_value=5, max_value=21)
    lon = forms.FloatField(label=_("Longitude"), required=False, min_value=97, max_value=106)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    capacity = ThaiIntegerField(label=_("Seats"), required=False, min_value=0, max_value=100_000)

    PLAIN = ("th", "en", "area", "kind", "open_to_all", "address", "lat", "lon", "phone", "capacity")

    def __init__(self, *args: Any, partner: Partner, venue: Venue | None = None, **kwargs: Any) -> None:
        if venue is not None:
            kwargs["initial"] = {name: getattr(venue, name) for name in self.PLAIN}
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = queries.areas_within(partner)  # type: ignore[attr-defined]
        opening = venue.opening if venue else {}
        known = venue.accessibility if venue else {}
        for day, label in DAYS.items():
            self.fields[f"open_{day}"] = forms.CharField(
                label=str(label), required=False, max_length=80, initial=say_hours(opening.get(day, [])),
                widget=forms.TextInput(attrs={"placeholder": "08:30-16:30"}),
            )  # fmt: skip
        self.formats = city_words().at(Stage.VENUE)
        for term in self.formats:
            self.fields[f"access_{term.code}"] = forms.ChoiceField(
                label=words(term), choices=ANSWER_CHOICES, required=False, initial=known.get(term.code, "")
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for day in DAYS:
            try:
                data[f"open_{day}"] = parse_hours(data.get(f"open_{day}", ""))
            except ValueError:
                self.add_error(f"open_{day}", _("Write hours like 08:30-12:00, 13:00-16:30; leave empty when closed."))
        return data

    def values(self) -> dict[str, Any]:
        """Fields of the model."""
        data = self.cleaned_data
        return {name: data[name] for name in self.PLAIN} | {
            "opening": {day: data[f"open_{day}"] for day in DAYS if data[f"open_{day}"]},
            "accessibility": {
                term.code: data[f"access_{term.code}"] for term in self.formats if data[f"access_{term.code}"]
            },
        }


class ContributionForm(OkatForm):
    direction = forms.ChoiceField(label=_("We"), choices=(("gives", _("offer")), ("seeks", _("look for"))))
    resource = forms.ModelChoiceField(Term.objects.none(), label=_("What"))
    title = forms.CharField(label=_("In a few words"), max_length=300)
    planned = forms.DecimalField(label=_("How much"), min_value=ZERO, max_digits=14, decimal_places=2)
    unit = forms.ChoiceField(label=_("Unit"), choices=UNITS)
    area = forms.ModelChoiceField(Area.objects.none(), label=_("Where"), required=False)
    starts_on = ThaiDateField(label=_("From"), required=False)
    ends_on = ThaiDateField(label=_("Until"), required=False)
    note = forms.CharField(label=_("Note"), max_length=400, required=False)

    NAMES = ("direction", "resource", "title", "planned", "unit", "area", "starts_on", "ends_on", "note")

    def __init__(self, *args: Any, partner: Partner, contribution: Contribution | None = None, **kwargs: Any) -> None:
        if contribution is not None:
            kwargs["initial"] = {name: getattr(contribution, name) for name in self.NAMES}
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = queries.areas_within(partner)  # type: ignore[attr-defined]
        words = Term.objects.filter(vocabulary=Vocabulary.RESOURCE, active=True)
        self.fields["resource"].queryset = words  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("This day is before the first one."))
        return data


class UseForm(OkatForm):
    amount = forms.DecimalField(label=_("Used since the last entry"), max_digits=14, decimal_places=2)

    def __init__(self, *args: Any, contribution: Contribution, **kwargs: Any) -> None:
        self.contribution = contribution
        super().__init__(*args, **kwargs)

    def clean_amount(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount"]
        if self.contribution.used + amount < ZERO:
            raise ValidationError(_("The sum of what was used cannot be below zero."))
        return amount


class PartnerForm(OkatForm):
    code = forms.SlugField(label=_("Short code"), max_length=40, help_text=_("Small Latin letters, such as “social”."))
    th = forms.CharField(label=_("Name in Thai"), max_length=200)
    en = forms.CharField(label=_("Name in English"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    area = forms.ModelChoiceField(Area.objects.none(), label=_("Area"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = queries.areas_of_network()  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].lower()
        if queries.partner_called(code) is not None:
            raise ValidationError(_("Another partner has this code."))
        return code


class NameForm(OkatForm):
    th = forms.CharField(label=_("Name in Thai"), max_length=200)
    en = forms.CharField(label=_("Name in English"), max_length=200)


class ManagerForm(OkatForm):
    name = forms.CharField(label=_("Name"), max_length=160)
    email = forms.EmailField(
        label=_("E-mail"), help_text=_("The invitation goes there. The role begins when its owner accepts.")
    )


class AwayForm(OkatForm):
    since = ThaiDateField(label=_("Away from"))
    until = ThaiDateField(label=_("Last day away"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and (until < since or until < clock.today()):
            self.add_error("until", _("The last day is before the first, or has passed."))
        return data


class LeaveForm(OkatForm):
    reason = forms.ChoiceField(label=_("Why it leaves"), choices=LEAVING)
    successor = forms.ModelChoiceField(
        Partner.objects.none(), label=_("Who takes over everything that is left"), required=False, to_field_name="code",
        empty_label=_("Nobody: every row above is settled"),
    )  # fmt: skip
    code = forms.CharField(label=_("Type the partner's name or short code to confirm"), max_length=300)

    def __init__(self, *args: Any, partner: Partner, **kwargs: Any) -> None:
        self.partner = partner
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("As it stands here: %(name)s, or %(code)s") % self._names()
        field = self.fields["successor"]
        field.queryset = queries.successors_of(partner)  # type: ignore[attr-defined]
        field.label_from_instance = words  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        typed = " ".join(self.cleaned_data["code"].split())
        if typed not in {self.partner.code, self.partner.th, self.partner.en}:
            raise ValidationError(_("This is another name. Type %(name)s, or %(code)s.") % self._names())
        return self.partner.code

    def _names(self) -> dict[str, str]:
        return {"name": f"“{words(self.partner)}”", "code": f"“{self.partner.code}”"}


class MemorandumForm(OkatForm):
    title = forms.CharField(label=_("Title"), max_length=300)
    partners = forms.ModelMultipleChoiceField(
        Partner.objects.none(), label=_("Partners"), widget=forms.CheckboxSelectMultiple
    )
    signed_on = ThaiDateField(label=_("Signed on"))
    until = ThaiDateField(label=_("Until"), required=False)
    summary = forms.CharField(label=_("What was agreed"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    source = forms.CharField(label=_("Where the paper is kept"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partners"].queryset = queries.network()  # type: ignore[attr-defined]
