"""What can be given to an office, one way each: `prepare` what it needs, and the giving itself comes back."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from tests.cases.conftest import City
from tests.pictures import JPEG

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.cases import actions as cases
from okat.city.cases.models import Case
from okat.city.cases.rules import Sector
from okat.city.catalogue import actions as catalogue
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import Family
from okat.city.catalogue.rules.rows import OpportunityRow, SessionRow
from okat.city.core import clock
from okat.city.jobs import actions as jobs
from okat.city.jobs.rules.concessions import Given, Way
from okat.city.jobs.rules.quota import Count
from okat.city.jobs.rules.talks import How as Talk
from okat.city.learning import actions as learning
from okat.city.learning.models import Enrolment, Turn
from okat.city.learning.rules.recognising import Kind
from okat.city.partners import actions as partners
from okat.city.partners.models import Partner
from okat.city.people import actions as people
from okat.city.people.actions import ConsentRow, PinRow
from okat.city.people.rules import How, Law, Purpose
from okat.city.rounds import actions as rounds
from okat.city.rounds.models import Round
from okat.city.taxonomy.models import Term
from okat.thai.partial import PartialDate

Giving = Callable[[], object]
DAY = dt.timedelta(days=1)


def _row(city: City, town: Partner) -> PinRow:
    given = ConsentRow(Purpose.CARE, town, How.SIGNATURE)
    return PinRow(area=city.town.area, given="หาย", family="ไป", birth=PartialDate(1980, 5, 17), consents=(given,))


def pin(city: City, town: Partner) -> Giving:
    return lambda: people.pin_person(row=_row(city, town), partner=town, by=city.worker)


def import_many(city: City, town: Partner) -> Giving:
    return lambda: people.pin_many(rows=[_row(city, town)], partner=town, by=city.worker)


def agree(city: City, town: Partner) -> Giving:
    given = ConsentRow(Purpose.REFER, town, How.VERBAL)
    return lambda: people.record_consent(person=city.person, given=given, by=system_user())


def keep_by_law(city: City, town: Partner) -> Giving:
    until = dt.date(2099, 1, 1)
    return lambda: people.keep_by_law(
        person=city.person, partner=town, law=Law.TASK, until=until, why="ดูแล", by=system_user()
    )


def propose(city: City, town: Partner) -> Giving:
    return lambda: cases.propose(person=city.person, partner=town, need=city.need, by=city.worker)


def _of_school(city: City, town: Partner) -> Case:
    """A case of another office, which the person lets it pass on."""
    for given in (ConsentRow(Purpose.CARE, city.school, How.VERBAL), ConsentRow(Purpose.REFER, town, How.VERBAL)):
        people.record_consent(person=city.person, given=given, by=city.worker)
    case = cases.propose(person=city.person, partner=city.school, need=city.need, by=city.officer)
    return cases.accept(case=case, by=city.resident)


def refer(city: City, town: Partner) -> Giving:
    case = _of_school(city, town)
    return lambda: cases.refer(case=case, to=town, by=city.officer)


def refer_at_once(city: City, town: Partner) -> Giving:
    _of_school(city, town)
    need = Term.objects.create(vocabulary="need", code="work", th="งาน", en="Work")
    return lambda: cases.refer_at_once(person=city.person, partner=city.school, to=town, need=need, by=city.officer)


def hand_over(city: City, town: Partner) -> Giving:
    case = _of_school(city, town)
    return lambda: cases.hand_over(case=case, to=town, by=city.officer)


def add_goal(city: City, town: Partner) -> Giving:
    case = _of_school(city, town)
    return lambda: cases.add_goal(case=case, sector=Sector.WORK, partner=town, text="มีงาน", by=city.officer)


def publish(city: City, town: Partner) -> Giving:
    row = OpportunityRow(provider=town.code, area="40", kind="occupation", title_th="ทอผ้า", capacity=3)
    return lambda: catalogue.publish_many(rows=[row], by=system_user())


def _course(provider: Partner) -> Opportunity:
    begins = clock.now() + 20 * DAY
    row = OpportunityRow(
        provider=provider.code, area="40", kind="interest", title_th="ทำขนม", capacity=1,
        sessions=(SessionRow(begins, begins + dt.timedelta(hours=3)),),
    )  # fmt: skip
    made = Opportunity.objects.get(pk=catalogue.publish_many(rows=[row], by=system_user()).ids[0])
    learning.set_first_come(opportunity=made, on=True, by=system_user())
    return made


def take_seat(city: City, town: Partner) -> Giving:
    course, given = _course(town), ConsentRow(Purpose.ENROL, town, How.VERBAL)
    return lambda: learning.take_seat(person=city.person, opportunity=course, consent=given, by=system_user())


def accept_turn(city: City, town: Partner) -> Giving:
    course, given, by = _course(town), ConsentRow(Purpose.ENROL, town, How.VERBAL), system_user()
    held = learning.take_seat(person=city.pin("หนึ่ง"), opportunity=course, consent=given, by=by)
    turn = learning.take_seat(person=city.person, opportunity=course, consent=given, wait=True, by=by)
    assert isinstance(held, Enrolment)
    assert isinstance(turn, Turn)
    learning.leave_course(enrolment=held, by=by)
    offered = Turn.objects.select_related("person", "opportunity__provider").get(pk=turn.pk)
    return lambda: learning.accept_turn(turn=offered, by=by)


def ask_recognition(city: City, town: Partner) -> Giving:
    return lambda: learning.ask_recognition(
        person=city.person, partner=town, kind=Kind.PRIOR, what="ทอผ้า", where="ที่บ้าน", wanted=1, pictures=[JPEG],
        by=city.resident,
    )  # fmt: skip


def plan_round(city: City, town: Partner) -> Giving:
    lead = User.objects.get(login="lead")
    return lambda: rounds.create_round(partner=town, family=Family.LEARN, title_th="รอบ", by=lead)


def _planned(town: Partner) -> Round:
    lead = User.objects.get(login="lead")
    made = rounds.create_round(partner=town, family=Family.LEARN, title_th="รอบ", by=lead)
    return Round(pk=made.pk, partner=town)  # as the form was opened


def apply(city: City, town: Partner) -> Giving:
    planned, given = _planned(town), ConsentRow(Purpose.ROUND, town, How.VERBAL)
    return lambda: rounds.apply(round=planned, person=city.person, opportunities=[], by=system_user(), consent=given)


def apply_for_many(city: City, town: Partner) -> Giving:
    planned, row = _planned(town), rounds.ApplyRow(city.person.pk, ())
    return lambda: rounds.apply_many(round=planned, rows=[row], by=system_user())


def open_slots(city: City, town: Partner) -> Giving:
    starts = [clock.now() + DAY]
    return lambda: jobs.open_slots(partner=town, starts=starts, minutes=30, how=Talk.PHONE, by=city.manager)


def ask_to_talk(_city: City, town: Partner) -> Giving:
    return lambda: jobs.ask_to_talk(to=town, name="ก้อง", phone="0812345678", asker=None, by=system_user())


def ask_for_candidates(city: City, town: Partner) -> Giving:
    return lambda: jobs.ask_for_candidates(employer=city.school, to=town, wanted=1, by=city.officer)


def keep_headcount(city: City, town: Partner) -> Giving:
    count = Count(on=dt.date(2026, 10, 1), heads=100, employed=1)
    return lambda: jobs.keep_headcount(partner=town, count=count, by=city.manager)


def concede(city: City, town: Partner) -> Giving:
    given = Given(way=Way.CONCESSION, what="ขายของ", places=2, taken=1, since=dt.date(2026, 10, 1))
    return lambda: jobs.give(partner=town, given=given, by=city.manager)


def keep_venue(city: City, town: Partner) -> Giving:
    values = {"th": "ศาลา", "area": city.town.area}
    return lambda: partners.keep_venue(partner=town, values=values, by=city.manager)


def keep_contribution(city: City, town: Partner) -> Giving:
    values = {"resource": _room(), "title": "ห้อง", "planned": Decimal(1), "unit": "day"}
    return lambda: partners.keep_contribution(partner=town, values=values, by=city.manager)


def pledge(city: City, town: Partner) -> Giving:
    course, room = _course(city.school), _room()
    return lambda: catalogue.pledge(
        opportunity=course, partner=town, resource=room, unit="day", planned=Decimal(1), by=city.manager
    )


def keep_holder(city: City, town: Partner) -> Giving:
    subject = Term.objects.create(vocabulary="subject", code="weaving", th="ทอผ้า", en="Weaving")
    values = {"name": "ยายจันทร์", "subject": subject, "area": city.town.area, "teaches_th": "ทอผ้าไหม"}
    return lambda: catalogue.keep_holder(partner=town, values=values, by=city.manager)


def _room() -> Term:
    return Term.objects.create(vocabulary="resource", code="room", th="ห้อง", en="Room")


GIVES: list[Callable[[City, Partner], Giving]] = [
    pin, import_many, agree, keep_by_law, propose, refer, refer_at_once, hand_over, add_goal, publish, take_seat,
    accept_turn, ask_recognition, plan_round, apply, apply_for_many, open_slots, ask_to_talk, ask_for_candidates,
    keep_headcount, concede,
    keep_venue, keep_contribution, pledge, keep_holder,
]  # fmt: skip
