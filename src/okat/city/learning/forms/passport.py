"""The form by which a learner makes a link to the passport."""

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.core.forms import OkatForm
from okat.city.learning.rules.passport import DAYS


class ShareForm(OkatForm):
    days = forms.ChoiceField(
        label=_("Good for"), choices=[(str(days), words) for days, words in DAYS.items()], initial="7"
    )
