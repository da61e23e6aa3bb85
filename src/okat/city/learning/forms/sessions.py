"""One session: attendance on the right day, or called off."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.catalogue.models import Session
from okat.city.core.forms import OkatForm


class MoveForm(OkatForm):
    """`sessions`: the others of the course, in words."""

    right = forms.ChoiceField(label=_("The right session"))

    def __init__(self, *args: Any, sessions: Sequence[tuple[Session, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose: Any = self.fields["right"]
        choose.choices = [(str(session.pk), words) for session, words in sessions]


class CallOffForm(OkatForm):
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("Every learner reads this."))
