"""Certificates: taken back, and checked by anybody."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.core.forms import OkatForm
from okat.city.learning.rules.proofs import REASONS


class RevokeForm(OkatForm):
    reason = forms.ChoiceField(label=_("Reason"), choices=[(code, words) for code, words in REASONS.items()])


class VerifyForm(OkatForm):
    """A file, or the number that stands under the picture."""

    file = forms.FileField(label=_("File of the certificate"), required=False)
    number = forms.CharField(label=_("Or its number"), max_length=60, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("file") and not data.get("number"):
            self.add_error("file", _("Choose the file, or write the number."))
        return data
