"""A record that an office keeps by law: who may note it, what it opens, until when, and how it ends."""

import datetime as dt
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from tests.cases.conftest import City, build
from tests.people.conftest import member
from tests.signing import sign_in_fully

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.cases import actions as cases
from okat.city.core import clock
from okat.city.core.audit import about
from okat.city.core.registries import EXPORT
from okat.city.notices.models import Notice
from okat.city.partners.rules import Role
from okat.city.people import actions
from okat.city.people.models import Basis, Person
from okat.city.people.queries import has_grant, may_see_sensitive
from okat.city.people.rules import Law, PeopleError, Why

WHY = "พ.ร.บ. การศึกษาแห่งชาติ มาตรา 16"


@pytest.fixture
def city(db: None) -> City:
    return build()


def client_of(user: User) -> Client:
    client = Client()
    sign_in_fully(client, user)
    return client


def sent(city: City, **changes: str) -> dict[str, str]:
    until = clock.today() + dt.timedelta(days=60)
    values = {"law": Law.TASK, "partner": city.school.code, "until": f"{until:%d/%m/}{until.year + 543}", "why": WHY}
    return {**values, "once": str(uuid4()), **changes}


def keep(city: City) -> str:
    return reverse("people:keep-by-law", args=[city.person.pk])


def test_a_manager_of_the_office_notes_it_and_the_person_hears_of_it(city: City) -> None:
    client = client_of(city.manager)
    page = client.get(reverse("people:person", args=[city.person.pk])).content.decode()
    assert keep(city) in page
    assert client.get(keep(city)).status_code == 200
    assert client.post(keep(city), sent(city)).status_code == 302
    basis = Basis.objects.get()
    assert (basis.law, basis.partner) == (Law.TASK, city.school)
    assert has_grant(city.person, city.school)
    assert WHY.encode() not in bytes(basis.why_sealed or b"")
    assert Notice.objects.filter(user=city.resident, kind="people.by_law").exists()
    assert {"people.keep_by_law", "people.grant"} <= {entry.verb for entry in about(city.person)}
    for user, address in ((city.manager, reverse("people:person", args=[city.person.pk])),
                          (city.resident, reverse("people:mine"))):  # fmt: skip
        page = client_of(user).get(address).content.decode()
        assert "เก็บไว้ตามกฎหมาย" in page
        assert city.school.th in page
    assert EXPORT["people"](city.person.pk)["by_law"][0]["why"] == WHY
    # In words it may tell of health: it shows to the office whose reason it is, and by explicit consent.
    law = reverse("people:law", args=[city.person.pk, basis.pk])
    page = client.get(law).content.decode()
    assert WHY not in page
    assert "เหตุผลนี้แสดงให้หน่วยงานเจ้าของเหตุผล" in page
    theirs = member(city.school, Role.MANAGER, "school-manager")
    assert WHY in client_of(theirs).get(law).content.decode()


def test_nobody_else_notes_or_ends_it(city: City) -> None:
    client_of(city.manager).post(keep(city), sent(city))
    basis = Basis.objects.get()
    law = reverse("people:law", args=[city.person.pk, basis.pk])
    for user in (city.worker, city.officer, city.nurse, city.stranger, city.resident):
        client = client_of(user)
        for address, values in ((keep(city), sent(city)), (law, {"sure": "1"})):
            assert client.get(address).status_code in (302, 403, 404), user
            assert client.post(address, values).status_code in (302, 403, 404), user
        page = client.get(reverse("people:person", args=[city.person.pk])).content.decode()
        assert law not in page
        assert keep(city) not in page
    assert Basis.objects.filter(ended_at=None).count() == 1


def test_its_day_ends_it(city: City) -> None:
    day = clock.today() + dt.timedelta(days=3)
    actions.keep_by_law(person=city.person, partner=city.hospital, law=Law.WELFARE, until=day, why=WHY, by=city.manager)
    assert may_see_sensitive(city.nurse, city.person)  # that law reaches it
    with clock.at(clock.now() + dt.timedelta(days=3)):
        assert has_grant(city.person, city.hospital)
    with clock.at(clock.now() + dt.timedelta(days=4)):
        assert not has_grant(city.person, city.hospital)
        page = client_of(city.manager).get(reverse("people:person", args=[city.person.pk])).content.decode()
        assert city.hospital.th not in page


@pytest.mark.parametrize("wrong", [{"why": " "}, {"until": "1/1/2560"}, {"law": "any"}, {"partner": "nobody"}])
def test_without_law_office_day_or_reason_nothing_is_noted(city: City, wrong: dict[str, str]) -> None:
    answer = client_of(city.manager).post(keep(city), sent(city, **wrong))
    assert answer.status_code == 200
    assert not Basis.objects.exists()
    with pytest.raises(PeopleError):
        actions.keep_by_law(
            person=city.person, partner=city.school, law=Law.TASK, until=clock.today(), why="", by=city.manager
        )


def test_ending_it_says_what_follows_and_then_does_it(city: City) -> None:
    client = client_of(city.manager)
    client.post(keep(city), sent(city, partner=city.town.code))
    case = cases.propose(person=city.person, partner=city.town, need=city.need, by=city.worker)
    actions.withdraw_consent(consent=city.person.consents.get(purpose="care"), by=city.resident)
    case.refresh_from_db()
    assert case.closed_at is None  # the law keeps the record, and with it the case
    basis = Basis.objects.get()
    law = reverse("people:law", args=[city.person.pk, basis.pk])
    page = client.post(law, {}).content.decode()
    assert "เรื่องที่ยังเปิดอยู่ของ" in page
    assert Basis.objects.filter(ended_at=None).exists()
    assert client.post(law, {"sure": "1"}).status_code == 302
    assert not Basis.objects.filter(ended_at=None).exists()
    assert not has_grant(city.person, city.town)
    case.refresh_from_db()
    assert case.closed_at is not None


def test_whoever_has_no_account_reads_on_paper_that_an_office_keeps_the_record(city: City) -> None:
    other = city.pin("สมปอง")
    actions.keep_by_law(person=other, partner=city.school, law=Law.TASK, until=clock.today(), why=WHY, by=city.manager)
    page = client_of(city.worker).get(reverse("people:slips")).content.decode()
    assert "มีหน่วยงานเก็บข้อมูลของคุณตามกฎหมาย" in page
    assert city.school.th not in page


def test_what_a_file_brought_stays_for_the_others(city: City) -> None:
    other = city.pin("สมปอง")
    basis = actions.record_basis(partner=city.school, law=Law.TASK, source="import:1", by=city.manager)
    for person in (city.person, other):
        actions.grant(
            person=person, partner=city.school, reason=Why.DUTY, source="import:1", rests_on=basis, by=city.manager
        )
    client = client_of(city.manager)
    client.post(reverse("people:law", args=[city.person.pk, basis.pk]), {"sure": "1"})
    assert (has_grant(city.person, city.school), has_grant(other, city.school)) == (False, True)
    assert client.get(reverse("people:law", args=[city.person.pk, basis.pk])).status_code == 404


def test_joining_keeps_the_words_readable(city: City) -> None:
    gone = city.pin("สมหญิงอีกคน")
    actions.keep_by_law(person=gone, partner=city.school, law=Law.TASK, until=clock.today(), why=WHY, by=city.manager)
    pair = actions.propose_merge(one=gone, other=city.person, source="worker", by=system_user())
    actions.merge(proposal=pair, keep=city.person, by=city.manager)
    kept = Person.objects.get(pk=city.person.pk)
    assert EXPORT["people"](kept.pk)["by_law"][0]["why"] == WHY
