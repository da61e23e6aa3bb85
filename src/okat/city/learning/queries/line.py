"""Courses that take people first come, first served: who waits, whom a rule refuses, and what overlaps."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from okat.city.accounts.models import User
from okat.city.cases.rules import State as CaseState
from okat.city.catalogue.models import Opportunity, Session
from okat.city.catalogue.queries.search import still_open
from okat.city.catalogue.rules import Status
from okat.city.catalogue.solve import answered_from, parsed, telling_situations
from okat.city.catalogue.solve.ask import tried
from okat.city.core import audit, clock, registries
from okat.city.core.permissions import Permission
from okat.city.core.templatetags.okat import words
from okat.city.learning.models import Enrolment, FirstCome, Turn
from okat.city.learning.queries.courses import LEARNING
from okat.city.learning.rules import HELD, Standing
from okat.city.learning.rules.line import Goes, State
from okat.city.people.models import Consent, Person
from okat.city.people.queries import (
    consented,
    may_act_for,
    may_see_sensitive,
    sees_by_it_alone,
    sensitive_to,
    speaks_for,
    team,
)
from okat.city.people.rules import Purpose
from okat.city.rounds import queries as rounds
from okat.city.rounds.models import Place, Result
from okat.city.rounds.rules import Status as RoundStatus

SOURCE = "enrolment"  # of a grant; ":" and the enrolment's id follow


def open_first_come() -> QuerySet[Opportunity]:
    """Published courses that take people in the order of arrival today."""
    today = clock.today()
    rows = Opportunity.objects.published().filter(still_open(today), first_come__isnull=False, kind__in=LEARNING)
    rows = rows.filter(provider__left_on=None)
    return rows.exclude(opens_on__gt=today).select_related("provider", "area").order_by("starts_on", "title_th", "id")


def course_called(pk: UUID) -> Opportunity:
    """Any course that stands in the catalogue. Raises Http404."""
    rows = Opportunity.objects.public().filter(kind__in=LEARNING).select_related("provider", "area")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404("course")
    return found


def course_again(course: Opportunity) -> Opportunity:
    """As it stands now; one that left the catalogue meanwhile as it was."""
    found = Opportunity.objects.filter(pk=course.pk).select_related("provider", "area").first()
    return found if found is not None else course


def first_come(course: Opportunity) -> bool:
    return FirstCome.objects.filter(opportunity=course).exists()


def in_round(course: Opportunity) -> bool:
    """Whether a round that is not finished gives the places."""
    rows = Place.objects.filter(opportunity=course).exclude(round__status=RoundStatus.FINISHED)
    return rows.exists()


def is_over(course: Opportunity) -> bool:
    """The last session, or the last day, has passed."""
    last = _last_end(course)
    if last is not None:
        return last <= clock.now()
    return course.ends_on is not None and course.ends_on < clock.today()


def _last_end(course: Opportunity) -> dt.datetime | None:
    rows = Session.objects.filter(opportunity=course).order_by("-end")
    return rows.values_list("end", flat=True).first()


def takes_people(course: Opportunity) -> bool:
    """Published, by a partner of the network, and not over."""
    return course.status == Status.PUBLISHED and moves_on(course)


def moves_on(course: Opportunity) -> bool:
    """Whether places that come free still go to whoever waits, whatever the window says. A course that takes nobody
    new goes on with those who stand in line: they came in time, and a place should not stay empty."""
    lasts = course.status in {Status.PUBLISHED, Status.CLOSED} and course.provider.left_on is None
    return lasts and first_come(course) and not is_over(course)


def can_be_answered(course: Opportunity) -> bool:
    """Whether whoever is offered a place today still finds something of the course tomorrow."""
    last = _last_end(course)
    return last is None or timezone.localdate(last) > clock.today()


def in_window(course: Opportunity) -> bool:
    """Between the first and the last day to apply."""
    today = clock.today()
    return (course.opens_on is None or course.opens_on <= today) and (
        course.closes_on is None or course.closes_on >= today
    )


def next_day(course: Opportunity) -> dt.date | None:
    """The day of the next session."""
    rows = Session.objects.filter(opportunity=course, called_off=None, start__gt=clock.now()).order_by("start")
    start = rows.values_list("start", flat=True).first()
    return None if start is None else timezone.localdate(start)


def may_enrol(user: User, person: Person) -> bool:
    """The person's own account, or a worker whose partner holds the record and who may apply for others."""
    return may_act_for(user, person, Permission.APPLY_FOR_OTHERS)


def refusal(person: Person, course: Opportunity) -> list[str] | None:
    """Why the course's own rule says no, in the reader's language; None where it does not. What is not known
    refuses nobody: the provider asks."""
    if not course.rule:
        return None
    known: dict[str, Any] = {}
    for _app, source in registries.FACTS:
        known |= source([person.pk]).get(person.pk, {})
    said = answered_from(parsed(course.rule, course.rule_digest), known, telling_situations())
    trial = tried(course.rule, said, on=clock.today())
    return [law.words for law in trial.why] if trial.value == "no" else None


