"""Referrals: sent, received, returned, taken back; and the start."""

from okat.city.accounts.models import User
from okat.city.cases.actions._move import (
    begin,
    end_referral,
    finish,
    needed_consent,
    person_of,
    plan_follow_ups,
    seal,
)
from okat.city.cases.models import Case, Referral
from okat.city.cases.rules import Answer, Verb, check_reason
from okat.city.core import clock, planned
from okat.city.core.action import action
from okat.city.core.registries import publish
from okat.city.partners.models import Partner
from okat.city.partners.queries import check_stay
from okat.city.people import actions as people
from okat.city.people.rules import Why


@action
def refer(*, case: Case, to: Partner, by: User, note: str = "", version: int | None = None) -> Referral:
    """Send the case into another partner's queue; the referral lets it see the person until it ends.

    One's own partner needs no further consent. Raises CaseError that names the consent to ask for.
    """
    check_stay(to.pk)
    step = begin(case, Verb.REFER, by, version)
    row, person = step.case, person_of(step.case)
    consent = needed_consent(person, to, sensitive=row.tells) if to.pk != row.owner_id else None
    referral = Referral(
        case=row, sender=row.owner, receiver=to, consent=consent, sent_at=clock.now(), note_sealed=seal(row, note)
    )
    planned.insert(referral)
    if consent is not None:
        people.grant(
            person=person, partner=to, reason=Why.REFERRAL, source=f"referral:{referral.pk}", rests_on=consent, by=by
        )
    finish(step, other=to, receiver=to)
    return referral


@action
def recall(*, case: Case, by: User, version: int | None = None) -> Case:
    """Take a referral back that nobody answered."""
    step = begin(case, Verb.RECALL, by, version)
    end_referral(step.case, Answer.RECALLED, by)
    return finish(step)


@action
def receive(*, case: Case, by: User, version: int | None = None) -> Case:
    """The receiver takes the case. The consent is checked again: it may have been withdrawn meanwhile."""
    step = begin(case, Verb.RECEIVE, by, version)
    _still_agreed(step.case)
    Referral.objects.filter(case=step.case, ended_at=None).update(answer=Answer.RECEIVED, answered_at=clock.now())
    return finish(step, receiver=step.case.receiver)


@action
def return_referral(*, case: Case, reason: str, by: User, note: str = "", version: int | None = None) -> Case:
    """Back to the responsible partner with a reason; the note is sealed and only they read it."""
    check_reason(Verb.RETURN, reason)
    step = begin(case, Verb.RETURN, by, version)
    end_referral(step.case, Answer.RETURNED, by, reason, note)
    return finish(step, reason=reason)


@action
def start(*, case: Case, by: User, version: int | None = None) -> Case:
    """The person takes part. Listeners hear `case.active` (enrolment, contract, hire)."""
    step = begin(case, Verb.START, by, version)
    _still_agreed(step.case)
    plan_follow_ups(step.case, {})
    done = finish(step, receiver=step.case.receiver)
    publish("case.active", case=done, person=done.person, opportunity=done.opportunity, by=by)
    return done


def _still_agreed(case: Case) -> None:
    if case.receiver is not None and case.receiver_id != case.owner_id:
        needed_consent(person_of(case), case.receiver, sensitive=False)  # as it was sent
