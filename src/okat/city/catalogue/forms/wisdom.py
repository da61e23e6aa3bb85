"""The form of a holder of local wisdom."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.catalogue.forms.fields import area_words
from okat.city.catalogue.models import Wisdom
from okat.city.core.forms import OkatForm
from okat.city.core.templatetags.okat import words
from okat.city.partners import queries as partners
from okat.city.partners.models import Partner
from okat.city.people.forms.asking import AsksConsent
from okat.city.people.rules import How, wording
from okat.city.people.rules.wording import Words
from okat.city.places.models import Area
from okat.city.taxonomy.models import Term, Vocabulary

_HOW = [(how.value, how.label) for how in How if how not in {How.ONLINE, How.GUARDIAN}]


class HolderForm(OkatForm):
    name = forms.CharField(label=_("Name"), max_length=160)
    subject = forms.ModelChoiceField(Term.objects.none(), label=_("Local wisdom"))
    area = forms.ModelChoiceField(Area.objects.none(), label=_("Area"))
    teaches_th = forms.CharField(
        label=_("What they know and can teach, in Thai"), max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    teaches_en = forms.CharField(
        label=_("What they know and can teach, in English"), max_length=400, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, help_text=_("Only your office sees it, never the public page.")
    )
    can_teach = forms.BooleanField(label=_("Would teach now"), required=False, initial=True)

    NAMES = ("name", "subject", "area", "teaches_th", "teaches_en", "phone", "can_teach")

    def __init__(self, *args: Any, partner: Partner, holder: Wisdom | None = None, **kwargs: Any) -> None:
        if holder is not None:
            kwargs["initial"] = {name: getattr(holder, name) for name in self.NAMES}
        super().__init__(*args, **kwargs)
        choose: dict[str, Any] = self.fields
        subjects = Term.objects.filter(vocabulary=Vocabulary.SUBJECT, active=True)
        choose["subject"].queryset = subjects.order_by("order", "code")
        choose["subject"].label_from_instance = words
        choose["area"].queryset = partners.areas_within(partner)
        choose["area"].label_from_instance = area_words

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.NAMES}


class AsksToBeNamed(AsksConsent):
    """Whether the name may stand in public, asked in the words that are kept."""

    agreed = forms.BooleanField(error_messages={"required": _("Without this agreement nobody is named in public.")})

    def ask_of(self, partner: Partner) -> None:
        self.said = wording.named(words(partner))
        self.ask(str(wording.PUBLICLY), {"agreed": self.said}, aloud=True)

    def as_read(self) -> Words:
        return wording.whole([self.lead, self.said])


class NewHolderForm(AsksToBeNamed, HolderForm):
    """A new one may agree to be named in the same step."""

    field_order = (*HolderForm.NAMES, "agreed", "how")
    how = forms.ChoiceField(label=_("How they agreed"), choices=[("", "–"), *_HOW], required=False)

    def __init__(self, *args: Any, partner: Partner, **kwargs: Any) -> None:
        super().__init__(*args, partner=partner, **kwargs)
        self.fields["agreed"].required = False
        self.ask_of(partner)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("agreed") and not data.get("how"):
            self.add_error("how", _("Say how they agreed."))
        return data


class AgreedForm(AsksToBeNamed):
    how = forms.ChoiceField(label=_("How they agreed"), choices=_HOW)

    def __init__(self, *args: Any, partner: Partner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_of(partner)
