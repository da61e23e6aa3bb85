"""Forms about work: the count of an employer, and what one asks a partner."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.core.forms import OkatForm, ThaiDateField, ThaiIntegerField
from okat.city.core.templatetags.okat import words
from okat.city.jobs.queries import employers
from okat.city.jobs.rules import LIKES, WHEN_LABELS
from okat.city.jobs.rules.quota import RATES, SECTION_33, Count
from okat.city.jobs.rules.ways import Inventory
from okat.city.partners.models import Partner
from okat.thai.dates import format_be

MOST = 1_000_000


class CountForm(OkatForm):
    """Counted on a day; `count()` of a valid form is what the rules take."""

    heads = ThaiIntegerField(label=_("All workers in this province"), min_value=0, max_value=MOST)
    employed = ThaiIntegerField(
        label=_("Persons with disabilities among them"), min_value=0, max_value=MOST,
        help_text=_("Only the number; no names are asked."),
    )  # fmt: skip
    helped = ThaiIntegerField(
        label=_("Persons helped in another way (section 35)"), required=False, min_value=0, max_value=MOST,
        help_text=_("By a concession, a place to sell, a subcontract, training or other help."),
    )  # fmt: skip
    on = ThaiDateField(label=_("Counted on"), help_text=_("The law counts on 1 October."))
    wage = forms.DecimalField(
        label=_("Least daily wage here, in baht"), required=False, min_value=Decimal(1), max_value=Decimal(10_000),
        max_digits=7, decimal_places=2, widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("Left empty, the last wage known here is taken; the result says which."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = format_be(SECTION_33.counting_day(clock.today()))

    def clean_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["on"]
        if day > clock.today():
            raise forms.ValidationError(_("This day has not come yet."))
        if day < RATES[0].since:
            raise forms.ValidationError(_("The rule began on 26 October 2011; choose a later day."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("heads") is not None and (data.get("employed") or 0) > data["heads"]:
            self.add_error("employed", _("This is more than all workers together."))
        return data

    def count(self) -> Count:
        data = self.cleaned_data
        return Count(data["on"], data["heads"], data["employed"], data["helped"] or 0, data["wage"])


class TryForm(CountForm):
    """The same for anybody: it stands in the address and writes nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["once"]


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


class TalkForm(OkatForm):
    """No account is asked; the name and the phone go to the chosen partner alone."""

    name = forms.CharField(label=_("What may we call you"), max_length=80)
    phone = forms.CharField(label=_("Your phone"), max_length=40)
    when = forms.ChoiceField(
        label=_("When can we call you"), choices=[(when.value, label) for when, label in WHEN_LABELS.items()]
    )
    to = forms.ModelChoiceField(Partner.objects.none(), label=_("Who would you like to talk to"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["to"].queryset = employers.who_may_refer()
        fields["to"].label_from_instance = words


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
