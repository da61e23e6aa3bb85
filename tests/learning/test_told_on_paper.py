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
    call_off(school)
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
