"""Who may see whom: role x area x grant x status, in one table."""

import datetime as dt
import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils import timezone
from tests.people.conftest import City, member

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.core import audit, clock
from okat.city.core.permissions import Permission
from okat.city.partners.models import Membership
from okat.city.partners.rules import Role
from okat.city.people.actions import (
    ConsentRow,
    break_glass,
    end_grant,
    grant,
    link_account,
    merge,
    propose_merge,
    record_basis,
    record_consent,
    review_break_glass,
    set_status,
    undo_merge,
    withdraw_consent,
)
from okat.city.people.models import BreakGlass, Grant, Person
from okat.city.people.queries import (
    accesses_of,
    consented,
    may_see_sensitive,
    open_person,
    search,
    seeing_partner,
    standing,
    visible_to,
)
from okat.city.people.rules import Emergency, Finding, Law, PeopleError, Purpose, Status, Why


def sees(user: User, person: Person) -> bool:
    """By the query and, the same, by what hangs on one record."""
    user.__dict__.pop("_memberships", None)  # as a new request would
    seen = visible_to(user).filter(pk=person.pk).exists()
    row = Person.objects.select_related("area").get(pk=person.pk)
    stands = standing(user, row, Grant.objects.resting().filter(person=row), BreakGlass.objects.filter(person=row))
    assert (stands is not None) is seen
    if stands is not None:
        assert stands.sensitive is may_see_sensitive(user, row)
        for wish in (Permission.SEE_PERSON, Permission.PIN_PERSON):
            assert stands.partner_for(user, row, wish) == seeing_partner(user, row, wish)
    return seen


ROLES = {
    Role.FIELD_WORKER: True, Role.OFFICER: True, Role.MANAGER: True, Role.COORDINATOR: True,
    Role.COMMUNITY_LEADER: False, Role.AUDITOR: False,
}  # fmt: skip
AREAS = {"province": True, "ban_ped": True, "sila": False}


@pytest.mark.parametrize("role", list(ROLES))
@pytest.mark.parametrize("where", list(AREAS))
@pytest.mark.parametrize("held", [True, False])
def test_role_area_and_grant_must_all_fit(city: City, role: Role, where: str, held: bool) -> None:
    person = city.pin()
    partner = city.education if held else city.social
    reader = member(partner, role, "reader", getattr(city, where))
    assert sees(reader, person) is (ROLES[role] and AREAS[where] and held)


@pytest.mark.parametrize("status", [Status.ACTIVE, Status.MOVED, Status.DIED])
def test_open_statuses_stay_visible(city: City, status: Status) -> None:
    person = city.pin()
    if status is not Status.ACTIVE:
        set_status(person=person, status=status, by=city.teacher)
    assert sees(city.teacher, person)


def test_erased_and_strange_people_are_seen_by_nobody(city: City) -> None:
    person = city.pin()
    Person.objects.filter(pk=person.pk).update(status=Status.ERASED)
    assert not sees(city.teacher, person)
    assert not visible_to(AnonymousUser()).exists()
    with pytest.raises(Http404):
        open_person(city.teacher, uuid.uuid4())


def test_an_ended_membership_and_a_partner_that_left_see_nobody(city: City) -> None:
    person = city.pin()
    Membership.objects.filter(user=city.teacher).update(ended_on=dt.date(2026, 2, 1))
    assert not sees(city.teacher, person)
    Membership.objects.filter(user=city.teacher).update(ended_on=None)
    assert sees(city.teacher, person)
    city.education.left_on = dt.date(2026, 2, 1)
    city.education.save()
    assert not sees(city.teacher, person)


def test_a_grant_opens_and_its_end_closes(city: City) -> None:
    person = city.pin()
    given = record_consent(person=person, given=ConsentRow(Purpose.REFER, city.social), by=city.teacher)
    assert not sees(city.officer, person)
    grant(person=person, partner=city.social, reason=Why.REFERRAL, source="referral:1", rests_on=given, by=city.teacher)
    assert sees(city.officer, person)
    assert not may_see_sensitive(city.officer, person)
    assert may_see_sensitive(city.teacher, person)
    assert end_grant(source="referral:1", by=city.teacher) == 1
    assert not sees(city.officer, person)
    assert end_grant(source="referral:1", by=city.teacher) == 0


def test_a_grant_with_a_limit_ends_by_itself(city: City) -> None:
    person = city.pin()
    until = timezone.now() + dt.timedelta(days=1)
    basis = record_basis(partner=city.social, law=Law.TASK, source="task:1", by=city.teacher)
    grant(
        person=person, partner=city.social, reason=Why.DUTY, source="duty:1", until=until, rests_on=basis,
        by=city.teacher,
    )  # fmt: skip
    assert sees(city.officer, person)
    with clock.at(until + dt.timedelta(seconds=1)):
        assert not sees(city.officer, person)


