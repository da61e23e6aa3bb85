"""Objects of this app's addresses, for tests/access."""

import datetime as dt
from pathlib import Path

from tests.access.thing import Thing
from tests.pictures import JPEG
from tests.small_city import SmallCity

from okat.city.core import clock
from okat.city.partners.rules import Role
from okat.city.people import actions
from okat.city.people.actions import ConsentRow
from okat.city.people.models import MergeProposal, Person, Slip
from okat.city.people.rules import Emergency, EvidenceKind, Law, Purpose

CITY = Path(__file__).resolve().parents[2] / "cities" / "khon-kaen"
TABLE = "ชื่อ-สกุล,ตำบล\nนายสมชาย ใจดี,ในเมือง\n".encode()


def kind(city: SmallCity) -> Thing:
    """Who imports acts for a partner of their own: the stranger sees an empty page of theirs."""
    return Thing({"kind": "people"}, public=True)


def batch(city: SmallCity) -> Thing:
    officer = city.users[Role.OFFICER]
    made = actions.upload(kind="people", partner=city.here, filename="a.csv", data=TABLE, by=officer)
    actions.say_law(batch=made, law=Law.TASK, rows=1, by=officer)
    return Thing({"pk": made.pk}, owner=officer)


def person(city: SmallCity) -> Thing:
    """Pinned by the field worker of `here`."""
    worker = city.users[Role.FIELD_WORKER]
    return Thing({"pk": pinned(city).pk}, owner=worker)


def pinned(city: SmallCity) -> Person:
    consents = (ConsentRow(Purpose.CARE, city.here, sensitive=True),)
    row = actions.PinRow(area=city.here.area, given="มาลี", consents=consents)
    return actions.pin_person(row=row, partner=city.here, by=city.users[Role.FIELD_WORKER])


def consent(city: SmallCity) -> Thing:
    made = pinned(city)
    return Thing({"pk": made.pk, "consent": made.consents.get().pk}, owner=city.users[Role.FIELD_WORKER])


def law(city: SmallCity) -> Thing:
    made, manager = pinned(city), city.users[Role.MANAGER]
    until = clock.today() + dt.timedelta(days=9)
    basis = actions.keep_by_law(person=made, partner=city.here, law=Law.TASK, until=until, why="หน้าที่", by=manager)
    return Thing({"pk": made.pk, "basis": basis.pk}, owner=manager)


def held(city: SmallCity) -> Thing:
    return Thing({"pk": pinned(city).pk}, owner=city.users[Role.MANAGER])


def questions(city: SmallCity) -> Thing:
    actions.load_questionnaires(folder=CITY / "questionnaires", by=city.users[Role.MANAGER])
    return Thing({"pk": pinned(city).pk, "code": "vulnerability"}, owner=city.users[Role.FIELD_WORKER])


def evidence(city: SmallCity) -> Thing:
    made, worker = pinned(city), city.users[Role.FIELD_WORKER]
    kept = actions.add_evidence(person=made, kind=EvidenceKind.PHOTO, data=JPEG, by=worker)
    return Thing({"pk": made.pk, "evidence": kept.pk}, owner=worker)


def own_file(city: SmallCity) -> Thing:
    """The resident's own."""
    made = of_resident(city)
    kept = actions.add_evidence(person=made, kind=EvidenceKind.PHOTO, data=JPEG, by=city.users[Role.FIELD_WORKER])
    return Thing({"evidence": kept.pk}, owner=city.resident)


def of_resident(city: SmallCity) -> Person:
    found = Person.objects.filter(user=city.resident).first()
    if found is None:
        found = pinned(city)
        actions.link_account(person=found, user=city.resident, by=city.users[Role.FIELD_WORKER])
    return found


def double(city: SmallCity) -> Thing:
    """Two records of one identity number, for the manager to decide."""
    return Thing({"pk": proposal(city).pk}, owner=city.users[Role.MANAGER])


def proposal(city: SmallCity) -> MergeProposal:
    one, other = pinned(city), pinned(city)
    return actions.propose_merge(one=one, other=other, by=city.users[Role.FIELD_WORKER])


def merged(city: SmallCity) -> Thing:
    manager, found = city.users[Role.MANAGER], proposal(city)
    return Thing({"pk": actions.merge(proposal=found, keep=found.left, by=manager).pk}, owner=manager)


def opening(city: SmallCity) -> Thing:
    worker = city.users[Role.FIELD_WORKER]
    made = actions.break_glass(
        person=pinned(city), reason=Emergency.LIFE, note="พบหมดสติที่ตลาด", partner=city.here, by=worker
    )
    return Thing({"pk": made.pk}, owner=city.users[Role.MANAGER])


def own_consent(city: SmallCity) -> Thing:
    """The resident's own."""
    return Thing({"consent": of_resident(city).consents.all()[0].pk}, owner=city.resident)


def slip(city: SmallCity) -> Thing:
    """A message for somebody without an account."""
    worker = city.users[Role.FIELD_WORKER]
    person = pinned(city)
    actions.tell(people=[person], kind="rounds.offered", params={"title": "x"}, by=worker)
    return Thing({"pk": person.slips.get().pk}, owner=worker)


def told_slip(city: SmallCity) -> Thing:
    """The same, given over by a wrong tap."""
    thing = slip(city)
    found = Slip.objects.get(pk=thing.arguments["pk"])
    actions.hand_over_slip(slip=found, how=Slip.How.GIVEN, by=city.users[Role.FIELD_WORKER])
    return thing


def slips(city: SmallCity) -> Thing:
    worker = city.users[Role.FIELD_WORKER]
    slip(city)
    return Thing({"batch": actions.print_slips(slips=list(Slip.objects.all()), by=worker)}, owner=worker)


MAKERS = {
    "people:slip-told": slip,
    "people:slip-not-told": told_slip,
    "people:slips-sheet": slips,
    "people:phone": person,
    "people:link": person,
    "people:same": person,
    "people:double": double,
    "people:join": double,
    "people:refuse-pair": double,
    "people:part": merged,
    "people:settle": merged,
    "people:opening": opening,
    "people:mine-withdraw": own_consent,
    "people:mine-file": own_file,
    "people:person": person,
    "people:trail": person,
    "people:change": person,
    "people:changed": person,
    "people:need": person,
    "people:visit": person,
    "people:consent": person,
    "people:keep-by-law": held,
    "people:law": law,
    "people:withdraw": consent,
    "people:questions": questions,
    "people:evidence": evidence,
    "people:import": kind,
    "people:import-template": kind,
    "people:import-batch": batch,
    "people:import-columns": batch,
    "people:import-run": batch,
    "people:import-drop": batch,
    "people:import-undo": batch,
    "people:import-errors": batch,
    "people:import-mend": batch,
}
