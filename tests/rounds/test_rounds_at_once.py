"""What somebody does at the moment in which a round is decided."""

import datetime as dt
from collections.abc import Callable
from threading import Event

import pytest
from django.db import OperationalError, connection, transaction
from tests.meanwhile import PATIENCE, Meanwhile
from tests.rounds.conftest import AFTER, DRAWN, DURING, City
from tests.rounds.test_rounds_between import joined

from okat.city.core import clock
from okat.city.partners.actions._may import lock_partner
from okat.city.people import actions as people
from okat.city.people.models import Consent, Person
from okat.city.people.rules import Purpose
from okat.city.people.rules import Status as PersonStatus
from okat.city.rounds import actions
from okat.city.rounds.models import Application, Place, Result, Round
from okat.city.rounds.rules import RoundError, Status

pytestmark = pytest.mark.django_db(transaction=True)


def _withdraw(city: City, person: Person) -> object:
    consent = Consent.objects.get(person=person, purpose=Purpose.ROUND)
    return people.withdraw_consent(consent=consent, by=city.system)


def _erase(city: City, person: Person) -> object:
    return actions.release_erased(person=person.pk, by=city.system)


@pytest.mark.parametrize("leave", [_withdraw, _erase])
def test_who_leaves_while_it_is_decided_is_out_before_or_counted_as_decided(
    city: City, leave: Callable[[City, Person], object]
) -> None:
    """Never both: withdrawn before the decision, and with a place by it."""
    offers = city.offers({"capacity": 1})
    made: Round = city.opened(offers)
    one, two = city.pin(2)
    city.applied(made, {one: offers, two: offers})
    with clock.at(AFTER):
        actions.close_round(round=made, by=city.system)
    with clock.at(DRAWN):
        city.draw(made)
        with transaction.atomic():
            actions.run_round(round=made, by=city.lead)
            leaving = Meanwhile(lambda: clock_at_drawn(lambda: leave(city, one)))
            leaving.settled()
        leaving.done()
    results = Result.objects.filter(application__round=made)
    assert results.count() == 2
    assert not results.filter(application__withdrawn_why__in=("consent", "erased")).exists()


def clock_at_drawn(do: Callable[[], object]) -> object:
    with clock.at(DRAWN):
        return do()


def test_who_withdraws_while_a_death_is_noted_has_withdrawn(city: City) -> None:
    """What the death ended comes back when it was a mistake; what the person took back stays taken back."""
    offers = city.offers({"capacity": 1})
    made: Round = city.opened(offers)
    (one,) = city.pin(1)
    (row,) = city.applied(made, {one: offers})
    with clock.at(DURING):
        with transaction.atomic():
            actions.withdraw(application=row, by=city.system)
            dying = Meanwhile(lambda: people.set_status(person=one, status=PersonStatus.DIED, by=city.system))
            assert not dying.settled()
        dying.done()
        assert Application.objects.get(pk=row.pk).withdrawn_why == "person"
        people.come_back(person=Person.objects.get(pk=one.pk), by=city.system)
    assert Application.objects.get(pk=row.pk).withdrawn_at is not None


@pytest.mark.parametrize("many", [False, True])
def test_nobody_is_entered_on_a_consent_that_is_withdrawn_meanwhile(city: City, many: bool) -> None:
    offers = city.offers({"capacity": 1})
    made: Round = city.opened(offers)
    (one,) = city.pin(1)

    def enter() -> object:
        wished = tuple(offer.pk for offer in offers)
        with clock.at(made.opens_at or DRAWN):
            if many:
                return actions.apply_many(round=made, rows=[actions.ApplyRow(one.pk, wished)], by=city.system)
            return actions.apply(round=made, person=one, opportunities=wished, by=city.system)

    with transaction.atomic():
        _withdraw(city, one)
        entering = Meanwhile(enter)
        assert not entering.settled()
    with pytest.raises(RoundError):
        entering.done()
    assert not Application.objects.filter(round=made, withdrawn_at=None).exists()


Do = Callable[[City, Round, Person], object]


def _apply(city: City, made: Round, one: Person) -> object:
    wished = list(Place.objects.filter(round=made).values_list("opportunity", flat=True))
    return actions.apply(round=made, person=one, opportunities=wished, by=city.system, partner=city.school)