@dataclass(frozen=True)
class Clash:
    """Two sessions at overlapping times: of the course that is asked for, and of one that the person attends."""

    wanted: Session
    other: Session


def clashes(person: Person, course: Opportunity, reader: User) -> list[Clash]:
    """Sessions to come that overlap with those of the person's other courses, in order. One that tells of health or a
    disability counts for those alone who may know of it: else its hours, which the catalogue shows with its name, could
    be read by trying one hour after another."""
    now = clock.now()
    coming = Session.objects.filter(called_off=None, end__gt=now).order_by("start", "id")
    wanted = list(coming.filter(opportunity=course))
    if not wanted:
        return []
    active = Enrolment.objects.filter(person=person, standing=Standing.ACTIVE).exclude(opportunity=course)
    if not _known(reader, [person]):
        active = active.filter(opportunity__telling=False)
    others = coming.filter(
        opportunity__in=active.values("opportunity"), start__lt=wanted[-1].end, end__gt=wanted[0].start
    ).select_related("opportunity")
    return [Clash(one, other) for other in others for one in wanted if _overlap(one, other)]


def _overlap(one: Session, other: Session) -> bool:
    return one.start < other.end and other.start < one.end


def _known(reader: User, people: Sequence[Person]) -> set[UUID]:
    """Of these, of whom the reader may know what is sensitive; what the program does by itself tells nobody."""
    if reader.is_system:
        return {person.pk for person in people}
    if len(people) == 1:
        return {people[0].pk} if may_see_sensitive(reader, people[0]) else set()
    return set(sensitive_to(reader).filter(pk__in=[person.pk for person in people]).values_list("pk", flat=True))


def cannot_attend(taking: Sequence[tuple[Person, Opportunity]], reader: User) -> list[tuple[Person, Opportunity]]:
    """Of these, who could attend nothing of the course for other courses of theirs (of which the reader may know, as in
    `clashes`); a constant number of statements."""
    now = clock.now()
    coming: dict[UUID, list[Session]] = {}
    for session in Session.objects.filter(
        opportunity__in={o.pk for _person, o in taking}, called_off=None, end__gt=now
    ):
        coming.setdefault(session.opportunity_id, []).append(session)
    if not coming:
        return []
    mine: dict[UUID | None, set[UUID]] = {}
    active = Enrolment.objects.filter(person__in={person.pk for person, _o in taking}, standing=Standing.ACTIVE)
    known = _known(reader, [person for person, _o in taking])
    for pk, course, telling in active.order_by().values_list("person", "opportunity", "opportunity__telling"):
        if pk in known or not telling:
            mine.setdefault(pk, set()).add(course)
    theirs: dict[UUID, list[Session]] = {}
    for session in Session.objects.filter(opportunity__in=set().union(*mine.values()), called_off=None, end__gt=now):
        theirs.setdefault(session.opportunity_id, []).append(session)
    return [(person, o) for person, o in taking if _nothing_left(o, coming, mine.get(person.pk, set()), theirs)]


def _nothing_left(
    course: Opportunity, coming: Mapping[UUID, list[Session]], mine: set[UUID], theirs: Mapping[UUID, list[Session]]
) -> bool:
    wanted = coming.get(course.pk, [])
    others = [session for pk in mine - {course.pk} for session in theirs.get(pk, ())]
    return bool(wanted) and all(any(_overlap(one, other) for other in others) for one in wanted)


def all_clash(person: Person, course: Opportunity, reader: User) -> bool:
    """Whether nothing of the course is left that the person could attend."""
    return bool(cannot_attend([(person, course)], reader))


def turn_of(person: Person, course: Opportunity) -> Turn | None:
    """The open one."""
    rows = Turn.objects.filter(person=person, opportunity=course, ended_at=None)
    return rows.select_related("opportunity").first()


def agreement_of(person: Person, course: Opportunity) -> Consent | None:
    """What lets a provider know who comes; the explicit one where that tells of health or a disability. That a case may
    be passed on to it is another purpose and does not do."""
    return consented(person, Purpose.ENROL, course.provider, sensitive=course.telling)


def resting_on(consent: Consent) -> QuerySet[Enrolment]:
    """Places of which the provider knows by this consent alone, however they were come by."""
    rows = Enrolment.objects.filter(standing=Standing.ACTIVE, opportunity__provider=consent.recipient_id)
    if not sees_by_it_alone(consent):
        return rows.none()
    return rows.filter(person=speaks_for(consent)).select_related("opportunity").order_by("began_at", "id")


def waits_by(consent: Consent) -> QuerySet[Turn]:
    """Turns in lines of courses whose provider may learn by this consent who comes: a place needs it again."""
    rows = Turn.objects.filter(person=speaks_for(consent), ended_at=None, opportunity__provider=consent.recipient_id)
    return (rows if consent.purpose == Purpose.ENROL else rows.none()).select_related("opportunity").order_by("id")


