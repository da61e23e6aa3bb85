"""Asking for a review, and answering it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.core.forms import OkatForm
from okat.city.rounds.rules import NEXT_STEP_LABELS, NextStep

LONGEST = 4000


class ReasonForm(OkatForm):
    reason = forms.CharField(
        label=_("Say what you think is wrong. Somebody who did not run the round will answer."), max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip


class AnswerForm(OkatForm):
    """The published outcome is never edited: where the person is right, something follows."""

    verdict = forms.ChoiceField(
        label=_("What did you find?"), widget=forms.RadioSelect,
        choices=[("refused", _("The result stands")), ("upheld", _("The person is right"))],
    )  # fmt: skip
    next_step = forms.ChoiceField(
        label=_("What follows, where the person is right"), required=False,
        choices=[("", "–"), *((step.value, text) for step, text in NEXT_STEP_LABELS.items())],
    )  # fmt: skip
    answer = forms.CharField(
        label=_("Answer with the reason, in words the person understands"), max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("verdict") == "upheld" and not data.get("next_step"):
            self.add_error("next_step", _("Choose what follows."))
        return data

    @property
    def upheld(self) -> bool:
        return bool(self.cleaned_data["verdict"] == "upheld")

    @property
    def step(self) -> NextStep | None:
        return NextStep(self.cleaned_data["next_step"]) if self.upheld else None
