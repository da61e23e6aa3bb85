"""However a case stops being under way, the place in a course that it led to ends, or is the person's to give back."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from django.test import Client
from tests.learning.conftest import DAY, FIRST, School, make, placed
from tests.learning.test_line import EARLY, ask, course_of, taken
from tests.signing import sign_in_fully

from okat.city.accounts.queries import system_user
from okat.city.cases import actions as cases
from okat.city.cases.actions import Placed
from okat.city.cases.actions._owner import to_new_owner
from okat.city.cases.models import Case
from okat.city.cases.rules import State, Verb, edges
from okat.city.catalogue import actions as catalogue
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.core.ending import CONSENT_FOLLOWS
from okat.city.learning import actions
from okat.city.learning.models import Enrolment, Turn
from okat.city.learning.rules import HELD, LearningError
from okat.city.notices.models import Notice
from okat.city.partners import actions as partners
from okat.city.people import actions as people
from okat.city.people.models import Consent, Person
from okat.city.people.rules import Purpose, Status

Way = Callable[[School, Case], object]


@pytest.fixture
def shop(db: None) -> Iterator[tuple[School, Opportunity, Person, Person]]:
    """A course with one place in the order of arrival, one who gets it by a case and one who waits."""
    with clock.at(EARLY):
        school = make(sessions=1)
        yield school, course_of(school, start=FIRST + DAY), school.city.pin("หนึ่ง"), school.city.pin("สอง")


def withdraw(case: Case, *purposes: Purpose) -> None:
    for purpose in purposes:
        for consent in Consent.objects.filter(person=case.person, purpose=purpose, withdrawn_at=None):
            people.withdraw_consent(consent=consent, by=case.opened_by)


def cancel(_school: School, case: Case) -> None:
    assert case.opportunity is not None
    course = Opportunity.objects.get(pk=case.opportunity.pk)
    catalogue.cancel(opportunity=course, reason="น้ำท่วม", by=_school.teacher, version=course.version)


def release(_school: School, case: Case) -> None:
    assert case.reference is not None
    assert case.opportunity is not None
    cases.release_place(reference=case.reference, opportunity=case.opportunity, by=system_user())


def partner_leaves(school: School, _case: Case) -> None:
    partners.settle(partner=school.city.school, key="51 cases.held", to=None, by=system_user())


def dies(school: School, case: Case) -> None:
    assert case.person is not None
    people.set_status(person=case.person, status=Status.DIED, by=school.city.worker)


# Verb of the table -> what makes it, by name; `own`: the partner that is responsible holds the case itself.
WAYS: dict[str, tuple[Verb, Way]] = {
    "left": (Verb.LEAVE, lambda school, case: cases.leave(case=case, reason="family", by=school.teacher)),
    "left many, own": (
        Verb.LEAVE,
        lambda school, case: cases.move_many(cases=[case], verb=Verb.LEAVE, reason="family", by=school.city.manager),
    ),
    "released": (Verb.LEAVE, release),
    "consent to pass on": (Verb.RETURN, lambda _school, case: withdraw(case, Purpose.REFER)),
    "both consents": (Verb.RETURN, lambda _school, case: withdraw(case, Purpose.CARE, Purpose.REFER)),
    "partner left": (Verb.RETURN, partner_leaves),
    "cancelled": (Verb.RETURN, cancel),
    "new owner, own": (
        Verb.RETURN, lambda school, case: to_new_owner(case, school.city.hospital, "moved", system_user()),
    ),
    "consent to keep, own": (Verb.FOLLOW_UP, lambda _school, case: withdraw(case, Purpose.CARE, Purpose.REFER)),
    "died": (Verb.FOLLOW_UP, dies),
    "completed": (Verb.COMPLETE, lambda school, case: cases.complete(case=case, by=school.teacher)),
}  # fmt: skip
OVER = {"cancelled"}  # the course itself is: nobody is offered anything
STAYS = {"completed", "partner left", "new owner, own"}  # the certificate is to come; another office goes on
UNTOLD = {"left", "cancelled", "died"}  # teachers did it, or hear another thing


def begun(school: School, course: Opportunity, person: Person, *, own: bool) -> Case:
    """Through a round, so that every way leads out of it."""
    city = school.city
    city.person = person
    to, by = (city.town, city.manager) if own else (city.school, city.officer)
    if not own:
        city.consent(city.school)
    given = [Placed(person, course, uuid4())]
    case = cases.open_cases_for(placed=given, by=city.worker)[0]
    case = cases.refer(case=case, to=to, by=city.worker).case
    return cases.start(case=cases.receive(case=case, by=by), by=by)


def test_every_way_out_is_walked() -> None:
    assert {verb for verb, _way in WAYS.values()} == {
        verb for state, verb, edge in edges() if state is State.ACTIVE and edge.to is not State.ACTIVE
    }


@pytest.mark.parametrize("name", sorted(set(WAYS) - STAYS))
def test_the_place_ends_with_the_case_and_goes_to_the_next(
    shop: tuple[School, Opportunity, Person, Person], name: str
) -> None:
    school, course, one, two = shop
    case = begun(school, course, one, own="own" in name)
    turn = ask(school, course, two)
    assert isinstance(turn, Turn)
    assert taken(course) == 1
    Notice.objects.all().delete()
    WAYS[name][1](school, case)
    case.refresh_from_db()
    assert case.stage is not State.ACTIVE
    assert not Enrolment.objects.filter(case=case, standing__in=HELD).exists()
    turn.refresh_from_db()
    assert (turn.state == "offered") is (name not in OVER)
    assert taken(course) == (name not in OVER)
    told = Notice.objects.filter(kind="learning.place_ended", user=school.teacher, url__contains=course.pk).count()
    assert told == (name not in UNTOLD)


@pytest.mark.parametrize("name", sorted(STAYS))
def test_where_the_person_keeps_the_place_it_is_theirs_to_give_back(
    shop: tuple[School, Opportunity, Person, Person], name: str
) -> None:
    school, course, one, _two = shop
    case = begun(school, course, one, own="own" in name)
    WAYS[name][1](school, case)
    place = Enrolment.objects.get(case=case, standing="active")
    actions.leave_course(enrolment=place, by=school.city.worker)
    assert taken(course) == 0


def test_a_place_that_a_case_holds_is_not_asked_about_but_says_whom_to_tell(
    shop: tuple[School, Opportunity, Person, Person], client: Client
) -> None:
    school, course, one, _two = shop
    case = placed(school.city, course, one)
    sign_in_fully(client, school.city.worker)
    url = f"/learning/{course.pk}/place/?person={one.pk}"
    words = f"ที่นี้{school.city.town.th}เป็นผู้จัดให้"
    page = client.get(url).content.decode()
    assert words in page
    assert 'value="leave"' not in page
    answer = client.post(url, {"do": "leave", "once": ""})
    assert answer.status_code == 409
    assert words in answer.content.decode()
    place = Enrolment.objects.get(case=case)
    with pytest.raises(LearningError):
        actions.leave_course(enrolment=place, by=school.city.worker)
    stale = {"state": State.RETURNED, "receiver": None}  # as cases left places behind before
    Case.objects.filter(pk=case.pk).update(**stale)
    assert 'value="leave"' in client.get(url).content.decode()
    asked = client.post(url, {"do": "leave", "once": ""})
    assert asked.status_code == 200
    assert Enrolment.objects.filter(case=case, standing="active").exists()
    assert client.post(url, {"do": "leave", "once": "", "sure": "1"}).status_code == 302
    assert not Enrolment.objects.filter(case=case, standing="active").exists()


def test_before_a_consent_is_withdrawn_the_page_says_that_the_place_ends(
    shop: tuple[School, Opportunity, Person, Person],
) -> None:
    school, course, one, _two = shop
    placed(school.city, course, one)
    consent = Consent.objects.get(person=one, purpose=Purpose.REFER, withdrawn_at=None)
    said = [str(line) for line in CONSENT_FOLLOWS["learning"](consent, False)]
    assert len(said) == 1
    assert course.title_th in said[0]
