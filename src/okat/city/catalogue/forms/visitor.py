"""A few questions for somebody without an account; the answers are used once and kept nowhere."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.catalogue import solve
from okat.city.catalogue.forms.facts import AnswersForm, area_choices
from okat.city.catalogue.forms.look import term_choices
from okat.city.catalogue.queries.read import choosable_areas
from okat.city.catalogue.queries.usable import demand, demand_of_disabilities
from okat.city.catalogue.rules import SLOT_LABELS
from okat.city.catalogue.rules.ranking import Asker
from okat.city.catalogue.solve.ask import NONE, Question, question
from okat.city.places.models import Area

# The facts that most rules ask, where the city declares them; where one lives is asked once, as an area.
FIRST = ("birth_date", "sex", "education", "situations", "disability_types", "income_month")
_TICKS = forms.CheckboxSelectMultiple


class VisitorForm(AnswersForm):
    """`more`: facts that an earlier answer made worth asking. Nothing is required."""

    where = forms.ChoiceField(label=_("Where do you live?"), required=False)
    needs = forms.MultipleChoiceField(label=_("What do you need?"), required=False, widget=_TICKS)
    times = forms.MultipleChoiceField(
        label=_("When can you come?"), required=False, widget=_TICKS,
        choices=[(slot.value, label) for slot, label in SLOT_LABELS.items()],
    )  # fmt: skip
    cannot_without = forms.MultipleChoiceField(label=_("What can you not do without?"), required=False, widget=_TICKS)

    def __init__(self, *args: Any, more: Sequence[str] = (), **kwargs: Any) -> None:
        known = solve.facts()
        self.more = [
            name for name in dict.fromkeys(more) if name in known and name not in (*FIRST, "home", "area_codes")
        ]
        asked: list[Question] = [question(name) for name in (*FIRST, *self.more) if name in known]
        super().__init__(*args, questions=asked, **kwargs)
        choose: dict[str, Any] = self.fields
        choose["where"].choices = [("", _("not known")), *area_choices()]
        choose["needs"].choices = term_choices("need")
        choose["cannot_without"].choices = term_choices("format")
        self.order_fields([*self.more, "birth_date", "where", "needs"])

    def values(self) -> dict[str, Any]:
        found = super().values()
        area = self._area()
        if area is not None:
            found["area_codes"] = area.path.strip("/").split("/")
            if area.lat is not None:
                found["home"] = (area.lat, area.lon)
        return found

    def asker(self) -> Asker:
        """What the order of the list goes by; call it on a valid form."""
        data, area = self.cleaned_data, self._area()
        said = {code for code in data.get("disability_types") or [] if code != NONE}
        return Asker(
            needs=frozenset(data["needs"]), lat=area.lat if area else None, lon=area.lon if area else None,
            demand=(*demand(data["cannot_without"]), *demand_of_disabilities(said)), slots=frozenset(data["times"]),
        )  # fmt: skip

    def _area(self) -> Area | None:
        code = self.cleaned_data.get("where")
        return next((area for area in choosable_areas() if area.code == code), None) if code else None
