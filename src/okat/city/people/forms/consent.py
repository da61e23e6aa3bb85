"""Consent in plain words: what for, to whom, and how it was given."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.core import clock
from okat.city.core.forms import OkatForm
from okat.city.partners.models import Partner
from okat.city.people import rules
from okat.city.people.actions import ConsentRow
from okat.city.people.forms.fields import in_words
from okat.city.people.rules import How, Purpose
from okat.thai.partial import PartialDate


class PartnerField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs alone
    """A partner by its name in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return in_words(obj)


class HowMixin(OkatForm):
    """The consent step of a pin; each box is one purpose for one recipient."""

    care = forms.BooleanField(label=_("This office may keep my record and follow up"), required=False)
    sensitive = forms.BooleanField(
        label=_("Explicitly: it may also keep what I say about health and disability (sensitive data)"), required=False
    )
    contact = forms.BooleanField(label=_("This office may call or write to me"), required=False)
    round = forms.BooleanField(label=_("I want to take part when places are allocated"), required=False)
    refer = forms.MultipleChoiceField(
        label=_("My case may be passed on to"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("Each sees my record only while it works on my case."),
    )  # fmt: skip
    refer_sensitive = forms.BooleanField(
        label=_("Explicitly: they may also see what I say about health and disability"), required=False
    )
    how = forms.ChoiceField(
        label=_("How consent was given"), choices=[c for c in How.choices if c[0] != How.ONLINE],
        initial=How.SIGNATURE, widget=forms.RadioSelect,
    )  # fmt: skip
    witness = forms.CharField(label=_("Name of the witness or guardian"), max_length=120, required=False)

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


def consents_of(
    data: Mapping[str, Any], own: Partner, others: Mapping[str, Partner], rounds: list[Partner]
) -> tuple[ConsentRow, ...]:
    """One row for each box that was ticked."""
    given = [(Purpose.CARE, own, data["sensitive"])] if data["care"] else []
    given += [(Purpose.CONTACT, own, False)] if data["contact"] else []
    given += [(Purpose.ROUND, one, False) for one in rounds] if data.get("round") else []
    given += [(Purpose.REFER, others[code], data["refer_sensitive"]) for code in data["refer"]]
    how, witness = How(data["how"]), data["witness"]
    return tuple(ConsentRow(purpose, to, how, sensitive=bool(deep), witness=witness) for purpose, to, deep in given)


class OwnConsentForm(OkatForm):
    """A consent that the person gives, signed in."""

    purpose = forms.ChoiceField(label=_("For what"), choices=Purpose.choices, widget=forms.RadioSelect)
    recipient = PartnerField(label=_("To whom"), queryset=Partner.objects.none(), to_field_name="code")
    sensitive = forms.BooleanField(
        label=_("Explicitly: they may also see what I say about health and disability"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["recipient"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Partner.objects.filter(left_on=None)

    def row(self) -> ConsentRow:
        data = self.cleaned_data
        return ConsentRow(Purpose(data["purpose"]), data["recipient"], How.ONLINE, sensitive=data["sensitive"])


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
