"""Planning a round: its dates, its rules, its places, and the draw."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import FAMILY_LABELS
from okat.city.core.forms import OkatForm, ThaiDateField, ThaiIntegerField
from okat.city.partners.models import Partner
from okat.city.rounds.models import Round
from okat.city.rounds.rules import MOST_CHOICES, RoundError
from okat.city.rounds.rules.policy import MOST_DIGITS, MOST_GRACE, MOST_POINTS, Policy
from okat.thai import digits

DAY = _("Like 6 ธ.ค. 2569.")


class RoundForm(OkatForm):
    """Title, kind of need and dates. A round opens when its first day begins and closes as its last day ends."""

    partner = forms.ModelChoiceField(Partner.objects.none(), label=_("Run by"), empty_label=None)
    family = forms.ChoiceField(
        label=_("The round is about"), choices=[(f.value, text) for f, text in FAMILY_LABELS.items()]
    )
    title_th = forms.CharField(label=_("Name of the round in Thai"), max_length=160)
    title_en = forms.CharField(label=_("Name of the round in English"), max_length=160, required=False)
    opens = ThaiDateField(label=_("First day for applications"), required=False, help_text=DAY)
    closes = ThaiDateField(label=_("Last day for applications"), required=False, help_text=DAY)
    draw_th = forms.CharField(
        label=_("Public draw"), max_length=200, required=False,
        help_text=_("A number nobody can choose, announced after the round closes, such as a lottery's first prize."),
    )  # fmt: skip
    draw_on = ThaiDateField(label=_("Day of the draw"), required=False, help_text=DAY)
    auditors = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Auditors"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("They may take the audit bundle, which holds everything but names."),
    )  # fmt: skip

    def __init__(self, *args: Any, partners: Any, auditors: Any, round_: Round | None = None, **kwargs: Any) -> None:
        if round_ is not None:
            kwargs["initial"] = _initial(round_)
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = partners  # type: ignore[attr-defined]
        self.fields["auditors"].queryset = auditors  # type: ignore[attr-defined]
        if round_ is not None:
            del self.fields["partner"], self.fields["family"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        opens, closes, draw = data.get("opens"), data.get("closes"), data.get("draw_on")
        if opens and closes and closes < opens:
            self.add_error("closes", _("The round closes before it opens."))
        if closes and draw and draw <= closes:
            self.add_error("draw_on", _("The public draw must come after applications close."))
        return data

    def values(self) -> dict[str, Any]:
        """As the actions take them."""
        data = self.cleaned_data
        return {
            "title_th": data["title_th"], "title_en": data["title_en"], "opens_at": _moment(data["opens"], dt.time.min),
            "closes_at": _moment(data["closes"], dt.time(23, 59)), "draw_th": data["draw_th"],
            "draw_on": data["draw_on"], "auditors": list(data["auditors"]),
        }  # fmt: skip


def _initial(round_: Round) -> dict[str, Any]:
    return {
        "title_th": round_.title_th, "title_en": round_.title_en, "draw_th": round_.draw_th,
        "opens": round_.opens_at and timezone.localdate(round_.opens_at),
        "closes": round_.closes_at and timezone.localdate(round_.closes_at), "draw_on": round_.draw_on,
        "auditors": list(round_.auditors.values_list("pk", flat=True)),
    }  # fmt: skip


def _moment(day: dt.date | None, time: dt.time) -> dt.datetime | None:
    return None if day is None else timezone.make_aware(dt.datetime.combine(day, time))


def _points(label: Any, help_text: Any = "", most: int = MOST_POINTS, least: int = 0) -> ThaiIntegerField:
    return ThaiIntegerField(label=label, help_text=help_text, min_value=least, max_value=most)


class PolicyForm(OkatForm):
    """What counts. 0 switches a part off."""

    score = _points(_("Vulnerability score, times"), _("0 leaves it out."), 100)
    need = _points(_("Points when it answers a need on record"))
    waiting = _points(_("Points for each 30 days of waiting"))
    waiting_most = _points(_("Points for waiting, at most"))
    near = _points(_("Points when it is close by"))
    near_km = _points(_("Close by means within (kilometres)"), "", 1000)
    own = forms.BooleanField(label=_("Add the points that each provider has published"), required=False)
    reserves = forms.BooleanField(label=_("Keep the seats that providers reserve for groups"), required=False)
    most_choices = _points(_("Choices each person may list, at most"), "", MOST_CHOICES, 1)
    answer_days = _points(_("Days to answer an offer"), "", 90, 1)
    grace_hours = _points(_("Hours in which a place that was given back can be taken back"), "", MOST_GRACE)
    draw_digits = _points(_("Digits of the public draw"), _("The first prize has six. 0: any number."), MOST_DIGITS)
    decline = forms.ChoiceField(
        label=_("Who declines a place"), widget=forms.RadioSelect,
        choices=[
            ("keep-dearer", _("keeps waiting for the places they ranked above it")),
            ("leave-round", _("leaves the round")),
        ],
    )  # fmt: skip

    def policy(self, version: int) -> Policy:
        """Raises RoundError for what no policy may say."""
        data = {name: self.cleaned_data[name] for name in self.fields if name != "once"}
        return Policy.from_dict({**data, "version": version})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            try:
                self.policy(1)
            except RoundError as error:
                self.add_error(None, str(error))
        return data


class PlacesForm(OkatForm):
    """Opportunities to put in."""

    add = forms.ModelMultipleChoiceField(Opportunity.objects.none())

    def __init__(self, *args: Any, candidates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["add"].queryset = candidates  # type: ignore[attr-defined]


class DrawForm(OkatForm):
    """The digits as announced; Thai ones are understood."""

    result = forms.CharField(
        label=_("The number that was drawn"), max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("As announced, with every zero. Somebody else confirms it by writing the same."),
    )  # fmt: skip

    def clean_result(self) -> str:
        return digits.to_arabic(str(self.cleaned_data["result"])).strip()
