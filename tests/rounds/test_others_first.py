"""Whose place ends leaves it to the next, who leaves another one with the case that it led to: everybody to whom it may
go on is held before the round, so that nobody who holds one of them waits for it in a ring."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import connection, transaction
from tests.meanwhile import Meanwhile
from tests.rounds.conftest import DRAWN, City

from okat.city.cases.models import Case
from okat.city.core import clock
from okat.city.people import actions as people
from okat.city.people.models import Person
from okat.city.people.rules import Status
from okat.city.rounds import actions
from okat.city.rounds.models import Application, Result, Round
from okat.city.rounds.rules import Answer

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Standing:
    """Of one round: who holds the place that is wanted most, who has another and waits for it, and a third."""

    city: City
    round: Round
    leaves: Person
    moves: Person
    other: Person

    def row(self, person: Person) -> Application:
        return Application.objects.select_related("round").get(round=self.round, person=person)


def _standing(city: City, *, later: bool) -> Standing:
    first, second, other = sorted(city.pin(3), key=lambda person: person.pk)
    leaves, moves = (second, first) if later else (first, second)
    city.older(leaves)
    reserved = {"capacity": 1, "reserves": ({"group": "older", "seats": 1},)}
    best, good, third = city.offers(reserved, {"capacity": 1, "title_th": "ทำขนม"}, {"capacity": 1, "title_th": "ปั้นดิน"})
    made = city.opened([best, good, third])
    city.applied(made, {leaves: [best], moves: [best, good], other: [third]})
    city.published(made)
    stands = Standing(city, made, leaves, moves, other)
    with clock.at(DRAWN):
        actions.accept_place(application=stands.row(moves), by=city.system, keep_waiting=True)
        actions.accept_place(application=stands.row(other), by=city.system)
    return stands


Leaving = Callable[[], object]


def die(stands: Standing) -> Leaving:
    person, by = Person.objects.get(pk=stands.leaves.pk), stands.city.system
    return lambda: people.set_status(person=person, status=Status.DIED, by=by)


def move_away(stands: Standing) -> Leaving:
    person, by = Person.objects.get(pk=stands.leaves.pk), stands.city.system
    return lambda: people.set_status(person=person, status=Status.MOVED, by=by)


def decline(stands: Standing) -> Leaving:
    row, by = stands.row(stands.leaves), stands.city.system
    return lambda: actions.decline_place(application=row, by=by)


def erase(stands: Standing) -> Leaving:
    return lambda: actions.release_erased(person=stands.leaves.pk, by=stands.city.system)


def settle(stands: Standing) -> Leaving:
    """One human stood in the round twice: the place that was only offered goes on."""
    by = stands.city.system
    asked = people.propose_merge(one=stands.other, other=stands.leaves, by=by)
    joined = people.merge(proposal=asked, keep=stands.other, by=by)
    return lambda: people.settle_merge(merge=joined, by=by)


@pytest.mark.parametrize("later", [False, True])
@pytest.mark.parametrize("prepare", [die, move_away, decline, erase, settle], ids=lambda do: str(do.__name__))
def test_whoever_moves_up_is_held_before_the_round(
    city: City, prepare: Callable[[Standing], Leaving], later: bool
) -> None:
    stands = _standing(city, later=later)
    (case,) = Case.objects.filter(person=stands.moves)
    with clock.at(DRAWN):
        leave = prepare(stands)

    def at_that_time() -> object:
        with clock.at(DRAWN):
            return leave()

    with transaction.atomic():
        people.hold_people([stands.moves.pk])  # as their own answer, or a death, does
        leaving = Meanwhile(at_that_time)
        assert not leaving.settled()
        with connection.cursor() as cursor:
            cursor.execute("set local lock_timeout = '2s'")
        Round.objects.select_for_update(of=("self",)).get(pk=stands.round.pk)
        Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    leaving.done()
    result = Result.objects.select_related("place").get(application__person=stands.moves)
    assert result.answer == Answer.OFFERED
    case.refresh_from_db()
    assert case.state == "left"


@pytest.mark.parametrize("prepare", [die, move_away, decline, erase, settle], ids=lambda do: str(do.__name__))
def test_whoever_comes_to_stand_there_while_the_others_are_waited_for_is_held_too(
    city: City, prepare: Callable[[Standing], Leaving]
) -> None:
    """Before the round, and in the order of their ids (tests.locks)."""
    (late,) = city.pin(1)
    stands = _standing(city, later=False)
    with clock.at(DRAWN):
        leave = prepare(stands)

    def at_that_time() -> object:
        with clock.at(DRAWN):
            return leave()

    with transaction.atomic(), clock.at(DRAWN):
        asked = people.propose_merge(one=late, other=stands.moves, by=city.system)
        people.merge(proposal=asked, keep=late, by=city.system)
        leaving = Meanwhile(at_that_time)
        assert not leaving.settled()
    leaving.done()
    assert Result.objects.get(application__person=late).answer == Answer.OFFERED
