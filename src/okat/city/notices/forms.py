"""When letters may come."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.rules import Channel
from okat.city.core.forms import OkatForm
from okat.city.notices.rules import CHANNELS, GROUPS, ORDER, MailWish

WISHES = (
    (MailWish.NOW.value, _("At once")),
    (MailWish.DAILY.value, _("Once a day, in the morning")),
    (MailWish.NEVER.value, _("Never; I look here myself")),
)


class PreferenceForm(OkatForm):
    mail = forms.ChoiceField(label=_("Letters about new messages"), choices=WISHES)
    first = forms.ChoiceField(label=_("Which way first"), choices=(), required=False)
    off = forms.MultipleChoiceField(
        label=_("Ways that we shall not use"), choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )
    muted = forms.MultipleChoiceField(
        label=_("No letters about"), choices=(), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("What you must answer by a day, and what is called off, comes all the same."),
    )  # fmt: skip
    quiet_from = forms.TimeField(
        label=_("Nothing between"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=_("until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, *args: Any, ways: Iterable[Channel], **kwargs: Any) -> None:
        """`ways`: the channels on which the user is reached."""
        super().__init__(*args, **kwargs)
        there = [(way.value, CHANNELS[way]) for way in ORDER if way in set(ways)]
        self.fields["first"].choices = [("", _("As usual: LINE, then e-mail, then SMS")), *there]  # type: ignore[attr-defined]
        self.fields["off"].choices = there  # type: ignore[attr-defined]
        self.fields["muted"].choices = list(GROUPS)  # type: ignore[attr-defined]
        if not there:
            del self.fields["first"], self.fields["off"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (data.get("quiet_from") is None) != (data.get("quiet_until") is None):
            self.add_error("quiet_until", _("Give both times, or neither."))
        return data
