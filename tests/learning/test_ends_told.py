"""Whatever of a person's ends, somebody has said who tells them: each way in which a case, a place, a turn, a place of
a round or a request can end has a kind of notice that the person hears, or ends by their own word."""

from collections.abc import Callable
from enum import Enum

import pytest
from tests.learning.conftest import DAY, FIRST, School, placed
from tests.learning.test_line import EARLY, Shop, ask, shop

from okat.city.cases import actions as cases
from okat.city.cases.models import Case
from okat.city.cases.rules import State
from okat.city.catalogue import actions as catalogue
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.learning import actions
from okat.city.learning.rules import Standing
from okat.city.learning.rules import recognising as recognition
from okat.city.learning.rules.line import State as Turning
from okat.city.notices.models import Notice
from okat.city.notices.rules import KINDS
from okat.city.people.models import Person, Slip
from okat.city.rounds.rules import Answer

__all__ = ["shop"]

OWN, GOES_ON = "the person's own word", "nothing has ended"
JOINED = {"people.joined"}
# By enumeration: members of two of them may be the same word.
ENDS: dict[type[Enum], dict[Enum, set[str] | str]] = {
    State: {
        State.OFFERED: GOES_ON, State.ACCEPTED: GOES_ON, State.REFERRED: GOES_ON, State.RECEIVED: GOES_ON,
        State.ACTIVE: GOES_ON, State.OUTCOME: "after the end: the office asks how it went",
        State.DECLINED: {"cases.called_off"}, State.RETURNED: {"cases.called_off"}, State.LEFT: {"cases.stopped"},
        State.COMPLETED: "the certificate, where there is one, is told by itself", State.CLOSED: {"cases.unheld"},
    },
    Standing: {
        Standing.ACTIVE: GOES_ON, Standing.COMPLETED: {"learning.issued"}, Standing.LEFT: {"cases.stopped"},
        Standing.CANCELLED: {"learning.course_cancelled", "cases.called_off", "rounds.cancelled_ends"},
        Standing.JOINED: JOINED,
    },
    Turning: {
        Turning.WAITING: GOES_ON, Turning.OFFERED: GOES_ON, Turning.TAKEN: OWN, Turning.DECLINED: OWN,
        Turning.LEFT: OWN, Turning.EXPIRED: {"learning.turn_expired"}, Turning.UNFIT: {"learning.turn_unfit"},
        Turning.OVER: {"learning.turn_cancelled", "learning.turn_over"}, Turning.JOINED: JOINED,
    },
    Answer: {
        Answer.WAITING: GOES_ON, Answer.OFFERED: GOES_ON, Answer.ACCEPTED: GOES_ON, Answer.RETURNING: OWN,
        Answer.DECLINED: OWN, Answer.LEFT: "the own word, or the record is closed", Answer.STOPPED: {"cases.stopped"},
        Answer.EXPIRED: {"rounds.expired"},
        Answer.CANCELLED: {"rounds.cancelled_ends", "rounds.cancelled_waits", "rounds.cancelled_instead"},
    },
    recognition.State: {
        recognition.State.ASKED: GOES_ON, recognition.State.GRANTED: {"learning.recognised"},
        recognition.State.REFUSED: {"learning.recognised"}, recognition.State.WITHDRAWN: OWN,
    },
}  # fmt: skip


def test_of_each_way_in_which_something_ends_somebody_has_said_who_tells() -> None:
    known = {name for name, _kind in KINDS}
    for enum, said in ENDS.items():
        assert set(said) == set(enum)
        assert all(kinds <= known for kinds in said.values() if isinstance(kinds, set))


@pytest.fixture
def two(school: School) -> School:
    """One learner with an account, one whom nothing reaches but paper; both came by a case."""
    with clock.at(FIRST - DAY):
        school.others = [school.city.pin("สมปอง")]
        placed(school.city, school.course, school.others[0])
    return school


def leave(school: School) -> None:
    for case in Case.objects.filter(opportunity=school.course).select_related("person__user"):
        cases.leave(case=case, reason="health", by=school.teacher)


def cancel(school: School) -> None:
    kept = Opportunity.objects.get(pk=school.course.pk)
    catalogue.cancel(opportunity=kept, reason="ไม่มีครู", by=school.teacher, version=kept.version)


def cancel_after_completion(school: School) -> None:
    for case in Case.objects.filter(opportunity=school.course):
        cases.complete(case=case, by=school.teacher)
    cancel(school)


@pytest.mark.parametrize(
    ("end", "kind"),
    [(leave, "cases.stopped"), (cancel, "cases.called_off"), (cancel_after_completion, "learning.course_cancelled")],
)
def test_both_hear_once_that_what_they_had_has_ended(two: School, end: Callable[[School], None], kind: str) -> None:
    end(two)
    ended = Notice.objects.filter(user=two.learner, kind__in=["cases.stopped", *_cancelled()])
    assert [row.kind for row in ended] == [kind]
    silent = Slip.objects.filter(person=Person.objects.get(pk=two.others[0].pk), told_at=None)
    assert [slip.kind for slip in silent] == [kind]


def test_whoever_leaves_by_their_own_word_is_told_nothing_of_it(two: School) -> None:
    cases.leave(case=Case.objects.get(pk=two.case.pk), reason="health", by=two.learner)
    assert not Notice.objects.filter(user=two.learner, kind="cases.stopped").exists()


def test_a_turn_that_nobody_answered_is_told(shop: Shop) -> None:
    school, course, (one, *_others) = shop
    own = school.city.person
    ask(school, course, one)
    ask(school, course, own)
    Opportunity.objects.filter(pk=course.pk).update(capacity=2)
    actions.tend_line(opportunity=course, by=school.teacher)
    with clock.at(EARLY + 10 * DAY):
        actions.tend_line(opportunity=course, by=school.teacher)
    assert Notice.objects.filter(user=school.learner, kind="learning.turn_expired").count() == 1


def _cancelled() -> list[str]:
    kinds = ENDS[Standing][Standing.CANCELLED]
    assert isinstance(kinds, set)
    return sorted(kinds)
