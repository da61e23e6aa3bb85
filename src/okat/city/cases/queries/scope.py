"""Which cases one may see, and what one may do with them: one's own, and those of the partners one works for."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.http import Http404

from okat.city.accounts.models import User
from okat.city.cases.models import Case, FollowUp, Goal, Referral
from okat.city.cases.queries.rounds import given_back_until, waits_while_given_back
from okat.city.cases.rules import FORWARD, NEEDS, OPEN_STATES, TABLE, Edge, GoalStatus, State, Verb, Who, may_close
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import Status
from okat.city.core import clock
from okat.city.core.permissions import Permission
from okat.city.partners.models import Partner
from okat.city.partners.queries import partners_where, teams_of_city
from okat.city.people.models import Consent, Person
from okat.city.people.queries import may_act_for, may_see_sensitive, reach, sensitive_to, visible_to, withdrawn_with
from okat.city.people.queries.scope import Standing, grants_in_force
from okat.city.people.rules import NeedStatus
from okat.city.places.models import whole
from okat.city.taxonomy.models import Term

# The person acts for themselves; the city team only finds another partner, and what follows follows by itself.
FREE = frozenset({Who.PERSON, Who.TEAM, Who.SYSTEM})
PERMITTED = (Permission.REFER, Permission.ANSWER_REFERRALS, Permission.RECORD_OUTCOME)


def partners_of(user: User) -> list[Partner]:
    """The partners for whose cases the user works."""
    found = {p.pk: p for permission in PERMITTED for p in partners_where(user, permission)}
    return list(found.values())


def cases_of_partner(user: User) -> QuerySet[Case]:
    """The cases that the user's partners own, hold or share a goal of, inside the areas of the user's roles.

    The city team sees, without the person, what has no other owner: cases that it owns itself.
    """
    rows = Case.objects.filter(sight_of(user).cases)
    rows = rows.select_related("person__area", "opportunity", "need", "owner", "receiver")
    rows = rows.select_related("acts_next").annotate(may_open=Exists(visible_to(user).filter(pk=OuterRef("person"))))
    return rows.annotate(deep=Exists(sensitive_to(user).filter(pk=OuterRef("person"))), returning=given_back_until())


@dataclass(frozen=True)
class Sight:
    """Partners (by id) in which a user handles cases, each with the area paths within which; and the city teams."""

    partners: tuple[tuple[int, tuple[str, ...]], ...]
    teams: tuple[int, ...]

    @property
    def cases(self) -> Q:
        """Which cases that opens."""
        wanted = Q(owner__in=self.teams)
        for partner, paths in self.partners:
            wanted |= _held(partner) & _inside(paths)
        return wanted

    def holds(self, case: Case, shared: Iterable[int]) -> bool:
        """`cases` for one case with its person's area; `shared` are the partners of its open goals."""
        path = case.person.area.path if case.person is not None else None
        mine = {p for p, paths in self.partners if path is None or any(path.startswith(start) for start in paths)}
        return case.owner_id in self.teams or bool(mine & {case.owner_id, case.receiver_id, *shared})

    @property
    def waits(self) -> Q:
        """Which of them wait for the user's partners: asked by Today, by the list, and by its figures."""
        return Q(state__in=OPEN_STATES, acts_next__in=self.acting)

    @property
    def acting(self) -> frozenset[int]:
        """The partners whose turn is the user's."""
        return frozenset(self.teams) | {partner for partner, _paths in self.partners}


def is_late(day: dt.date) -> Q:
    """Of open cases. What is being given back waits for nobody."""
    return Q(due_on__lt=day) & ~waits_while_given_back()


def in_time(day: dt.date) -> Q:
    """The other open cases."""
    return Q(due_on__gte=day) | Q(due_on=None) | waits_while_given_back()


def sight_of(user: User) -> Sight:
    held = {(r.partner.pk, tuple(sorted(r.paths))) for permission in PERMITTED for r in reach(user, permission)}
    return Sight(tuple(sorted(held)), tuple(p.pk for p in partners_where(user, Permission.MANAGE_NETWORK)))


def _held(partner: int) -> Q:
    shared = Goal.objects.filter(case=OuterRef("pk"), partner=partner, status=GoalStatus.OPEN)
    return Q(owner=partner) | Q(receiver=partner) | Q(Exists(shared))


def _area(paths: tuple[str, ...]) -> Q:
    wanted = Q(case__person=None)
    for path in paths:
        wanted |= Q(case__person__area__path__startswith=path)
    return wanted


def _inside(paths: tuple[str, ...]) -> Q:
    if whole(paths):
        return Q()
    wanted = Q(person=None)
    for path in sorted(paths):
        wanted |= Q(person__area__path__startswith=path)
    return wanted


@dataclass(frozen=True)
class Counts:
    """Open cases of the user's partners: all, those that wait for them, and the late ones among these."""

    all: int
    waits: int
    late: int


