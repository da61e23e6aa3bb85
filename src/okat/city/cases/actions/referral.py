"""Offers and their answers, and the change of the responsible partner."""

from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.cases.actions._move import (
    Step,
    begin,
    finish,
    needed_consent,
    person_of,
    plan_follow_ups,
    seal,
    tell,
    whose_turn,
)
from okat.city.cases.actions._move import transition as moved
from okat.city.cases.models import Case
from okat.city.cases.rules import NEEDS, CaseError, Source, State, Verb, Who, check_reason, due_on
from okat.city.catalogue.models import Opportunity
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.permissions import Permission
from okat.city.partners.models import Partner
from okat.city.partners.queries import check_stay, partners_where
from okat.city.people import actions as people
from okat.city.people.models import Person
from okat.city.people.queries import may_act_for
from okat.city.people.rules import Why
from okat.city.taxonomy.models import Term, Vocabulary


@action
def propose(
    *, person: Person, partner: Partner, by: User, opportunity: Opportunity | None = None, need: Term | None = None,
    goal: str = "", source: Source = Source.WORKER,
) -> Case:  # fmt: skip
    """Open a case: `partner` offers the person something and stays responsible. An open case about the same thing is
    given back as it is. Raises CaseError for a person out of scope, or when neither opportunity nor need is named."""
    if all(p.pk != partner.pk for p in partners_where(by, NEEDS[Verb.PROPOSE])):
        raise CaseError("not_yours", _("You cannot propose for this office."))
    check_stay(partner.pk)
    person = people.lock_living(person)  # two workers open one case, not two
    if not may_act_for(by, person, Permission.REFER):
        raise CaseError("scope", _("You cannot see this person. Ask for the consent first."))
    if opportunity is None and need is None:
        raise CaseError("about", _("Choose an opportunity or a need."))
    if need is not None and need.vocabulary != Vocabulary.NEED:
        raise CaseError("need", _("This need is not among the city's words."))
    if Case(opportunity=opportunity, need=need).tells:
        people.check_explicit(person, by)
    same = Case.objects.filter(person=person, opportunity=opportunity, need=need, closed_at=None).exclude(
        state__in=(State.DECLINED, State.OUTCOME, State.COMPLETED, State.LEFT)
    )
    if (found := same.first()) is not None:
        audit.record(by=by, verb="cases.propose_again", subject=found, partner=partner.code)
        return found
    case = Case(
        person=person, opportunity=opportunity, need=need, source=source, owner=partner, state=State.OFFERED,
        due_on=due_on(State.OFFERED, clock.today()), opened_by=by, opened_at=clock.now(),
    )  # fmt: skip
    case.acts_next = whose_turn(case, State.OFFERED)
    case.goal_sealed = seal(case, goal)
    case.save(force_insert=True)
    moved(Step(case, Verb.PROPOSE, State.OFFERED, Who.OWNER, partner, by), "").save(force_insert=True)
    audit.record(by=by, verb="cases.propose", subject=case, fields=["state"], partner=partner.code)
    tell(case, by)
    return case


@action
def propose_again(*, case: Case, opportunity: Opportunity, by: User, version: int | None = None) -> Case:
    """Offer something else in the same case, after a refusal, a return or leaving."""
    step = begin(case, Verb.PROPOSE, by, version)
    if opportunity.telling:
        people.check_explicit(person_of(step.case), by)
    step.case.opportunity, step.case.reference = opportunity, None
    plan_follow_ups(step.case, {})
    return finish(step)


@action
def accept(*, case: Case, by: User, version: int | None = None) -> Case:
    """The person says yes; a worker of the responsible partner may say it for them."""
    return finish(begin(case, Verb.ACCEPT, by, version))


@action
def decline(*, case: Case, reason: str, by: User, version: int | None = None) -> Case:
    check_reason(Verb.DECLINE, reason)
    return finish(begin(case, Verb.DECLINE, by, version), reason=reason)


@action
def hand_over(*, case: Case, to: Partner, by: User, version: int | None = None) -> Case:
    """Another partner becomes responsible. Its access rests on the person's consent and ends with the case; that of
    the former owner ends now, unless it rests on something else. Raises CaseError without consent."""
    check_stay(to.pk)
    step = begin(case, Verb.HAND_OVER, by, version)
    row = step.case
    if to.pk == row.owner_id:
        raise CaseError("partner", _("Choose another partner of the network."))
    person = person_of(row)
    consent = needed_consent(person, to, sensitive=row.tells)
    people.end_grant(source=f"case:{row.pk}", by=by)
    people.grant(person=person, partner=to, reason=Why.REFERRAL, source=f"case:{row.pk}", rests_on=consent, by=by)
    row.owner = to
    return finish(step, other=to)
