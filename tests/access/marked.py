"""One person of whom everything sensitive is known, each with a word of its own to look for."""

import datetime as dt
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.access.thing import Thing
from tests.signing import make_user
from tests.small_city import SmallCity

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.cases import actions as cases
from okat.city.cases.models import Case
from okat.city.cases.rules import Sector
from okat.city.catalogue.actions import Wanted, add_wish, look_out, publish_many
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules.rows import OpportunityRow, SessionRow
from okat.city.core import clock
from okat.city.learning import actions as learning
from okat.city.learning.models import Enrolment
from okat.city.learning.rules.assessing import When
from okat.city.partners import actions as partners
from okat.city.partners.models import Membership
from okat.city.partners.rules import Role
from okat.city.people import actions as people
from okat.city.people.actions import ConsentRow, Disability, PinRow
from okat.city.people.models import Basis, MergeProposal, Person, Questionnaire
from okat.city.people.rules import How, Law, NeedStatus, Purpose, VisitKind
from okat.city.taxonomy.models import Term

NAME = "มาลัยทดสอบ"
NUMBER = "1101700203451"  # an identity number that could be one
POINTS = "991"
# Words that anybody may read in the catalogue or on a form; beside the person they tell.
NEED, MET, SITUATION, DISABILITY, FORMAT = "ZQNEED", "ZQMET", "ZQSITUATION", "ZQDISABILITY", "ZQFORMAT"
COURSE, JOB, LINE = "ZQCOURSE", "ZQJOB", "ZQLINE"
TWIN = "ฝาแฝดทดสอบ"
BESIDE = (NEED, MET, SITUATION, DISABILITY, FORMAT, COURSE, JOB, LINE, POINTS)
# What stands nowhere but in the record.
WISH, GOAL, NOTE, WROTE, PART, ASSESSED, LAW = (
    "ZQWISH", "ZQGOAL", "ZQNOTE", "ZQWROTE", "ZQPART", "ZQASSESSED", "ZQLAW",
)  # fmt: skip
WITHIN = (WISH, GOAL, NOTE, WROTE, PART, ASSESSED, LAW, NUMBER)
RULE = {"exists": "disability_types", "source": {"text": "กฎ", "ref": "ทดสอบ", "verified": True}}
ANSWERS = {
    "code": "illness", "version": 1, "title": {"th": "แบบถาม", "en": "Questions"},
    "questions": [{"code": "ill", "type": "bool", "sensitive": True, "th": "ป่วย", "en": "Ill"}],
    "score": {"max": 997, "parts": [
        {"code": "ill", "question": "ill", "th": PART, "en": PART, "levels": [{"is": True, "points": int(POINTS)}]},
    ]},
}  # fmt: skip
INSTRUMENT = {
    "code": "reading", "version": 1, "use": "assessment", "title": {"th": "แบบวัด", "en": "Measure"},
    "questions": [
        {"code": "eyes", "type": "text", "sensitive": True, "th": "ตา", "en": "Eyes"},
        {"code": "count", "type": "number", "min": 0, "max": 5, "th": "นับ", "en": "Count"},
    ],
    "score": {"max": 5, "parts": [
        {"code": "count", "question": "count", "th": "นับ", "en": "Count", "levels": [{"at_least": 1, "points": 1}]},
    ]},
}  # fmt: skip


@dataclass
class Marked:
    """The person, what hangs on them by its model, and somebody who has every role at the partner that got a case."""

    city: SmallCity
    person: Person
    receiver: User
    twin: Person  # a second record, which holds the same
    things: dict[Any, list[Any]] = field(default_factory=dict)
    made: dict[str, Thing] = field(default_factory=dict)  # by address, what its maker made

    @property
    def mentions(self) -> list[str]:
        """By what a page speaks of the person."""
        return [NAME, str(self.person.pk), *(str(pk) for pk in self.things[Case])]

    def agree(self, *, sensitive: bool) -> None:
        """Everything is allowed anew, in both records, with or without what is sensitive."""
        worker = self.city.users[Role.FIELD_WORKER]
        for purpose, to in (
            (Purpose.CARE, self.city.here), (Purpose.REFER, self.city.here), (Purpose.REFER, self.city.there),
            (Purpose.ENROL, self.city.here),
        ):  # fmt: skip
            row = ConsentRow(purpose, to, How.SIGNATURE, sensitive=sensitive)
            for person in (self.person, self.twin):
                people.record_consent(person=person, given=row, by=worker, partner=self.city.here)


