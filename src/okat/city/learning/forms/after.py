"""A material, and the three questions after a course."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.catalogue.models import Session
from okat.city.core.forms import OkatForm
from okat.city.learning.rules.after import POINTS, QUESTIONS, Made


class MaterialForm(OkatForm):
    """`sessions`: those of the course, in words."""

    title = forms.CharField(label=_("What is it?"), max_length=120)
    url = forms.URLField(label=_("Link"), max_length=400, required=False, assume_scheme="https")
    text = forms.CharField(
        label=_("Or the text itself"), max_length=8000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    made = forms.ChoiceField(
        label=_("In which form is it?"), choices=Made.choices,
        help_text=_("Learners who cannot see or hear look at this first."),
    )  # fmt: skip
    session = forms.ChoiceField(label=_("For which session?"), required=False)

    def __init__(self, *args: Any, sessions: Sequence[tuple[Session, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sessions = {str(session.pk): session for session, _words in sessions}
        choose: Any = self.fields["session"]
        choose.choices = [("", _("The whole course")), *((str(session.pk), words) for session, words in sessions)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("url") and not data.get("text"):
            self.add_error("url", _("Give a link or write a text."))
        return data


class FeedbackForm(OkatForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in QUESTIONS.items():
            self.fields[name] = forms.TypedChoiceField(
                label=str(words), choices=[(str(value), said) for value, said in POINTS], coerce=int,
                widget=forms.RadioSelect, error_messages={"required": _("Choose one answer.")},
            )  # fmt: skip

    def points(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in QUESTIONS}
