"""What follows from elsewhere: a consent withdrawn, a partner that leaves, a record erased, days that pass."""

from uuid import UUID

from django.db.models import F, Q, QuerySet

from okat.city.accounts.models import User
from okat.city.cases import queries
from okat.city.cases.actions._ending import end_with
from okat.city.cases.actions._move import begin, end_referral, finish, lock, say_ended, say_ending, say_left, told
from okat.city.cases.models import Case, FollowUp, Goal, Referral
from okat.city.cases.rules import AWAY, DONE, UNHELD, Answer, GoalStatus, State, Verb
from okat.city.catalogue.models import Opportunity
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.permissions import Permission
from okat.city.notices.actions import notify
from okat.city.partners.models import Partner
from okat.city.partners.queries import workers
from okat.city.people import actions as people
from okat.city.people.models import Consent, Person
from okat.city.people.queries import speaks_for, unspoken
from okat.city.people.rules import Purpose


@action
def end_without_consent(*, consent: Consent, by: User) -> int:
    """The person withdrew a consent. Cases that were passed on with it come back and the partner's goals end; what that
    leaves with an office that may not keep the record is closed. How many cases came back."""
    audit.record(by=by, verb="cases.consent_withdrawn", partner=consent.recipient.code)
    away = _bring_back_all(consent, by) if consent.purpose == Purpose.REFER else []
    of_person = queries.unheld().filter(person=speaks_for(consent))
    _end_unheld(of_person.filter(Q(owner=consent.recipient_id) | Q(pk__in=[case.pk for case in away])), by)
    return len(away)


def _bring_back_all(consent: Consent, by: User) -> list[Case]:
    held = Case.objects.filter(person=speaks_for(consent), receiver=consent.recipient_id, state__in=AWAY)
    people.hold_all(lambda: held.values_list("person", flat=True))
    away = list(_still_there(held.exclude(owner=consent.recipient_id)))
    say_ending(away)
    for case in away:
        _bring_back(case, "consent", by)
    _end_goals(Q(case__person=speaks_for(consent), partner=consent.recipient_id), by)
    return away


@action
def end_without_basis(*, person: Person, partner: Partner, by: User) -> int:
    """The law that let an office keep the record no longer does; how many of its cases closed."""
    return _end_unheld(queries.unheld().filter(person=person, owner=partner), by)


@action
def end_unheld(*, case: Case, by: User) -> bool:
    """What time has ended, or came back to an office that may not keep the record any more: nobody could move the
    case, so it closes. False where somebody can by now."""
    return _end_unheld(queries.to_end().filter(pk=case.pk), by) > 0


@action
def leave_behind(*, case: Case, by: User) -> None:
    """The case has closed, and by now nobody can speak of the place that a round had given: it is free again."""
    row = lock(case)
    if queries.left_behind().filter(pk=row.pk).exists():  # somebody may speak of it again since it was looked for
        say_ending([row])
        say_left([row], by, UNHELD)
    audit.record(by=by, verb="cases.leave_behind", subject=row)


def _end_unheld(rows: QuerySet[Case], by: User) -> int:
    """Close them with that as the outcome, and say so to whoever was responsible and to the person. The place of a
    round stays with whoever can still speak of it: it goes on where nobody can."""
    people.hold_all(lambda: rows.values_list("person", flat=True))
    shown = rows.select_related("person__user", "opportunity", "need", "owner", "receiver")
    cases = list(_still_there(shown))
    say_ending(cases)
    silent = set(Person.objects.filter(unspoken(), cases__in=cases).values_list("pk", flat=True))
    for case in cases:
        before, ended = end_with(case, UNHELD, by)
        _tell_unheld(case, by)
        say_ended(ended, before, by)
        if before not in DONE and before != State.ACTIVE and ended.person_id in silent:
            say_left([ended], by, UNHELD)
    audit.record_many(by=by, verb="cases.end_unheld", subjects=cases, fields=["state"])
    if not cases:
        audit.record(by=by, verb="cases.end_unheld", fields=["none"])
    return len(cases)


def _tell_unheld(case: Case, by: User) -> None:
    own = case.person.user if case.person is not None else None
    users = [user for user in workers(case.owner, Permission.REFER) if user.pk != by.pk and user != own]
    if users:
        url = queries.page_for(users[0], case)
        notify(users=users, kind="cases.unheld", params={"title": case.title_th}, url=url, by=by)
    if case.person is not None and (own is None or own.pk != by.pk):
        url = queries.page_for(own, case) if own is not None else ""
        # Without an account nobody could bring a paper: no office may see the record any more.
        people.tell(
            people=[case.person], kind="cases.unheld", params={"title": case.titles[0]}, url=url, about=case.pk,
            paper=own is not None, by=by,
        )  # fmt: skip


