"""Sessions that fall out, come back or move: whoever takes part is told, with the old and the new time."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity, Session
from okat.city.catalogue.queries.sessions import Change, said_when
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.learning.actions._line import pass_on
from okat.city.learning.models import Attendance, CalledOff
from okat.city.learning.queries.timetable import stands_instead, who_hears
from okat.city.learning.rules import LearningError
from okat.city.learning.rules.timetable import thread
from okat.city.partners.models import Partner
from okat.city.people.actions import tell
from okat.city.people.queries.telling import never_brought

NOT_NEEDED = "วันเดิมที่งดไปกลับมาเรียนตามเดิม"  # kept as it is said, like the words of anybody who calls one off
SAID = 5  # changes that one notice names; the timetable shows the rest


@action
def cancel_session(*, session: Session, reason: str, by: User) -> int:
    """It does not take place and counts for nobody; everybody who takes part or waits is told once; how many were."""
    row, fresh = CalledOff.objects.get_or_create(session=session, defaults={"reason": reason, "at": clock.now()})
    code = session.opportunity.provider.code
    audit.record(by=by, verb="learning.cancel_session", subject=session, fields=["called_off"], partner=code)
    if not fresh:
        return 0
    return _tell("called_off", session.opportunity, {"reason": f"{row.reason} ({said_when(session)})"}, session.pk, by)


@action
def reinstate_session(*, session: Session, by: User, drop: Collection[int] = ()) -> int:
    """A session that was called off takes place after all; how many were told. Of what was planned in its place and
    has not begun, those to `drop` fall out. Raises LearningError where another session lies at its hours by
    now, or it was not called off."""
    row = CalledOff.objects.filter(session=session).first()
    if row is None:
        raise LearningError("not_off", _("This session is not called off."))
    for instead in stands_instead(session):
        if instead.pk in drop:
            cancel_session(session=instead, reason=NOT_NEEDED, by=by)
    others = Session.objects.filter(opportunity=session.opportunity_id, called_off=None)
    other = others.filter(start__lt=session.end, end__gt=session.start).first()
    if other is not None:
        words = _("There is another session at that time now: %(when)s. Call that one off first, or plan another day.")
        raise LearningError("overlap", words % {"when": said_when(other)})
    row.delete()
    code = session.opportunity.provider.code
    audit.record(by=by, verb="learning.reinstate", subject=session, fields=["called_off"], partner=code)
    if session.end <= clock.now():
        return 0
    return _tell("reinstated", session.opportunity, {"when": said_when(session)}, session.pk, by)


@action
def follow_changes(*, opportunity: Opportunity, moved: Sequence[Change], gone: Sequence[Session], by: User) -> None:
    """The catalogue moved or took out meetings. Attendance lies on the day of its session; what is still to come is
    told to everybody who takes part or waits."""
    now = clock.now()
    for session, start, _end in moved:
        day = timezone.localdate(session.start)
        if timezone.localdate(start) != day:
            Attendance.objects.filter(session=session).update(held_on=day)
    code = opportunity.provider.code
    audit.record(by=by, verb="learning.follow_changes", subject=opportunity, fields=["sessions"], partner=code)
    off = set(CalledOff.objects.filter(session__in=[s for s, *_when in moved]).values_list("session", flat=True))
    changes = [
        f"{said_when(Session(start=start, end=end))} → {said_when(session)}"
        for session, start, end in moved
        if session.pk not in off and max(start, session.start) > now
    ]
    if changes:
        _tell("moved", opportunity, {"changes": _listed(changes)}, "moved", by)
    out = [said_when(session) for session in gone if session.start > now]
    if out:
        _tell("taken_out", opportunity, {"changes": _listed(out)}, "taken_out", by)


@action
def tell_handed_over(*, opportunities: Sequence[Opportunity], before: Mapping[UUID, Partner], by: User) -> None:
    """Another office gives these courses now: whoever takes part or waits hears of which."""
    for course in opportunities:
        more = {"partner": course.provider.th, "before": before[course.pk].th}
        _tell("handed_over", course, more, "handed_over", by)
    audit.record(by=by, verb="learning.handed_over", fields=["provider"])


def _listed(changes: Sequence[str]) -> str:
    rest = len(changes) - SAID
    return "; ".join([*changes[:SAID], *([f"+ {rest}"] if rest > 0 else [])])


def _tell(kind: str, course: Opportunity, more: dict[str, str], of: object, by: User) -> int:
    """How many read it in their own account; `of`: the newest word of that alone holds."""
    people, workers = who_hears(course)
    pass_on(workers, kind, course, more, of, by)
    url, params = reverse("learning:place", args=[course.pk]), {"title": course.title_th, **more}
    about = thread(course.pk, of)
    # Whom no paper told that it falls out needs none that it takes place after all.
    unaware = never_brought(people, about) if kind == "reinstated" else set()
    for paper in (True, False):
        those = [person for person in people if (person.pk in unaware) is not paper]
        if those:
            tell(people=those, kind=f"learning.{kind}", params=params, url=url, about=about, paper=paper, by=by)
    return sum(person.user_id is not None for person in people)
