"""The one way from state to state: lock, ask the table, write the case and its timeline, tell who acts next."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.cases import queries
from okat.city.cases.models import Case, FollowUp, Referral, Transition
from okat.city.cases.rules import (
    AWAY,
    FORWARD,
    NEEDS,
    OFFICE_LEFT,
    ROUNDS_OWN,
    TABLE,
    Answer,
    CaseError,
    LateError,
    State,
    Verb,
    Who,
    due_on,
    edge,
)
from okat.city.core import audit, clock, planned
from okat.city.core.registries import publish
from okat.city.core.templatetags.okat import words
from okat.city.notices.actions import notify
from okat.city.partners.models import Partner
from okat.city.partners.queries import workers
from okat.city.people import actions as people
from okat.city.people.models import Consent, Person
from okat.city.people.queries import consented
from okat.city.people.queries.plain import title_kept
from okat.city.people.rules import Purpose
from okat.city.rounds.queries import moment_words

SYSTEM: tuple[Who, Partner | None] = (Who.SYSTEM, None)


@dataclass(frozen=True)
class Step:
    """A case locked for one verb: by whom, and where it leads."""

    case: Case
    verb: Verb
    to: State
    who: Who
    partner: Partner | None
    by: User


def lock(case: Case) -> Case:
    """As it stands now; what it refers to is taken along where it was loaded and is still the same."""
    row = queries.locked(case)
    for name in ("person", "opportunity", "need", "owner", "receiver"):
        if name in case._state.fields_cache and getattr(row, f"{name}_id") == getattr(case, f"{name}_id"):
            setattr(row, name, getattr(case, name))
    return row


def begin(case: Case, verb: Verb, by: User, version: int | None, *, system: bool = False) -> Step:
    """Lock the case and ask the table. Raises LateError where somebody acted since `version`, CaseError where the
    state or the role does not allow the verb."""
    row = lock(case)
    if version is not None and version != row.version:
        raise LateError(row.stage)
    who, partner = SYSTEM if system else _as_whom(row, verb, by)
    found = edge(row.stage, verb, who)
    if found is None:
        raise not_now()
    check_goes_on([row], verb)
    return Step(row, verb, found.to, who, partner, by)


def check_goes_on(cases: Collection[Case], verb: Verb) -> None:
    """Raises CaseError where one of these, which are locked, would go on towards what has been called off meanwhile, or
    whose place is being given back."""
    if verb in FORWARD and queries.called_off(case.opportunity_id for case in cases):
        raise CaseError(
            "called_off", _("What the case was about has been called off. Look for something else with the person.")
        )
    if verb in FORWARD and (until := queries.being_given_back(cases)) is not None:
        raise CaseError(
            "given_back",
            _(
                "The place is being given back and is held until %(until)s. It goes on where it is taken back on the"
                " page of the result."
            )
            % {"until": moment_words(until)},
        )


def not_seen() -> CaseError:
    return CaseError("not_seen", _("Your office does not hold this person's record now. Ask for the consent first."))


def not_now() -> CaseError:
    return CaseError("not_now", _("This cannot be done as the case stands now. Open it again and look."))


def _as_whom(case: Case, verb: Verb, by: User) -> tuple[Who, Partner | None]:
    roles = queries.roles_in(by, case)
    fitting = [who for who in roles if queries.may_as(by, who, roles[who], verb)]
    if not fitting:
        raise CaseError("not_yours", _("This case is with somebody else. You cannot do this."))
    able = [who for who in fitting if who in queries.FREE or queries.works_for(by, case, NEEDS[verb])]
    if not able:
        raise not_seen()
    who = next((w for w in able if edge(case.stage, verb, w)), able[0])
    return who, roles[who]


def finish(
    step: Step, *, reason: str = "", other: Partner | None = None, receiver: Partner | None = None, kind: str = ""
) -> Case:
    """Write the new state, its deadline and the timeline; whoever acts next is told."""
    case, before = step.case, step.case.state
    settle(step, receiver=receiver, pending=queries.next_follow_up(case) if TABLE[step.to].days is None else None)
    planned.update(case)
    planned.insert(transition(step, before, reason, other))
    audit.record(
        by=step.by, verb=f"cases.{step.verb}", subject=case, fields=["state"], reason=reason,
        partner=step.partner.code if step.partner else "",
    )  # fmt: skip
    tell(case, step.by, kind)
    if reason != OFFICE_LEFT:
        say_ended(case, before, step.by, reason)
    return case


def say_ended(case: Case, before: str, by: User, reason: str = "") -> None:
    """What the person took part in by this case is over, or does not begin: other apps end what rests on it. However
    a case leaves, by a person's word or by what follows from elsewhere; only that another office is responsible takes
    nothing from the person: they go on, and what they have is theirs to give back."""
    if (before == State.ACTIVE and case.stage is not State.ACTIVE) or case.stage in (State.COMPLETED, State.LEFT):
        say_left([case], by, reason)
        publish("case.ended", case=case, person=case.person, opportunity=case.opportunity, by=by)


def say_left(cases: Iterable[Case], by: User, reason: str) -> None:
    """Places from rounds that these cases held go on there while they can; not what was completed, nor what ends by the
    round's own word. Work goes on though a case about it comes back: the place is the person's to give back."""
    gone = [case for case in cases if case.reference is not None and case.stage is not State.COMPLETED]
    gone = [case for case in gone if case.stage is not State.RETURNED or not queries.is_work(case)]
    if gone and reason not in ROUNDS_OWN:
        publish("placements.ended", left=[(case.reference, case.opportunity_id) for case in gone], by=by)


def say_ending(cases: Iterable[Case]) -> None:
    """Several cases are about to end, one after another: the rounds that they came from are held before."""
    references = [case.reference for case in cases if case.reference is not None]
    if references:
        publish("placements.ending", references=references)


def settle(step: Step, *, receiver: Partner | None, pending: FollowUp | None) -> None:
    """What the new state says of the case: whose turn it is, until when. `pending` is the next follow-up."""
    case = step.case
    case.state, case.version, case.reminded_on = step.to, case.version + 1, None
    case.receiver = receiver if step.to in AWAY else None
    case.acts_next = whose_turn(case, step.to)
    case.due_on = due_on(step.to, clock.today(), pending.due_on if pending else None)
    case.closed_at = clock.now() if step.to is State.CLOSED else None


def whose_turn(case: Case, state: State) -> Partner | None:
    """Who acts next. For a person without an account the responsible partner asks: no offer waits on nobody's Today."""
    acts = TABLE[state].acts
    if acts is Who.PERSON and case.person is not None and case.person.user_id is None:
        return case.owner
    return {Who.OWNER: case.owner, Who.RECEIVER: case.receiver}.get(acts)


