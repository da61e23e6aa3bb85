"""The consent without which nobody's record is used in a round."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.core.templatetags.okat import words
from okat.city.partners.models import Partner
from okat.city.people.actions import ConsentRow
from okat.city.people.forms.asking import AsksConsent
from okat.city.people.rules import How, Purpose, wording

ASKED = (How.SIGNATURE, How.THUMB, How.WITNESS, How.VERBAL, How.GUARDIAN)


class ConsentForm(AsksConsent):
    """A resident agrees for themselves; a worker also says how the person agreed, and before whom."""

    agreed = forms.BooleanField(error_messages={"required": _("Without this agreement no application can be entered.")})
    how = forms.ChoiceField(label=_("How the person agreed"), choices=[(how.value, how.label) for how in ASKED])
    witness = forms.CharField(
        label=_("Name of the witness, parent or guardian"), max_length=120, required=False,
        help_text=_("For what was spoken before a witness, or given by a parent or guardian."),
    )  # fmt: skip

    def __init__(self, *args: Any, partner: Partner, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partner, self.own = partner, own
        said = wording.sentence(Purpose.ROUND, words(partner))
        self.ask(str(wording.FREELY), {"agreed": said}, aloud=not own)
        if own:
            del self.fields["how"], self.fields["witness"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("how") in {How.WITNESS, How.GUARDIAN} and not data.get("witness"):
            self.add_error("witness", _("Write the name of the witness, parent or guardian."))
        return data

    def row(self) -> ConsentRow:
        how = How.ONLINE if self.own else How(self.cleaned_data["how"])
        read, witness = self.read(Purpose.ROUND, words(self.partner)), self.cleaned_data.get("witness", "")
        return ConsentRow(Purpose.ROUND, self.partner, how, witness=witness, words=read)
