"""By which law an office keeps a record: which office, until when, and for what."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.core import clock
from okat.city.core.forms import OkatForm, ThaiDateField
from okat.city.partners.models import Partner
from okat.city.people.forms.consent import PartnerField
from okat.city.people.rules import Law


class LawForm(OkatForm):
    law = forms.ChoiceField(
        label=_("By which law"), choices=Law.choices, widget=forms.RadioSelect,
        help_text=_("The second one opens health and disability too; choose it only where that law says so."),
    )  # fmt: skip
    partner = PartnerField(label=_("Which office"), queryset=Partner.objects.none(), to_field_name="code")
    until = ThaiDateField(label=_("Last day"), help_text=_("After it the office sees the record no longer."))
    why = forms.CharField(
        label=_("For which task"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The Act, order or duty in words. Whoever may end it reads it."),
    )  # fmt: skip

    def __init__(self, *args: Any, own: Partner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["partner"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset, field.initial = Partner.objects.filter(left_on=None), own.code

    def clean_until(self) -> Any:
        day = self.cleaned_data["until"]
        if day is not None and day < clock.today():
            raise forms.ValidationError(_("Choose today or a later day."))
        return day
