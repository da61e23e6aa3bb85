"""Two objects in one address belong together: a reader who may open either finds nothing where they do not."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.access.objects import makers
from tests.access.walk import addresses
from tests.learning.access import recognition
from tests.signing import sign_in_fully
from tests.small_city import SmallCity, build

from okat.city.accounts.queries import system_user
from okat.city.cases import actions as cases
from okat.city.cases.models import Case, Transition
from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.core.models import AuditEntry
from okat.city.learning.models import Recognition
from okat.city.learning.rules.recognising import State
from okat.city.partners.rules import Role
from okat.city.people.actions import ConsentRow, PinRow, pin_person
from okat.city.people.models import Person
from okat.city.people.rules import How, Purpose
from okat.city.taxonomy.models import Term

pytestmark = pytest.mark.django_db
OBJECT = re.compile(r"<(?:uuid|int):")


def person(city: SmallCity, given: str = "อีกคน") -> Person:
    row = PinRow(
        area=city.here.area, given=given, consents=(ConsentRow(Purpose.CARE, city.here, How.SIGNATURE, sensitive=True),)
    )
    return pin_person(row=row, partner=city.here, by=city.users[Role.FIELD_WORKER])


def course(city: SmallCity) -> Opportunity:
    row = OpportunityRow(provider="here", area=city.here.area.code, kind="occupation", title_th="อีกหลักสูตร")
    return Opportunity.objects.get(pk=publish_many(rows=[row], by=system_user()).ids[0])


def request(city: SmallCity) -> Recognition:
    """Another one of the same person, laid before the same office."""
    Recognition.objects.update(state=State.WITHDRAWN)
    return recognition(city)


# By address with two objects in its path: another one in the place of its first, which the same reader may open.
OTHERS: dict[str, Callable[[SmallCity], Any]] = {
    "learning:end-link": person,
    "learning:recognition-evidence": request,
    "learning:remove-material": course,
    "people:evidence": person,
    "people:law": person,
    "people:withdraw": person,
}


def test_each_address_with_two_objects_is_tried() -> None:
    assert {address.name for address in addresses() if len(OBJECT.findall(address.route)) > 1} == OTHERS.keys()


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_what_hangs_on_another_is_not_found_there(name: str) -> None:
    city = build()
    thing = makers()[name](city)
    assert thing.owner is not None
    client = Client()
    sign_in_fully(client, thing.owner)

    def answers(arguments: dict[str, Any]) -> tuple[int, int]:
        url = reverse(name, kwargs=arguments)
        return client.get(url).status_code, client.post(url).status_code

    assert 200 in answers(thing.arguments)
    other = {**thing.arguments, "pk": OTHERS[name](city).pk}
    assert {404, 405} >= set(answers(other))


@pytest.mark.parametrize("tail", ["", "&opportunity={course}"])
def test_a_case_is_looked_for_with_the_person_whose_it_is(tail: str) -> None:
    """Named beside somebody else it is not found, nothing is done in it, and nobody was looked at."""
    city = build()
    worker, mine, theirs = city.users[Role.FIELD_WORKER], person(city, "มาลี"), person(city)
    need = Term(vocabulary="need", code="learn", th="เรียนต่อ", en="Learn")
    need.save()
    case = cases.decline(
        case=cases.propose(person=theirs, partner=city.here, need=need, by=worker), reason="time", by=worker
    )
    client, end = Client(), tail.format(course=course(city).pk)
    sign_in_fully(client, worker)
    url = f"{reverse('cases:refer')}?person={{}}&case={case.pk}{end}".format
    assert client.get(url(theirs.pk)).status_code == 200
    before = AuditEntry.objects.count()
    assert client.get(url(mine.pk)).status_code == 404
    assert client.post(url(mine.pk), {"version": case.version}).status_code == 404
    assert AuditEntry.objects.count() == before
    assert Case.objects.get().state == case.state
    assert Transition.objects.filter(case=case).count() == 2
