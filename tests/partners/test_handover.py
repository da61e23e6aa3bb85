"""A partner that leaves hands over first: nothing is invisible to all afterwards, nothing goes on in its name."""

import datetime as dt
import random
import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from tests.learning.conftest import DAY, FIRST, School, make
from tests.learning.test_line import EARLY, ask, course_of
from tests.signing import make_user, sign_in_fully

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.cases.models import Case
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.core.registries import HANDOVER
from okat.city.learning import actions as learning
from okat.city.learning.models import Enrolment, Turn
from okat.city.learning.queries import line
from okat.city.notices.models import Notice
from okat.city.notices.rules import say
from okat.city.partners import actions, queries
from okat.city.partners.models import Membership, Partner
from okat.city.partners.rules import LeftError, Role
from okat.city.people import actions as people
from okat.city.people.actions import ConsentRow
from okat.city.people.models import Person, Slip
from okat.city.people.queries import has_grant, may_see_sensitive, pages, team, visible_to
from okat.city.people.rules import How, Law, Purpose, VisitKind, Why

# What is written down with a partner's name, and holds nothing that anybody waits for.
WRITTEN = {
    "cases.Transition.partner": "a line of the timeline", "cases.Transition.other": "a line of the timeline",
    "cases.FollowUp.partner": "who recorded an outcome", "catalogue.Opportunity.funder": "who paid",
    "jobs.Ask.employer": "who asked", "jobs.Hire.employer": "who employed", "jobs.Headcount.partner": "what it said",
    "partners.Membership.partner": "ends with the leaving", "partners.Invitation.partner": "cannot be accepted then",
    "partners.Memorandum.partners": "who signed", "partners.Partner.successor": "who took over",
    "people.Answers.partner": "who asked", "people.ColumnMapping.partner": "how its tables were read",
    "people.Consent.recipient": "what was said to it", "people.LifeEvent.partner": "who noted it",
    "people.LinkRequest.partner": "who asked; the account itself answers",
    "people.Need.partner": "who noted it", "people.Visit.partner": "who visited",
    "rounds.Application.partner": "who entered it", "rounds.Round.ran_before": "who ran it until it was handed over",
}  # fmt: skip


def test_every_column_that_names_a_partner_is_settled_or_only_written() -> None:
    named = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("okat.") and not hasattr(model, "pgh_tracked_model")
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if isinstance(field, (models.ForeignKey, models.ManyToManyField)) and field.related_model is Partner
    }
    covered = {name for _key, holding in HANDOVER for name in holding.covers}
    assert named - covered - set(WRITTEN) == set()
    assert set(WRITTEN) <= named
    assert not covered & set(WRITTEN)


@pytest.fixture
def shop(db: None) -> Iterator[tuple[School, Opportunity, list[Person]]]:
    """A course with one place of the school's, and people whom the town registered; the hospital has a manager."""
    with clock.at(EARLY):
        school = make(sessions=1)
        actions.add_member(partner=school.city.hospital, user=make_user("head"), role=Role.MANAGER, by=system_user())
        yield school, course_of(school, start=FIRST + DAY), [school.city.pin(n) for n in ("หนึ่ง", "สอง", "สาม")]


Shop = tuple[School, Opportunity, list[Person]]


def leave(partner: Partner, successor: Partner | None = None) -> None:
    actions.leave_network(partner=partner, reason="wish", successor=successor, by=system_user())


def unseen() -> int:
    """People whom no user sees."""
    seen = {pk for user in User.objects.all() for pk in visible_to(user).values_list("pk", flat=True)}
    return Person.objects.filter(status="active").exclude(pk__in=seen).count()


def test_a_school_that_leaves_is_followed_in_everything_it_offered(shop: Shop) -> None:
    school, course, (one, two, _three) = shop
    held, turn = ask(school, course, one), ask(school, course, two)
    assert isinstance(held, Enrolment)
    assert isinstance(turn, Turn)
    with pytest.raises(actions.LeavingError, match="held"):
        leave(school.city.school)
    leave(school.city.school, school.city.hospital)
    assert not Opportunity.objects.filter(provider=school.city.school, status="published").exists()
    case = Case.objects.get(pk=school.case.pk)
    assert (case.receiver, case.state) == (school.city.hospital, "active")
    nurse = User.objects.get(pk=school.city.nurse.pk)
    assert visible_to(nurse).filter(pk__in=[one.pk, school.city.person.pk]).count() == 2
    assert unseen() == 0
    learning.leave_course(enrolment=held, by=school.city.worker)
    course.refresh_from_db()
    turn = Turn.objects.get(pk=turn.pk)
    assert turn.state == "offered"
    agreed = ConsentRow(Purpose.ENROL, course.provider, How.SIGNATURE)
    made = learning.accept_turn(turn=turn, by=school.city.worker, consent=agreed)
    assert made.opportunity.provider == school.city.hospital


