"""What one asks a partner about work, and the questions of the youth centre."""

from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from okat.city.catalogue.models import Opportunity
from okat.city.core.forms import OkatForm, ThaiIntegerField
from okat.city.core.templatetags.okat import words
from okat.city.jobs.queries import employers
from okat.city.jobs.rules import LIKES
from okat.city.jobs.rules.ways import Inventory
from okat.city.partners.models import Partner

MOST = 1_000_000


class CandidatesForm(OkatForm):
    wanted = ThaiIntegerField(label=_("How many people are you looking for"), min_value=1, max_value=1000)
    opportunity = forms.ModelChoiceField(
        Opportunity.objects.none(), label=_("For which job"), required=False, empty_label=_("Not published yet"),
        help_text=_("A published job says what is to be done, the pay and the hours; people can then choose."),
    )  # fmt: skip
    to = forms.ModelChoiceField(Partner.objects.none(), label=_("Which partner shall propose it to people"))
    phone = forms.CharField(label=_("Phone for questions"), max_length=40, required=False)

    def __init__(self, *args: Any, employer: Partner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["opportunity"].queryset = employers.quota_jobs_of(employer)
        fields["to"].queryset = employers.who_may_refer().exclude(pk=employer.pk)
        fields["to"].label_from_instance = fields["opportunity"].label_from_instance = words


class AnswerForm(OkatForm):
    answer = forms.CharField(
        label=_("Your answer"), max_length=600, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Say what happens next and when. Name no person here: people are referred as cases."),
    )  # fmt: skip


class LikesForm(OkatForm):
    """The interest questions; each may stay open. The answers are used once and kept nowhere."""

    def __init__(self, *args: Any, inventory: Inventory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        english = translation.get_language() == "en"
        for question in inventory.questions:
            self.fields[question.code] = forms.ChoiceField(
                label=question.words.en if english else question.words.th, choices=list(LIKES.items()),
                required=False, widget=forms.RadioSelect,
            )  # fmt: skip
