"""The scope of cases in its two shapes: as a query over many, and for one case with what hangs on it."""

from collections.abc import Callable

import pytest
from django.http import Http404
from tests.cases.conftest import City

from okat.city.accounts.models import User
from okat.city.cases import actions, queries
from okat.city.cases.models import Case
from okat.city.cases.rules import GoalStatus, Sector

STAGES: dict[str, Callable[[City], Case]] = {
    "offered": City.offered,
    "accepted": City.accepted,
    "referred": City.referred,
}


def seen_one(user: User, case: Case) -> tuple[bool, bool]:
    try:
        return True, bool(queries.case_for(user, case.pk).may_open)  # type: ignore[attr-defined]  # set by case_for
    except Http404:
        return False, False


def seen_many(user: User, case: Case) -> tuple[bool, bool]:
    row = queries.cases_of_partner(user).filter(pk=case.pk).first()
    if row is None and queries.own_cases(user).filter(pk=case.pk).exists():
        return True, True
    return row is not None, bool(row is not None and row.may_open)  # type: ignore[attr-defined]  # annotated


def everybody(city: City) -> list[User]:
    return [city.worker, city.manager, city.officer, city.nurse, city.resident, city.stranger]


@pytest.mark.parametrize("stage", STAGES)
def test_both_shapes_agree_for_everybody(city: City, stage: str) -> None:
    case = STAGES[stage](city)
    for user in everybody(city):
        assert seen_one(user, case) == seen_many(user, case), user
        assert queries.still_sees(user, case.pk) is queries.cases_of_partner(user).filter(pk=case.pk).exists()


def test_a_shared_goal_opens_the_case_while_it_is_open(city: City) -> None:
    case = city.accepted()
    city.consent(city.hospital)
    assert seen_one(city.nurse, case)[0] is False
    goal = actions.add_goal(
        case=case, sector=Sector.CARE, partner=city.hospital, text="ตรวจตา", due_on=None, by=city.worker
    )
    assert seen_one(city.nurse, case) == seen_many(city.nurse, case)
    assert seen_one(city.nurse, case)[0] is True
    actions.end_goal(goal=goal, status=GoalStatus.MET, by=city.worker)
    assert seen_one(city.nurse, case) == seen_many(city.nurse, case) == (False, False)


def test_where_a_case_comes_up_it_comes_up_with_its_words(city: City) -> None:
    case = city.offered()
    shown = queries.case_for(city.worker, case.pk)
    assert (shown.title_th, shown.owner, shown.acts_next) == (case.title_th, case.owner, case.acts_next)
    assert shown.person is not None
    assert shown.person.full_name == city.person.full_name
