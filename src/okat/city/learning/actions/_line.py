"""Seats and lines, under the course's lock: two phones at the last place follow one another. `seats_taken` of a course
counts the seated learners and the places that are offered to the line.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.catalogue.actions.seats import count_seats
from okat.city.catalogue.models import Opportunity, Session
from okat.city.catalogue.rules import Status
from okat.city.core import clock
from okat.city.learning.models import Enrolment, Turn
from okat.city.learning.queries import line
from okat.city.learning.rules import LearningError, Standing
from okat.city.learning.rules.line import GRANT_DAYS, State, answer_by
from okat.city.learning.rules.timetable import FOR_OTHERS, THREADS, TURNS, thread
from okat.city.notices.actions import end_notices, notify
from okat.city.notices.queries import unread_about
from okat.city.people.actions import drop_slips, end_grant, grant, tell
from okat.city.people.models import Person
from okat.city.people.queries.plain import title_kept
from okat.city.people.rules import LIVING, Why


def seat_if_free(person: Person, opportunity: Opportunity, by: User) -> bool:
    """A placement by an office in a course that gives its places in the order of arrival: it takes a free place, or
    stands above the number where none is free. Whether it holds one."""
    course = lock(opportunity)
    turn = Turn.objects.filter(person=person, opportunity=course, ended_at=None).first()
    if turn is not None:
        close([turn], State.TAKEN)
        if turn.state == State.OFFERED:
            return True
    if not line.first_come(course):
        return False
    move(course, by)
    if not free(course):
        return False
    count_seats(changes={course.pk: 1}, by=by)
    return True


def release(rows: Iterable[Enrolment], *, by: User) -> int:
    """What follows when places end: the provider sees the person no longer by them, and freed places go on; how many
    of the line were offered one."""
    made = 0
    freed: Counter[UUID] = Counter()
    for row in rows:
        if row.case_id is None:
            end_grant(source=_source(row), by=by)
        if row.seated:
            freed[row.opportunity_id] += 1
    for pk, count in sorted(freed.items(), key=str):
        course = lock(Opportunity(pk=pk))
        count_seats(changes={course.pk: -count}, by=by)
        made += move(course, by)
    return made


def _source(row: Enrolment) -> str:
    return f"{line.SOURCE}:{row.pk}"


def lock(course: Opportunity) -> Opportunity:
    """A line changes under its course alone: whoever waits there is told, but not held."""
    return Opportunity.objects.select_for_update(of=("self",), no_key=True).select_related("provider").get(pk=course.pk)


def free(course: Opportunity) -> bool:
    course.refresh_from_db(fields=["capacity", "seats_taken"])
    return course.places_left is None or course.places_left > 0


def open_turns(course: Opportunity) -> Iterable[Turn]:
    rows = Turn.objects.select_for_update(of=("self",), no_key=True).filter(opportunity=course, ended_at=None)
    return rows.select_related("person__user", "entered_by").order_by("id")


def seat(person: Person, course: Opportunity, by: User, *, entered_by: User | None) -> Enrolment:
    """The place itself, and what lets the provider see who comes. The seat is counted already."""
    row = Enrolment.objects.create(
        person=person, opportunity=course, seated=True, began_at=clock.now(), entered_by=entered_by
    )
    _let_see(row, person, course, by)
    return row


def take_again(row: Enrolment, person: Person, course: Opportunity, by: User) -> None:
    """A place that ended by a wrong word, where one is free; with its attendance."""
    Enrolment.objects.filter(pk=row.pk).update(standing=Standing.ACTIVE, ended_at=None)
    if row.seated:
        count_seats(changes={course.pk: 1}, by=by)
        if row.case_id is None:  # else the case said who sees the person
            _let_see(row, person, course, by)


def _let_see(row: Enrolment, person: Person, course: Opportunity, by: User) -> None:
    consent = line.agreement_of(person, course)
    if consent is None:
        raise LearningError("consent", _("The person must first agree that the provider learns who comes."))
    last = Session.objects.filter(opportunity=course).order_by("-end").values_list("end", flat=True).first()
    until = max(last or clock.now(), clock.now()) + dt.timedelta(days=GRANT_DAYS)
    grant(
        person=person, partner=course.provider, reason=Why.CONSENT, source=_source(row), rests_on=consent, until=until,
        by=by,
    )  # fmt: skip


def close(rows: Iterable[Turn], state: State) -> None:
    Turn.objects.filter(pk__in=[row.pk for row in rows]).update(state=state, ended_at=clock.now())


def move(course: Opportunity, by: User) -> int:
    """The line moves on: late offers end, lines of courses that are over end, and free places are offered in order;
    how many were offered. Three statements where nobody waits."""
    rows = list(open_turns(course))
    if not rows:
        return 0
    if course.status == Status.CANCELLED or line.is_over(course):
        end_all(course, rows, by, cancelled=course.status == Status.CANCELLED)
        return 0
    gone = [row for row in rows if row.person is None or row.person.status not in LIVING]
    late = [
        row for row in rows
        if row not in gone and row.state == State.OFFERED and row.answer_by and row.answer_by < clock.today()
    ]  # fmt: skip
    close(gone, State.LEFT)
    close(late, State.EXPIRED)
    hush([row.person_id for row in (*gone, *late)], course.pk, by)
    back = sum(row.state == State.OFFERED for row in (*gone, *late))
    if back:
        count_seats(changes={course.pk: -back}, by=by)
    tell_line(late, "turn_expired", course, by)
    left = [row for row in rows if row not in gone and row not in late and row.state == State.WAITING]
    return _offer(course, left, by) if line.moves_on(course) and line.can_be_answered(course) else 0


def _offer(course: Opportunity, rows: list[Turn], by: User) -> int:
    """In order; whoever the course's own rule refuses by now is told so, and the next one is asked."""
    course.refresh_from_db(fields=["capacity", "seats_taken"])
    free = len(rows) if course.places_left is None else course.places_left
    chosen: list[Turn] = []
    unfit: list[Turn] = []
    for row in rows:
        if len(chosen) >= free:
            break
        assert row.person is not None
        (unfit if line.refusal(row.person, course) is not None else chosen).append(row)
    close(unfit, State.UNFIT)
    hush([row.person_id for row in unfit], course.pk, by)
    tell_line(unfit, "turn_unfit", course, by)
    if not chosen:
        return 0
    until = answer_by(clock.today(), line.next_day(course))
    Turn.objects.filter(pk__in=[row.pk for row in chosen]).update(
        state=State.OFFERED, offered_at=clock.now(), answer_by=until
    )
    count_seats(changes={course.pk: len(chosen)}, by=by)
    tell_line(chosen, "turn_offered", course, by, until)
    return len(chosen)