def transition(step: Step, before: str, reason: str = "", other: Partner | None = None) -> Transition:
    mine = step.who is Who.PERSON
    return Transition(
        case=step.case, at=clock.now(), by=None if mine else step.by, actor=step.who, partner=step.partner,
        other=other, verb=step.verb, before=before, after=step.case.state, reason=reason,
        title_th=step.case.titles[0], title_en=step.case.titles[1], tells=step.case.tells,
    )  # fmt: skip


def tell(case: Case, by: User, kind: str = "") -> None:
    """Notices to the partner who acts next and to the person, never to who just acted. Where what the case is about
    tells too much, workers read it on its page: a notice outlives what its reader may see."""
    kind, params = kind or f"cases.{case.stage}", {"title": title_kept(case.titles[0], telling=case.tells)}
    if TABLE[case.stage].acts is Who.PERSON and case.person is not None and case.person.user_id != by.pk:
        account = case.person.user
        url = queries.page_for(account, case) if account is not None else ""
        people.tell(
            people=[case.person], kind=f"cases.{case.stage}", params={"title": case.titles[0]}, url=url,
            until=case.due_on, about=case.pk, by=by,
        )  # fmt: skip
    elif case.person is not None:  # answered, or it does not stand any more: nothing of it is sent or brought
        people.drop_slips(people=[case.person.pk], app="cases", about=case.pk, by=by)
    own = case.person.user_id if case.person is not None else None
    wanted = [u for u in told(case) if u.pk not in (by.pk, own)]
    if wanted:
        notify(users=wanted, kind=kind, params=params, url=queries.page_for(wanted[0], case), by=by)


def told(case: Case) -> list[User]:
    """Who has to know that it is their turn."""
    if TABLE[case.stage].acts is Who.PERSON:
        account = case.person.user if case.person is not None else None
        return [account] if account is not None else workers(case.owner, NEEDS[Verb.ACCEPT])
    if case.acts_next is None:
        return []
    return workers(case.acts_next, NEEDS[next(iter(TABLE[case.stage].allows))])


def person_of(case: Case) -> Person:
    if case.person is None:
        raise CaseError("erased", _("The record of this person was erased."))
    return case.person


def needed_consent(person: Person, to: Partner, *, sensitive: bool) -> Consent:
    """The consent to pass the case on to `to`; the explicit one, where what it is about tells of health or a disability
    (`sensitive`). Raises CaseError that says which to ask for."""
    found = consented(person, Purpose.REFER, to, sensitive=sensitive)
    if found is None and sensitive:
        raise CaseError(
            "consent",
            _(
                "Ask for the explicit consent first: “%(purpose)s”, to %(partner)s, health and disability too. "
                "Record it on the person's page."
            )
            % {"purpose": Purpose.REFER.label, "partner": words(to)},
        )
    if found is None:
        raise CaseError(
            "consent",
            _("Ask for the consent first: “%(purpose)s”, to %(partner)s. Record it on the person's page.")
            % {"purpose": Purpose.REFER.label, "partner": words(to)},
        )
    return found


def seal(case: Case, text: str) -> bytes | None:
    """A note under the person's key."""
    person = person_of(case)
    if not text.strip() or person.key is None:
        return None
    return person.key.seal(text.strip())


def end_referral(case: Case, answer: Answer, by: User, reason: str = "", note: str = "") -> None:
    """End the open referral, and with it what its receiver may see."""
    row = Referral.objects.select_for_update(of=("self",), no_key=True).filter(case=case, ended_at=None).first()
    if row is None:
        return
    row.answer, row.ended_at, row.reason = answer, clock.now(), reason
    row.answered_at = row.answered_at or row.ended_at
    if note.strip():
        row.note_sealed = seal(case, note)
    row.save()
    people.end_grant(source=f"referral:{row.pk}", by=by)


def plan_follow_ups(case: Case, days: Mapping[int, dt.date]) -> None:
    """On which day one asks after so many days, in place of what was planned."""
    rows = [FollowUp(case=case, after_days=n, due_on=day) for n, day in days.items()]
    FollowUp.objects.filter(case=case, recorded_at=None).delete()
    FollowUp.objects.bulk_create(rows)
