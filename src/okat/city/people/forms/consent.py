"""Consent in plain words: what for, to whom, and how it was given."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.core import clock
from okat.city.partners.models import Partner
from okat.city.people import rules
from okat.city.people.actions import ConsentRow
from okat.city.people.forms.asking import AsksConsent
from okat.city.people.forms.fields import in_words
from okat.city.people.rules import How, Purpose, wording
from okat.thai.partial import PartialDate


class PartnerField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs alone
    """A partner by its name in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return in_words(obj)


class HowMixin(AsksConsent):
    """The consent step of a pin; each box is one purpose for one recipient."""

    care = forms.BooleanField(required=False)
    sensitive = forms.BooleanField(required=False)
    contact = forms.BooleanField(required=False)
    round = forms.BooleanField(required=False)
    refer = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    refer_sensitive = forms.BooleanField(required=False)
    how = forms.ChoiceField(
        label=_("How consent was given"), choices=[c for c in How.choices if c[0] != How.ONLINE],
        initial=How.SIGNATURE, widget=forms.RadioSelect,
    )  # fmt: skip
    witness = forms.CharField(label=_("Name of the witness or guardian"), max_length=120, required=False)

    def ask_of(self, own: Partner, others: list[Partner], rounds: list[Partner]) -> None:
        """Whose words the boxes say: the worker's own office, those of open rounds, and any other."""
        self.own, self.others, self.rounds = own, {one.code: one for one in others}, rounds
        field = self.fields["refer"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(one.code, in_words(one)) for one in others]
        if not rounds:
            del self.fields["round"]
        office, chosen = in_words(own), str(wording.CHOSEN)
        boxes = {
            "care": wording.sentence(Purpose.CARE, office), "sensitive": wording.explicit(office),
            "contact": wording.sentence(Purpose.CONTACT, office),
            "round": wording.sentence(Purpose.ROUND, self._hosts()),
            "refer": wording.sentence(Purpose.REFER, chosen), "refer_sensitive": wording.explicit(chosen),
        }  # fmt: skip
        self.ask(wording.lead(wording.RECORD, office), {k: v for k, v in boxes.items() if k in self.fields}, aloud=True)

    def _hosts(self) -> str:
        return ", ".join(in_words(one) for one in self.rounds)

    def consents(self, data: Mapping[str, Any]) -> tuple[ConsentRow, ...]:
        """One row for each box that was ticked, with the words beside it."""
        how, witness, office = How(data["how"]), data["witness"], in_words(self.own)
        deep, deeper = bool(data["sensitive"]), bool(data["refer_sensitive"])
        given: list[ConsentRow] = []

        def agreed(purpose: Purpose, to: Partner, said_of: str, *, sensitive: bool = False, chosen: str = "") -> None:
            words = self.read(purpose, said_of, sensitive=sensitive, chosen=chosen)
            given.append(ConsentRow(purpose, to, how, sensitive=sensitive, witness=witness, words=words))

        if data["care"]:
            agreed(Purpose.CARE, self.own, office, sensitive=deep)
        if data["contact"]:
            agreed(Purpose.CONTACT, self.own, office)
        for one in self.rounds if data.get("round") else ():
            agreed(Purpose.ROUND, one, self._hosts())
        for one in (self.others[code] for code in data["refer"]):
            agreed(Purpose.REFER, one, str(wording.CHOSEN), sensitive=deeper, chosen=in_words(one))
        return tuple(given)

    def check_how(self, data: dict[str, Any], birth: PartialDate | None) -> None:
        """A guardian for the young, a name for a witness."""
        how = data.get("how")
        try:
            young = rules.needs_guardian(birth, clock.today())
        except ValueError:
            young = False  # the birth date's own error says it
        if young and how != How.GUARDIAN:
            self.add_error("how", _("Under 20 a parent or guardian agrees too: choose “parent or guardian”."))
        if how in (How.WITNESS, How.GUARDIAN) and not data.get("witness"):
            self.add_error("witness", _("Write the name of the witness or guardian."))


class OwnConsentForm(AsksConsent):
    """A consent that the person gives, signed in."""

    purpose = forms.ChoiceField(label=_("For what"), widget=forms.RadioSelect)
    recipient = PartnerField(label=_("To whom"), queryset=Partner.objects.none(), to_field_name="code")
    sensitive = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["recipient"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Partner.objects.filter(left_on=None)
        chosen = str(wording.CHOSEN)
        sentences = {purpose.value: wording.sentence(purpose, chosen) for purpose in rules.ASKED}
        choice = self.fields["purpose"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = list(sentences.items())
        boxes, choices = {"sensitive": wording.explicit(chosen)}, {"purpose": tuple(sentences.values())}
        self.ask(str(wording.FREELY), boxes, aloud="how" in self.fields, choices=choices)

    def row(self) -> ConsentRow:
        data = self.cleaned_data
        purpose, to, deep = Purpose(data["purpose"]), data["recipient"], bool(data["sensitive"])
        words = self.read(purpose, str(wording.CHOSEN), sensitive=deep, chosen=in_words(to))
        return ConsentRow(purpose, to, How.ONLINE, sensitive=deep, words=words)


class ConsentForm(OwnConsentForm):
    """One more consent of somebody who is pinned, as a worker records it."""

    how = forms.ChoiceField(
        label=_("How consent was given"), choices=[c for c in How.choices if c[0] != How.ONLINE],
        widget=forms.RadioSelect,
    )  # fmt: skip
    witness = forms.CharField(label=_("Name of the witness or guardian"), max_length=120, required=False)

    def row(self) -> ConsentRow:
        data = self.cleaned_data
        return replace(super().row(), how=How(data["how"]), witness=data["witness"])
