"""Cases at a glance, each in one statement (core.together): one case, those of one person, and what waits."""

import datetime as dt
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet
from django.http import Http404

from okat.city.accounts.models import User
from okat.city.cases.models import Case, Goal
from okat.city.cases.queries.rounds import given_back_until
from okat.city.cases.queries.scope import Sight, in_time, is_late, sight_of
from okat.city.cases.rules import GoalStatus, LateError
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.core.models import DataKey
from okat.city.core.together import Together
from okat.city.partners.queries import known
from okat.city.people.models import BreakGlass, Grant, Person
from okat.city.people.queries import may_see_sensitive, standing
from okat.city.places import queries as places
from okat.city.taxonomy.queries import words

MOST = 10  # cases that such a page shows


def _titles(cases: QuerySet[Case]) -> QuerySet[Opportunity]:
    rows = Opportunity.objects.filter(pk__in=cases.order_by().values("opportunity"))
    return rows.only("id", "title_th", "title_en", "telling")


OF_PERSON = Together(
    UUID,
    cases=lambda pk: Case.objects.filter(person=pk).annotate(returning=given_back_until()).order_by("-opened_at", "id"),
    shared=lambda pk: Goal.objects.filter(case__person=pk, status=GoalStatus.OPEN),
    opportunities=lambda pk: _titles(Case.objects.filter(person=pk)),
)


def cases_shown(user: User, person: Person) -> list[Case]:
    """The newest cases of a person whom the user has opened that are cases of the user's partners."""
    found, sight = OF_PERSON.on(person), sight_of(user)
    shared: dict[UUID, list[int]] = {}
    for goal in found["shared"]:
        shared.setdefault(goal.case_id, []).append(goal.partner_id)
    deep = may_see_sensitive(user, person)
    for case in found["cases"]:
        case.person, case.deep = person, deep
    rows = [case for case in found["cases"] if sight.holds(case, shared.get(case.pk, ()))]
    return _named(rows[:MOST], found["opportunities"])


_CASE = Together(
    UUID,
    case=lambda pk: Case.objects.filter(pk=pk).annotate(returning=given_back_until()),
    person=lambda pk: Person.objects.filter(cases=pk),
    key=lambda pk: DataKey.objects.filter(pk__in=Person.objects.filter(cases=pk).values("key")),
    grants=lambda pk: Grant.objects.resting().filter(person__cases=pk),
    openings=lambda pk: BreakGlass.objects.filter(person__cases=pk),
    opportunity=lambda pk: Opportunity.objects.filter(cases=pk),
    shared=lambda pk: Goal.objects.filter(case=pk, status=GoalStatus.OPEN),
)


def case_for(user: User, pk: UUID) -> Case:
    """The case in the user's scope, with `may_open`: whether that is also true of the person. Raises Http404 alike
    for one that is not there and one that is somebody else's."""
    found = _CASE.of(pk)
    if not found["case"]:
        raise Http404("case")
    case = _named(found["case"], found["opportunity"])[0]
    case.receiver = known().get(case.receiver_id or 0)
    case.person = person = next(iter(found["person"]), None)
    if person is not None:
        person.area, person.key = places.known()[person.area_id], next(iter(found["key"]), None)
    own = person is not None and person.user_id == user.pk
    if not own and not sight_of(user).holds(case, [goal.partner_id for goal in found["shared"]]):
        raise Http404("case")
    stands = standing(user, person, found["grants"], found["openings"]) if person is not None else None
    case.stands = stands  # type: ignore[attr-defined]  # for works_for
    case.may_open = own or stands is not None  # type: ignore[attr-defined]  # as in cases_of_partner
    case.deep = own or (stands is not None and stands.sensitive)  # type: ignore[attr-defined]  # likewise
    return case


# The parts are taken in this order: the person first, as whoever changes the person's record has them (CONTRIBUTING).
_LOCKED = Together(
    UUID,
    person=lambda pk: Person.objects.select_for_update(of=("self",), no_key=True).filter(cases=pk).only("id"),
    rows=lambda pk: Case.objects.select_for_update(no_key=True).filter(pk=pk),
)


