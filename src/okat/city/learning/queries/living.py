"""What learning keeps going for a person."""

from uuid import UUID

from django.utils.translation import gettext as _

from okat.city.core.registries import Found
from okat.city.core.templatetags.okat import words
from okat.city.learning.models import Enrolment, Turn
from okat.city.learning.rules import Standing
from okat.city.learning.rules.line import State


def going(person: UUID) -> list[Found]:
    rows = Enrolment.objects.filter(person=person, standing=Standing.ACTIVE).select_related("opportunity")
    turns = Turn.objects.filter(person=person, ended_at=None).select_related("opportunity")
    said = {State.OFFERED: _("a place is offered"), State.WAITING: _("on the waiting list")}
    return [
        *(
            Found("begun", words(row.opportunity), _("takes part in this course"), "", row.opportunity.telling)
            for row in rows
        ),
        *(
            Found("waits", words(turn.opportunity), said[State(turn.state)], "", turn.opportunity.telling)
            for turn in turns
        ),
    ]
