"""A case and its person, changed by two at one moment: the one waits for the other, and neither is refused for it."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from tests.cases.conftest import City, build
from tests.meanwhile import Meanwhile

from okat.city.cases import actions as cases
from okat.city.cases.models import Case, Goal
from okat.city.cases.queries import locked
from okat.city.cases.rules import GoalStatus, LateError, Sector, State, Verb
from okat.city.people import actions as people
from okat.city.people.rules import Purpose

pytestmark = pytest.mark.django_db(transaction=True)


def _one(_city: City, case: Case) -> object:
    return locked(case)


def _many(city: City, case: Case) -> object:
    return cases.move_many(cases=[case], verb=Verb.REFER, by=city.worker)


@pytest.mark.parametrize("move", [_one, _many])
def test_whoever_holds_the_person_never_meets_a_case_that_waits_for_them(
    move: Callable[[City, Case], object],
) -> None:
    """With the case taken first, what a withdrawal does to the case would wait for a mover who waits for the person."""
    city = build()
    case = city.accepted()

    def in_one() -> None:
        with transaction.atomic():
            move(city, case)

    with transaction.atomic():
        people.hold_people([city.person.pk])
        moving = Meanwhile(in_one)
        assert not moving.settled()
        with connection.cursor() as cursor:
            cursor.execute("set local lock_timeout = '2s'")
        assert Case.objects.select_for_update().get(pk=case.pk).state == State.ACCEPTED
    moving.done()


def _refer(city: City, case: Case) -> object:
    return cases.refer(case=case, to=city.school, by=city.worker)


@pytest.mark.parametrize("move", [_one, _refer])
def test_nobody_moves_a_case_whose_person_became_another_one_while_they_waited(
    move: Callable[[City, Case], object],
) -> None:
    """The record that it had is held, the one that has it now is not: whoever changes that one would meet it."""
    city = build()
    city.consent(city.school)
    case, keep = city.accepted(), city.pin("สมศรี")
    pair = people.propose_merge(one=keep, other=city.person, by=city.worker)

    def in_one() -> None:
        with transaction.atomic():
            move(city, case)

    with transaction.atomic():
        people.merge(proposal=pair, keep=keep, by=city.manager)
        moving = Meanwhile(in_one)
        assert not moving.settled()
    with pytest.raises(LateError):
        moving.done()
    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.person_id) == (State.ACCEPTED, keep.pk)
    in_one()  # it was only late


def test_a_goal_ends_after_its_person_and_case_as_when_a_consent_is_withdrawn() -> None:
    city = build()
    goal = cases.add_goal(case=city.accepted(), sector=Sector.WORK, partner=city.town, text="มีงาน", by=city.worker)
    with transaction.atomic():
        people.hold_people([city.person.pk])
        ending = Meanwhile(lambda: cases.end_goal(goal=goal, status=GoalStatus.MET, by=city.worker))
        assert not ending.settled()
        Goal.objects.select_for_update(nowait=True).get(pk=goal.pk)
    ending.done()


def test_a_consent_is_withdrawn_while_the_case_is_referred() -> None:
    city = build()
    city.consent(city.school)
    case = city.accepted()
    care = city.person.consents.get(purpose=Purpose.CARE, withdrawn_at=None)
    with transaction.atomic():
        locked(case)
        withdrawing = Meanwhile(lambda: people.withdraw_consent(consent=care, by=city.resident))
        assert not withdrawing.settled()
        cases.refer(case=case, to=city.school, by=city.worker)
    withdrawing.done()
    care.refresh_from_db()
    assert care.withdrawn_at is not None