def _apply_many(city: City, made: Round, one: Person) -> object:
    wished = tuple(Place.objects.filter(round=made).values_list("opportunity", flat=True))
    return actions.apply_many(round=made, rows=[actions.ApplyRow(one.pk, wished)], by=city.system)


def _of(made: Round, one: Person) -> Application:
    return Application.objects.select_related("round").get(round=made, person=one)


def _cancel(city: City, made: Round, one: Person) -> object:
    return actions.cancel_places(opportunity=Place.objects.get(round=made).opportunity, by=city.system)


# What holds a round and somebody who stands in it: where the round stands then, and what is done.
HOLDS: dict[str, tuple[Status, Do]] = {
    "apply": (Status.OPEN, _apply),
    "apply_many": (Status.OPEN, _apply_many),
    "withdraw": (Status.OPEN, lambda city, made, one: actions.withdraw(application=_of(made, one), by=city.system)),
    "publish": (Status.DECIDED, lambda city, made, _one: actions.publish_round(round=made, by=city.lead)),
    "accept": (
        Status.PUBLISHED, lambda city, made, one: actions.accept_place(application=_of(made, one), by=city.system)
    ),
    "accept_many": (
        Status.PUBLISHED,
        lambda city, made, one: actions.accept_many(round=made, applications=[_of(made, one)], by=city.system),
    ),
    "decline": (
        Status.PUBLISHED, lambda city, made, one: actions.decline_place(application=_of(made, one), by=city.system)
    ),
    "expire": (Status.PUBLISHED, lambda city, made, _one: actions.expire_answers(round=made, by=city.system)),
    "pass_on": (Status.PUBLISHED, lambda city, made, _one: actions.pass_on(round=made, by=city.system)),
    "cancel": (Status.PUBLISHED, _cancel),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(HOLDS))
@pytest.mark.parametrize("first", ["office", "person"])
def test_the_office_is_held_before_the_person_and_the_person_before_the_round(
    city: City, name: str, first: str
) -> None:
    """Whoever leaves the network holds the office, whoever notes a death holds the person, and both then want the
    round: nobody waits for them with something in hand that they wait for. Only who gives an office something waits
    for it."""
    stands, do = HOLDS[name]
    offers = city.offers({"capacity": 1})
    made: Round = city.opened(offers)
    (one,) = city.pin(1)
    if stands is not Status.OPEN or name == "withdraw":
        city.applied(made, {one: offers})
    if stands is Status.DECIDED:
        city.decided(made)
    if stands is Status.PUBLISHED:
        city.published(made)
    now = {Status.OPEN: DURING}.get(stands, DRAWN) + dt.timedelta(days=40 if name == "expire" else 0)
    made = Round.objects.get(pk=made.pk)

    def at_that_time() -> object:
        with clock.at(now):
            return do(city, made, one)

    with transaction.atomic():
        if first == "office":
            lock_partner(city.team)
        else:
            people.hold_people([one.pk])
        doing = Meanwhile(at_that_time)
        assert doing.settled() == (first == "office" and not name.startswith("apply"))
        with connection.cursor() as cursor:
            cursor.execute("set local lock_timeout = '2s'")
        people.hold_people([one.pk])
        Round.objects.select_for_update(of=("self",)).get(pk=made.pk)
    doing.done()


def test_who_takes_the_places_of_many_holds_whoever_has_one_by_then(city: City) -> None:
    """Two records become one while the list waits for the one that goes: the other is held, as if it had been named."""
    offers = city.offers({"capacity": 1})
    made: Round = city.opened(offers)
    gone, keep = city.pin(2)
    (row,) = city.applied(made, {gone: offers})
    city.published(made)
    done, looked = Event(), Event()

    def accepting() -> None:
        with transaction.atomic():
            actions.accept_many(round=made, applications=[row], by=city.system)
            done.set()
            looked.wait(PATIENCE)

    with clock.at(DRAWN):
        with transaction.atomic():
            joined(city, keep, gone)
            doing = Meanwhile(lambda: clock_at_drawn(accepting))
            assert not doing.settled()
        assert done.wait(PATIENCE)
        try:
            with pytest.raises(OperationalError), transaction.atomic():
                Person.objects.select_for_update(of=("self",), no_key=True, nowait=True).get(pk=keep.pk)
        finally:
            looked.set()
        doing.done()
    assert Result.objects.get(application=row).answer == "accepted"
