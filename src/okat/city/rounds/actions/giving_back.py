"""Giving a place back: it is held for the round's grace time, can be taken back in it, and goes on when it ends. Where
what it led to has ended elsewhere (a case, a place in a course) it goes on at once, while it still can."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.people.actions import end_slips
from okat.city.rounds import queries
from okat.city.rounds.actions._answer import answerable, published
from okat.city.rounds.actions._lock import held_round, hold_all_of, hold_rounds, lock_application
from okat.city.rounds.actions._next import release
from okat.city.rounds.actions._stopping import ended, stop, stopped, whole_place
from okat.city.rounds.models import Application, Result, Round
from okat.city.rounds.rules import HELD, Answer, RoundError

_HAD = Q(answer=Answer.ACCEPTED) | queries.accepted_and_returning()
_WHOLE = ("place__opportunity__provider", "application__person", "application__round")


@action
def decline_place(*, application: Application, by: User) -> Result:
    """Give the place back. It is held for the round's grace time and goes to the waiting list when that ends; without
    grace at once. Twice is once. Raises RoundError without a place."""
    at_once = _goes_on(application)
    row = lock_application(application, by, whole=at_once)
    result = published(row)
    if result.answer in {Answer.DECLINED, Answer.RETURNING, Answer.STOPPED}:
        audit.record(by=by, verb="rounds.decline_again", subject=row.person)
        return result
    answerable(result, HELD)
    if result.answer == Answer.ACCEPTED and not queries.passes_on(row.round, whole_place(result)):
        stop(row, result, by)
        audit.record(by=by, verb="rounds.decline", subject=row.person, fields=["answer"])
        return result
    # What became too late while others were waited for goes on with what is due next.
    until = queries.would_be_held_until(row.round, result) or (None if at_once else clock.now())
    if until is None:
        release(row.round, {row.pseudonym: Answer.DECLINED}, by)
        audit.record(by=by, verb="rounds.decline", subject=row.person, fields=["answer"])
        return Result.objects.get(pk=result.pk)
    result.was, result.answer, result.held_until = result.answer, Answer.RETURNING, until
    result.save(update_fields=["was", "answer", "held_until"])
    assert row.person is not None
    end_slips(people=[row.person], app="rounds", about=row.round_id, by=by)
    audit.record(by=by, verb="rounds.give_back", subject=row.person, fields=["answer"])
    return result


def _goes_on(application: Application) -> bool:
    """Whether the place, given back now, goes to the next at once."""
    rows = Result.objects.select_related("place__opportunity", "application__round")
    result = rows.filter(application=application).first()
    return result is not None and queries.would_be_held_until(result.application.round, result) is None


@action
def take_back(*, application: Application, by: User) -> Result:
    """Hold the place again as before, inside the grace time: the clock decides, whether or not the place was passed on
    already. Twice is once. An offer may still be answered today. Raises RoundError when the time is over."""
    row = lock_application(application, by)
    result = published(row)
    if result.answer in HELD:
        audit.record(by=by, verb="rounds.take_back_again", subject=row.person)
        return result
    if result.answer != Answer.RETURNING or result.held_until is None or clock.now() >= result.held_until:
        raise RoundError("passed_on", _("The time to take the place back is over; it goes to the next on the list."))
    result.answer, result.was, result.held_until = result.was, "", None
    if result.answer == Answer.OFFERED and result.answer_by is not None:
        result.answer_by = max(result.answer_by, clock.today())
    result.save(update_fields=["answer", "was", "held_until", "answer_by"])
    audit.record(by=by, verb="rounds.take_back", subject=row.person, fields=["answer"])
    return result


@action
def leave_places(*, left: Sequence[tuple[UUID, UUID]], by: User) -> int:
    """Of these (application, opportunity) what the places led to has ended: nobody takes them back, and whoever waits
    gets them, or nobody any more; how many were held. The persons are held."""
    wanted = Q()
    for application, opportunity in left:
        wanted |= Q(application=application, place__opportunity=opportunity)
    rows = Result.objects.filter(wanted, _HAD) if left else Result.objects.none()
    hold_rounds(rows.values_list("application__round", flat=True))
    held = list(rows.select_for_update(of=("self",), no_key=True).select_related(*_WHOLE).order_by("pk"))
    for result in held:
        if not queries.passes_on(result.application.round, whole_place(result)):
            stopped(result, by)
            continue
        result.was, result.answer, result.held_until = Answer.ACCEPTED, Answer.RETURNING, None
        result.save(update_fields=["was", "answer", "held_until"])
    for result in held:
        ended(result.application, result, by)
    whose = [result.application.person for result in held if result.application.person is not None]
    audit.record_many(by=by, verb="rounds.leave_place", subjects=whose, fields=["answer"])
    if not held:
        audit.record(by=by, verb="rounds.leave_place", fields=["none"])
    return len(held)


@action
def pass_on(*, round: Round, by: User) -> int:  # noqa: A002
    """Give to the waiting lists what was given back and is held no longer, all in one new version; how many. So
    goes what nobody can speak for any more. What is due is read from the results, so that a missed run changes
    nothing but the hour, and two runs count once."""
    hold_all_of(round.pk)
    row = held_round(round.pk)
    due = queries.given_back(row, clock.now()).select_related("result")
    why = {each.pseudonym: Answer.STOPPED if each.result.held_until is None else Answer.DECLINED for each in due}
    if why or queries.closed_in(row).exists():
        release(row, why, by)
    audit.record(by=by, verb="rounds.pass_on", subject=row)
    return len(why)
