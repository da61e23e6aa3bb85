"""The watch over locks (tests.locks) sees what it is to refuse: each of these could be a part of a ring."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import transaction
from tests.locks import ORDER, OWNED, Watch
from tests.rounds.conftest import City

from okat.city.accounts.models import User
from okat.city.catalogue.actions import hold_courses
from okat.city.core import audit
from okat.city.core.action import action
from okat.city.partners.queries import all_stay
from okat.city.people.actions import hold_people
from okat.city.people.models import Person
from okat.city.rounds.actions._lock import hold_rounds
from okat.city.rounds.models import Application, Round

pytestmark = pytest.mark.django_db


@action
def in_turn(*, takes: list[Callable[[], object]], by: User) -> None:
    for take in takes:
        take()
    audit.record(by=by, verb="rounds.accept")


def let_go(take: Callable[[], object]) -> None:
    """Whoever goes back to a savepoint holds nothing of what was locked since."""
    with transaction.atomic():
        take()
        transaction.set_rollback(True)


def _steps(city: City) -> dict[str, Callable[[], object]]:
    offers = city.offers({"capacity": 1})
    made = city.opened(offers)
    one, two = sorted(city.pin(2), key=lambda person: person.pk)
    city.applied(made, {one: offers})
    pair = [two.pk, one.pk]
    return {
        "partner": lambda: all_stay([made.partner_id]),
        "person": lambda: hold_people([one.pk]),
        "both": lambda: hold_people(pair),
        "both, in no order": lambda: list(Person.objects.select_for_update(of=("self",)).filter(pk__in=pair)),
        "both renamed": lambda: Person.objects.filter(pk__in=pair).update(version=7),
        "second": lambda: hold_people([two.pk]),
        "second, let go": lambda: let_go(lambda: hold_people([two.pk])),
        "round": lambda: hold_rounds([made.pk]),
        "course": lambda: hold_courses([offers[0].pk]),
        "application": lambda: Application.objects.filter(round=made).update(withdrawn_why=""),
        "rename": lambda: Person.objects.filter(pk=one.pk).update(version=7),
        "title": lambda: Round.objects.filter(title_th=made.title_th).update(title_en="other"),
    }


@pytest.mark.parametrize(
    ("names", "wrong"),
    [
        (["partner", "person", "round", "application", "course"], set()),
        (["round", "application", "title", "round"], set()),
        (["person", "round", "rename", "course", "title"], set()),
        (["course", "round"], {"rounds.Round after catalogue.Opportunity"}),
        (["course", "title"], {"rounds.Round after catalogue.Opportunity"}),
        (["round", "person"], {"people.Person after rounds.Round"}),
        (["round", "rename"], {"people.Person after rounds.Round"}),
        (["person", "partner"], {"partners.Partner after people.Person"}),
        (["person", "second", "person"], set()),
        (["both", "second", "person", "rename"], set()),
        (["second", "person"], {"people.Person not by its id"}),
        (["second", "rename"], {"people.Person not by its id"}),
        (["second", "both"], {"people.Person not by its id"}),
        (["both", "both, in no order", "both renamed"], set()),
        (["both, in no order"], {"people.Person several at once, in no order"}),
        (["both renamed"], {"people.Person several at once, in no order"}),
        (["second, let go", "person"], set()),
        (["second", "second, let go", "person"], {"people.Person not by its id"}),
        (["person", "application"], {"rounds.Application without its rounds.Round"}),
    ],
)
def test_what_is_locked_is_read_from_the_statements(
    city: City, locks: Watch, names: list[str], wrong: set[str]
) -> None:
    steps = _steps(city)
    assert not locks.wrong
    in_turn(takes=[steps[name] for name in names], by=city.system)
    found, locks.wrong = set(locks.wrong), {}
    assert found == wrong


def test_each_transaction_is_looked_at_by_itself(city: City, locks: Watch) -> None:
    steps = _steps(city)
    for name in ("course", "round", "person", "partner"):
        in_turn(takes=[steps[name]], by=city.system)
    assert not locks.wrong


def test_the_declaration_names_what_is_there() -> None:
    for kind in {*OWNED, *ORDER}:
        apps.get_model(kind)
    assert not set(OWNED) & set(ORDER)
