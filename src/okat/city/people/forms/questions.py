"""A form made from a questionnaire's data."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.core.forms import OkatForm, ThaiIntegerField
from okat.city.core.numbers import whole
from okat.city.people.forms.fields import lang
from okat.city.people.rules.questionnaire import asks_sensitive

_YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class QuestionsForm(OkatForm):
    """Every question may be left open: what is not known is not guessed.

    Without `sensitive` (no explicit consent) the sensitive questions are left out; what was said before is kept. The
    form carries the `version` of its questions: answers are answers to these, whatever is in use when they are sent.
    """

    asked_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        data_of: Mapping[str, Any],
        said: Mapping[str, Any],
        sensitive: bool,
        version: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["asked_version"].initial = version
        questions = list(data_of["questions"])
        self.has_sensitive = asks_sensitive(data_of)
        self.questions = [q for q in questions if sensitive or not q.get("sensitive")]
        asked = {question["code"] for question in self.questions}
        self.kept = {code: value for code, value in said.items() if code not in asked}
        for question in self.questions:
            self.fields[question["code"]] = _field(question)
            if question["code"] in said:
                self.fields[question["code"]].initial = _shown(said[question["code"]])

    def answers(self) -> dict[str, Any]:
        """What the questionnaire's `clean` takes."""
        found = dict(self.kept)
        for question in self.questions:
            value = self.cleaned_data.get(question["code"])
            if question["type"] == "bool":
                value = {"yes": True, "no": False}.get(value or "")
            if value not in (None, "", []):
                found[question["code"]] = value
        return found


def version_sent(sent: Mapping[str, Any]) -> int | None:
    """The version of the questions that a form was drawn with; None for a form that says none."""
    return whole(sent.get("asked_version"), most=99_999_999)


def _shown(value: Any) -> Any:
    return ("yes" if value else "no") if isinstance(value, bool) else value


def _field(question: Mapping[str, Any]) -> forms.Field:
    label = question[lang()]
    options = [(option["code"], option[lang()]) for option in question.get("options", ())]
    match question["type"]:
        case "choice":
            return forms.ChoiceField(label=label, choices=options, widget=forms.RadioSelect, required=False)
        case "choices":
            return forms.MultipleChoiceField(
                label=label, choices=options, widget=forms.CheckboxSelectMultiple, required=False
            )
        case "bool":
            return forms.ChoiceField(label=label, choices=_YES_NO, widget=forms.RadioSelect, required=False)
        case "number":
            low, high = question.get("min", 0), question.get("max", 10**9)
            return ThaiIntegerField(label=label, min_value=low, max_value=high, required=False)
        case _:
            return forms.CharField(label=label, max_length=2000, widget=forms.Textarea({"rows": 3}), required=False)
