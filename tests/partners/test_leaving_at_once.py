"""What is given to an office at the moment in which it leaves: it goes along, or is refused; never to nobody."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import transaction
from tests.cases.conftest import City, build
from tests.meanwhile import Meanwhile
from tests.signing import make_user

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.cases import actions as cases
from okat.city.cases.rules import CaseError
from okat.city.catalogue import actions as catalogue
from okat.city.catalogue.rules import CatalogueError, Family
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.partners import actions as partners
from okat.city.partners.models import Partner
from okat.city.partners.rules import Role
from okat.city.people import actions as people
from okat.city.people.actions import ConsentRow, PinRow
from okat.city.people.models import Person
from okat.city.people.queries import visible_to
from okat.city.people.rules import How, Law, PeopleError, Purpose
from okat.city.rounds import actions as rounds
from okat.city.rounds.models import Round
from okat.city.rounds.rules import RoundError
from okat.thai.partial import PartialDate

pytestmark = pytest.mark.django_db(transaction=True)


def _row(city: City, town: Partner) -> PinRow:
    given = ConsentRow(Purpose.CARE, town, How.SIGNATURE)
    return PinRow(area=city.town.area, given="หาย", family="ไป", birth=PartialDate(1980, 5, 17), consents=(given,))


def pin(city: City, town: Partner) -> object:
    return people.pin_person(row=_row(city, town), partner=town, by=city.worker)


def import_many(city: City, town: Partner) -> object:
    return people.pin_many(rows=[_row(city, town)], partner=town, by=city.worker)


def agree(city: City, town: Partner) -> object:
    given = ConsentRow(Purpose.REFER, town, How.VERBAL)
    return people.record_consent(person=city.person, given=given, by=system_user())


def keep_by_law(city: City, town: Partner) -> object:
    until = dt.date(2099, 1, 1)
    return people.keep_by_law(person=city.person, partner=town, law=Law.TASK, until=until, why="ดูแล", by=system_user())


def propose(city: City, town: Partner) -> object:
    return cases.propose(person=city.person, partner=town, need=city.need, by=city.worker)


def publish(city: City, town: Partner) -> object:
    row = OpportunityRow(provider=town.code, area="40", kind="occupation", title_th="ทอผ้า", capacity=3)
    return catalogue.publish_many(rows=[row], by=system_user())


def plan_round(city: City, town: Partner) -> object:
    return rounds.create_round(partner=town, family=Family.LEARN, title_th="รอบ", by=User.objects.get(login="lead"))


def apply(city: City, town: Partner) -> object:
    given = ConsentRow(Purpose.ROUND, town, How.VERBAL)
    return rounds.apply(round=_round(town), person=city.person, opportunities=[], by=system_user(), consent=given)


def apply_for_many(city: City, town: Partner) -> object:
    row = rounds.ApplyRow(city.person.pk, ())
    return rounds.apply_many(round=_round(town), rows=[row], by=system_user())


def _round(town: Partner) -> Round:
    return Round(pk=Round.objects.get().pk, partner=town)  # as the form was opened


GIVES: list[Callable[[City, Partner], object]] = [
    pin, import_many, agree, keep_by_law, propose, publish, plan_round, apply, apply_for_many,
]  # fmt: skip


@pytest.mark.parametrize("give", GIVES, ids=lambda give: str(give.__name__))
def test_what_is_given_while_an_office_leaves_goes_to_nobody_never(give: Callable[[City, Partner], object]) -> None:
    city = build()
    new = partners.add_partner(code="new", th="ใหม่", en="new", kind="provincial", area=city.town.area, by=system_user())
    manager = make_user("boss", name="boss")
    partners.add_member(partner=new, user=manager, role=Role.MANAGER, by=system_user())
    for partner, login in ((city.town, "lead"), (new, "other")):
        partners.add_member(partner=partner, user=make_user(login, name=login), role=Role.COORDINATOR, by=system_user())
    plan_round(city, city.town)
    town = Partner.objects.select_related("area").get(pk=city.town.pk)  # as it stood when the form was opened
    with transaction.atomic():
        partners.leave_network(
            partner=Partner.objects.get(pk=town.pk), reason="merged", successor=new, by=system_user()
        )
        giving = Meanwhile(lambda: give(city, town))
        assert not giving.settled()
    with pytest.raises((PeopleError, CaseError, CatalogueError, RoundError)) as refused:
        giving.done()
    assert getattr(refused.value, "code", "partner") in ("partner_left", "partner")
    assert set(Person.objects.all()) == set(visible_to(manager))