@pytest.mark.parametrize("status", ["published", "closed"])
def test_whoever_learns_there_or_waits_hears_who_gives_the_course_now(shop: Shop, status: str) -> None:
    school, course, (one, two, _three) = shop
    ask(school, course, one)
    ask(school, course, two)
    for row in (course, school.course):
        Opportunity.objects.filter(pk=row.pk).update(status=status)
    leave(school.city.school, school.city.hospital)
    silent = Slip.objects.filter(kind="learning.handed_over", told_at=None)
    assert {slip.person for slip in silent} == {one, two}
    told = Notice.objects.get(user=school.learner, kind="learning.handed_over")
    assert {told.params["title"], told.params["partner"]} == {school.course.title_th, school.city.hospital.th}
    passed = Notice.objects.filter(user=school.city.worker, kind="learning.handed_over_for")
    assert [row.params["title"] for row in passed] == [course.title_th]
    assert school.city.hospital.th in say(passed[0].kind, passed[0].params)


def test_without_anybody_to_take_over_courses_stop_and_nobody_is_taken_in_its_name(shop: Shop) -> None:
    school, course, (one, two, _three) = shop
    held, turn = ask(school, course, one), ask(school, course, two)
    assert isinstance(held, Enrolment)
    partner, system = school.city.school, system_user()
    learning.leave_course(enrolment=held, by=school.city.worker)
    for key in ("30 catalogue.open", "41 learning.line", "51 cases.held"):
        actions.settle(partner=partner, key=key, to=None, by=system)
    assert Turn.objects.get(pk=turn.pk).state == "over"
    assert not line.open_first_come().filter(provider=partner).exists()
    keys = {held.key for held in queries.held_by(partner)}
    assert keys == {"40 learning.course"}  # its learner is still there: somebody must teach on
    with pytest.raises(actions.LeavingError, match="cannot"):
        actions.settle(partner=partner, key="40 learning.course", to=None, by=system)
    course.refresh_from_db()
    assert course.status == "closed"


@pytest.mark.parametrize("first", ["40 learning.course", "41 learning.line"])
def test_courses_with_learners_go_where_that_was_asked_and_lines_alone_where_that_was(shop: Shop, first: str) -> None:
    """A line of a course with learners goes along with them."""
    school, both, (one, two, three) = shop
    office, to = school.city.school, school.city.hospital
    taught, waited = (course_of(school, title, start=FIRST + n * DAY) for n, title in ((2, "ทอเสื่อ"), (3, "ปั้นดิน")))
    ask(school, both, one)
    ask(school, both, two)
    ask(school, taught, one)
    held = ask(school, waited, two)
    ask(school, waited, three)
    assert isinstance(held, Enrolment)
    learning.leave_course(enrolment=held, by=school.city.worker)
    Opportunity.objects.filter(provider=office).exclude(pk=school.course.pk).update(status="closed")
    goes = {"40 learning.course": {both, taught, school.course}, "41 learning.line": {waited}}
    actions.settle(partner=office, key=first, to=to, by=system_user())
    assert set(Opportunity.objects.filter(provider=to)) == goes[first]
    (second,) = set(goes) - {first}
    assert second in {held.key for held in queries.held_by(office)}
    actions.settle(partner=office, key=second, to=to, by=system_user())
    assert not set(goes) & {held.key for held in queries.held_by(office)}


def test_what_a_law_lets_an_office_keep_until_a_day_ends_on_that_day_at_its_successor_too(shop: Shop) -> None:
    """Of two grants that become one the longer counts: that of a duty without an end the longest."""
    school, _course, (one, two, three) = shop
    city = school.city
    office, to, last = city.school, city.hospital, clock.today() + 60 * DAY
    by_law = {"partner": office, "law": Law.TASK, "why": "พ.ร.บ. การศึกษาแห่งชาติ", "by": city.worker}
    for person, ends in ((one, (last,)), (two, (last - 30 * DAY, last)), (three, (last,))):
        for until in ends:
            people.keep_by_law(person=person, until=until, **by_law)
    duty = people.record_basis(partner=office, law=Law.TASK, source="task:1", by=city.worker)
    people.grant(person=three, partner=office, reason=Why.DUTY, source="task:1", rests_on=duty, by=city.worker)
    leave(office, to)
    for day, seen in ((last - DAY, {one, two, three}), (last, {one, two, three}), (last + DAY, {three})):
        with clock.at(dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)):
            assert {person for person in (one, two, three) if has_grant(person, to)} == seen


def test_people_are_seen_and_told_and_what_is_sensitive_is_asked_anew(shop: Shop) -> None:
    school, _course, (one, *_others) = shop
    city, town = school.city, school.city.town
    given = ConsentRow(Purpose.CARE, town, How.SIGNATURE, sensitive=True)
    people.record_consent(person=one, given=given, by=city.worker, partner=town)
    leave(town, city.hospital)
    assert unseen() == 0
    assert not Person.objects.filter(registered_by=town).exists()
    nurse = User.objects.get(pk=city.nurse.pk)
    one = Person.objects.get(pk=one.pk)
    assert visible_to(nurse).filter(pk=one.pk).exists()
    assert not may_see_sensitive(nurse, one)
    assert Notice.objects.filter(kind="people.handed_over", user=city.resident).count() == 1
    assert set(team.taken_over(nurse)) == set(Person.objects.filter(user=None, status="active"))
    told = ConsentRow(Purpose.CARE, city.hospital, How.VERBAL, sensitive=True)
    people.record_consent(person=one, given=told, by=nurse, partner=city.hospital)
    assert one not in team.taken_over(nurse)
    assert may_see_sensitive(nurse, one)
    gone = Partner.objects.get(pk=town.pk)
    with pytest.raises(LeftError) as refused:
        people.record_consent(person=one, given=ConsentRow(Purpose.REFER, gone, How.VERBAL), by=nurse)
    assert refused.value.code == "partner_left"


