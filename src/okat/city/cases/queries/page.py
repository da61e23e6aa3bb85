"""Everything that one reader may see of one case, loaded in a constant number of statements."""

import datetime as dt
from dataclasses import dataclass

from okat.city.accounts.models import User
from okat.city.cases.models import Case, FollowUp, Goal, Referral, Transition
from okat.city.cases.queries.record import follow_ups_of, goals_of, last_return, open_referral, opened, transitions_of
from okat.city.cases.queries.resting import goes_on_by
from okat.city.cases.queries.scope import closes, is_off, next_follow_up, possible, primary, roles_in
from okat.city.cases.rules import Edge, GoalStatus, State, Verb, Who
from okat.city.partners.queries import memberships
from okat.city.people.models import Consent, Person
from okat.city.people.queries import open_person
from okat.city.people.rules import Purpose

_READERS = frozenset({Who.PERSON, Who.OWNER, Who.RECEIVER})


@dataclass(frozen=True)
class Line:
    """One goal of the plan; `text` is empty for those who may not read it, `mine` says whether one may end it."""

    goal: Goal
    text: str
    mine: bool


@dataclass(frozen=True)
class Page:
    """`person` is None where the reader works on the case without seeing the person (or the record was erased).

    `note` came with the open referral, `returned` with the one that came back last; each only for whom it was meant.
    """

    case: Case
    person: Person | None
    roles: frozenset[Who]
    transitions: list[Transition]
    follow_ups: list[FollowUp]
    plan: list[Line]
    consents: list[Consent]
    goes_on: str
    wish: str
    note: str
    returned: str
    outcomes: dict[int, str]
    verbs: list[Verb]
    first: Verb | None

    @property
    def others(self) -> list[Verb]:
        return [verb for verb in self.verbs if verb is not self.first]

    @property
    def off(self) -> bool:
        """Whether what the case would go on towards has been called off."""
        return is_off(self.case)

    @property
    def plans(self) -> bool:
        """Whether the reader may write the plan."""
        return Who.OWNER in self.roles and self.case.stage is not State.CLOSED


def page(user: User, case: Case, *, why: str = "case") -> Page:
    """Load it; opening the person's record is recorded with `why`."""
    whose = case.person_id if getattr(case, "may_open", False) else None
    person = open_person(user, whose, why=why, fields=["identity", "cases"]) if whose else None
    roles, partners = frozenset(roles_in(user, case)), {m.partner_id for m in memberships(user)}
    reads = bool(roles & _READERS) and person is not None and not case.hidden
    found = _sensible(case, possible(user, case))
    referral = open_referral(case) if reads else None
    back = last_return(case) if reads and case.stage is State.RETURNED and Who.OWNER in roles else None
    follow_ups, consents = follow_ups_of(case), _consents(case, person)
    return Page(
        case, person, roles, transitions_of(case), follow_ups,
        [_line(case, goal, roles, partners, person) for goal in goals_of(case)],
        consents, goes_on_by(case, consents),
        opened(case, case.goal_sealed) if reads else "",
        _note(case, referral), _note(case, back),
        {f.pk: opened(case, f.note_sealed) for f in follow_ups if reads and Who.OWNER in roles},
        [verb for verb, _edge, _who in found], primary(case, found),
    )  # fmt: skip


def _sensible(case: Case, found: list[tuple[Verb, Edge, Who]]) -> list[tuple[Verb, Edge, Who]]:
    """Without what the table allows but the outcomes do not yet (closing), or no more (asking again)."""
    if case.stage is not State.OUTCOME:
        return found
    ready, asks = closes(case), next_follow_up(case) is not None
    return [step for step in found if (step[0] is not Verb.CLOSE or ready) and (step[0] is not Verb.FOLLOW_UP or asks)]


def _note(case: Case, referral: Referral | None) -> str:
    return opened(case, referral.note_sealed) if referral is not None else ""


def _line(case: Case, goal: Goal, roles: frozenset[Who], partners: set[int], person: Person | None) -> Line:
    """The responsible partner, the goal's own and the person read what the goal says; others see its sector."""
    own = goal.partner_id in partners
    reads = person is not None and not case.hidden and (own or bool(roles & {Who.OWNER, Who.PERSON}))
    ends = goal.status == GoalStatus.OPEN and (own or Who.OWNER in roles)
    return Line(goal, opened(case, goal.text_sealed) if reads else "", ends)


def _consents(case: Case, person: Person | None) -> list[Consent]:
    """The consents that the case rests on: to pass it on, given to the partners that hold it or work on its plan."""
    if person is None:
        return []
    involved = {case.owner_id, case.receiver_id, *Goal.objects.filter(case=case).values_list("partner", flat=True)}
    involved |= set(Referral.objects.filter(case=case).values_list("receiver", flat=True))
    rows = Consent.objects.filter(person=person, purpose=Purpose.REFER, recipient__in=involved - {None})
    return list(rows.select_related("recipient").order_by("-at", "id"))


def given_to(person: Person) -> dict[int, dt.datetime]:
    """To which partners the person's case may be passed on, and since when."""
    rows = Consent.objects.filter(person=person, purpose=Purpose.REFER, withdrawn_at=None)
    return dict(rows.values_list("recipient_id", "at"))
