"""What is asked for each step of a case. The choices come from the table (rules) and from the case itself."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from okat.city.cases import queries
from okat.city.cases.models import Case
from okat.city.cases.rules import Sector, Verb, outcomes_on, reasons_for
from okat.city.core import clock
from okat.city.core.forms import OkatForm, ThaiDateField
from okat.city.core.numbers import whole
from okat.city.core.templatetags.okat import words
from okat.city.partners.models import Partner
from okat.city.partners.queries import partner_of_today
from okat.city.people.models import Person
from okat.city.taxonomy.models import Term

NOTE = 2000


def _note(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=NOTE, help_text=help_text, widget=forms.Textarea(attrs={"rows": 3})
    )


class PartnerField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """A partner of the network; those without the person's consent say so."""

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(Partner.objects.none(), label=label, empty_label=_("Choose a partner"), **more)
        self._person: Person | None = None
        self._own = 0
        self._without: int | None = None
        self._given: frozenset[int] | None = None

    def offer(self, person: Person | None, own: int, first: int | None = None, without: int | None = None) -> None:
        """All partners of today with what the person allowed; `own` needs no consent, `first` is chosen already."""
        self.queryset = queries.partners_to_refer().exclude(pk=without or 0)
        self.initial = first
        self._person, self._own, self._without = person, own, without

    def to_python(self, value: Any) -> Partner | None:
        """In one planned statement: a sent form shows no names."""
        if value in self.empty_values:
            return None
        number = whole(str(value))
        found = None if number is None else partner_of_today(number)
        if found is None or found.pk == self._without:
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": value})
        return found

    def label_from_instance(self, obj: Partner) -> str:
        name = words(obj)
        if self._person is None or obj.pk in self._allowed(self._person):
            return name
        return gettext("%(partner)s (ask for the consent first)") % {"partner": name}

    def _allowed(self, person: Person) -> frozenset[int]:
        """Asked for once, when the first name is drawn."""
        if self._given is None:
            self._given = frozenset({self._own, *queries.given_to(person)})
        return self._given


class StepForm(OkatForm):
    """A step that asks nothing more. `version` is how the case stood when the page was drawn."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    follows = ""  # what the step ends, said above its button (views.ending)

    def __init__(self, *args: Any, case: Case, verb: Verb, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"{verb}_%s", initial={"version": case.version}, **kwargs)
        self.case, self.verb = case, verb
        self.fill()

    def fill(self) -> None:
        """Set the choices that follow from the case."""


class ReasonForm(StepForm):
    reason = forms.ChoiceField(label=_("Why"), widget=forms.RadioSelect)

    def fill(self) -> None:
        self.fields["reason"].choices = list(reasons_for(self.verb).items())  # type: ignore[attr-defined]


class ReturnForm(ReasonForm):
    note = _note(_("What they should know"), _("Only the partner that sent the case reads it."))


class ReferForm(StepForm):
    to = PartnerField(_("To which partner"))
    note = _note(_("What they should know"), _("Only the partner that receives the case reads it."))

    def fill(self) -> None:
        provider = self.case.opportunity.provider_id if self.case.opportunity else None
        self.fields["to"].offer(self.case.person, self.case.owner_id, provider)  # type: ignore[attr-defined]


class HandOverForm(StepForm):
    to = PartnerField(_("Which partner takes over"))

    def fill(self) -> None:
        field: Any = self.fields["to"]
        field.offer(self.case.person, self.case.owner_id, without=self.case.owner_id)


class OutcomeForm(StepForm):
    outcome = forms.ChoiceField(label=_("How is the person?"), widget=forms.RadioSelect)
    note = _note(_("In the person's words"), _("Only the responsible partner reads it."))

    def fill(self) -> None:
        due = queries.next_follow_up(self.case)
        allowed = outcomes_on(clock.today(), due.due_on if due else None)
        self.fields["outcome"].choices = list(allowed.items())  # type: ignore[attr-defined]


FORMS: Mapping[Verb, type[StepForm]] = {
    Verb.DECLINE: ReasonForm, Verb.LEAVE: ReasonForm, Verb.RETURN: ReturnForm, Verb.REFER: ReferForm,
    Verb.HAND_OVER: HandOverForm, Verb.FOLLOW_UP: OutcomeForm,
}  # fmt: skip


def form_for(verb: Verb, case: Case, data: Any = None) -> StepForm:
    return FORMS.get(verb, StepForm)(data, case=case, verb=verb)


class GoalForm(OkatForm):
    sector = forms.ChoiceField(label=_("Of what kind"), choices=Sector.choices)
    partner = PartnerField(_("Who helps"))
    text = forms.CharField(label=_("What is to be reached"), max_length=NOTE, widget=forms.Textarea(attrs={"rows": 2}))
    due_on = ThaiDateField(label=_("Until when"), required=False, help_text=_("Like 6 ธ.ค. 2569."))

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="goal_%s", **kwargs)
        self.fields["partner"].offer(case.person, case.owner_id, case.owner_id)  # type: ignore[attr-defined]


LATER, NOW = "later", "now"


class ProposeForm(OkatForm):
    """A new case of one person: about an opportunity, or about a need for which nothing is found yet."""

    HOW: tuple[tuple[str, Promise], ...] = (
        (NOW, _("The person says yes now: refer at once")),
        (LATER, _("Propose only: the person answers later")),
    )

    partner = forms.ModelChoiceField(Partner.objects.none(), label=_("For which partner you act"), empty_label=None)
    need = forms.ModelChoiceField(
        Term.objects.none(), label=_("About which need"), widget=forms.RadioSelect, empty_label=None
    )
    goal = forms.CharField(
        label=_("What the person wants to reach"), required=False, max_length=NOTE,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=_("In the person's own words, if you can."),
    )  # fmt: skip
    how = forms.ChoiceField(label=_("What happens now"), choices=HOW, widget=forms.RadioSelect, initial=NOW)
    to = PartnerField(_("To which partner"), required=False, help_text=_("When you refer at once."))
    note = _note(_("What they should know"), _("Only the partner that receives the case reads it."))

    def __init__(
        self, *args: Any, person: Person, partners: list[Partner], needs: Iterable[Term] | None, first: int | None,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        own: Any = self.fields["partner"]
        own.queryset = Partner.objects.filter(pk__in=[p.pk for p in partners])
        own.initial = partners[0].pk
        own.label_from_instance = words
        self._own = partners[0]
        if len(partners) == 1:
            own.widget, own.required = forms.HiddenInput(), False
        self._needs(needs)
        self.fields["to"].offer(person, partners[0].pk, first)  # type: ignore[attr-defined]

    def _needs(self, needs: Iterable[Term] | None) -> None:
        """Asked only where no opportunity is chosen."""
        if needs is None:
            del self.fields["need"]
            return
        field: Any = self.fields["need"]
        field.queryset = needs
        field.label_from_instance = words

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["partner"] = data.get("partner") or self._own
        if data.get("how") == NOW and not data.get("to") and "to" not in self.errors:
            self.add_error("to", _("Choose the partner that is to receive the case."))
        return data


class AgainForm(OkatForm):
    """Something else in the same case: the person answers anew."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
