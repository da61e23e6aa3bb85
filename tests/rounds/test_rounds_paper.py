"""Slips of paper about a round: whatever happens to a result, no slip that waits to be brought says what does not hold
any more, printed or not."""

import datetime as dt
from collections.abc import Callable

import pytest
from tests.rounds.conftest import DRAWN, City

from okat.city.catalogue.actions import cancel
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.core.registries import ERASE
from okat.city.notices.rules import KINDS
from okat.city.people import actions as people
from okat.city.people.models import Person, Slip
from okat.city.people.queries.telling import open_slips
from okat.city.people.rules import Status as PersonStatus
from okat.city.rounds import actions
from okat.city.rounds.models import Application, Result, Round
from okat.city.rounds.rules import Answer
from okat.city.rounds.rules.policy import Policy
from okat.city.rounds.tasks import expire, tick

DAY = dt.timedelta(days=1)
OFFERS = [kind for kind, known in KINDS if kind.startswith("rounds.") and known.binding]


def lying(made: Round) -> set[object]:
    """Whom a slip tells of an offer in this round."""
    rows = open_slips().filter(about=made.pk, kind__in=OFFERS)
    return set(rows.values_list("person", flat=True))


def offered(made: Round) -> set[object]:
    rows = Result.objects.filter(application__round=made, answer=Answer.OFFERED)
    return set(rows.values_list("application__person", flat=True))


class Held:
    """Two courses of one place, four people without an account, all told on paper that somebody holds already."""

    def __init__(self, city: City, policy: Policy) -> None:
        self.city = city
        self.a, self.b = city.offers({"title_th": "ทอผ้า", "capacity": 1}, {"title_th": "ขนมไทย", "capacity": 1})
        self.round = city.opened([self.a, self.b], policy)
        city.applied(self.round, {person: [self.a, self.b] for person in city.pin(4)})
        city.published(self.round)
        self.row = self.holder(self.a)

    def holder(self, offer: Opportunity) -> Application:
        return Application.objects.select_related("person").get(round=self.round, result__place__opportunity=offer)

    @property
    def person(self) -> Person:
        assert self.row.person is not None
        return self.row.person


def accept(held: Held) -> None:
    actions.accept_place(application=held.row, by=held.city.system)


def accept_as_a_list(held: Held) -> None:
    actions.accept_many(round=held.round, applications=[held.row], by=held.city.system)


def decline(held: Held) -> None:
    actions.decline_place(application=held.row, by=held.city.system)


def decline_and_take_back(held: Held) -> None:
    actions.decline_place(application=held.row, by=held.city.system)
    actions.take_back(application=held.row, by=held.city.system)


def decline_and_pass_on(held: Held) -> None:
    actions.decline_place(application=held.row, by=held.city.system)
    with clock.at(DRAWN + 2 * DAY):
        tick(0)


def let_it_lapse(held: Held) -> None:
    with clock.at(DRAWN + 20 * DAY):
        expire(0)


def move_away(held: Held) -> None:
    people.set_status(person=held.person, status=PersonStatus.MOVED, by=held.city.system)


def be_erased(held: Held) -> None:
    pk = held.person.pk
    for _app, erase in ERASE:
        erase(pk)


def lose_the_course(held: Held) -> None:
    version = Opportunity.objects.get(pk=held.a.pk).version
    cancel(opportunity=held.a, reason="ครูป่วย", by=held.city.system, version=version)


WAYS = [
    accept, accept_as_a_list, decline, decline_and_take_back, decline_and_pass_on, let_it_lapse, move_away, be_erased,
    lose_the_course,
]  # fmt: skip


@pytest.mark.parametrize("grace", [0, 24])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("printed", [False, True])
def test_no_slip_offers_what_is_not_offered(city: City, way: Callable[[Held], None], grace: int, printed: bool) -> None:
    if way is decline_and_take_back and not grace:
        pytest.skip("without grace nothing is taken back")
    held = Held(city, Policy(grace_hours=grace))
    assert lying(held.round) == offered(held.round)
    assert len(lying(held.round)) == 2
    who = held.person.pk
    with clock.at(DRAWN):
        if printed:
            people.print_slips(slips=list(Slip.objects.all()), by=city.officer)
        way(held)
    assert lying(held.round) <= offered(held.round)
    assert who not in lying(held.round)
    waits = offered(held.round) - lying(held.round)
    assert waits <= {who}  # who took the place back knows of it; everybody else is told


def test_an_answer_in_one_round_leaves_what_another_says(city: City) -> None:
    first = Held(city, Policy())
    (c,) = city.offers({"title_th": "งานไม้", "capacity": 1})
    second = city.opened([c])
    city.applied(second, {first.person: [c]})
    city.published(second)
    assert Slip.objects.filter(person=first.person, kind="rounds.offered").count() == 2
    with clock.at(DRAWN):
        accept(first)
    assert first.person.pk in lying(second)
    assert first.person.pk not in lying(first.round)
