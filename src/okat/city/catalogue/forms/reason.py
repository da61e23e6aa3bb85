"""Why an opportunity is closed or cancelled."""

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.catalogue.forms.fields import VersionedForm


class ReasonForm(VersionedForm):
    reason = forms.CharField(
        label=_("Why"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Those who applied, and everybody who opens its page, read this."),
    )  # fmt: skip