def words() -> None:
    for vocabulary, code, text in (
        ("need", "health", NEED), ("need", "disability-card", MET), ("situation", "carer", SITUATION),
        ("disability", "mind", DISABILITY), ("format", "sign-language", FORMAT),
    ):  # fmt: skip
        stages = ["session"] if vocabulary == "format" else []
        said = {"th": text, "en": text, "sensitive": True, "stages": stages}
        Term.objects.update_or_create(vocabulary=vocabulary, code=code, defaults=said)


def offered(city: SmallCity, title: str, kind: str = "occupation", **values: Any) -> Opportunity:
    row = OpportunityRow(
        provider="here", area=city.here.area.code, kind=kind, title_th=title, title_en=title,
        **{"rule": RULE, **values},
    )  # fmt: skip
    return Opportunity.objects.get(pk=publish_many(rows=[row], by=system_user()).ids[0])


def make(city: SmallCity, folder: Path) -> Marked:
    """While everything may be seen; then call `agree`."""
    words()
    worker, officer = city.users[Role.FIELD_WORKER], city.users[Role.OFFICER]
    for name, data in (("illness", ANSWERS), ("reading", INSTRUMENT)):
        (folder / f"{name}.json").write_text(json.dumps(data), encoding="utf-8")
    people.load_questionnaires(folder=folder, by=system_user())
    receiver = make_user("receiver", name="ผู้รับ")
    for role in (Role.OFFICER, Role.FIELD_WORKER):
        partners.add_member(partner=city.there, user=receiver, role=role, by=system_user())
    for member in Membership.objects.filter(user=receiver):
        member.areas.set([city.here.area, city.there.area])
    row = PinRow(
        area=city.here.area, given=NAME, needs=("health",), situations=("carer",), pin=NUMBER,
        disabilities=(Disability("mind", "2555"),), disability_card=True,
        consents=(ConsentRow(Purpose.CARE, city.here, How.SIGNATURE, sensitive=True),),
    )  # fmt: skip
    person = people.pin_person(row=row, partner=city.here, by=worker)
    made = Marked(city, person, receiver, _second(city, TWIN))
    made.agree(sensitive=True)
    _record(made, worker)
    people.record_visit(
        person=person, kind=VisitKind.HOME, partner=city.here, by=worker, note="คุยแล้ว", next_on=clock.today()
    )
    need = Term.objects.get(code="health")
    look_out(
        wanted=Wanted(need, city.here.area, ("sign-language",)), user=worker, person=person, by=worker
    )  # fmt: skip
    case = cases.propose(person=person, partner=city.here, need=need, goal=WISH, by=worker)
    goal = cases.add_goal(case=case, sector=Sector.CARE, partner=city.here, text=GOAL, by=worker)
    cases.refer(case=cases.accept(case=case, by=worker), to=city.there, note=NOTE, by=worker)
    start = clock.now() - dt.timedelta(days=2)
    meeting = (SessionRow(start, start + dt.timedelta(hours=2)), SessionRow(start + dt.timedelta(days=9),
               start + dt.timedelta(days=9, hours=2)))  # fmt: skip
    course, job = offered(city, COURSE, sessions=meeting), offered(city, JOB, "job_quota", rule=None)
    add_wish(person=person, opportunity=course, by=worker)
    begun = []
    for what in (course, job):
        sent = cases.refer_at_once(person=person, partner=city.here, to=city.here, opportunity=what, by=officer).case
        begun.append(cases.start(case=cases.receive(case=sent, by=officer), by=officer))
    place = Enrolment.objects.get(person=person)
    learning.assess(
        enrolment=place, instrument=Questionnaire.objects.get(code="reading"), moment=When.BEFORE,
        answers={"eyes": ASSESSED, "count": 1}, by=officer,
    )  # fmt: skip
    session = course.sessions.order_by("start")[0]
    learning.mark(session=session, present=[place.pk], by=officer)
    full = _offered_in_line(made, officer)
    beside = _at_the_same_time(made, course, officer)
    _holds_the_same(made, course, full, officer)
    pair = people.propose_merge(one=person, other=made.twin, by=city.users[Role.MANAGER])
    Opportunity.objects.filter(pk__in=[course.pk, job.pk, full.pk]).update(
        closes_on=clock.today() - dt.timedelta(days=1)
    )
    law = people.keep_by_law(
        person=person, partner=city.there, law=Law.TASK, until=clock.today(), why=LAW, by=city.users[Role.MANAGER]
    )
    made.things = {
        Basis: [law.pk], MergeProposal: [pair.pk],
        Person: [person.pk], Case: [case.pk, *(one.pk for one in begun)], type(goal): [goal.pk],
        Opportunity: [course.pk, job.pk, full.pk, beside.pk], Enrolment: [place.pk], type(session): [session.pk],
        type(begun[1].hire): [begun[1].hire.pk],
        type(person.lookouts.get()): [person.lookouts.get().pk],
        type(person.consents.first()): [person.consents.filter(withdrawn_at=None).first().pk],  # type: ignore[union-attr]
    }  # fmt: skip
    return made


