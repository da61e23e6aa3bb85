"""The count of an employer, and what it gives under section 35."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.core import clock
from okat.city.core.forms import OkatForm, ThaiDateField, ThaiIntegerField
from okat.city.jobs.models import Concession
from okat.city.jobs.rules.concessions import WAY_LABELS, Given, Way
from okat.city.jobs.rules.quota import RATES, SECTION_33, Count
from okat.thai.dates import format_be

MOST = 1_000_000


class CountForm(OkatForm):
    """Counted on a day; `count()` of a valid form is what the rules take."""

    heads = ThaiIntegerField(label=_("All workers in this province"), min_value=0, max_value=MOST)
    employed = ThaiIntegerField(
        label=_("Persons with disabilities among them"), min_value=0, max_value=MOST,
        help_text=_("Only the number; no names are asked."),
    )  # fmt: skip
    helped = ThaiIntegerField(
        label=_("Persons helped in another way (section 35)"), required=False, min_value=0, max_value=MOST,
        help_text=_("By a concession, a place to sell, a subcontract, training or other help."),
    )  # fmt: skip
    on = ThaiDateField(label=_("Counted on"), help_text=_("The law counts on 1 October."))
    wage = forms.DecimalField(
        label=_("Least daily wage here, in baht"), required=False, min_value=Decimal(1), max_value=Decimal(10_000),
        max_digits=7, decimal_places=2, widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("Left empty, the last wage known here is taken; the result says which."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = format_be(SECTION_33.counting_day(clock.today()))

    def clean_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["on"]
        if day > clock.today():
            raise forms.ValidationError(_("This day has not come yet."))
        if day < RATES[0].since:
            raise forms.ValidationError(_("The rule began on 26 October 2011; choose a later day."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("heads") is not None and (data.get("employed") or 0) > data["heads"]:
            self.add_error("employed", _("This is more than all workers together."))
        return data

    def count(self) -> Count:
        data = self.cleaned_data
        return Count(data["on"], data["heads"], data["employed"], data["helped"] or 0, data["wage"])


class TryForm(CountForm):
    """The same for anybody: it stands in the address and writes nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["once"]


class GivenForm(OkatForm):
    """What is given under section 35; `given()` of a valid form is what the action takes."""

    way = forms.ChoiceField(label=_("In which way"), choices=[(way.value, label) for way, label in WAY_LABELS.items()])
    what = forms.CharField(
        label=_("What it is"), max_length=200, help_text=_("Such as: a stall at the Friday market, free of rent.")
    )
    places = ThaiIntegerField(label=_("For how many persons"), min_value=1, max_value=MOST)
    taken = ThaiIntegerField(label=_("How many have it now"), required=False, min_value=0, max_value=MOST)
    since = ThaiDateField(label=_("First day"))
    until = ThaiDateField(label=_("Last day"), required=False, help_text=_("Empty: without an end."))
    contact = forms.CharField(
        label=_("Whom to ask"), max_length=200, required=False, help_text=_("Everybody may read it.")
    )

    def __init__(self, *args: Any, kept: Concession | None = None, **kwargs: Any) -> None:
        names = ("way", "what", "places", "taken", "contact")
        first = {name: getattr(kept, name) for name in names} if kept else {}
        days = {name: format_be(day) for name in ("since", "until") if (day := getattr(kept, name, None))}
        super().__init__(*args, initial={"since": format_be(clock.today()), **first, **days}, **kwargs)

    def given(self) -> Given:
        data = self.cleaned_data
        return Given(
            way=Way(data["way"]), what=data["what"], places=data["places"], taken=data["taken"] or 0,
            since=data["since"], until=data["until"], contact=data["contact"],
        )  # fmt: skip