def from_round(place: Enrolment) -> Result | None:
    """The place of a round that it is, as long as the round counts on it."""
    rows = rounds.counted_on().filter(application__person=place.person_id, place__opportunity=place.opportunity_id)
    return rows.first()


def given_by_rounds(course: Opportunity) -> set[UUID | None]:
    """Whose place in the course is one of a round, as long as the round counts on it."""
    rows = rounds.counted_on().filter(place__opportunity=course).order_by()
    return set(rows.values_list("application__person", flat=True))


def arranged(place: Enrolment) -> str:
    """Whom to tell that the person does not come, while a case lasts that led to the place; else nothing: whoever has
    the place gives it back."""
    case = place.case
    if case is None or case.state != CaseState.ACTIVE or case.opportunity_id != place.opportunity_id:
        return ""
    return _("%(office)s arranged this place. Tell them: they end it, and may offer another.") % {
        "office": words(case.owner)
    }


def led_to_by(cases: Iterable[UUID]) -> QuerySet[Enrolment]:
    """Places that rest on these cases."""
    rows = Enrolment.objects.filter(case__in=list(cases), standing=Standing.ACTIVE).select_related("opportunity")
    return rows.order_by("began_at", "id")


def place_of(person: Person, course: Opportunity) -> Enrolment | None:
    """The latest enrolment of the person in the course, whatever became of it."""
    rows = Enrolment.objects.filter(person=person, opportunity=course).select_related(
        "opportunity__provider", "case__owner"
    )
    return rows.order_by("-began_at", "-id").first()


def place_of_now(person: Person, course: Opportunity) -> bool:
    return Enrolment.objects.filter(person=person, opportunity=course, standing=Standing.ACTIVE).exists()


def position(turn: Turn) -> int:
    """1 for the next one; 0 where it is told to nobody: of a course that tells of health or a disability the number
    would say how many others do."""
    if turn.opportunity.telling:
        return 0
    before = Turn.objects.filter(opportunity=turn.opportunity_id, state=State.WAITING, id__lt=turn.pk)
    return before.count() + 1


def waiting(course: Opportunity) -> int:
    """How many. For whoever gives the course: anybody else is told at most whether somebody waits."""
    return Turn.objects.filter(opportunity=course, state=State.WAITING).count()


def goes_to(course: Opportunity, *, seated: bool, offered: int | None = None) -> Goes:
    """To whom a place goes that is given back now; `offered`: it was, and so many of the line were asked. One above the
    number (not `seated`) frees nothing."""
    asked = offered if offered is not None else moves_on(course) and can_be_answered(course) and waiting(course)
    if seated and asked:
        return Goes.NEXT
    return Goes.ANYBODY if seated and takes_people(course) and in_window(course) else Goes.NOBODY


def concerned(courses: Iterable[UUID]) -> set[UUID]:
    """Who takes part in one of these."""
    rows = Enrolment.objects.filter(opportunity__in=courses, standing__in=HELD, person__isnull=False).order_by()
    return {pk for pk in rows.values_list("person", flat=True) if pk is not None}


def to_tend() -> list[Opportunity]:
    """Courses whose line may have to move."""
    rows = Turn.objects.filter(ended_at=None).order_by().values("opportunity")
    return list(Opportunity.objects.filter(pk__in=rows).order_by("id"))


def open_turns(person: UUID) -> list[Turn]:
    return list(Turn.objects.filter(person=person, ended_at=None).select_related("opportunity").order_by("id"))


def offers_to_tell(user: User) -> QuerySet[Turn]:
    """Of these, whom somebody has to tell."""
    return offers_to(user).exclude(person__user=user)


def note_names(user: User, turns: Iterable[Turn]) -> None:
    """A list of names is a look at each of the records."""
    seen = [turn.person for turn in turns if turn.person is not None]
    if seen:
        audit.record_many(by=user, verb="people.read", subjects=seen, fields=["identity"], reason="offer")


def hidden(turn: Turn) -> bool:
    """Of `offers_to`: which course it is tells more of the person than the reader may see."""
    return turn.opportunity.telling and not turn.deep  # type: ignore[attr-defined]  # annotated by offers_to


def offers_to(user: User) -> QuerySet[Turn]:
    """Offered places of which this user hears: their own, and those of people without an account that are theirs to
    tell (people.queries.team)."""
    rows = Turn.objects.filter(state=State.OFFERED).select_related("opportunity", "person")
    rows = rows.annotate(deep=Exists(sensitive_to(user).filter(pk=OuterRef("person"))))
    mine = team.falls_to(user, Permission.APPLY_FOR_OTHERS, by="entered_by")
    return rows.filter(Q(person__user=user) | (Q(person__user=None) & mine)).order_by("answer_by", "pk")
