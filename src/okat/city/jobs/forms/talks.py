"""Booking a talk, and opening times for it."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from okat.city.core import clock
from okat.city.core.forms import OkatForm, ThaiDateField, ThaiIntegerField
from okat.city.core.templatetags.okat import be, words
from okat.city.jobs.models import Slot
from okat.city.jobs.queries import employers, talks
from okat.city.jobs.rules import WHEN_LABELS, JobsError
from okat.city.jobs.rules.talks import HOW_LABELS, How, check_day, overlap, times_of
from okat.city.partners.models import Partner
from okat.thai.digits import to_arabic

CALL = "call"  # no fixed time: they call


class TalkForm(OkatForm):
    """No account is asked: a name or nickname and a way to call back, which go to the chosen partner alone."""

    name = forms.CharField(label=_("What may we call you"), max_length=80, help_text=_("A nickname will do."))
    phone = forms.CharField(
        label=_("How we can reach you"), max_length=40,
        help_text=_("A telephone, or LINE; it may be somebody's whom you trust."),
    )  # fmt: skip
    slot = forms.ChoiceField(label=_("Which time"), widget=forms.RadioSelect)
    to = forms.ModelChoiceField(
        Partner.objects.none(), label=_("Without a fixed time: who shall call you"), required=False
    )
    when = forms.ChoiceField(
        label=_("When can we call you"), required=False,
        choices=[("", "–"), *((when.value, label) for when, label in WHEN_LABELS.items())],
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.free: dict[str, Slot] = {str(slot.pk): slot for slot in talks.offered()}
        fields: dict[str, Any] = self.fields
        fields["to"].queryset = employers.who_may_refer()
        fields["to"].label_from_instance = words
        call = (CALL, _("No fixed time: call me"))
        fields["slot"].choices = [*((pk, _said(slot)) for pk, slot in self.free.items()), call]
        fields["slot"].error_messages["invalid_choice"] = _("This time has just been taken. Choose another.")
        if not self.free:
            fields["slot"].initial = CALL

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("slot") == CALL:
            for name, said in (("to", _("Say who shall call you.")), ("when", _("Say when we can call you."))):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, said)
        return data

    def chosen(self) -> tuple[Partner, Slot | None, str]:
        """Whom it is asked of, the time (None: they call), and when one can be called."""
        slot = self.free.get(self.cleaned_data["slot"])
        if slot is not None:
            return slot.partner, slot, ""
        return self.cleaned_data["to"], None, self.cleaned_data["when"]


def _said(slot: Slot) -> str:
    start = timezone.localtime(slot.start)
    return f"{be(start)} {start:%H:%M} · {words(slot.partner)} · {HOW_LABELS[How(slot.how)]}"


class SlotsForm(OkatForm):
    """The times of one day."""

    day = ThaiDateField(label=_("Day"))
    times = forms.CharField(label=_("Times of day"), max_length=400, help_text=_("Like 9:00, 9:30, 13:00."))
    minutes = ThaiIntegerField(label=_("Minutes for each talk"), min_value=5, max_value=240, initial=30)
    how = forms.ChoiceField(label=_("How"), choices=[(how.value, label) for how, label in HOW_LABELS.items()])

    def clean_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["day"]
        self._check("day", lambda: check_day(day, clock.today()))
        return day

    def clean_times(self) -> list[dt.time]:
        found: list[dt.time] = []
        self._check("times", lambda: found.extend(times_of(to_arabic(self.cleaned_data["times"]))))
        return found

    def _check(self, _name: str, run: Any) -> None:
        try:
            run()
        except JobsError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            starts, minutes = self.starts(), data["minutes"]
            if any(overlap(start, minutes, [(o, minutes) for o in starts if o != start]) for start in starts):
                self.add_error("times", _("These talks would overlap; leave more time between them."))
        return data

    def starts(self) -> list[dt.datetime]:
        zone = timezone.get_current_timezone()
        return [dt.datetime.combine(self.cleaned_data["day"], at, zone) for at in self.cleaned_data["times"]]
