"""When a course is completed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.catalogue.models import Session
from okat.city.core.forms import OkatForm, ThaiIntegerField


class RuleForm(OkatForm):
    """`sessions`: those of the course, in words; `instruments`: (code, title)."""

    share = ThaiIntegerField(label=_("Least share of sessions attended (percent)"), min_value=1, max_value=100)
    hours = ThaiIntegerField(
        label=_("Least hours in sessions"), min_value=0, max_value=5000, required=False,
        help_text=_("Empty: not asked."),
    )  # fmt: skip
    required = forms.MultipleChoiceField(
        label=_("Sessions that nobody may miss"), required=False, widget=forms.CheckboxSelectMultiple
    )
    assessment = forms.ChoiceField(label=_("Assessment that must be taken at the end"), required=False)
    months = ThaiIntegerField(
        label=_("Certificates are valid for (months)"), min_value=1, max_value=600, required=False,
        help_text=_("Empty: without end."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, sessions: Sequence[tuple[Session, str]], instruments: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sessions = {str(session.pk): session for session, _words in sessions}
        fields: Any = self.fields
        fields["required"].choices = [(str(session.pk), words) for session, words in sessions]
        fields["assessment"].choices = [("", _("No assessment is asked")), *instruments]
        if not sessions:
            del self.fields["required"]

    def rule(self) -> dict[str, Any]:
        """What `actions.set_rule` takes."""
        data = self.cleaned_data
        return {
            "share": data["share"], "months": data["months"], "hours": data["hours"] or 0,
            "required": [self.sessions[pk] for pk in data.get("required", ())], "assessment": data["assessment"],
        }  # fmt: skip