def counts(user: User) -> Counts:
    """One statement."""
    mine, today = sight_of(user).waits, clock.today()
    found = (
        cases_of_partner(user)
        .filter(state__in=OPEN_STATES)
        .order_by()
        .aggregate(
            every=Count("pk"), waits=Count("pk", filter=mine),
            late=Count("pk", filter=mine & is_late(today)),
        )
    )  # fmt: skip
    return Counts(found["every"], found["waits"], found["late"])


def queue(user: User, *, waits: bool = True, late: bool | None = None, state: str = "") -> QuerySet[Case]:
    """What waits for the user's partners, by deadline; with `waits` false all their open cases. `late`: only those, or
    only the others."""
    rows = cases_of_partner(user).filter(state__in=OPEN_STATES)
    if waits:
        rows = rows.filter(sight_of(user).waits)
    if late is not None:
        rows = rows.filter(is_late(clock.today()) if late else in_time(clock.today()))
    if state in State.values:
        rows = rows.filter(state=state)
    return rows.order_by("due_on", "id")


def stages(user: User, *, waits: bool = True, late: bool | None = None) -> dict[str, int]:
    """How many of `queue` stand in each state, in the order of the table."""
    rows = queue(user, waits=waits, late=late).order_by().values_list("state").annotate(n=Count("pk"))
    found = dict(rows)
    return {state.value: found[state.value] for state in OPEN_STATES if state.value in found}


def was_with(user: User, pk: UUID) -> Referral | None:
    """The last ended referral of a case that the user's partners held and hold no more, inside the areas of the user's
    roles; what became of it is theirs to know, whose case it is no longer."""
    mine = Q(pk__in=[])
    for partner, paths in sight_of(user).partners:
        mine |= Q(receiver=partner) & (Q() if whole(paths) else _area(paths))
    rows = Referral.objects.filter(mine, case=pk).exclude(ended_at=None)
    return rows.select_related("case__opportunity", "case__need", "sender", "receiver").order_by("ended_at").last()


def goal_for(user: User, pk: UUID) -> Goal:
    """A goal of a case in the user's scope. Raises Http404."""
    found = Goal.objects.select_related("case", "partner").filter(pk=pk).first()
    if found is None or not cases_of_partner(user).filter(pk=found.case_id).exists():
        raise Http404("goal")
    return found


def own_cases(user: User) -> QuerySet[Case]:
    """A resident's own, newest first."""
    rows = Case.objects.filter(person__user=user).select_related("opportunity", "need", "owner", "receiver")
    return rows.annotate(deep=Value(True), returning=given_back_until()).order_by("-opened_at", "id")


def own_case(user: User, pk: UUID) -> Case:
    """The resident's own case. Raises Http404 for one that is not there and one that is somebody else's."""
    found = own_cases(user).select_related("acts_next", "person__area").filter(pk=pk).first()
    if found is None:
        raise Http404("case")
    found.may_open = True  # type: ignore[attr-defined]  # as annotated above
    return found


def cases_of_person(user: User, person: Person) -> QuerySet[Case]:
    """The person's cases that the user may see."""
    return cases_of_partner(user).filter(person=person).order_by("-opened_at")


def roles_in(user: User, case: Case) -> dict[Who, Partner | None]:
    """As what the user stands to the case, whatever the verb; the partner acted for."""
    found: dict[Who, Partner | None] = {}
    if case.person is not None and case.person.user_id == user.pk:
        found[Who.PERSON] = None
    for partner in partners_of(user):
        if partner.pk == case.owner_id:
            found[Who.OWNER] = partner
        if partner.pk == case.receiver_id:
            found[Who.RECEIVER] = partner
    teams = {p.pk: p for p in partners_where(user, Permission.MANAGE_NETWORK)}
    if case.owner_id in teams:
        found[Who.TEAM] = teams[case.owner_id]
    return found


def works_for(user: User, case: Case, permission: Permission) -> bool:
    """Whether the user may act for whom the case is about: the role carries the permission in a partner that holds the
    person's record. True where the record was erased; what was loaded with the case asks nothing more."""
    if case.person is None or user.is_system:
        return True
    known: Standing | bool | None = getattr(case, "stands", False)
    if known is False:
        return may_act_for(user, case.person, permission)
    return bool(known) and known.partner_for(user, case.person, permission) is not None  # type: ignore[union-attr]


def possible(user: User, case: Case) -> list[tuple[Verb, Edge, Who]]:
    """What the user may do with the case now, in the order of the table."""
    roles, found = roles_in(user, case), []
    stays = case.given_back is not None or is_off(case)
    for verb, edge in TABLE[case.stage].allows.items():
        if stays and verb in FORWARD:
            continue
        able = (w for w in roles if w in edge.who and may_as(user, w, roles[w], verb))
        who = next((w for w in able if w in FREE or works_for(user, case, NEEDS[verb])), None)
        if who is not None:
            found.append((verb, edge, who))
    return found