def test_the_page_settles_row_by_row(shop: Shop, client: Client) -> None:
    school, course, (one, *_others) = shop
    ask(school, course, one)
    lead = make_user("lead")
    actions.add_member(partner=school.city.hospital, user=lead, role=Role.COORDINATOR, by=system_user())
    sign_in_fully(client, lead)
    url, area = "/partners/school/", school.city.town.area
    actions.add_partner(code="club", th="ชมรม", en="club", kind="provincial", area=area, by=system_user())
    page = client.get(f"{url}leave/?to=hospital").content.decode()
    assert "30 catalogue.open" in page
    assert course.title_th in page  # what would end, by name
    forms = [re.findall(r'name="(key|to)" value="([^"]*)"', form) for form in page.split("<form")[1:]]
    assert [("key", "30 catalogue.open"), ("to", "hospital")] in forms, "it can be handed over by itself"
    assert [("key", "30 catalogue.open")] in forms, "or ended"
    for wrong in ("", "โรงเรียน", "hospital"):
        said = client.post(f"{url}leave/", {"reason": "wish", "successor": "hospital", "code": wrong}).content.decode()
        assert "“school”" in said
        assert Partner.objects.get(code="school").left_on is None
    assert "/partners/club/manager/" in page  # why it cannot be chosen, and what to do
    sent = {"key": "30 catalogue.open", "to": "hospital"}
    assert client.post(f"{url}settle/", sent).status_code == 302
    assert Opportunity.objects.get(pk=course.pk).provider.code == "hospital"
    name = Partner.objects.get(code="school").th
    client.post(f"{url}leave/", {"reason": "wish", "successor": "hospital", "code": f" {name} "})
    assert Partner.objects.get(code="school").left_on is not None


def waits(seed: int, shop: Shop) -> None:
    """Each offer and each visit that is due stands on the Today of somebody who works, or their partner stands with
    the city team as one in which nobody does."""
    deserted = set(team.deserted())
    users = list(User.objects.filter(is_active=True))
    for user in users:
        user.__dict__.pop("_memberships", None)
    offers = {turn.pk for user in users for turn in line.offers_to(user)}
    due = {visit.pk for user in users for visit in pages.due_to(user)}
    for turn in Turn.objects.filter(state="offered").select_related("person"):
        assert turn.pk in offers or turn.person.registered_by in deserted, (seed, turn)  # type: ignore[union-attr]
    for person in shop[2]:
        visit = person.visits.first()
        assert visit is None or visit.pk in due or person.registered_by in deserted, (seed, visit)


@pytest.mark.parametrize("seed", range(6))
def test_whoever_leaves_or_is_away_what_waits_stands_with_somebody(seed: int, shop: Shop) -> None:
    dice = random.Random(seed)
    school, _course, persons = shop
    city, system = school.city, system_user()
    town, area = city.town, city.town.area
    roles = (Role.FIELD_WORKER, Role.OFFICER, Role.MANAGER)
    crew = [make_user(f"crew{n}") for n in range(4)]
    for user in crew:
        areas = [area] if dice.random() < 0.5 else []
        actions.add_member(partner=town, user=user, role=dice.choice(roles), areas=areas, by=system)
    course = course_of(school, "ทอเสื่อ", places=3, start=FIRST + DAY)
    first = [ask(school, course, city.pin(f"ก่อน{n}")) for n in range(3)]
    for person in persons:
        by = dice.choice([city.worker, *crew])
        by.__dict__.pop("_memberships", None)
        learning.take_seat(
            person=person, opportunity=course, by=by, wait=True,
            consent=ConsentRow(Purpose.ENROL, city.school, How.SIGNATURE),
        )  # fmt: skip
        people.record_visit(person=person, kind=VisitKind.HOME, partner=town, by=by, next_on=clock.today())
    for row in first:
        assert isinstance(row, Enrolment)
        learning.leave_course(enrolment=row, by=system)
    waits(seed, shop)
    members = list(Membership.objects.filter(partner=town, ended_on=None))
    dice.shuffle(members)
    for member in members:
        if dice.random() < 0.3:
            actions.note_absence(user=member.user, since=clock.today(), until=clock.today() + DAY, by=system)
        try:
            actions.end_membership(membership=member, by=system)
        except actions.MembershipRefusedError as refused:
            assert refused.code == "last_manager"  # noqa: PT017 - the one that may not go
        waits(seed, shop)
