"""What learning keeps going for a person."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from okat.city.catalogue.models import Opportunity
from okat.city.core.registries import Going
from okat.city.core.templatetags.okat import words
from okat.city.learning.models import Enrolment, Turn
from okat.city.learning.queries import passport
from okat.city.learning.rules import Standing
from okat.city.learning.rules.line import State


def going(person: UUID) -> list[Going]:
    rows = Enrolment.objects.filter(person=person, standing=Standing.ACTIVE).select_related("opportunity")
    turns = Turn.objects.filter(person=person, ended_at=None).select_related("opportunity")
    said = {State.OFFERED: _("a place is offered"), State.WAITING: _("on the waiting list")}
    links = passport.links_to(person)
    shows = _("A link shows the learning passport")
    return [
        *(_line(row.opportunity, _("takes part in this course"), begun=True) for row in rows),
        *(_line(turn.opportunity, said[State(turn.state)], begun=False) for turn in turns),
        *(Going(begun=True, title=shows, note=passport.good_until(link), tells=False) for link in links),
    ]


def offices(person: UUID) -> Iterable[int]:
    """Those that give what they took part in: a place that comes back opens the record to its provider again."""
    return Enrolment.objects.filter(person=person).order_by().values_list("opportunity__provider", flat=True).distinct()


def courses(person: UUID) -> Iterable[UUID]:
    """Those that they took part in or waited for, ended or not."""
    places = Enrolment.objects.filter(person=person).values_list("opportunity", flat=True)
    return [*places, *Turn.objects.filter(person=person).values_list("opportunity", flat=True)]


def _line(course: Opportunity, note: str, *, begun: bool) -> Going:
    return Going(begun=begun, title=words(course), note=note, tells=course.telling)
