"""Asking for recognition, and signing for it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.core.forms import OkatForm, ThaiIntegerField
from okat.city.core.templatetags.okat import words as name_of
from okat.city.learning.rules.recognising import MOST_CREDITS, Kind
from okat.city.partners.models import Partner
from okat.city.people.actions.care import LARGEST_FILE


class AskForm(OkatForm):
    kind = forms.ChoiceField(label=_("What should be recognised?"), choices=Kind.choices, widget=forms.RadioSelect)
    what = forms.CharField(label=_("What you learned"), max_length=300)
    where = forms.CharField(label=_("Where, and for how long"), max_length=300)
    partner = forms.ChoiceField(label=_("Which office should look at it?"))
    wanted = ThaiIntegerField(label=_("Credits that you ask for"), min_value=1, max_value=MOST_CREDITS)
    picture = forms.FileField(
        label=_("Picture of a certificate or of your work"),
        help_text=_(
            "It is kept sealed: you can open it, and those who sign at the office that you choose. If you withdraw the"
            " request, you alone."
        ),
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )  # fmt: skip
    second = forms.FileField(
        label=_("One more picture"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"})
    )

    plain = forms.BooleanField(
        label=_("No picture tells of health or a disability"),
        help_text=_("Cover what does before you take the picture. If it has to be seen, bring it to the office."),
        error_messages={"required": _("Look at the pictures again: cover what tells of health, and tick this.")},
    )

    def __init__(self, *args: Any, partners: Sequence[Partner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partners = {str(one.pk): one for one in partners}
        fields: Any = self.fields
        fields["partner"].choices = [(str(one.pk), name_of(one)) for one in partners]

    def values(self) -> dict[str, Any]:
        """What `actions.ask_recognition` takes."""
        data = self.cleaned_data
        files = [file for file in (data["picture"], data["second"]) if file]
        return {
            "kind": Kind(data["kind"]), "what": data["what"], "where": data["where"], "wanted": data["wanted"],
            "partner": self.partners[data["partner"]], "pictures": [file.read(LARGEST_FILE + 1) for file in files],
        }  # fmt: skip


class SignForm(OkatForm):
    credits = ThaiIntegerField(
        label=_("Credits that are recognised"), min_value=0, max_value=MOST_CREDITS, help_text=_("0: not recognised.")
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}), help_text=_("The learner reads it.")
    )