def test_withdrawing_a_consent_ends_what_rests_on_it(city: City) -> None:
    person = city.pin()
    given = record_consent(person=person, given=ConsentRow(Purpose.CARE, city.social), by=city.teacher)
    assert sees(city.officer, person)
    withdraw_consent(consent=given, by=city.teacher)
    assert not sees(city.officer, person)
    assert consented(person, Purpose.CARE, city.social) is None
    with pytest.raises(PeopleError, match=r"consent|ความยินยอม"):
        grant(
            person=person,
            partner=city.social,
            reason=Why.REFERRAL,
            source="referral:2",
            rests_on=given,
            by=city.teacher,
        )


def test_withdrawing_the_consent_of_the_pin_closes_it_for_the_office_that_pinned(city: City) -> None:
    person = city.pin()
    consent = consented(person, Purpose.CARE, city.education, sensitive=True)
    assert consent is not None
    withdraw_consent(consent=consent, by=city.teacher)
    assert not sees(city.teacher, person)


def test_breaking_the_glass_opens_for_three_hours_to_one_user(city: City) -> None:
    person = city.pin()
    other = member(city.social, Role.FIELD_WORKER, "other")
    helper = member(city.social, Role.FIELD_WORKER, "helper")
    with pytest.raises(PeopleError, match=r"what happened|เกิดอะไรขึ้น"):
        break_glass(person=person, reason=Emergency.LIFE, note="x", partner=city.social, by=helper)
    opening = break_glass(person=person, reason=Emergency.LIFE, note="พบหมดสติริมถนน", partner=city.social, by=helper)
    assert sees(helper, person)
    assert may_see_sensitive(helper, person)
    assert not sees(other, person)
    with clock.at(timezone.now() + dt.timedelta(hours=3, minutes=1)):
        assert not sees(helper, person)
    with pytest.raises(PeopleError):
        review_break_glass(opening=opening, finding=Finding.JUSTIFIED, by=helper)
    review_break_glass(opening=opening, finding=Finding.NOT_JUSTIFIED, by=other)
    assert not sees(helper, person)
    assert BreakGlass.objects.get().reviewed_by == other


def test_a_clock_that_jumps_back_opens_nothing(city: City) -> None:
    person = city.pin()
    helper = member(city.social, Role.FIELD_WORKER, "helper")
    break_glass(person=person, reason=Emergency.LIFE, note="พบหมดสติริมถนน", partner=city.social, by=helper)
    with clock.at(timezone.now() - dt.timedelta(days=400)):
        assert not sees(helper, person)
        assert not sees(city.teacher, person)


def test_a_resident_sees_their_own_record_and_who_looked(city: City) -> None:
    person = city.pin()
    me = User.objects.make("me", None, name="ฉัน")
    me.save()
    assert not sees(me, person)
    link_account(person=person, user=me, by=city.teacher)
    assert sees(me, person)
    open_person(city.teacher, person.pk, why="visit")
    open_person(me, person.pk)
    looked = accesses_of(open_person(me, person.pk))
    assert [(a.by, a.reason, a.partner) for a in looked] == [("kru", "visit", city.education)]


def test_a_merged_record_leads_to_the_one_kept(city: City) -> None:
    one, other = city.pin(), city.pin("สมหญิง", "ใจดีย์")
    done = merge(proposal=propose_merge(one=one, other=other, by=system_user()), keep=one, by=city.teacher)
    assert not sees(city.teacher, other)
    assert open_person(city.teacher, other.pk).pk == one.pk
    undo_merge(merge=done, by=city.teacher)
    assert open_person(city.teacher, other.pk).pk == other.pk


def test_reading_is_recorded_and_a_refused_look_is_not_a_read(city: City) -> None:
    person = city.pin()
    with pytest.raises(Http404):
        open_person(city.officer, person.pk)
    open_person(city.teacher, person.pk)
    reads = audit.about(person).filter(verb="people.read")
    assert [(e.actor, e.partner_code) for e in reads] == [(city.teacher, "education")]


@pytest.mark.parametrize("wish", ["สมหญิง", "สมหญิง ใจ", "ใจดี", "๑๗/๕/๒๕๐๓", "0812345678", "1 1001 00000 01 0"])
def test_search_finds_by_name_birth_telephone_and_number(city: City, wish: str) -> None:
    person = city.pin(phone="0812345678", pin="1100100000010")
    city.pin("กานดา", "มีสุข", birth=None)
    assert search(city.teacher, wish) == [person]
    assert search(city.officer, wish) == []


@pytest.mark.parametrize("wish", ["", "ส", "   ", "%", "\x00", "9" * 500, "' or 1=1 --"])
def test_search_finds_nobody_by_nothing(city: City, wish: str) -> None:
    city.pin()
    assert search(city.teacher, wish) == []


def test_the_number_of_queries_does_not_grow(city: City, django_assert_num_queries: object) -> None:
    for n in range(6):
        city.pin(f"สมชาย{n}")
    list(visible_to(city.teacher))
    city.teacher.__dict__.pop("_memberships")
    # Memberships, partners and areas (a server keeps these two in memory), the people.
    with django_assert_num_queries(4):  # type: ignore[operator]
        list(visible_to(city.teacher))
    assert Grant.objects.count() == 6
