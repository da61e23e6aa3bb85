"""What an employer and a person agreed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.catalogue.forms.fields import BahtField
from okat.city.catalogue.rules import PER_LABELS, Per
from okat.city.core.forms import OkatForm, ThaiDateField
from okat.city.jobs.models import Hire
from okat.city.jobs.rules import HOURS_OF_A_WEEK
from okat.thai.dates import format_be

PAID = (Per.HOUR, Per.DAY, Per.MONTH)


class AgreeForm(OkatForm):
    pay = BahtField(label=_("Pay, in baht"))
    pay_per = forms.ChoiceField(label=_("It is paid"), choices=[(per.value, PER_LABELS[per]) for per in PAID])
    hours = BahtField(label=_("Hours in a week"))
    started_on = ThaiDateField(label=_("First day at work"))

    def __init__(self, *args: Any, hire: Hire, **kwargs: Any) -> None:
        per = hire.pay_per if hire.pay_per in {one.value for one in PAID} else Per.MONTH.value
        kwargs["initial"] = {
            "pay": hire.pay, "pay_per": per, "hours": hire.hours, "started_on": format_be(hire.started_on)
        }  # fmt: skip
        super().__init__(*args, **kwargs)

    def clean_hours(self) -> Any:
        hours = self.cleaned_data["hours"]
        if not 0 < hours <= HOURS_OF_A_WEEK:
            raise forms.ValidationError(_("A week has between 1 and 168 hours."))
        return hours
