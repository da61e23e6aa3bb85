"""Forms of learning."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.catalogue.models import Session
from okat.city.core.forms import OkatForm, ThaiIntegerField
from okat.city.learning.rules import REASONS


class RuleForm(OkatForm):
    share = ThaiIntegerField(label=_("Least share of sessions attended (percent)"), min_value=1, max_value=100)
    months = ThaiIntegerField(
        label=_("Certificates are valid for (months)"), min_value=1, max_value=600, required=False,
        help_text=_("Empty: without end."),
    )  # fmt: skip


class MoveForm(OkatForm):
    """`sessions`: the others of the course, in words."""

    right = forms.ChoiceField(label=_("The right session"))

    def __init__(self, *args: Any, sessions: Sequence[tuple[Session, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose: Any = self.fields["right"]
        choose.choices = [(str(session.pk), words) for session, words in sessions]


class CallOffForm(OkatForm):
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("Every learner reads this."))


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
