"""What cases keep going for a person."""

from uuid import UUID

from django.db.models import Value

from okat.city.cases.models import Case
from okat.city.cases.rules import OPEN_STATES, State
from okat.city.core.registries import Found
from okat.city.core.templatetags.okat import words


def going(person: UUID) -> list[Found]:
    rows = Case.objects.filter(person=person, state__in=OPEN_STATES).select_related("opportunity", "need", "owner")
    rows = rows.annotate(deep=Value(True))  # whoever reads the lines out leaves out what tells too much
    return [
        Found(
            "begun" if case.stage is State.ACTIVE else "waits", words(case),
            f"{case.stage.label} · {words(case.owner)}", "", case.tells,
        )
        for case in rows.order_by("opened_at")
    ]  # fmt: skip
