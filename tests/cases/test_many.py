"""Many cases at once go the same way as one by one: the same table, the same follow-ups, each step recorded."""

import datetime as dt
from typing import Any

import pytest
from tests.cases.conftest import City

from okat.city.accounts.queries import system_user
from okat.city.cases import actions
from okat.city.cases.models import Case, FollowUp, Referral, Transition
from okat.city.cases.rules import Answer, CaseError, State, Verb
from okat.city.core import audit, clock

pytestmark = pytest.mark.django_db


def accepted(city: City, number: int) -> list[Case]:
    made = []
    for n in range(number):
        person = city.pin(f"คนที่{n}")
        case = actions.propose(person=person, partner=city.town, need=city.need, by=city.worker)
        made.append(actions.accept(case=case, by=city.worker))
    return made


def carried(cases: list[Case], *verbs: Verb) -> list[Case]:
    for verb in verbs:
        cases = actions.move_many(cases=cases, verb=verb, by=system_user())
    return cases


def shape(case: Case) -> tuple[Any, ...]:
    """What one case is after its way, without its own ids."""
    case = Case.objects.get(pk=case.pk)
    steps = Transition.objects.filter(case=case).values_list(
        "verb", "before", "after", "actor", "partner", "other", "reason"
    )
    asked = FollowUp.objects.filter(case=case).values_list("after_days", "due_on", "outcome", "partner")
    sent = Referral.objects.filter(case=case).values_list("answer", "sender", "receiver", "reason")
    turn = (case.state, case.owner_id, case.receiver_id, case.acts_next_id, case.due_on, case.version)
    return (*turn, list(steps.order_by("id")), list(asked.order_by("after_days")), list(sent))


def test_a_list_goes_the_way_of_one(city: City) -> None:
    now = clock.now()
    with clock.at(now - dt.timedelta(days=40)):
        single, *others = accepted(city, 3)
        single = actions.refer(case=single, to=city.town, by=city.manager).case
        single = actions.complete(
            case=actions.start(case=actions.receive(case=single, by=city.manager), by=city.manager), by=city.manager
        )
        carried(others, Verb.REFER, Verb.RECEIVE, Verb.START, Verb.COMPLETE)
    assert shape(others[0]) == shape(others[1]) == shape(single)
    actions.record_follow_up(case=single, outcome="working", by=city.manager)
    assert actions.record_many(outcomes={case.pk: "working" for case in others}, by=system_user()) == 2
    assert shape(others[0]) == shape(single)
    assert Case.objects.get(pk=single.pk).stage is State.OUTCOME
    verbs = [entry.verb for entry in audit.about(others[0])]
    assert verbs[:5] == ["cases.follow_up", "cases.complete", "cases.start", "cases.receive", "cases.refer"]


def test_returning_and_leaving_keep_their_reason(city: City) -> None:
    cases = carried(accepted(city, 2), Verb.REFER)
    actions.move_many(cases=cases[:1], verb=Verb.RETURN, by=system_user(), reason="full")
    assert Referral.objects.get(case=cases[0]).answer == Answer.RETURNED
    carried(cases[1:], Verb.RECEIVE, Verb.START)
    actions.move_many(cases=cases[1:], verb=Verb.LEAVE, by=system_user(), reason="work")
    assert Transition.objects.filter(case=cases[1]).latest("id").reason == "work"
    with pytest.raises(CaseError) as refused:
        actions.move_many(cases=cases[1:], verb=Verb.LEAVE, by=system_user())
    assert refused.value.code == "reason"


def test_one_that_cannot_go_keeps_all_back(city: City) -> None:
    cases = accepted(city, 2)
    carried(cases[:1], Verb.REFER)
    with pytest.raises(CaseError):
        actions.move_many(cases=cases, verb=Verb.REFER, by=system_user())
    assert Case.objects.get(pk=cases[1].pk).stage is State.ACCEPTED
    for verb in (Verb.CLOSE, Verb.HAND_OVER, Verb.ACCEPT):
        with pytest.raises(CaseError):
            actions.move_many(cases=cases, verb=verb, by=system_user())


def test_between_two_partners_each_goes_by_itself(city: City) -> None:
    case = city.referred()
    with pytest.raises(CaseError):
        actions.move_many(cases=[case], verb=Verb.RECEIVE, by=system_user())


def test_a_stranger_moves_nothing(city: City) -> None:
    cases = accepted(city, 1)
    with pytest.raises(CaseError):
        actions.move_many(cases=cases, verb=Verb.REFER, by=city.stranger)


def test_outcomes_wait_for_their_day(city: City) -> None:
    cases = carried(accepted(city, 1), Verb.REFER, Verb.RECEIVE, Verb.START, Verb.COMPLETE)
    with pytest.raises(CaseError):
        actions.record_many(outcomes={cases[0].pk: "working"}, by=system_user())
    with pytest.raises(CaseError):
        actions.record_many(outcomes={cases[0].pk: "rich"}, by=system_user())


def test_statements_do_not_grow_with_the_cases(city: City, django_assert_max_num_queries: Any) -> None:
    cases = accepted(city, 12)
    with django_assert_max_num_queries(24):
        actions.move_many(cases=cases, verb=Verb.REFER, by=system_user())
