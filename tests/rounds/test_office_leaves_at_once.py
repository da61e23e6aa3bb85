"""An office leaves that runs a round and gives its places: the people, the rounds and the courses that go along are
held in that order, each kind at once, before the first of them changes hands."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from tests.meanwhile import Meanwhile
from tests.rounds.conftest import DRAWN, DURING, City, make_member

from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import Status as CourseStatus
from okat.city.core import clock
from okat.city.learning import actions as learning
from okat.city.partners import actions as partners
from okat.city.partners.models import Partner, Venue
from okat.city.partners.rules import Role
from okat.city.people.actions import hold_people
from okat.city.people.models import Person
from okat.city.places.models import Area
from okat.city.rounds import actions
from okat.city.rounds.actions._handover import OPEN, PLACES
from okat.city.rounds.models import Application, Place, Result, Round
from okat.city.rounds.rules import Status

pytestmark = pytest.mark.django_db(transaction=True)

Doing = Callable[[], object]


def at_drawn(do: Doing) -> object:
    with clock.at(DRAWN):
        return do()


def during(do: Doing) -> object:
    with clock.at(DURING):
        return do()


def heir(city: City) -> Partner:
    """Who can take over all of it."""
    province = Area.objects.get(code="40")
    new = Partner.objects.create(code="new", th="ใหม่", en="new", kind="provincial", area=province)
    make_member(new, Role.MANAGER, "boss")
    make_member(new, Role.COORDINATOR, "other")
    return new


def published(city: City) -> tuple[Round, list[Opportunity], list[Person]]:
    """A round whose courses are of the office that runs it."""
    offers = city.offers(*({"provider": "team", "capacity": 1, "title_th": title} for title in ("ทอผ้า", "ทำขนม")))
    made, people = city.opened(offers), city.pin(2)
    city.applied(made, {people[0]: [offers[0]], people[1]: [offers[1]]})
    city.published(made)
    return made, offers, people


def row_of(made: Round, person: Person) -> Application:
    return Application.objects.select_related("round").get(round=made, person=person)


def accept(city: City, made: Round, people: list[Person]) -> Doing:
    row = row_of(made, people[0])
    return lambda: actions.accept_place(application=row, by=city.system)


def accept_many(city: City, made: Round, people: list[Person]) -> Doing:
    rows = [row_of(made, person) for person in people]
    return lambda: actions.accept_many(round=made, applications=rows, by=city.system)


def pass_on(city: City, made: Round, people: list[Person]) -> Doing:
    return lambda: actions.pass_on(round=made, by=city.system)


def expire(city: City, made: Round, people: list[Person]) -> Doing:
    return lambda: actions.expire_answers(round=made, by=city.system)


def leaving(city: City, new: Partner) -> Doing:
    team = Partner.objects.get(pk=city.team.pk)
    return lambda: partners.leave_network(partner=team, reason="merged", successor=new, by=city.system)


def test_an_office_that_leaves_waits_for_its_rounds_with_no_course_in_hand(city: City) -> None:
    made, offers, _people = published(city)
    new = heir(city)
    with transaction.atomic():
        Round.objects.select_for_update(of=("self",)).get(pk=made.pk)  # as whoever takes a place does
        going = Meanwhile(lambda: at_drawn(leaving(city, new)))
        assert not going.settled()
        with connection.cursor() as cursor:
            cursor.execute("set local lock_timeout = '2s'")
        list(Opportunity.objects.select_for_update(of=("self",)).filter(pk__in=[each.pk for each in offers]))
    going.done()
    assert Round.objects.get(pk=made.pk).partner == new
    assert not Opportunity.objects.exclude(provider=new).exists()


@pytest.mark.parametrize("prepare", [accept, accept_many, pass_on, expire], ids=lambda do: str(do.__name__))
def test_whoever_answers_in_a_round_and_the_office_that_leaves_both_come_through(
    city: City, prepare: Callable[[City, Round, list[Person]], Doing]
) -> None:
    made, _offers, people = published(city)
    new, do = heir(city), prepare(city, made, people)
    with transaction.atomic():
        at_drawn(do)
        going = Meanwhile(lambda: at_drawn(leaving(city, new)))
        going.settled()
    going.done()
    assert Round.objects.get(pk=made.pk).partner == new
    assert Result.objects.filter(application__round=made).count() == 2


@pytest.mark.parametrize("lot", ["closed", "elsewhere"])
@pytest.mark.parametrize("turned", [False, True])
def test_all_courses_that_go_along_are_held_in_the_order_of_their_ids(city: City, lot: str, turned: bool) -> None:
    """Also those that only have learners, and those of others in its rooms, which are settled after the open ones."""
    new = heir(city)
    with clock.at(DRAWN):
        both = city.offers(*({"provider": "team", "capacity": 2, "title_th": title} for title in ("ทอผ้า", "ทำขนม")))
        first, second = sorted(both, key=lambda each: each.pk)
        later, last = (second, first) if turned else (first, second)
        if lot == "closed":
            (person,) = city.pin(1)
            learning.enrol(person=person, opportunity=later, case=None, by=city.system)
            Opportunity.objects.filter(pk=later.pk).update(status=CourseStatus.CLOSED)
        else:
            area = Area.objects.get(code="400107")
            venue = Venue.objects.create(partner=city.team, area=area, th="ห้อง", en="room")
            Opportunity.objects.filter(pk=later.pk).update(venue=venue, provider=city.school)
    with transaction.atomic():
        Opportunity.objects.select_for_update(of=("self",)).get(pk=first.pk)
        going = Meanwhile(lambda: at_drawn(leaving(city, new)))
        assert not going.settled()
        with connection.cursor() as cursor:
            cursor.execute("set local lock_timeout = '2s'")
        Opportunity.objects.select_for_update(of=("self",)).get(pk=second.pk)
    going.done()
    assert Opportunity.objects.get(pk=last.pk).provider == new
    assert Opportunity.objects.get(pk=later.pk).provider == (new if lot == "closed" else city.school)


def test_whoever_closes_its_courses_holds_the_rounds_that_are_over_before_them(city: City) -> None:
    """A case of theirs may end at this moment: that holds the round, whichever it is, and then the course."""
    made, offers, _people = published(city)
    Round.objects.filter(pk=made.pk).update(status=Status.FINISHED)
    team = Partner.objects.get(pk=city.team.pk)
    with transaction.atomic():
        Round.objects.select_for_update(of=("self",)).get(pk=made.pk)
        closing = Meanwhile(lambda: at_drawn(lambda: partners.settle(partner=team, key=OPEN, to=None, by=city.system)))
        assert not closing.settled()
        with connection.cursor() as cursor:
            cursor.execute("set local lock_timeout = '2s'")
        list(Opportunity.objects.select_for_update(of=("self",)).filter(pk__in=[each.pk for each in offers]))
    closing.done()
    assert set(Opportunity.objects.values_list("status", flat=True)) == {CourseStatus.CLOSED}


def test_who_comes_into_its_rounds_while_the_others_are_waited_for_is_held_before_rounds_and_courses(
    city: City,
) -> None:
    """And in the order of their ids (tests.locks): what ends there is theirs too."""
    offers = city.offers({"capacity": 1}, {"provider": "team", "capacity": 1, "title_th": "ทำขนม"})
    late, first = (city.pin(1)[0] for _ in range(2))
    made = city.opened(offers)
    city.applied(made, {first: offers})
    school = Partner.objects.get(pk=city.school.pk)  # what it gives stands in a round of another office
    with transaction.atomic():
        hold_people([first.pk])
        ending = Meanwhile(lambda: during(lambda: partners.settle(partner=school, key=PLACES, to=None, by=city.system)))
        assert not ending.settled()
        city.applied(made, {late: offers})
    ending.done()
    assert Place.objects.exclude(off="").get().opportunity == offers[0]
    assert late.pk < first.pk
