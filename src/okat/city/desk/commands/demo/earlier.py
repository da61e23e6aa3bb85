"""What became of the demo's earlier round: places taken, courses begun, completed or left, outcomes after a month."""

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

from okat.city.accounts.models import User
from okat.city.cases.actions import move_many, record_many
from okat.city.cases.models import Case
from okat.city.cases.rules import Source, State, Verb
from okat.city.core import clock
from okat.city.core.holidays import next_open
from okat.city.rounds import actions
from okat.city.rounds.models import Application, Round
from okat.city.rounds.rules import Answer

# Days after the results on which people answered, were referred, and their provider answered: in time, or late.
ACCEPTED, REFERRED, RECEIVED, LATE = 1, 2, 4, 10
ASKED = 31  # days after a course ended
LONG = 30  # days that a course lasts
TERMS = 3  # groups of courses that begin and end together
LEFT = ("work", "moved", "family")
OUTCOMES = ("working", "learning", "better", "working", "same", "working", "better", "worse")


def carry_on(made: Round, published: dt.datetime, by: User) -> str:
    """Everybody takes the place; some courses have no room after all, some people leave, most complete; of those who
    took part nearly all are asked after a month. What happened, in one line."""
    offers = Application.objects.filter(round=made, result__answer=Answer.OFFERED, person__isnull=False)
    with clock.at(published + dt.timedelta(days=ACCEPTED)):
        actions.accept_many(round=made, applications=list(offers), by=by)
    cases = list(
        Case.objects.filter(source=Source.ROUND, reference__in=Application.objects.filter(round=made).values("pk"))
        .select_related("opportunity")
        .order_by("opportunity__row_key", "reference")
    )
    received = _answered(cases, published, by)
    received.sort(key=lambda case: (_last(case), case.reference))
    size = -(-len(received) // TERMS) or 1
    for first in range(0, len(received), size):
        _held(received[first : first + size], LEFT[first // size], by)
    return _told(cases)


def _answered(cases: Sequence[Case], published: dt.datetime, by: User) -> list[Case]:
    """Those that their provider received; of every forty one comes back."""
    with clock.at(published + dt.timedelta(days=REFERRED)):
        move_many(cases=cases, verb=Verb.REFER, by=by)
    with clock.at(published + dt.timedelta(days=RECEIVED)):
        full, quick = _each(cases, 40), [case for n, case in enumerate(cases) if n % 40 and n % 8]
        move_many(cases=full, verb=Verb.RETURN, by=by, reason="full")
        move_many(cases=quick, verb=Verb.RECEIVE, by=by)
    slow = [case for n, case in enumerate(cases) if n % 40 and not n % 8]
    with clock.at(published + dt.timedelta(days=LATE)):
        move_many(cases=slow, verb=Verb.RECEIVE, by=by)
    return [*quick, *slow]


def _held(cases: Sequence[Case], reason: str, by: User) -> None:
    """Courses that end at about the same time, from their first day to the outcomes a month after their last."""
    last = max(_last(case) for case in cases)
    with clock.at(_noon(last) - dt.timedelta(days=LONG)):
        move_many(cases=cases, verb=Verb.START, by=by)
    gone, stayed = _each(cases, 9), [case for n, case in enumerate(cases) if n % 9]
    with clock.at(_noon(last)):
        move_many(cases=stayed, verb=Verb.COMPLETE, by=by)
        move_many(cases=gone, verb=Verb.LEAVE, by=by, reason=reason)
    with clock.at(_noon(next_open(last + dt.timedelta(days=ASKED)))):
        record_many(outcomes=_outcomes(case.pk for n, case in enumerate(cases) if n % 12 != 5), by=by)


def _last(case: Case) -> dt.date:
    """The last day of the course; where it has none, when the round's courses are over at the latest."""
    course = case.opportunity
    return course.ends_on if course is not None and course.ends_on else clock.today() - dt.timedelta(days=ASKED + 10)


def _each(cases: Sequence[Case], step: int) -> list[Case]:
    return list(cases[::step])


def _outcomes(ids: Iterable[UUID]) -> dict[UUID, str]:
    return {pk: OUTCOMES[n % len(OUTCOMES)] for n, pk in enumerate(ids)}


def _noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(5), tzinfo=dt.UTC)


def _told(cases: Sequence[Case]) -> str:
    rows = Case.objects.filter(pk__in=[case.pk for case in cases])
    done = rows.filter(state=State.OUTCOME).count()
    return f"an earlier round: {len(cases)} places taken up, {done} outcomes recorded after a month"
