"""What learning adds to the page of an opportunity: how places are given, and the way to one."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity
from okat.city.core.permissions import Permission, may
from okat.city.core.registries import Found, Panel, Step
from okat.city.core.templatetags.okat import be
from okat.city.learning.queries import line
from okat.city.learning.queries.courses import LEARNING
from okat.city.learning.rules.line import State
from okat.city.partners.queries import partners_where
from okat.city.people.queries.pages import own_record


def panel(user: Any, course: Opportunity) -> Panel | None:
    if course.kind not in LEARNING:
        return None
    takes = line.takes_people(course)
    said = own(user, course) if takes else ""
    given = takes and bool(said or line.in_window(course))
    lines = _lines(said) if given else []
    steps = [Step(_("Enrol or look at my place"), reverse("learning:place", args=[course.pk]))] if given else []
    if given and isinstance(user, User) and may(user, Permission.APPLY_FOR_OTHERS):
        steps.append(Step(_("Enrol somebody"), reverse("learning:place", args=[course.pk]) + "?other=1"))
    if isinstance(user, User) and any(p.pk == course.provider_id for p in partners_where(user, Permission.TEACH)):
        steps.append(Step(_("Timetable and learners"), reverse("learning:course", args=[course.pk])))
    return Panel(_("Enrolment"), tuple(lines), tuple(steps)) if steps else None


def _lines(said: str) -> list[Found]:
    """The same whoever waits: how many they are is told to nobody but who gives the course."""
    note = _("Where every place is taken, you may wait for the next one.")
    lines = [Found("", _("First come, first served"), note, "")]
    if said:
        lines.append(Found("", said, "", ""))
    return lines


def own(user: Any, course: Opportunity) -> str:
    """How the reader stands to the course; empty for somebody who has nothing to do with it."""
    person = own_record(user) if isinstance(user, User) else None
    if person is None:
        return ""
    turn = line.turn_of(person, course)
    if turn is None:
        found = line.place_of(person, course)
        return str(_("You have a place.")) if found and found.standing == "active" else ""
    if turn.state == State.OFFERED:
        return _("A place is offered: answer by %(day)s") % {"day": be(turn.answer_by)}
    number = line.position(turn)
    return _("You are number %(n)s on the waiting list.") % {"n": number} if number else _("You wait for a place.")
