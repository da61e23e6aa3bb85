"""The form of one policy to try beside the one that is set; it is sent as an address, so that it can be shared."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.core.forms import ThaiIntegerField
from okat.city.rounds.rules.policy import MOST_POINTS, Policy
from okat.city.rounds.rules.variant import RESERVE_LABELS, TIE_LABELS, Reserves, Ties, Variant

_POINTS = ("score", "need", "waiting", "waiting_most", "near", "near_km")
QUOTAS = 2


def _number(label: Any, most: int = MOST_POINTS) -> ThaiIntegerField:
    return ThaiIntegerField(label=label, min_value=0, max_value=most)


class VariantForm(forms.Form):
    """Every switch that may differ. Not bound it shows the policy as it is set."""

    template_name = "core/form.html"
    use_required_attribute = False

    score = _number(_("Vulnerability score, times"), 100)
    need = _number(_("Points when it answers a need on record"))
    waiting = _number(_("Points for each 30 days of waiting"))
    waiting_most = _number(_("Points for waiting, at most"))
    near = _number(_("Points when it is close by"))
    near_km = _number(_("Close by means within (kilometres)"), 1000)
    own = forms.BooleanField(label=_("Add the points that each provider has published"), required=False)
    ties = forms.ChoiceField(label=_("Among equal scores goes first"), choices=[(t.value, TIE_LABELS[t]) for t in Ties])
    reserves = forms.ChoiceField(
        label=_("Seats that providers reserve for groups are"), choices=[(r.value, RESERVE_LABELS[r]) for r in Reserves]
    )

    def __init__(self, *args: Any, policy: Policy, groups: list[tuple[str, str]], **kwargs: Any) -> None:
        self.policy = policy
        super().__init__(*args, **kwargs)
        for place in range(1, QUOTAS + 1):
            self.fields[f"group_{place}"] = forms.ChoiceField(
                label=_("Quota of the city %(place)s: for") % {"place": place}, choices=[("", "–"), *groups],
                required=False,
            )  # fmt: skip
            self.fields[f"percent_{place}"] = ThaiIntegerField(
                label=_("percent of all places"), required=False, min_value=1, max_value=100
            )
        kept = Reserves.PUBLISHED if policy.reserves else Reserves.NONE
        same = {name: getattr(policy, name) for name in (*_POINTS, "own")}
        self.initial = {**same, "ties": Ties.LOTTERY.value, "reserves": kept.value, **self.initial}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        seen: set[str] = set()
        for place in range(1, QUOTAS + 1):
            group, percent = data.get(f"group_{place}"), data.get(f"percent_{place}")
            if group and percent is None and f"percent_{place}" not in self.errors:
                self.add_error(f"percent_{place}", _("Say how many percent."))
            if percent is not None and not group:
                self.add_error(f"group_{place}", _("Say for which group."))
            if group and group in seen:
                self.add_error(f"group_{place}", _("This group stands there already."))
            seen.add(group or "")
        return data

    def variant(self) -> Variant:
        data = self.cleaned_data
        reserves = Reserves(data["reserves"])
        values = {name: data[name] for name in (*_POINTS, "own")}
        policy = Policy.from_dict({**self.policy.as_dict(), **values, "reserves": reserves is not Reserves.NONE})
        quotas = tuple(
            (data[f"group_{place}"], data[f"percent_{place}"])
            for place in range(1, QUOTAS + 1)
            if data[f"group_{place}"]
        )
        return Variant(policy, Ties(data["ties"]), reserves, quotas)
