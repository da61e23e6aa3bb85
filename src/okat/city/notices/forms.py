"""When letters may come."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.core.forms import OkatForm
from okat.city.notices.rules import MailWish

WISHES = (
    (MailWish.NOW.value, _("At once")),
    (MailWish.DAILY.value, _("Once a day, in the morning")),
    (MailWish.NEVER.value, _("Never; I look here myself")),
)


class PreferenceForm(OkatForm):
    mail = forms.ChoiceField(label=_("E-mail about new messages"), choices=WISHES)
    quiet_from = forms.TimeField(
        label=_("No mail from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=_("until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (data.get("quiet_from") is None) != (data.get("quiet_until") is None):
            self.add_error("quiet_until", _("Give both times, or neither."))
        return data
