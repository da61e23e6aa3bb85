"""Visits, and the forms of an emergency."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.core.forms import OkatForm, ThaiDateField
from okat.city.people import rules


class VisitForm(OkatForm):
    kind = forms.ChoiceField(
        label=_("How you met"), choices=rules.MET, widget=forms.RadioSelect, initial=rules.VisitKind.HOME
    )
    note = forms.CharField(
        label=_("What was said and done"), widget=forms.Textarea({"rows": 4}), max_length=4000, required=False
    )
    next_on = ThaiDateField(label=_("Come again on"), required=False)


class EmergencyForm(OkatForm):
    """Break-glass: whom, why."""

    find = forms.CharField(
        label=_("Identity number or telephone"), max_length=60,
        help_text=_("The whole number: names are not searched."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    reason = forms.ChoiceField(label=_("Emergency"), choices=rules.Emergency.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("What happened, and why you must look"), min_length=10, max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Somebody will read this, and the person sees that you looked."),
    )  # fmt: skip


class ReviewForm(OkatForm):
    finding = forms.ChoiceField(label=_("Your finding"), choices=rules.Finding.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Note"), widget=forms.Textarea({"rows": 3}), max_length=2000, required=False)


class LinkForm(OkatForm):
    login = forms.CharField(
        label=_("E-mail, telephone or sign-in name of the person's account"), max_length=120,
        help_text=_(
            "Its owner is asked. Once they say yes they see this record, who has looked, and what they allow."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip


class OwnRecordForm(OkatForm):
    """Whoever says yes shows by the birth date that the record is their own."""

    birth = ThaiDateField(label=_("Your birth date"), required=False)

    def __init__(self, *args: Any, yes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if yes:
            self.fields["birth"].required = True
        else:
            del self.fields["birth"]