def _record(made: Marked, worker: User) -> None:
    person, here = made.person, made.city.here
    met = people.add_need(person=person, term=Term.objects.get(code="disability-card"), note=WROTE, by=worker)
    people.close_need(need=met, status=NeedStatus.MET, by=worker, partner=here)
    form = Questionnaire.objects.get(code="illness")
    people.answer_questionnaire(person=person, form=form, answers={"ill": True}, partner=here, by=worker)


def _offered_in_line(made: Marked, officer: User) -> Opportunity:
    """A place that came free and waits for the person's word."""
    city, worker = made.city, made.city.users[Role.FIELD_WORKER]
    start = clock.now() + dt.timedelta(days=5)
    course = offered(city, LINE, capacity=1, sessions=(SessionRow(start, start + dt.timedelta(hours=2)),))
    learning.set_first_come(opportunity=course, on=True, by=officer)
    agreed = ConsentRow(Purpose.ENROL, city.here, How.SIGNATURE, sensitive=True)
    first = learning.take_seat(person=_second(city, "อีกคน"), opportunity=course, by=worker, consent=agreed)
    learning.take_seat(person=made.person, opportunity=course, by=worker, consent=agreed, wait=True)
    assert isinstance(first, Enrolment)
    learning.leave_course(enrolment=first, by=worker)
    return course


def _second(city: SmallCity, given: str) -> Person:
    care = ConsentRow(Purpose.CARE, city.here, How.SIGNATURE, sensitive=True)
    row = PinRow(area=city.here.area, given=given, consents=(care,), disabilities=(Disability("mind", "2555"),))
    return people.pin_person(row=row, partner=city.here, by=city.users[Role.FIELD_WORKER])


def _at_the_same_time(made: Marked, course: Opportunity, officer: User) -> Opportunity:
    """A course that tells nothing of itself, at an hour at which the person has another."""
    last = course.sessions.order_by("start")[1]
    hour = SessionRow(last.start + dt.timedelta(minutes=30), last.end)
    plain = offered(made.city, "ทอผ้ายามบ่าย", rule=None, capacity=5, sessions=(hour,))
    learning.set_first_come(opportunity=plain, on=True, by=officer)
    return plain


def _holds_the_same(made: Marked, course: Opportunity, full: Opportunity, officer: User) -> None:
    """So that what joining does names each of them."""
    city, worker, twin = made.city, made.city.users[Role.FIELD_WORKER], made.twin
    learning.enrol(person=twin, opportunity=course, case=None, by=officer)
    learning.take_seat(person=twin, opportunity=full, by=worker, wait=True)
    cases.propose(person=twin, partner=city.here, need=Term.objects.get(code="health"), by=worker)
