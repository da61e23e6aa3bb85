"""What goes on for a person, of every app that keeps something going: nothing of it says what is sensitive to whoever
may not see that, and all of it to whoever may."""

from collections.abc import Callable

import pytest
from tests import small_city
from tests.access.objects import makers
from tests.learning.making import course_of, resident_of
from tests.rounds.access import made as round_of
from tests.small_city import SmallCity

from okat.city.accounts.queries import system_user
from okat.city.catalogue.actions.lookouts import Wanted, look_out
from okat.city.catalogue.models import Opportunity
from okat.city.core import kept
from okat.city.core.registries import LIFE
from okat.city.learning.models import Enrolment
from okat.city.partners.rules import Role
from okat.city.people import actions as people
from okat.city.people.actions import ConsentRow
from okat.city.people.models import Person
from okat.city.people.queries import life
from okat.city.people.rules import How, Purpose
from okat.city.taxonomy.models import Term


def learns(city: SmallCity) -> Person:
    place = course_of(city)
    Enrolment.objects.filter(pk=place.pk).update(standing="active", ended_at=None)
    return resident_of(city)


def works(city: SmallCity) -> Person:
    makers()["jobs:hire"](city)
    return resident_of(city)


def looks_out(city: SmallCity) -> Person:
    person, worker = resident_of(city), city.users[Role.FIELD_WORKER]
    need = Term(vocabulary="need", code="job", th="หางาน", en="Job")
    need.save()
    look_out(wanted=Wanted(need, city.here.area), user=worker, person=person, by=worker)
    return person


def has_a_place(city: SmallCity) -> Person:
    person = round_of(city).application.person
    assert person is not None
    return person


GOES_ON: dict[str, Callable[[SmallCity], Person]] = {
    "cases": works, "catalogue": looks_out, "jobs": works, "learning": learns, "rounds": has_a_place,
}  # fmt: skip
TELLS_NOTHING = {"people": "a visit is planned: of which kind stands nowhere in the line"}


def test_every_app_is_asked_here() -> None:
    assert GOES_ON.keys() | TELLS_NOTHING.keys() == {name for name, _life in LIFE}


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(GOES_ON))
def test_what_goes_on_is_named_to_those_alone_who_may_see_what_is_sensitive(name: str) -> None:
    city = small_city.build()
    person, worker = GOES_ON[name](city), city.users[Role.FIELD_WORKER]
    Opportunity.objects.update(telling=True)
    Term.objects.update(sensitive=True)
    kept.forget_all()
    lines = LIFE[name].going(person.pk)
    assert lines
    assert {line.title for line in lines}.isdisjoint({line.title for line in life.going(worker, person)})
    given = ConsentRow(Purpose.CARE, city.here, How.SIGNATURE, sensitive=True)
    people.record_consent(person=person, given=given, by=system_user())
    person = Person.objects.get(pk=person.pk)
    assert {line.title for line in lines} <= {line.title for line in life.going(worker, person)}