def is_off(case: Case) -> bool:
    """Whether the case would go on towards what has been called off; what is over, or leads there no more, is not."""
    return bool(FORWARD & set(TABLE[case.stage].allows)) and called_off([case.opportunity_id])


def called_off(opportunities: Iterable[UUID | None]) -> bool:
    """Whether one of these does not take place."""
    found = Opportunity.objects.filter(pk__in=[pk for pk in opportunities if pk is not None])
    return found.filter(status=Status.CANCELLED).exists()


def primary(case: Case, found: list[tuple[Verb, Edge, Who]]) -> Verb | None:
    """The one step to offer first among those possible: that of whoever acts next, as the table orders them. A worker
    answers in place of a person without an account. None where it is somebody else's turn, nothing is due yet, or the
    place is being given back."""
    if case.given_back is not None:
        return None
    acts = TABLE[case.stage].acts
    stands_in = acts is Who.PERSON and (case.person is None or case.person.user_id is None)
    mine = [verb for verb, _edge, who in found if (who is acts or stands_in) and verb is not Verb.HAND_OVER]
    if Verb.CLOSE in mine and closes(case):
        return Verb.CLOSE
    if Verb.FOLLOW_UP in mine and (due := next_follow_up(case)) is not None:
        asked = due.due_on <= clock.today()
        others = [verb for verb in mine if verb not in (Verb.FOLLOW_UP, Verb.CLOSE)]
        return Verb.FOLLOW_UP if asked else next(iter(others), None)
    return next(iter(mine), None)


def closes(case: Case) -> bool:
    """Whether the outcomes that are recorded let the case be closed."""
    rows = FollowUp.objects.filter(case=case, taken_back_at=None)
    last = rows.exclude(recorded_at=None).order_by("recorded_at", "id").last()
    return may_close(rows.filter(recorded_at=None).count(), last.outcome if last else "")


def next_follow_up(case: Case) -> FollowUp | None:
    return FollowUp.objects.filter(case=case, recorded_at=None).order_by("due_on", "id").first()


def may_as(user: User, who: Who, partner: Partner | None, verb: Verb) -> bool:
    """Whether the user's role in `partner` carries what the verb needs."""
    if who in (Who.PERSON, Who.TEAM):
        return True
    return partner is not None and any(p.pk == partner.pk for p in partners_where(user, NEEDS[verb]))


def partners_to_refer() -> QuerySet[Partner]:
    """Whom a case may go to."""
    return Partner.objects.filter(left_on=None).order_by("th")


def overdue(today: dt.date) -> QuerySet[Case]:
    """Late and not called late today, those first that were called late longest ago: where one morning does not come to
    all, the next begins with the others. A clock that jumped back calls nothing twice: days only go forward."""
    late = Case.objects.filter(is_late(today), Q(reminded_on=None) | Q(reminded_on__lt=today), closed_at=None)
    return late.select_related("person__user", "opportunity", "need", "acts_next").order_by(
        F("reminded_on").asc(nulls_first=True), "due_on", "id"
    )


def unheld(but: Consent | None = None, back: Iterable[UUID] = ()) -> QuerySet[Case]:
    """Open cases that nobody may move: neither the responsible partner nor one that holds the case may see the person
    (`but`: as if this consent were withdrawn, with all that is one word with it, and these cases had come `back` by
    it). What follows by itself closes them."""
    held = grants_in_force().filter(person=OuterRef("person"))
    if but is not None:
        held = held.exclude(consent__in=[one.pk for one in withdrawn_with(but)])
    rows = Case.objects.filter(closed_at=None, person__isnull=False)
    away = Q(Exists(held.filter(partner=OuterRef("receiver")))) & ~Q(pk__in=list(back))
    return rows.exclude(Exists(held.filter(partner=OuterRef("owner")))).exclude(away)


def concerned(opportunities: Iterable[UUID]) -> Iterable[UUID]:
    """Whose open cases lead to one of these."""
    rows = Case.objects.filter(opportunity__in=opportunities, closed_at=None, person__isnull=False)
    return [pk for pk in rows.order_by().values_list("person", flat=True).distinct() if pk is not None]


def to_end() -> QuerySet[Case]:
    """Of `unheld`, what closes by itself: the city team's own wait for another partner."""
    return unheld().exclude(owner__in=teams_of_city())


def needs_of(user: User, person: Person) -> QuerySet[Term]:
    """The needs of the person that are open and that the user may read, for a case about which nothing is found yet."""
    rows = Term.objects.filter(pk__in=person.needs.filter(status=NeedStatus.OPEN).values("term")).order_by("order")
    return rows if may_see_sensitive(user, person) else rows.filter(sensitive=False)


def offerable(opportunity_id: UUID) -> Opportunity | None:
    return Opportunity.objects.published().filter(pk=opportunity_id).select_related("provider").first()
