"""An office that leaves holds itself, and then wants the people of its cases. Whoever makes a step of a case at that
moment waits for the office before them, or not at all: a row that names the office waits for nobody."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from tests.cases.conftest import City, build
from tests.meanwhile import Meanwhile

from okat.city.accounts.queries import system_user
from okat.city.cases import actions as cases
from okat.city.cases.models import Case
from okat.city.cases.rules import GoalStatus, Sector, Verb
from okat.city.partners import actions as partners
from okat.city.partners.actions._may import lock_partner
from okat.city.partners.models import Membership, Partner
from okat.city.people import actions as people
from okat.city.people.actions import ConsentRow
from okat.city.people.rules import How, Purpose, Status, VisitKind
from okat.city.places.models import Area, Level

pytestmark = pytest.mark.django_db(transaction=True)

Doing = Callable[[], object]


def _declined(city: City) -> Case:
    return cases.decline(case=city.offered(), reason="far", by=city.resident)


def accept(city: City) -> Doing:
    case = city.offered()
    return lambda: cases.accept(case=case, by=city.worker)


def decline(city: City) -> Doing:
    case = city.offered()
    return lambda: cases.decline(case=case, reason="far", by=city.worker)


def refer(city: City) -> Doing:
    city.consent(city.school)
    case = city.accepted()
    return lambda: cases.refer(case=case, to=city.school, by=city.worker)


def recall(city: City) -> Doing:
    case = city.referred()
    return lambda: cases.recall(case=case, by=city.worker)


def receive(city: City) -> Doing:
    case = city.referred()
    return lambda: cases.receive(case=case, by=city.officer)


def return_(city: City) -> Doing:
    case = city.referred()
    return lambda: cases.return_referral(case=case, reason="full", by=city.officer)


def start(city: City) -> Doing:
    case = cases.receive(case=city.referred(), by=city.officer)
    return lambda: cases.start(case=case, by=city.officer)


def complete(city: City) -> Doing:
    case = city.active()
    return lambda: cases.complete(case=case, by=city.officer)


def leave(city: City) -> Doing:
    case = city.active()
    return lambda: cases.leave(case=case, reason="work", by=city.officer)


def follow_up(city: City) -> Doing:
    case = _declined(city)
    return lambda: cases.record_follow_up(case=case, outcome="other_help", by=city.worker)


def close(city: City) -> Doing:
    case = _declined(city)
    cases.record_follow_up(case=case, outcome="other_help", by=city.worker)
    return lambda: cases.close(case=case, by=city.worker)


def hand_over(city: City) -> Doing:
    city.consent(city.hospital)
    case = city.accepted()
    return lambda: cases.hand_over(case=case, to=city.hospital, by=city.manager)


STEPS: dict[str, Callable[[City], Doing]] = {
    Verb.PROPOSE: lambda city: city.offered, Verb.ACCEPT: accept, Verb.DECLINE: decline, Verb.REFER: refer,
    Verb.RECALL: recall, Verb.RECEIVE: receive, Verb.RETURN: return_, Verb.START: start, Verb.COMPLETE: complete,
    Verb.LEAVE: leave, Verb.FOLLOW_UP: follow_up, Verb.CLOSE: close, Verb.HAND_OVER: hand_over,
}  # fmt: skip


def add_goal(city: City) -> Doing:
    case = city.accepted()
    return lambda: cases.add_goal(case=case, sector=Sector.WORK, partner=city.town, text="มีงาน", by=city.worker)


def end_goal(city: City) -> Doing:
    goal = cases.add_goal(case=city.accepted(), sector=Sector.WORK, partner=city.town, text="มีงาน", by=city.worker)
    return lambda: cases.end_goal(goal=goal, status=GoalStatus.MET, by=city.worker)


def visit(city: City) -> Doing:
    return lambda: people.record_visit(
        person=city.person, kind=VisitKind.OTHER, note="แวะ", partner=city.town, by=city.worker
    )


def say(city: City) -> Doing:
    return lambda: people.note_said(person=city.person, status=Status.MOVED, partner=city.town, by=city.worker)


def come_back(city: City) -> Doing:
    city.offered()
    people.set_status(person=city.person, status=Status.DIED, by=city.worker)
    return lambda: people.come_back(person=city.person, by=city.worker)


def move_people(city: City) -> Doing:
    city.offered()
    near = Area.objects.create(code="4001", level=Level.DISTRICT, th="เมือง", en="Mueang", parent=city.town.area)
    return lambda: people.move_people(people=[city.person], area=near, by=city.worker)


BESIDE = {
    "add_goal": add_goal,
    "end_goal": end_goal,
    "visit": visit,
    "say": say,
    "back": come_back,
    "move": move_people,
}


def test_each_verb_stands_here() -> None:
    assert set(STEPS) == set(Verb)


@pytest.mark.parametrize("name", [*STEPS, *BESIDE])
@pytest.mark.parametrize("office", ["town", "school"])
def test_whoever_moves_a_case_never_waits_for_an_office_with_the_person_in_hand(name: str, office: str) -> None:
    city = build()
    step = {**STEPS, **BESIDE}[name](city)
    leaving: Partner = getattr(city, office)
    with transaction.atomic():
        lock_partner(leaving)
        doing = Meanwhile(step)
        doing.settled()
        with connection.cursor() as cursor:
            cursor.execute("set local lock_timeout = '2s'")
        people.hold_people([city.person.pk])
        list(Case.objects.select_for_update(of=("self",)).order_by("pk"))
    doing.done()


def test_no_case_follows_a_move_to_an_office_that_is_just_leaving() -> None:
    city, by = build(), system_user()
    near, far = (
        Area.objects.create(code=code, level=Level.DISTRICT, th=code, en=code, parent=city.town.area)
        for code in ("4001", "4002")
    )
    people.record_consent(person=city.person, given=ConsentRow(Purpose.CARE, city.hospital, How.VERBAL), by=city.worker)
    case = city.accepted()
    for membership in Membership.objects.filter(partner=city.town):
        membership.areas.set([far])
    with transaction.atomic():
        people.move_people(people=[city.person], area=near, by=by)
        assert Case.objects.get(pk=case.pk).owner == city.hospital
        leaving = Meanwhile(lambda: partners.leave_network(partner=city.hospital, reason="ended", by=by))
        assert not leaving.settled()
    with pytest.raises(partners.LeavingError, match="held"):
        leaving.done()
