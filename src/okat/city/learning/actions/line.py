"""First come, first served: the last place goes to one, the next waits in the order of arrival."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.catalogue.actions.seats import count_seats
from okat.city.catalogue.models import Opportunity
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.learning.actions._line import (
    close,
    end_all,
    free,
    hush,
    lock,
    move,
    open_turns,
    release,
    seat,
    tell_line,
)
from okat.city.learning.models import Enrolment, FirstCome, Turn
from okat.city.learning.queries import line
from okat.city.learning.queries.courses import LEARNING
from okat.city.learning.rules import LearningError, Standing
from okat.city.learning.rules.line import State
from okat.city.partners.queries import all_stay
from okat.city.people.actions import (
    ConsentRow,
    check_explicit,
    end_slips,
    hold_joined,
    hold_whose,
    lock_living,
    record_consent,
)
from okat.city.people.models import Person
from okat.city.people.rules import Purpose
from okat.city.rounds.actions import hold_ending, leave_places


@action
def set_first_come(*, opportunity: Opportunity, on: bool, by: User) -> None:
    """Whether places are given in the order of arrival. Raises LearningError where a round gives them, and for
    switching it off while people wait."""
    course = lock(opportunity)
    if on:
        if course.kind not in LEARNING or line.in_round(course):
            raise LearningError("round", _("The places of this course are given in a round. Take it out there first."))
        FirstCome.objects.get_or_create(opportunity=course, defaults={"since": clock.now()})
    else:
        if Turn.objects.filter(opportunity=course, ended_at=None).exists():
            raise LearningError("waits", _("People wait for a place. The list must be empty before this is changed."))
        FirstCome.objects.filter(opportunity=course).delete()
    audit.record(by=by, verb="learning.first_come", subject=course, fields=["first_come"], partner=course.provider.code)


@action
def take_seat(
    *, person: Person, opportunity: Opportunity, by: User, consent: ConsentRow | None = None, wait: bool = False,
    despite: bool = False,
) -> Enrolment | Turn:  # fmt: skip
    """A place, or with `wait` a turn in the line where none is free; who has one already keeps it. `despite`: the
    person knows that sessions overlap with another course of theirs.

    Raises LearningError: `full` where nobody asked to wait, `clash`, `clash_all`, `not_eligible`, `closed`, `consent`,
    `not_allowed`; PeopleError for somebody who died.
    """
    _given_still(opportunity)
    hold_joined(person)  # an agreement under a record that was joined into this one is replaced too
    person = lock_living(person)
    _may_begin(person, opportunity, by)
    _agreed(person, opportunity, consent, by)
    course = lock(opportunity)
    held = Enrolment.objects.filter(person=person, opportunity=course, standing=Standing.ACTIVE).first()
    if held is not None:
        audit.record(by=by, verb="learning.seat", subject=held, fields=["none"])
        return held
    _check_course(person, course, despite, by)
    move(course, by)
    turn = Turn.objects.filter(person=person, opportunity=course, ended_at=None).first()
    if turn is not None and turn.state == State.OFFERED:
        return _accept(turn, course, by)  # checked above
    if turn is None and free(course):
        count_seats(changes={course.pk: 1}, by=by)
        held = seat(person, course, by, entered_by=by)
        audit.record(by=by, verb="learning.seat", subject=held, fields=["standing"], partner=course.provider.code)
        return held
    if turn is None:
        if not wait:
            raise LearningError("full", _("Every place is taken. You may wait: the list is in order of arrival."))
        turn = Turn.objects.create(person=person, opportunity=course, asked_at=clock.now(), entered_by=by)
    audit.record(by=by, verb="learning.wait", subject=turn, fields=["state"], partner=course.provider.code)
    return turn


@action
def accept_turn(*, turn: Turn, by: User, consent: ConsentRow | None = None, despite: bool = False) -> Enrolment:
    """Take the place that the line offers. Raises LearningError without an offer (`no_offer`) or after its day, and
    for what has changed since the person asked: `closed`, `not_eligible`, `clash`, `clash_all`; PeopleError for who
    died."""
    assert turn.person is not None
    _given_still(turn.opportunity)
    hold_joined(turn.person)
    person = lock_living(turn.person)
    _may_begin(person, turn.opportunity, by)
    if not line.moves_on(turn.opportunity):
        raise _closed()
    _agreed(person, turn.opportunity, consent, by)
    course = lock(turn.opportunity)
    row = Turn.objects.select_for_update(of=("self",), no_key=True).select_related("person").get(pk=turn.pk)
    assert row.person is not None
    if row.state != State.OFFERED or row.answer_by is None or row.answer_by < clock.today():
        raise LearningError("no_offer", _("The last day to answer has passed, or there is no offer now."))
    if not line.moves_on(course):
        raise _closed()
    _fits(row.person, course, despite, by)
    return _accept(row, course, by)


@action
def leave_line(*, turn: Turn, by: User) -> int:
    """Wait no longer, or decline what is offered: it goes to the next; to how many. Twice is once."""
    made = 0
    hold_whose(turn)
    course = lock(turn.opportunity)
    row = Turn.objects.select_for_update(of=("self",), no_key=True).select_related("person").get(pk=turn.pk)
    _may(row.person, by)
    if row.ended_at is None:
        offered = row.state == State.OFFERED
        close([row], State.DECLINED if offered else State.LEFT)
        if offered:
            count_seats(changes={course.pk: -1}, by=by)
            made = move(course, by)
        if row.person is not None:
            end_slips(people=[row.person], app="learning", about=course.pk, by=by)
            hush([row.person.pk], course.pk, by)
    audit.record(by=by, verb="learning.leave_line", subject=row, fields=["state"], partner=course.provider.code)
    return made


@action
def leave_course(*, enrolment: Enrolment, by: User) -> int:
    """Give the place back; to how many of the line it goes. One that a round gave goes on through the round. Raises
    LearningError for a place that a case led to, while it lasts: whoever holds the case ends both."""
    made = 0
    hold_whose(enrolment)
    given = line.from_round(enrolment)
    if given is not None:
        hold_ending(applications=[given.application_id])
    course = lock(enrolment.opportunity)
    rows = Enrolment.objects.select_for_update(of=("self",), no_key=True).select_related("person", "case__owner")
    row = rows.get(pk=enrolment.pk)
    _may(row.person, by)
    if said := line.arranged(row):
        raise LearningError("case", said)
    if row.standing == Standing.ACTIVE:
        Enrolment.objects.filter(pk=row.pk).update(standing=Standing.LEFT, ended_at=clock.now())
        made = release([row], by=by)
        hush([row.person_id], course.pk, by)
        if given is not None:
            leave_places(left=[(given.application_id, course.pk)], by=by)
    audit.record(by=by, verb="learning.leave", subject=row, fields=["standing"], partner=course.provider.code)
    return made


@action
def tend_line(*, opportunity: Opportunity, by: User) -> int:
    """What the clock does: offers that nobody answered end, the next are offered, and lines of courses that are over
    end; how many offers were made."""
    made = move(course := lock(opportunity), by)
    audit.record(by=by, verb="learning.tend", subject=course, fields=["state"])
    return made


@action
def tell_closed(*, opportunity: Opportunity, by: User) -> int:
    """The course takes nobody new: whoever waits keeps their turn and is told so, once for a person without an
    account; how many. Places that come free still go to them, in order, until the course is over. Whom a place is
    offered hears nothing that would stand before the offer and its last day."""
    course = lock(opportunity)
    move(course, by)
    rows = [row for row in open_turns(course) if row.state == State.WAITING]
    if rows:
        tell_line(rows, "line_closed", course, by)
    audit.record(by=by, verb="learning.tend", subject=course, fields=["state"], reason="closed")
    return len(rows)


@action
def offer_added(*, opportunities: Sequence[Opportunity], by: User) -> int:
    """Opportunities were changed: where somebody waits and places were added, they are offered at once; how many."""
    waits = Turn.objects.filter(opportunity__in=opportunities, ended_at=None).order_by().values("opportunity")
    made = sum(move(lock(course), by) for course in Opportunity.objects.filter(pk__in=waits).order_by("pk"))
    audit.record(by=by, verb="learning.tend", fields=["state"], reason="changed")
    return made


@action
def end_lines(*, opportunity: Opportunity, by: User) -> int:
    """The course does not take place: nobody waits any more, and all who did are told; how many."""
    course = lock(opportunity)
    rows = list(open_turns(course))
    end_all(course, rows, by, cancelled=True)
    audit.record(by=by, verb="learning.tend", subject=course, fields=["state"], reason="cancelled")
    return len(rows)


def _given_still(course: Opportunity) -> None:
    """The office before the person (CONTRIBUTING), and as it stands now: a learner hears of the course."""
    if not all_stay([course.provider_id]):
        raise _closed()


def _may(person: Person | None, by: User) -> None:
    if not by.is_system and (person is None or not line.may_enrol(by, person)):
        raise LearningError("not_allowed", _("You cannot enrol this person."))


def _may_begin(person: Person, course: Opportunity, by: User) -> None:
    """Before anything is looked up: whoever may not read of such a course hears the same of each person."""
    _may(person, by)
    if course.telling:
        check_explicit(person, by)


def _agreed(person: Person, course: Opportunity, given: ConsentRow | None, by: User) -> None:
    """Whoever teaches must know who comes: the person agrees to it, once for a provider."""
    if line.agreement_of(person, course):
        return
    explicit = given is not None and (given.sensitive or not course.telling)
    if given is None or not explicit or given.purpose != Purpose.ENROL or given.recipient != course.provider:
        raise LearningError("consent", _("The person must first agree that the provider learns who comes."))
    record_consent(person=person, given=given, by=by)


def _check_course(person: Person, course: Opportunity, despite: bool, by: User) -> None:
    if not (line.in_window(course) and line.takes_people(course)):
        raise LearningError("closed", _("This course takes nobody in this way now."))
    if line.in_round(course):
        raise LearningError("round", _("The places of this course are given in a round. Apply there."))
    _fits(person, course, despite, by)


def _closed() -> LearningError:
    words = _("The course is over, or its provider gives no places in it any more. Look at the other courses.")
    return LearningError("closed", words)


def _fits(person: Person, course: Opportunity, despite: bool, by: User) -> None:
    """Asked when somebody enrols, and again when they take the place that they waited for: birthdays and other courses
    come in between."""
    why = line.refusal(person, course)
    if why is not None:
        words = _("The course has a condition that is not met: %(why)s")
        raise LearningError("not_eligible", words % {"why": "; ".join(why)})
    if line.all_clash(person, course, by):
        words = _("Every session is at the time of another course of yours. Leave that one first.")
        raise LearningError("clash_all", words)
    if not despite and line.clashes(person, course, by):
        raise LearningError("clash", _("Some sessions are at the time of another course. Look, and say that you know."))


def _accept(turn: Turn, course: Opportunity, by: User) -> Enrolment:
    assert turn.person is not None
    close([turn], State.TAKEN)
    end_slips(people=[turn.person], app="learning", about=course.pk, by=by)
    row = seat(turn.person, course, by, entered_by=turn.entered_by)
    audit.record(by=by, verb="learning.accept", subject=row, fields=["standing"], partner=course.provider.code)
    return row