def end_all(course: Opportunity, rows: list[Turn], by: User, *, cancelled: bool = False) -> None:
    offered = sum(row.state == State.OFFERED for row in rows)
    close(rows, State.OVER)
    if offered:
        count_seats(changes={course.pk: -offered}, by=by)
    hush([row.person_id for row in rows], course.pk, by)
    tell_line(rows, "turn_cancelled" if cancelled else "turn_over", course, by)


def hush(people: Iterable[UUID | None], course: UUID, by: User) -> None:
    """They have nothing to do with the course any more: what lies ready to be told of it does not hold for them."""
    whom = [pk for pk in people if pk is not None]
    if whom:
        sessions = Session.objects.filter(opportunity=course).values_list("pk", flat=True)
        also = [thread(course, of) for of in (*sessions, *THREADS)]
        drop_slips(people=whom, app="learning", about=course, also=also, by=by)


def pass_on(
    workers: Sequence[User], kind: str, course: Opportunity, more: Mapping[str, str], of: object, by: User
) -> None:
    """Those who look after somebody without an account hear the same, and are asked to tell it; `of`: the newest word
    of that alone holds."""
    if workers:
        overtake(workers, [thread(course.pk, f"{of}{FOR_OTHERS}")], by)
        # That they look after somebody there is told with it; the persons themselves hear which course it is.
        about = str(thread(course.pk, f"{of}{FOR_OTHERS}"))
        params = {"title": title_kept(course.title_th, telling=course.telling), **more, "about": about}
        page = reverse("desk:today") if course.telling else reverse("learning:place", args=[course.pk])
        notify(users=workers, kind=f"learning.{kind}_for", params=params, url=page, by=by)


def overtake(workers: Iterable[User], abouts: Iterable[UUID], by: User, kind: str = "learning.") -> None:
    """What they were told of these for others, and have not read, does not hold any more."""
    found = unread_about([user.pk for user in workers], "learning", [str(about) for about in abouts])
    over = list(found.filter(kind__startswith=kind))
    if over:
        end_notices(notices=over, by=by)


def overtake_all(workers: Iterable[User], course: Opportunity, by: User) -> None:
    """Nothing that they were told of the course for others holds: it does not take place."""
    sessions = Session.objects.filter(opportunity=course).values_list("pk", flat=True)
    overtake(workers, [thread(course.pk, f"{of}{FOR_OTHERS}") for of in (*sessions, *THREADS, TURNS)], by)


def why(course: Opportunity, *, kept: bool) -> dict[str, str]:
    """Why it does not take place; `kept`: where that stays with a reader who may not know of which course it is, who
    finds it in the catalogue beside the name."""
    return {"reason": "–" if kept and course.telling else course.end_reason}


def tell_line(rows: Sequence[Turn], kind: str, course: Opportunity, by: User, until: dt.date | None = None) -> None:
    """The persons, by whatever reaches each; and whoever entered those without an account, once each."""
    kind, params = f"learning.{kind}", {"title": course.title_th, **why(course, kept=False)}
    persons = [row.person for row in rows if row.person is not None]
    if persons:
        url = reverse("learning:place", args=[course.pk])
        tell(people=persons, kind=kind, params=params, url=url, until=until, about=course.pk, by=by)
    entered = {row.entered_by for row in rows if row.person is None or row.person.user is None}
    users = [user for user in entered if user is not None and not user.is_system]
    if users:
        about = thread(course.pk, f"{TURNS}{FOR_OTHERS}")
        if kind == "learning.turn_cancelled":
            overtake_all(users, course, by)
        elif kind in {"learning.turn_over", "learning.turn_expired"}:
            answers = Turn.objects.filter(opportunity=course, state=State.OFFERED, person__user=None)
            asked = set(answers.values_list("entered_by", flat=True))
            overtake([user for user in users if user.pk not in asked], [about], by, "learning.turn_offered")
        # Whose turn it is stands on their Today.
        params = {"title": title_kept(course.title_th, telling=course.telling), **why(course, kept=True)}
        params["about"] = str(about)
        notify(users=users, kind=kind, params=params, url=reverse("desk:today"), by=by)
