"""What becomes of cases when a person dies, moves, or comes back."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from okat.city.accounts.models import User
from okat.city.cases.actions._ending import end_with
from okat.city.cases.actions._move import (
    Step,
    say_ending,
    say_left,
    tell,
    transition,
    whose_turn,
)
from okat.city.cases.actions._owner import ask_by_office, to_new_owner
from okat.city.cases.actions._said import take_back
from okat.city.cases.models import Case
from okat.city.cases.queries import rounds
from okat.city.cases.rules import DONE, OPEN_STATES, State, Verb, Who, due_on
from okat.city.core import audit, clock, planned
from okat.city.core.action import action
from okat.city.core.templatetags.okat import words
from okat.city.partners.queries import all_stay
from okat.city.people.models import Person
from okat.city.people.queries import may_see_sensitive
from okat.city.people.queries.team import partners_reaching


@action
def end_cases(*, person: Person, why: str, begun: bool, by: User) -> list[str]:
    """Open cases close with the outcome that everybody knows by now; what the person takes part in, or has a place from
    a round for, goes on unless `begun`."""
    rows = Case.objects.filter(person=person, state__in=OPEN_STATES).order_by("pk")
    rows = rows if begun else rows.exclude(rounds.begun())
    closing = list(rows)
    say_ending(closing)
    closed = [end_with(case, why, by) for case in closing]
    ended = [f"{before}:{case.pk}" for before, case in closed]
    say_left([case for before, case in closed if before not in DONE], by, why)
    audit.record(by=by, verb="cases.end", subject=person, fields=["state"], reason=why)
    return ended


@action
def resume_cases(*, person: Person, ended: Sequence[str], by: User) -> list[str]:
    """A closed case stays closed: what it was about is proposed again by the partner that was responsible. What was
    only being followed up is not asked any more; what was said of the life is marked, whoever said it."""
    left, deep = [], may_see_sensitive(by, person)
    take_back(person)
    for name in ended:
        state, _colon, key = name.partition(":")
        old = Case.objects.filter(pk=key, person=person).select_related("opportunity", "need", "owner").first()
        if old is None:
            continue
        old.deep = deep  # type: ignore[attr-defined]  # as the queries of cases annotate it
        if State(state) in DONE:
            told = _("The case about “%(title)s” stays closed: nobody asks any more how it goes.")
        elif not all_stay([old.owner_id]):
            told = _("The case about “%(title)s” stays closed: %(partner)s has left the network.")
        else:
            _again(old, by)
            told = _(
                "“%(title)s” is proposed again by %(partner)s; what had been passed on, and a plan, is agreed anew."
            )
        left.append(told % {"title": words(old), "partner": words(old.owner)})
    audit.record(by=by, verb="cases.resume", subject=person, fields=["state"])
    return left


def _again(old: Case, by: User) -> None:
    case = Case(
        person=old.person, opportunity=old.opportunity, need=old.need, goal_sealed=old.goal_sealed, source=old.source,
        owner=old.owner, state=State.OFFERED, due_on=due_on(State.OFFERED, clock.today()), opened_by=by,
        opened_at=clock.now(),
    )  # fmt: skip
    case.acts_next = whose_turn(case, State.OFFERED)
    case.save(force_insert=True)
    planned.insert(transition(Step(case, Verb.PROPOSE, State.OFFERED, Who.SYSTEM, case.owner, by), ""))
    tell(case, by)


@action
def follow_account(*, person: Person, by: User) -> int:
    """The account opens the record no longer: the responsible partner asks about what was offered there; how many
    cases."""
    moved = ask_by_office([person.pk])
    audit.record(by=by, verb="cases.follow_account", subject=person, fields=["acts_next"])
    return moved


@action
def not_so(*, person: Person, by: User) -> None:
    """What a case said of the life was wrong: it is marked there, and asked again where nothing was said since."""
    take_back(person)
    audit.record(by=by, verb="cases.not_so", subject=person, fields=["outcome"])


@action
def follow_move(*, person: Person, by: User) -> int:
    """Cases whose responsible partner has nobody where the person lives now go to one that has, and that may see the
    person; how many."""
    there = {partner.pk: partner for partner in partners_reaching(person, person.area)}
    home = there.get(person.registered_by_id) or next(iter(there.values()), None)
    rows = Case.objects.filter(person=person, state__in=OPEN_STATES).exclude(owner__in=there).order_by("pk")
    moved = sum(to_new_owner(case, home, "moved", by) for case in rows) if home is not None else 0
    audit.record(by=by, verb="cases.follow_move", subject=person, fields=["owner"])
    return moved
