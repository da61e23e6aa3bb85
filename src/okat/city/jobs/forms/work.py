"""What a job or course has to do with work, and skills taken over from ESCO."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.catalogue.forms.fields import BahtField
from okat.city.core.forms import OkatForm
from okat.city.core.templatetags.okat import words
from okat.city.jobs.rules import HOURS_OF_A_WEEK, LODGING_LABELS, STRENGTH_LABELS, JobsError, Lodging
from okat.city.jobs.rules.rows import WorkRow
from okat.city.taxonomy.models import Vocabulary
from okat.city.taxonomy.queries import words as city_words

_TICKS = forms.CheckboxSelectMultiple


class WorkForm(OkatForm):
    """`row()` of a valid form is what the action takes."""

    occupation = forms.ChoiceField(
        label=_("Occupation"), required=False, help_text=_("A job is done in it, a course leads to it.")
    )
    needed = forms.MultipleChoiceField(
        label=_("Skills that are needed"), required=False, widget=_TICKS,
        help_text=_("For a job: what one must be able to do already."),
    )  # fmt: skip
    taught = forms.MultipleChoiceField(
        label=_("Skills that are taught"), required=False, widget=_TICKS,
        help_text=_("For a course or training place: what one can do afterwards."),
    )  # fmt: skip
    hours = BahtField(label=_("Hours in a week"), required=False, help_text=_("For a job, like 40 or 12."))
    lodging = forms.ChoiceField(label=_("Lodging"), required=False)
    lodging_contact = forms.CharField(
        label=_("Whom to ask about lodging"), max_length=200, required=False,
        help_text=_("A name or office and a telephone, as everybody may read it."),
    )  # fmt: skip
    strength = forms.ChoiceField(label=_("How strong one must be"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose: dict[str, Any] = self.fields
        unsaid = ("", _("not said"))
        choose["occupation"].choices = [unsaid, *choices(Vocabulary.OCCUPATION)]
        choose["needed"].choices = choose["taught"].choices = choices(Vocabulary.SKILL)
        choose["lodging"].choices = [unsaid, *((v.value, label) for v, label in LODGING_LABELS.items())]
        choose["strength"].choices = [unsaid, *((v.value, label) for v, label in STRENGTH_LABELS.items())]

    def clean_hours(self) -> Decimal | None:
        hours: Decimal | None = self.cleaned_data["hours"]
        if hours is not None and not 0 < hours <= HOURS_OF_A_WEEK:
            raise forms.ValidationError(_("A week has between 1 and 168 hours."))
        return hours

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("lodging_contact") and data.get("lodging") in ("", Lodging.NONE.value):
            self.add_error("lodging", _("You say whom to ask about lodging; say which lodging there is."))
        return data

    def row(self) -> WorkRow:
        data = self.cleaned_data
        names = ("occupation", "hours", "lodging", "lodging_contact", "strength")
        return WorkRow(
            **{name: data[name] for name in names}, needed=tuple(data["needed"]), taught=tuple(data["taught"])
        )

    def refuse(self, error: JobsError) -> None:
        """Show what an action refused beside its field; nothing typed is lost."""
        self.add_error(error.code if error.code in self.fields else None, str(error))


def choices(vocabulary: str) -> list[tuple[str, str]]:
    """The words in use, in the reader's language."""
    return [(term.code, words(term)) for term in city_words().leaves(vocabulary)]


def first(row: WorkRow) -> dict[str, Any]:
    """What stands, for the form."""
    names = ("occupation", "needed", "taught", "hours", "lodging", "lodging_contact", "strength")
    return {name: getattr(row, name) for name in names}


class AdoptForm(OkatForm):
    """One skill of ESCO for the city's words."""

    uri = forms.CharField(max_length=300, widget=forms.HiddenInput)
    en = forms.CharField(
        label=_("Its name in English"), max_length=160, help_text=_("The first words of the entry, as ESCO writes it.")
    )
    th = forms.CharField(
        label=_("What it is called in Thai"), max_length=160, required=False,
        help_text=_("Left empty, it stands among the words that lack Thai."),
    )  # fmt: skip

    def refuse(self, error: JobsError) -> None:
        self.add_error(error.code if error.code in self.fields else None, str(error))
