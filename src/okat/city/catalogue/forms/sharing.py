"""Forms of what is looked for and what is put in."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.catalogue.forms.fields import BahtField, area_words
from okat.city.catalogue.queries import sharing
from okat.city.catalogue.queries.read import choosable_areas, terms
from okat.city.core.forms import OkatForm
from okat.city.core.templatetags.okat import words
from okat.city.partners.models import Contribution, Partner
from okat.city.partners.rules import UNITS
from okat.city.taxonomy.models import Term, Vocabulary

_NOT_SAID = ("", "–")


def _resources(form: forms.Form) -> None:
    field: Any = form.fields["resource"]
    field.queryset = Term.objects.filter(vocabulary=Vocabulary.RESOURCE, active=True).order_by("order", "code")
    field.label_from_instance = words


class SoughtForm(OkatForm):
    resource = forms.ModelChoiceField(Term.objects.none(), label=_("What is looked for"))
    amount = BahtField(label=_("How much"))
    unit = forms.ChoiceField(label=_("Unit"), choices=UNITS)
    note = forms.CharField(
        label=_("What for, and when"), max_length=400, required=False, help_text=_("Other partners read this.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _resources(self)

    def clean_amount(self) -> Decimal:
        return _some(self.cleaned_data["amount"])


class PledgeForm(OkatForm):
    """Something that the office shares already, or anything else with its unit."""

    contribution = forms.ModelChoiceField(
        Contribution.objects.none(), label=_("From what we share"), required=False,
        help_text=_("What is used of it is counted there, too."),
    )  # fmt: skip
    resource = forms.ModelChoiceField(Term.objects.none(), label=_("What we put in"), required=False)
    amount = BahtField(label=_("How much"))
    unit = forms.ChoiceField(label=_("Unit"), choices=(_NOT_SAID, *UNITS), required=False)
    note = forms.CharField(label=_("A word to the provider"), max_length=400, required=False)

    def __init__(self, *args: Any, partner: Partner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _resources(self)
        given: Any = self.fields["contribution"]
        given.queryset = sharing.to_give(partner)
        given.label_from_instance = _left_words

    def clean_amount(self) -> Decimal:
        return _some(self.cleaned_data["amount"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        given, amount = data.get("contribution"), data.get("amount")
        if given is not None:
            data["resource"], data["unit"] = given.resource, given.unit
            left = given.planned - given.used
            if amount is not None and amount > left:
                self.add_error("amount", _("Only %(left)s are left of it.") % {"left": f"{left.normalize():f}"})
            return data
        for name in ("resource", "unit"):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _("Say what it is, or choose from what you share."))
        return data


class DeclineForm(OkatForm):
    reason = forms.CharField(label=_("Why not"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


class UsedForm(OkatForm):
    used = BahtField(label=_("Used in all so far"))


class WantedForm(forms.Form):
    """The filter of the list; it is sent as an address."""

    template_name = "core/form.html"
    use_required_attribute = False

    resource = forms.ChoiceField(label=_("Kind of help"), required=False)
    area = forms.ChoiceField(label=_("Area"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose: dict[str, Any] = self.fields
        choose["resource"].choices = [("", _("every kind")), *((t.code, words(t)) for t in terms(Vocabulary.RESOURCE))]
        choose["area"].choices = [("", _("everywhere")), *((a.code, area_words(a)) for a in choosable_areas())]


def _some(amount: Decimal | None) -> Decimal:
    if not amount:
        raise forms.ValidationError(_("Write how much, more than nothing."))
    return amount


def _left_words(given: Contribution) -> str:
    left = f"{(given.planned - given.used).normalize():f}"
    return _("%(what)s: %(title)s (%(left)s %(unit)s left)") % {
        "what": words(given.resource), "title": given.title, "left": left, "unit": given.unit_words,
    }  # fmt: skip
