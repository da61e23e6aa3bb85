"""Somebody moves out of the city and still comes to what they have begun: what the page lists as begun stands
afterwards, all of it and nothing else, and nobody else is given their place."""

from collections.abc import Callable

import pytest
from tests.rounds.conftest import DRAWN, City, make_member
from tests.rounds.test_one_placement import DAYS, KINDS, Placed, made

from okat.city.cases import actions as cases
from okat.city.cases.models import Case
from okat.city.cases.rules import State, Verb
from okat.city.core import clock
from okat.city.core.registries import LIFE, Going
from okat.city.learning.actions import share_passport
from okat.city.partners import actions as partners
from okat.city.partners.rules import Role
from okat.city.people.actions import ConsentRow, record_consent, set_status
from okat.city.people.models import Person
from okat.city.people.rules import How, Purpose
from okat.city.people.rules import Status as PersonStatus
from okat.city.rounds import actions
from okat.city.rounds.rules import Answer
from okat.city.rounds.tasks import tick
from okat.city.taxonomy.models import Term

Stage = Callable[[Placed], None]


def accepted(p: Placed) -> None:
    """The case waits for the office to pass it on."""


def referred(p: Placed) -> None:
    p.many(Verb.REFER)


def received(p: Placed) -> None:
    referred(p)
    p.many(Verb.RECEIVE)


def active(p: Placed) -> None:
    p.begin()


def given_up(p: Placed) -> None:
    """The office that had it leaves: what has begun is the person's."""
    p.begin_at_team()
    partners.settle(partner=p.city.team, key="51 cases.held", to=None, by=p.city.lead)


def sent_back(p: Placed) -> None:
    """The other office says that it is not theirs: the round's place is still the person's."""
    record_consent(person=p.person, given=ConsentRow(Purpose.REFER, p.city.team, How.VERBAL), by=p.city.system)
    helper = make_member(p.city.team, Role.OFFICER, "helper")
    cases.refer(case=p.case, to=p.city.team, by=p.city.officer)
    cases.return_referral(case=p.case, reason="not_ours", by=helper)


def completed(p: Placed) -> None:
    p.begin()
    p.many(Verb.COMPLETE)


def given_back(p: Placed) -> None:
    """Not begun any more, though it could still be taken back."""
    actions.decline_place(application=p.row, by=p.user)


STAGES: tuple[Stage, ...] = (accepted, referred, received, active, given_up, sent_back, completed, given_back)


def going(person: Person, *, begun: bool) -> list[Going]:
    return [line for _name, life in LIFE for line in life.going(person.pk) if line.begun == begun]


def moves(p: Placed) -> None:
    set_status(person=p.person, status=PersonStatus.MOVED, by=p.city.system, begun=False)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("stage", STAGES)
def test_what_the_page_lists_as_begun_stands_and_the_rest_ends(city: City, stage: Stage, kind: str) -> None:
    placed = made(city, kind)
    with clock.at(DRAWN):
        stage(placed)
        need = Term.objects.create(vocabulary="need", code="care", th="ดูแล", en="Care")
        cases.propose(person=placed.person, partner=city.school, need=need, by=city.officer)
        begun, holds = going(placed.person, begun=True), placed.answer(placed.row) is Answer.ACCEPTED
        assert bool(begun) == holds
        moves(placed)
        assert going(placed.person, begun=True) == begun
        assert going(placed.person, begun=False) == []
    with clock.at(DRAWN + DAYS):
        tick(0)
        assert going(placed.person, begun=True) == begun
    assert (placed.answer(placed.row) is Answer.ACCEPTED) == holds
    assert placed.answer(placed.waits) is (Answer.WAITING if holds else Answer.OFFERED)


def test_a_case_that_goes_on_is_led_to_its_end(city: City) -> None:
    """Accepted and not passed on yet when they moved: it begins and is completed like any other."""
    placed = made(city, "occupation")
    with clock.at(DRAWN):
        moves(placed)
        placed.begin()
        placed.many(Verb.COMPLETE)
    assert placed.case.stage is State.COMPLETED


def test_what_nobody_had_begun_ends_with_the_move(city: City) -> None:
    """A case that no round led to and that waits for an office is not begun, whatever else is."""
    placed = made(city, "occupation")
    with clock.at(DRAWN):
        share_passport(person=placed.person, days=30, by=placed.user)
        need = Term.objects.create(vocabulary="need", code="care", th="ดูแล", en="Care")
        other = cases.propose(person=placed.person, partner=city.school, need=need, by=city.officer)
        cases.accept(case=other, by=placed.user)
        begun = going(placed.person, begun=True)
        moves(placed)
    assert Case.objects.get(pk=other.pk).stage is State.CLOSED
    assert going(placed.person, begun=True) == begun
