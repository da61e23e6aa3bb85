"""What the audit trail is narrowed by; sent as an address."""

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.core.forms import ThaiDateField
from okat.city.desk.rules import VERBS


class TrailForm(forms.Form):
    template_name = "core/form.html"
    use_required_attribute = False

    day = ThaiDateField(label=_("On which day"), required=False, help_text=_("Like 6 ธ.ค. 2569."))
    who = forms.CharField(
        label=_("Who"), required=False, max_length=160,
        help_text=_("Login, e-mail or whole name of somebody who works, or has worked, for a partner."),
    )  # fmt: skip
    verb = forms.ChoiceField(label=_("What was done"), required=False, choices=[("", _("Everything")), *VERBS.items()])
