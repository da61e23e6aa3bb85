"""Whatever happens to a course: who has neither an account nor a telephone hears it by a slip that somebody brings."""

import datetime as dt
from collections.abc import Callable

import pytest
from tests.learning.conftest import AFTER, DAY, DURING, FIRST, School, placed

from okat.city.catalogue.actions import write
from okat.city.catalogue.queries.read import row_of
from okat.city.catalogue.rules.rows import SessionRow
from okat.city.core import clock
from okat.city.learning import actions
from okat.city.learning.models import Credential, Enrolment
from okat.city.notices.models import Notice
from okat.city.people.models import Person, Slip


@pytest.fixture
def two(school: School) -> School:
    """One learner with an account, one without account, address or telephone."""
    with clock.at(FIRST - DAY):
        school.others = [school.city.pin("สมปอง")]
        placed(school.city, school.course, school.others[0])
    with clock.at(DURING):
        return school


def call_off(school: School) -> None:
    actions.cancel_session(session=school.sessions[3], reason="น้ำท่วม", by=school.teacher)


def reinstate(school: School) -> None:
    """Once a slip said that it falls out."""
    call_off(school)
    Slip.objects.update(printed_at=clock.now())
    actions.reinstate_session(session=school.sessions[3], by=school.teacher)


def move(school: School) -> None:
    edit(school, 30 * DAY)


def take_out(school: School) -> None:
    edit(school, None)


def edit(school: School, later: dt.timedelta | None) -> None:
    row = row_of(school.course)
    last = row.sessions[3]
    moved = () if later is None else (SessionRow(last.start + later, last.end + later, last.venue, last.note),)
    changed = type(row)(**{**{n: getattr(row, n) for n in row.__slots__}, "sessions": (*row.sessions[:3], *moved)})
    write(opportunity=school.course, row=changed, by=school.teacher, version=school.course.version)


def plan(school: School) -> None:
    day = (FIRST + 60 * DAY).date()
    actions.plan_sessions(opportunity=school.course, days=[day], start=dt.time(9), end=dt.time(12), by=school.teacher)


def make_up(school: School) -> None:
    call_off(school)
    day = (FIRST + 60 * DAY).date()
    actions.plan_make_up(missed=school.sessions[3], day=day, start=dt.time(9), end=dt.time(12), by=school.teacher)


def attend(school: School) -> None:
    actions.set_rule(opportunity=school.course, share=80, months=None, required=[], by=school.teacher)
    everybody = list(Enrolment.objects.filter(opportunity=school.course).values_list("pk", flat=True))
    with clock.at(AFTER):
        for session in school.sessions:
            actions.mark(session=session, present=everybody, by=school.teacher)
        actions.issue(opportunity=school.course, by=school.teacher)


def revoke(school: School) -> None:
    attend(school)
    for one in Credential.objects.all():
        actions.revoke(certificate=one, reason="wrong_name", by=school.teacher)


@pytest.mark.parametrize(
    ("do", "kind"),
    [
        (call_off, "called_off"), (reinstate, "reinstated"), (move, "moved"), (take_out, "taken_out"),
        (plan, "planned"), (make_up, "make_up"), (attend, "issued"), (revoke, "revoked"),
    ],
)  # fmt: skip
def test_both_hear_it_each_by_their_way(two: School, do: Callable[[School], None], kind: str) -> None:
    do(two)
    silent = Person.objects.get(pk=two.others[0].pk)
    assert Notice.objects.filter(kind=f"learning.{kind}", user=two.learner).count() == 1
    slips = Slip.objects.filter(kind=f"learning.{kind}", told_at=None)
    assert [slip.person for slip in slips] == [silent]


@pytest.mark.parametrize("first", ["nothing", "printed", "given over"])
def test_who_never_heard_that_a_day_falls_out_needs_no_paper_that_it_does_not(two: School, first: str) -> None:
    """Also where it falls out and comes back a second time."""
    for _twice in range(2):
        call_off(two)
        if first == "printed":
            Slip.objects.filter(told_at=None).update(printed_at=clock.now())
        elif first == "given over":
            Slip.objects.filter(told_at=None).update(told_at=clock.now(), how=Slip.How.SAID)
        actions.reinstate_session(session=two.sessions[3], by=two.teacher)
        lies = set(Slip.objects.filter(told_at=None).values_list("kind", flat=True))
        assert lies == (set() if first == "nothing" else {"learning.reinstated"})
        first = "nothing" if first == "nothing" else "printed before"


def test_a_day_that_falls_out_and_comes_back_takes_no_other_news_away(two: School) -> None:
    move(two)
    actions.cancel_session(session=two.sessions[0], reason="น้ำท่วม", by=two.teacher)
    actions.reinstate_session(session=two.sessions[0], by=two.teacher)
    assert set(Slip.objects.filter(told_at=None).values_list("kind", flat=True)) == {"learning.moved"}


@pytest.mark.parametrize("ending", ["reinstated", "course cancelled", "called off again"])
def test_what_a_worker_was_told_for_others_is_over_when_it_does_not_hold(two: School, ending: str) -> None:
    call_off(two)
    (old,) = Notice.objects.filter(kind="learning.called_off_for")
    actions.reinstate_session(session=two.sessions[3], by=two.teacher)
    if ending == "course cancelled":
        actions.cancel_course(opportunity=two.course, by=two.teacher)
    elif ending == "called off again":
        call_off(two)
    old.refresh_from_db()
    assert old.over_at is not None
    stand = Notice.objects.filter(user=old.user, over_at=None, kind__startswith="learning.", kind__endswith="_for")
    left = {"reinstated": {"learning.reinstated_for"}, "called off again": {"learning.called_off_for"}}
    assert set(stand.values_list("kind", flat=True)) - {"learning.course_cancelled_for"} == left.get(ending, set())
