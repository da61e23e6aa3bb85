"""The sessions that make up for others, and who could not be told."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity, Session
from okat.city.core import clock
from okat.city.learning.models import Attendance, Enrolment, MakeUp, Turn
from okat.city.learning.rules import Standing
from okat.city.people.models import Person
from okat.city.people.queries.plain import shown_beside
from okat.city.people.rules import LIVING


def makes_up_for(session: Session) -> Session | None:
    """The session that this one makes up for."""
    row = MakeUp.objects.filter(session=session).select_related("missed").first()
    return row.missed if row is not None else None


def made_up_on(session: Session) -> list[Session]:
    return [row.session for row in MakeUp.objects.filter(missed=session).select_related("session")]


def stands_instead(session: Session) -> list[Session]:
    """Of those, what has not begun."""
    rows = MakeUp.objects.filter(missed=session, session__called_off=None, session__start__gt=clock.now())
    return [row.session for row in rows.select_related("session__opportunity__provider").order_by("session__start")]


def today_of(course: Opportunity, besides: Session) -> Session | None:
    """The course's session of today, when somebody looks at another one."""
    if timezone.localdate(besides.start) == clock.today():
        return None
    rows = Session.objects.filter(opportunity=course, called_off=None, start__date=clock.today())
    return rows.exclude(pk=besides.pk).first()


def who_hears(course: Opportunity) -> tuple[list[Person], list[User]]:
    """Those who take part in a course or wait for a place in it, with their accounts; and for those who have none the
    workers who look after them or entered them. Two statements."""
    waits = Turn.objects.filter(opportunity=course, ended_at=None)
    active = Enrolment.objects.filter(opportunity=course, standing=Standing.ACTIVE)
    seated = active.filter(person__user=None).exclude(entered_by=None).values("entered_by")
    held = Person.objects.filter(Q(pk__in=active.values("person")) | Q(pk__in=waits.values("person")))
    after = held.filter(user=None).exclude(responsible=None).values("responsible")
    entered = waits.filter(person__user=None).exclude(entered_by=None).values("entered_by")
    workers = User.objects.filter(Q(pk__in=after) | Q(pk__in=entered) | Q(pk__in=seated))
    return list(held.select_related("user").order_by("pk")), [user for user in workers if not user.is_system]


def looking_after(rows: Iterable[Enrolment]) -> list[User]:
    """The workers who look after those of these learners who have no account, or entered them; loaded with both."""
    alone = [(row.person.responsible_id, row.entered_by) for row in rows if row.person and row.person.user_id is None]
    found = {user.pk: user for _responsible, user in alone if user is not None}
    found |= User.objects.in_bulk({pk for pk, _user in alone if pk is not None})
    return [user for _pk, user in sorted(found.items()) if not user.is_system]


def without_account(user: User, course: Opportunity, held: Session | None = None) -> tuple[list[str], int]:
    """Those who take part or wait and whom no notice reaches: the names that the reader may see, and how many more
    there are. What makes up for a session that was `held` concerns those learners who were not there."""
    rows = Enrolment.objects.filter(opportunity=course, standing=Standing.ACTIVE, person__user=None)
    waits = Turn.objects.filter(opportunity=course, ended_at=None, person__user=None, person__isnull=False)
    if held is not None:
        rows = rows.exclude(pk__in=Attendance.objects.filter(session=held, present=True).values("enrolment"))
        waits = waits.none()
    whom = Person.objects.filter(Q(pk__in=rows.values("person")) | Q(pk__in=waits.values("person")), status__in=LIVING)
    seen = shown_beside(user, telling=course.telling).filter(pk__in=whom.values("pk"))
    names = [person.full_name for person in seen.select_related("key").order_by("sort", "pk")]
    return names, whom.count() - len(names)
