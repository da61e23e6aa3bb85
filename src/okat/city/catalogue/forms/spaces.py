"""The form beside the learning spaces; it is sent as an address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.catalogue.forms.facts import area_choices
from okat.city.catalogue.queries.usable import abilities
from okat.city.core.templatetags.okat import words
from okat.city.partners.rules import VENUE_KINDS
from okat.city.taxonomy.queries import words as city_words
from okat.city.taxonomy.rules import Stage

_TICKS = forms.CheckboxSelectMultiple


class SpaceForm(forms.Form):
    """Nothing is required; names are those of rules.spaces."""

    template_name = "core/form.html"
    use_required_attribute = False

    open = forms.BooleanField(label=_("Open now"), required=False, widget=forms.CheckboxInput(attrs={"value": "1"}))
    near = forms.ChoiceField(label=_("From where you are (nothing is stored)"), required=False)
    area = forms.ChoiceField(label=_("Only in this area"), required=False)
    kind = forms.MultipleChoiceField(
        label=_("Kind of place"), required=False, widget=_TICKS,
        choices=[(kind.value, label) for kind, label in VENUE_KINDS.items()],
    )  # fmt: skip
    usable = forms.MultipleChoiceField(label=_("It must be usable for"), required=False, widget=_TICKS)
    format = forms.MultipleChoiceField(label=_("What you cannot do without"), required=False, widget=_TICKS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose: dict[str, Any] = self.fields
        areas = area_choices()
        choose["near"].choices, choose["area"].choices = [("", "–"), *areas], [("", _("everywhere")), *areas]
        choose["usable"].choices = [(one.code, words(one)) for one in abilities()]
        choose["format"].choices = [(term.code, words(term)) for term in city_words().at(Stage.VENUE)]
