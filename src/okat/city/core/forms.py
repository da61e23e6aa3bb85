"""What every form shares: errors beside the field and in a summary, Thai digits understood."""

import datetime as dt
from typing import Any, Literal

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from okat.city.core import clock
from okat.city.core.ids import new_id
from okat.thai import dates, digits
from okat.thai.errors import ThaiValueError
from okat.thai.partial import PartialDate


class OkatForm(forms.Form):
    """Keeps what was typed; `once` makes a second sending harmless; drawn by the partial core/form.html."""

    template_name = "core/form.html"
    use_required_attribute = False  # errors are said by us, in words, for all browsers alike

    once = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["once"].initial = new_id


class ThaiPartialDateField(forms.CharField):
    """A day, month or year as people write it (6 ธ.ค. 2569, ๖/๑๒/๖๙, 2484); cleaned to a PartialDate. A date that is
    known comes back as its reader would write it."""

    def prepare_value(self, value: Any) -> Any:
        return dates.format_be(value, lang=_lang()) if isinstance(value, dt.date | PartialDate) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return dates.parse_date(text)
        except ThaiValueError as error:
            raise forms.ValidationError(error.message(_lang())) from error


class ThaiBirthField(ThaiPartialDateField):
    """A birth date; two digits of a year are taken where they mean one century alone, else all four are asked for."""

    def clean(self, value: Any) -> Any:
        text = forms.CharField.clean(self, value)
        if not text:
            return None
        today = clock.today()
        try:
            if dates.birth_doubts(text, latest=today):
                raise ThaiValueError("birth_century", text)
            return dates.parse_date(text, latest=today)
        except ThaiValueError as error:
            raise forms.ValidationError(error.message(_lang())) from error


class ThaiDateField(ThaiPartialDateField):
    """A whole day; cleaned to a `date`."""

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        if found is not None and not found.complete:
            raise forms.ValidationError(_("Write the day, the month and the year, like 6 ธ.ค. 2569."))
        return None if found is None else found.first()


class ThaiIntegerField(forms.IntegerField):
    """A whole number in Thai or Arabic digits."""

    widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def to_python(self, value: Any) -> int | None:
        return super().to_python(digits.to_arabic(value) if isinstance(value, str) else value)


def _lang() -> Literal["th", "en"]:
    return "en" if translation.get_language() == "en" else "th"
