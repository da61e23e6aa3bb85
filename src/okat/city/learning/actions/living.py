"""What learning keeps going for a person, and what becomes of it when they die or move away."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from okat.city.accounts.models import User
from okat.city.cases.models import Case
from okat.city.cases.queries import was_completed
from okat.city.cases.rules import OPEN_STATES
from okat.city.catalogue.actions import hold_courses
from okat.city.catalogue.actions.seats import count_seats
from okat.city.catalogue.models import Opportunity
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.learning.actions._line import close, free, lock, move, release, take_again
from okat.city.learning.actions.passport import end_links
from okat.city.learning.models import Enrolment, Turn
from okat.city.learning.queries import line
from okat.city.learning.queries.passport import has_links
from okat.city.learning.rules import Standing
from okat.city.learning.rules.line import State
from okat.city.people.models import Person
from okat.city.people.queries import may_see_sensitive
from okat.city.people.queries.plain import name_told


@action
def end_learning(*, person: Person, why: str, begun: bool, by: User) -> list[str]:
    """Turns end and go to the next in line; with `begun` places too, and what links show to others."""
    named = ["links:"] if begun and has_links(person) and end_links(person=person, by=by) else []
    turns = Turn.objects.filter(person=person, ended_at=None).order_by("opportunity")
    places = Enrolment.objects.filter(person=person, standing=Standing.ACTIVE)
    hold_courses(
        turns.values_list("opportunity", flat=True), places.filter(seated=True).values_list("opportunity", flat=True)
    )
    for turn in turns.select_related("opportunity"):
        course = lock(turn.opportunity)
        row = Turn.objects.select_for_update(of=("self",), no_key=True).get(pk=turn.pk)
        close([row], State.LEFT)
        if row.state == State.OFFERED:
            count_seats(changes={course.pk: -1}, by=by)
        move(course, by)
        named.append(f"turn:{row.pk}")
    if begun:
        rows = list(places.select_for_update(no_key=True))
        ended = {"standing": Standing.LEFT, "ended_at": clock.now()}
        Enrolment.objects.filter(pk__in=[row.pk for row in rows]).update(**ended)
        release(rows, by=by)
        named += [f"place:{row.pk}" for row in rows]
    audit.record(by=by, verb="learning.end", subject=person, fields=["standing"], reason=why)
    return named


@action
def resume_learning(*, person: Person, ended: Sequence[str], by: User) -> list[str]:
    """Places that are still free and turns of lines that still move are given back; the others in words."""
    left = []
    keys = {kind: [name.partition(":")[2] for name in ended if name.startswith(kind)] for kind in ("turn", "place")}
    hold_courses(
        Turn.objects.filter(pk__in=keys["turn"]).values_list("opportunity", flat=True),
        Enrolment.objects.filter(pk__in=keys["place"]).values_list("opportunity", flat=True),
    )
    for name in ended:
        kind, _colon, key = name.partition(":")
        if kind == "links":
            left.append(str(_("Links that showed the learning passport stay closed: new ones are made in its place.")))
            continue
        said = _back_in_line(person, int(key), by) if kind == "turn" else _back_in_course(person, UUID(key), by)
        left += [said] if said else []
    audit.record(by=by, verb="learning.resume", subject=person, fields=["standing"])
    return left


def _back_in_line(person: Person, key: int, by: User) -> str:
    turn = Turn.objects.filter(pk=key, person=person, state=State.LEFT).select_related("opportunity").first()
    if turn is None:
        return ""
    course = lock(turn.opportunity)
    title = name_told(course, deep=may_see_sensitive(by, person))
    if line.turn_of(person, course) or line.place_of_now(person, course):
        return ""  # they have it, or stand in the line again
    if not line.moves_on(course):
        return str(_("“%(title)s”: the waiting list has ended.") % {"title": title})
    values: dict[str, Any] = {"state": State.WAITING, "ended_at": None, "offered_at": None, "answer_by": None}
    Turn.objects.filter(pk=key).update(**values)
    move(course, by)  # its number is the old one: it stands where it stood
    return ""


def _back_in_course(person: Person, key: UUID, by: User) -> str:
    left = Enrolment.objects.filter(pk=key, person=person, standing=Standing.LEFT)
    row = left.select_related("opportunity", "case").first()
    if row is None:
        return ""
    course = lock(row.opportunity)
    title = name_told(course, deep=may_see_sensitive(by, person))
    if line.place_of_now(person, course):
        return ""
    if row.case is not None and not was_completed(row.case):
        return _back_with_case(person, course, title)
    done = row.case is not None  # only the certificate is still to come
    if not done and (line.is_over(course) or not line.moves_on(course)):
        return str(_("“%(title)s”: the course is over.") % {"title": title})
    if row.seated and not free(course):
        return str(
            _("“%(title)s”: the place has gone to somebody else. Put them on the waiting list.") % {"title": title}
        )
    if row.seated and not done and line.agreement_of(person, course) is None:
        return str(_("“%(title)s”: ask for the consent again, then enrol them.") % {"title": title})
    take_again(row, person, course, by)
    return ""


def _back_with_case(person: Person, course: Opportunity, title: str) -> str:
    """A place that a case led to comes with the case, where that is proposed again."""
    if Case.objects.filter(person=person, opportunity=course, state__in=OPEN_STATES).exists():
        told = _(
            "“%(title)s”: an office had arranged the place. It comes back when what is proposed again is accepted."
        )
    else:
        told = _("“%(title)s”: the office that had arranged the place does not follow it any more. Propose it anew.")
    return str(told % {"title": title})
