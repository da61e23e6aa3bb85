"""A course of a small city that the resident has completed; made once for a city."""

import datetime as dt

from tests.small_city import SmallCity

from okat.city.accounts.queries import system_user
from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules.rows import OpportunityRow, SessionRow
from okat.city.core import clock
from okat.city.learning import actions
from okat.city.learning.models import Enrolment
from okat.city.partners.rules import Role
from okat.city.people import actions as people
from okat.city.people.actions import ConsentRow, PinRow
from okat.city.people.models import Person
from okat.city.people.rules import How, Purpose


def resident_of(city: SmallCity) -> Person:
    person = Person.objects.filter(user=city.resident).first()
    if person is None:
        worker = city.users[Role.FIELD_WORKER]
        consents = (ConsentRow(Purpose.CARE, city.here, How.VERBAL),)
        row = PinRow(area=city.here.area, given="สมหญิง", family="ใจดี", consents=consents)
        person = people.pin_person(row=row, partner=city.here, by=worker)
        people.link_account(person=person, user=city.resident, by=worker)
    return Person.objects.get(pk=person.pk)


def course_of(city: SmallCity) -> Enrolment:
    """With two sessions, one yesterday and one that is over, both attended, and a certificate."""
    found = Enrolment.objects.select_related("opportunity").filter(opportunity__provider=city.here).first()
    if found is not None:
        return found
    start, officer = clock.now() - dt.timedelta(days=2), city.users[Role.OFFICER]
    row = OpportunityRow(
        provider=city.here.code, area=city.here.area.code, kind="occupation", title_th="ทอผ้า", title_en="Weaving",
        sessions=tuple(SessionRow(start + dt.timedelta(days=n), start + dt.timedelta(days=n, hours=2)) for n in (0, 1)),
    )  # fmt: skip
    course = Opportunity.objects.get(pk=publish_many(rows=[row], by=system_user()).ids[0])
    made = actions.enrol(person=resident_of(city), opportunity=course, case=None, by=officer)
    for session in course.sessions.all():
        actions.mark(session=session, present=[made.pk], by=officer)
    actions.issue(opportunity=course, by=officer)
    return Enrolment.objects.select_related("opportunity").get(pk=made.pk)
