"""Cases from allocation rounds: many in a constant number of statements."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from okat.city.accounts.models import User
from okat.city.cases import queries
from okat.city.cases.actions._move import Step, begin, end_referral, finish, plan_follow_ups, transition
from okat.city.cases.models import Case, Transition
from okat.city.cases.rules import Answer, Source, State, Verb, Who, due_on, edge, follow_up_days
from okat.city.catalogue.models import Opportunity
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.permissions import Permission
from okat.city.notices.actions import notify
from okat.city.partners.queries import workers
from okat.city.people.models import Person
from okat.city.people.queries.plain import title_kept


@dataclass(frozen=True)
class Placed:
    """A place that was accepted; `reference` is the application. The person's partner is `registered_by`."""

    person: Person
    opportunity: Opportunity
    reference: UUID


@action
def open_cases_for(*, placed: Iterable[Placed], by: User) -> list[Case]:
    """Cases for accepted places, ready to be referred by the partner that registered each person; those that exist
    already are passed over. Four statements per 1,000 rows; load the persons with `registered_by`."""
    rows = list(placed)
    there = set(
        Case.objects.filter(reference__in={p.reference for p in rows}).values_list("reference", "opportunity_id")
    )
    now, due = clock.now(), due_on(State.ACCEPTED, clock.today())
    fresh = {(p.reference, p.opportunity.pk): p for p in rows if (p.reference, p.opportunity.pk) not in there}
    made = [
        Case(
            person=p.person, opportunity=p.opportunity, source=Source.ROUND, reference=p.reference,
            owner=p.person.registered_by, acts_next=p.person.registered_by, state=State.ACCEPTED, due_on=due,
            opened_by=by, opened_at=now,
        )
        for p in fresh.values()
    ]  # fmt: skip
    Case.objects.bulk_create(made, batch_size=1000)
    steps = [Step(case, Verb.ACCEPT, State.ACCEPTED, Who.SYSTEM, None, by) for case in made]
    Transition.objects.bulk_create([transition(step, "") for step in steps], batch_size=1000)
    audit.record_many(by=by, verb="cases.open", subjects=made, fields=["state"])
    if not made:
        audit.record(by=by, verb="cases.open", fields=["none"])
    return made


@action
def release_place(*, reference: UUID, opportunity: Opportunity, by: User) -> int:
    """A place from a round was given back: its case ends, wherever it stands; how many did (0 or 1)."""
    found = Case.objects.filter(reference=reference, opportunity=opportunity, closed_at=None).first()
    audit.record(by=by, verb="cases.release", subject=found, reason="released")
    if found is None or edge(found.stage, Verb.LEAVE, Who.SYSTEM) is None:
        return 0
    step = begin(found, Verb.LEAVE, by, None, system=True)
    end_referral(step.case, Answer.DONE, by, "released")
    plan_follow_ups(step.case, follow_up_days(clock.today()))
    held_by = step.case.receiver
    row = finish(step, reason="released")
    if held_by is not None and held_by.pk != row.owner_id:  # they work on it, and would hear of it nowhere
        told = [user for user in workers(held_by, Permission.ANSWER_REFERRALS) if user.pk != by.pk]
        params = {"title": title_kept(row.titles[0], telling=row.tells)}
        notify(users=told, kind="cases.given_back", params=params, url=queries.page_of(row), by=by)
    return 1
