"""Tell me when there is one: what, where, and what one cannot do without."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.catalogue.actions import Wanted
from okat.city.catalogue.forms.look import near_choices, term_choices
from okat.city.catalogue.queries.unmet import area_of, need_called
from okat.city.catalogue.queries.usable import abilities
from okat.city.core.forms import OkatForm
from okat.city.core.templatetags.okat import words

_TICKS = forms.CheckboxSelectMultiple


class TellForm(OkatForm):
    need = forms.ChoiceField(label=_("What do you look for?"))
    area = forms.ChoiceField(label=_("Near which community or sub-district?"))
    usable = forms.MultipleChoiceField(label=_("It must be usable for"), required=False, widget=_TICKS)
    formats = forms.MultipleChoiceField(label=_("What you cannot do without"), required=False, widget=_TICKS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose: dict[str, Any] = self.fields
        choose["need"].choices, choose["area"].choices = [("", "–"), *term_choices("need")], near_choices()
        choose["usable"].choices = [(one.code, words(one)) for one in abilities()]
        choose["formats"].choices = term_choices("format")

    def wanted(self) -> Wanted:
        """Call it on a valid form."""
        data = self.cleaned_data
        need, area = need_called(data["need"]), area_of(data["area"])
        assert need is not None and area is not None  # noqa: PT018 - both are among the choices
        return Wanted(need, area, tuple(data["formats"]), tuple(data["usable"]))