def _still_there(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Those of them that nobody takes away from now on: one that went meanwhile is passed over."""
    return rows.select_for_update(of=("self",), no_key=True).order_by("pk")


def _bring_back(case: Case, reason: str, by: User) -> None:
    step = begin(case, Verb.RETURN, by, None, system=True)
    end_referral(step.case, Answer.RETURNED, by, reason)
    finish(step, reason=reason)


def _end_goals(wanted: Q, by: User) -> None:
    rows = Goal.objects.filter(wanted, status=GoalStatus.OPEN)
    for goal in rows:
        people.end_grant(source=f"goal:{goal.pk}", by=by)
    rows.update(status=GoalStatus.DROPPED, ended_at=clock.now())


@action
def erase_cases(*, person: UUID, by: User) -> int:
    """The person's record is erased: cases stay for the figures and lead to nobody; notes and plans go."""
    people.hold_people([person])
    rows = Case.objects.filter(person=person)
    ids = list(rows.values_list("pk", flat=True))
    led = [case for case in rows.exclude(state__in=(*DONE, State.CLOSED)).order_by("pk") if case.reference is not None]
    say_ending(led)
    for case in rows.filter(state__in=AWAY):
        end_referral(lock(case), Answer.DONE, by)
    Goal.objects.filter(case__in=ids).delete()
    Case.objects.filter(pk__in=ids).update(
        person=None, goal_sealed=None, need=None, receiver=None, acts_next=None, due_on=None, state=State.CLOSED,
        closed_at=clock.now(), version=F("version") + 1,
    )  # fmt: skip
    say_left(led, by, "erased")  # the case is closed: nobody speaks of the place any more
    Referral.objects.filter(case__in=ids).update(note_sealed=None)
    FollowUp.objects.filter(case__in=ids).update(note_sealed=None)
    audit.record(by=by, verb="cases.erase", fields=["person"])
    return len(ids)


@action
def end_cancelled(*, opportunity: Opportunity, by: User) -> int:
    """What cases lead to does not take place: offers end, and what was accepted or passed on comes back to the
    responsible partner with the reason, who looks for something else with the person; how many cases. Asked twice
    nothing more happens."""
    open_ones = (State.OFFERED, State.ACCEPTED, *AWAY)
    found = Case.objects.filter(opportunity=opportunity, state__in=open_ones)
    people.hold_all(lambda: found.values_list("person", flat=True))
    rows = list(_still_there(found))
    for case in rows:
        verb = Verb.DECLINE if case.stage is State.OFFERED else Verb.RETURN
        step = begin(case, verb, by, None, system=True)
        end_referral(step.case, Answer.RETURNED, by, "cancelled")
        finish(step, reason="cancelled", kind="cases.cancelled")
        _tell_called_off(step.case, opportunity, by)
    audit.record(by=by, verb="cases.opportunity_cancelled", subject=opportunity, fields=["cases"])
    return len(rows)


def _tell_called_off(case: Case, opportunity: Opportunity, by: User) -> None:
    """Whose place a round gave hears there what they get instead."""
    if case.person is not None and case.reference is None:
        own = case.person.user
        params = {"title": case.titles[0], "reason": opportunity.end_reason, "partner": case.owner.th}
        people.tell(
            people=[case.person], kind="cases.called_off", params=params, about=case.pk,
            url=queries.page_for(own, case) if own is not None else "", by=by,
        )  # fmt: skip


@action
def remind_overdue(*, case: Case, by: User) -> bool:
    """Tell whoever acts next that the case is late, once a day: running it twice, or after the clock went back, tells
    nobody twice. False where somebody acts on it just now, or has acted."""
    today = clock.today()
    late = queries.overdue(today).filter(pk=case.pk).select_for_update(of=("self",), skip_locked=True, no_key=True)
    row = late.first()
    audit.record(by=by, verb="cases.remind", subject=row, fields=["reminded_on"] if row else ["none"])
    if row is None:
        return False
    Case.objects.filter(pk=row.pk).update(reminded_on=today)
    users = told(row)
    if users:
        own = {u.pk: row.person.pk for u in users if row.person is not None and u.pk == row.person.user_id}
        params = {"title": row.titles[0], "about": str(row.pk)} if own else {"title": row.title_th}
        url = queries.page_for(users[0], row)
        notify(users=users, kind="cases.late", params=params, url=url, records=own, by=by)
    return True
