"""Enrolling first come, first served: the agreement that the provider learns who comes, and sessions that overlap."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.core.templatetags.okat import words
from okat.city.partners.models import Partner
from okat.city.people.actions import ConsentRow
from okat.city.people.forms.asking import AsksConsent
from okat.city.people.rules import How, Purpose, wording

ASKED = (How.SIGNATURE, How.THUMB, How.WITNESS, How.VERBAL, How.GUARDIAN)


class PlaceForm(AsksConsent):
    """`partner`: whose agreement is still asked (None: given before); `own`: the person's own account sends it;
    `clash`: sessions overlap; `telling`: taking part tells of health or a disability, so the agreement says so."""

    agreed = forms.BooleanField(error_messages={"required": _("Without this agreement nobody can be enrolled.")})
    explicit = forms.BooleanField(
        error_messages={"required": _("Taking part in this tells of health or a disability.")}
    )
    how = forms.ChoiceField(label=_("How the person agreed"), choices=[(how.value, how.label) for how in ASKED])
    witness = forms.CharField(
        label=_("Name of the witness, parent or guardian"), max_length=120, required=False,
        help_text=_("For what was spoken before a witness, or given by a parent or guardian."),
    )  # fmt: skip
    despite = forms.BooleanField(
        label=_("I know that these sessions overlap"),
        error_messages={"required": _("Look at the sessions that overlap, and tick that you know.")},
    )

    def __init__(
        self, *args: Any, partner: Partner | None, own: bool, clash: bool, telling: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.partner, self.own, self.telling = partner, own, telling
        if partner is None:
            del self.fields["agreed"]
        else:
            said = {"agreed": wording.sentence(Purpose.ENROL, words(partner))}
            more = {"explicit": wording.explicit(words(partner))} if telling else {}
            self.ask(str(wording.FREELY), {**said, **more}, aloud=not own)
        if partner is None or not telling:
            del self.fields["explicit"]
        if own or partner is None:
            del self.fields["how"], self.fields["witness"]
        if not clash:
            del self.fields["despite"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("how") in {How.WITNESS, How.GUARDIAN} and not data.get("witness"):
            self.add_error("witness", _("Write the name of the witness, parent or guardian."))
        return data

    def consent(self) -> ConsentRow | None:
        if self.partner is None:
            return None
        how = How.ONLINE if self.own else How(self.cleaned_data["how"])
        read = self.read(Purpose.ENROL, words(self.partner), sensitive=self.telling)
        witness = self.cleaned_data.get("witness", "")
        return ConsentRow(Purpose.ENROL, self.partner, how, sensitive=self.telling, witness=witness, words=read)