def locked(case: Case) -> Case:
    """The row as it stands now, and its person's, for the caller's transaction alone. Raises Case.DoesNotExist, and
    LateError where it has come to another person while one waited (two records are one now): that one is not held, and
    nobody is held after a case."""
    found = _LOCKED.of(case.pk)
    if not found["rows"]:
        raise Case.DoesNotExist(case.pk)
    row: Case = found["rows"][0]
    if row.person_id is not None and row.person_id not in {person.pk for person in found["person"]}:
        raise LateError(row.stage)
    return row


_STANDS = Together(
    UUID,
    case=lambda pk: Case.objects.filter(pk=pk).only("id", "owner", "receiver", "person"),
    person=lambda pk: Person.objects.filter(cases=pk).only("id", "area"),
    shared=lambda pk: Goal.objects.filter(case=pk, status=GoalStatus.OPEN).only("id", "partner"),
)


def still_sees(user: User, pk: UUID) -> bool:
    """Whether the case is among `cases_of_partner` as it stands now."""
    found = _STANDS.of(pk)
    case: Case = found["case"][0]
    case.person = next(iter(found["person"]), None)
    if case.person is not None:
        case.person.area = places.known()[case.person.area_id]
    return sight_of(user).holds(case, [goal.partner_id for goal in found["shared"]])


@dataclass(frozen=True)
class Waiting:
    """What waits for the user's partners: the first late cases, how many are late, and how many are not."""

    first: list[Case]
    late: int
    in_time: int


def waiting(user: User) -> Waiting:
    """The same cases as `scope.queue`, in one statement."""
    found = _queue(sight_of(user)).of(clock.today())
    deep = _deep(user, found["people"], found["grants"])
    for case in found["late"]:
        case.deep = case.person_id in deep
    late, in_time = (sum(row[name] for row in found["counts"]) for name in ("late", "in_time"))
    return Waiting(_named(found["late"], found["opportunities"]), late, in_time)


@functools.lru_cache(maxsize=256)
def _queue(sight: Sight) -> Together:
    """Most users of one partner share their sight, and with it the text of the statement."""

    def rows() -> QuerySet[Case]:
        return Case.objects.filter(sight.cases, sight.waits)

    def late(day: dt.date) -> QuerySet[Case]:
        return rows().filter(is_late(day)).order_by("due_on", "id")[:MOST]

    return Together(
        dt.date,
        late=late,
        counts=lambda day: (
            rows()
            .order_by()
            .values("state")
            .annotate(late=Count("pk", filter=is_late(day)), in_time=Count("pk", filter=in_time(day)))
        ),
        opportunities=lambda day: _titles(Case.objects.filter(pk__in=late(day).values("pk"))),
        people=lambda day: Person.objects.filter(cases__in=late(day).values("pk")).distinct().only("id", "area"),
        grants=lambda day: Grant.objects.resting().filter(person__cases__in=late(day).values("pk")).distinct(),
    )


def _deep(user: User, people: Iterable[Person], grants: Iterable[Grant]) -> set[UUID]:
    """Those of whom the user may see what is sensitive through a partner: an opening in an emergency is no work."""
    held: dict[UUID, list[Grant]] = {}
    for grant in grants:
        held.setdefault(grant.person_id, []).append(grant)
    found = set()
    for person in people:
        person.area = places.known()[person.area_id]
        stands = standing(user, person, held.get(person.pk, ()), ())
        if stands is not None and stands.sensitive:
            found.add(person.pk)
    return found


def _named(cases: list[Case], opportunities: list[Opportunity]) -> list[Case]:
    """With what they are about, and whose turn it is."""
    terms, partners, titles = words().by_id, known(), {row.pk: row for row in opportunities}
    for case in cases:
        case.need, case.opportunity = terms.get(case.need_id or 0), titles.get(case.opportunity_id)  # type: ignore[arg-type]
        case.owner, case.acts_next = partners[case.owner_id], partners.get(case.acts_next_id or 0)
    return cases
