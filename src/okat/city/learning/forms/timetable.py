"""Planning sessions: by rule, and one that makes up for another."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.core.forms import OkatForm, ThaiDateField, ThaiIntegerField
from okat.city.learning.rules.timetable import MOST, Plan
from okat.thai import digits

WEEKDAYS = (
    ("0", _("Monday")), ("1", _("Tuesday")), ("2", _("Wednesday")), ("3", _("Thursday")), ("4", _("Friday")),
    ("5", _("Saturday")), ("6", _("Sunday")),
)  # fmt: skip
_HOUR = re.compile(r"(\d{1,2})[:.](\d{2})(?:\s*น\.?)?")


class HourField(forms.CharField):
    """An hour as people write it: 9:00, 09.30 น., ๑๓:๐๐. Cleaned to a time."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        found = _HOUR.fullmatch(digits.to_arabic(text.strip())) if text else None
        try:
            return dt.time(int(found[1]), int(found[2])) if found else self._refuse(text)
        except ValueError:
            return self._refuse(text)

    def _refuse(self, text: str) -> None:
        if text:
            raise forms.ValidationError(_("Write the hour like 09:00."))


class HoursForm(OkatForm):
    start = HourField(label=_("From (hour)"), max_length=12, help_text=_("Like 09:00."))
    end = HourField(label=_("Until (hour)"), max_length=12)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("start") and data.get("end") and data["end"] <= data["start"]:
            self.add_error("end", _("It ends before it starts."))
        return data


class TimetableForm(HoursForm):
    weekdays = forms.MultipleChoiceField(
        label=_("On which days?"), choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple
    )
    first = ThaiDateField(label=_("First day"), help_text=_("Like 6 ธ.ค. 2569."))
    count = ThaiIntegerField(label=_("How many times?"), min_value=1, max_value=MOST, required=False)
    last = ThaiDateField(label=_("Or until which day?"), required=False)
    holidays = forms.ChoiceField(
        label=_("On holidays"), initial="skip", widget=forms.RadioSelect,
        choices=[("skip", _("No session; another day is added at the end")), ("ask", _("Show them, and I choose"))],
    )  # fmt: skip
    field_order = ("weekdays", "first", "count", "last", "start", "end", "holidays")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("count") and not data.get("last") and not self.errors.keys() & {"count", "last"}:
            self.add_error("count", _("Say how many times, or until which day."))
        if data.get("first") and data.get("last") and data["last"] < data["first"]:
            self.add_error("last", _("The last day lies before the first."))
        return data

    def plan(self) -> Plan:
        data = self.cleaned_data
        return Plan(
            frozenset(int(day) for day in data["weekdays"]), data["first"], data["last"], data["count"], data["start"],
            data["end"], data["holidays"] == "skip",
        )  # fmt: skip


class MakeUpForm(HoursForm):
    day = ThaiDateField(label=_("Day of the make-up session"), help_text=_("Like 6 ธ.ค. 2569."))
    field_order = ("day", "start", "end")
