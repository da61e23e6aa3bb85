"""The forms of free places within reach; both are sent as addresses, so their names are those of rules.look."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.catalogue.forms.look import near_choices, term_choices
from okat.city.catalogue.queries.usable import abilities
from okat.city.catalogue.rules import FAMILY_LABELS
from okat.city.catalogue.rules.reach import MINUTES
from okat.city.core.templatetags.okat import words

_TICKS = forms.CheckboxSelectMultiple


class AccessForm(forms.Form):
    """For the city team: which need, which door, usable for whom."""

    template_name = "core/form.html"
    use_required_attribute = False

    need = forms.ChoiceField(label=_("People with this need"), required=False)
    usable = forms.MultipleChoiceField(label=_("Count only places that are usable for"), required=False, widget=_TICKS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["for"] = forms.MultipleChoiceField(
            label=_("Count only places of"), required=False, widget=_TICKS,
            choices=[(family.value, label) for family, label in FAMILY_LABELS.items()],
        )  # fmt: skip
        choose: dict[str, Any] = self.fields
        choose["need"].choices = [("", _("any need")), *term_choices("need")]
        choose["usable"].choices = [(one.code, words(one)) for one in abilities()]


class ReachForm(forms.Form):
    """For everybody. From where one is, is used once and kept nowhere."""

    template_name = "core/form.html"
    use_required_attribute = False

    near = forms.ChoiceField(label=_("From where you are (nothing is stored)"), required=False)
    minutes = forms.ChoiceField(
        label=_("At most this long on the way"), required=False,
        choices=[("", "–"), *((str(n), _("%(n)s minutes") % {"n": n}) for n in MINUTES)],
    )  # fmt: skip
    need = forms.MultipleChoiceField(label=_("Need"), required=False)
    usable = forms.MultipleChoiceField(label=_("It must be usable, at every stage, for"), required=False, widget=_TICKS)
    format = forms.MultipleChoiceField(label=_("What you cannot do without"), required=False, widget=_TICKS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose: dict[str, Any] = self.fields
        choose["near"].choices = near_choices()
        choose["usable"].choices = [(one.code, words(one)) for one in abilities()]
        choose["need"].choices, choose["format"].choices = term_choices("need"), term_choices("format")
