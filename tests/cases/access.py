"""Objects of this app's addresses, for tests/access."""

from tests.access.thing import Thing
from tests.small_city import SmallCity

from okat.city.cases import actions
from okat.city.cases.models import Case
from okat.city.cases.rules import Sector
from okat.city.partners.rules import Role
from okat.city.people import actions as people
from okat.city.people.actions import ConsentRow, PinRow
from okat.city.people.models import Person
from okat.city.people.rules import How, Purpose
from okat.city.taxonomy.models import Term


def offered(city: SmallCity) -> Case:
    """An offer to the resident, by the field worker of `here`; made once for a city."""
    worker = city.users[Role.FIELD_WORKER]
    need, _ = Term.objects.get_or_create(vocabulary="need", code="learn", defaults={"th": "เรียนต่อ", "en": "Learning"})
    person = Person.objects.filter(user=city.resident).first()
    if person is None:
        row = PinRow(
            area=city.here.area,
            given="สมหญิง",
            family="ใจดี",
            consents=(ConsentRow(Purpose.CARE, city.here, How.VERBAL),),
        )
        person = people.pin_person(row=row, partner=city.here, by=worker)
        people.link_account(person=person, user=city.resident, by=worker)
    return actions.propose(person=person, partner=city.here, need=need, by=worker)


def case(city: SmallCity) -> Thing:
    return Thing({"pk": offered(city).pk}, owner=city.users[Role.OFFICER])


def act(city: SmallCity) -> Thing:
    return Thing({"pk": offered(city).pk, "verb": "decline"}, owner=city.users[Role.OFFICER])


def own(city: SmallCity) -> Thing:
    return Thing({"pk": offered(city).pk}, owner=city.resident)


def answer(city: SmallCity) -> Thing:
    return Thing({"pk": offered(city).pk, "verb": "decline"}, owner=city.resident)


def goal(city: SmallCity) -> Thing:
    worker = city.users[Role.FIELD_WORKER]
    made = actions.add_goal(case=offered(city), sector=Sector.CARE, partner=city.here, text="พบหมอ", by=worker)
    return Thing({"pk": made.pk, "status": "met"}, owner=worker)


MAKERS = {
    "cases:case": case,
    "cases:sheet": case,
    "cases:act": act,
    "cases:own": own,
    "cases:answer": answer,
    "cases:goal-add": case,
    "cases:goal-end": goal,
}
