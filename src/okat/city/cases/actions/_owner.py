"""Another partner is responsible, as follows from elsewhere."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F

from okat.city.accounts.models import User
from okat.city.cases.actions._move import Step, end_referral, lock, tell, transition, whose_turn
from okat.city.cases.models import Case
from okat.city.cases.queries.living import unasked
from okat.city.cases.rules import AWAY, Answer, State, Verb, Who
from okat.city.core import audit
from okat.city.partners.models import Partner
from okat.city.people import actions as people


def to_new_owner(case: Case, to: Partner, reason: str, by: User) -> bool:
    """What follows from elsewhere: another partner is responsible from now on, whatever the state."""
    row = lock(case)
    if row.stage in AWAY and row.receiver_id == row.owner_id:
        end_referral(row, Answer.RETURNED, by, reason)
        row.state, row.receiver = State.RETURNED, None
    before = row.owner
    row.owner, row.version, row.reminded_on = to, row.version + 1, None
    row.acts_next = whose_turn(row, row.stage)
    row.save()
    people.end_grant(source=f"case:{row.pk}", partner=before, by=by)  # what the new owner was given for it stays
    step = Step(row, Verb.HAND_OVER, row.stage, Who.SYSTEM, None, by)
    transition(step, case.state, reason, to).save(force_insert=True)
    audit.record(by=by, verb="cases.hand_over", subject=row, fields=["owner"], reason=reason, partner=to.code)
    tell(row, by, "cases.handed_over")
    return True


def ask_by_office(people: Iterable[UUID]) -> int:
    """They stand on the responsible partner's Today from now on (as `whose_turn` says of a new offer); how many."""
    return unasked(people).update(acts_next=F("owner"))
