"""An employer writes down its count, sees what is missing and what it costs, and asks for candidates."""

import datetime as dt
import re

import pytest
from django.test import Client
from tests import small_city
from tests.signing import sign_in_fully
from tests.small_city import SmallCity
from tests.weekly import next_monday

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.jobs import actions
from okat.city.jobs.models import Ask, Headcount
from okat.city.jobs.queries import employers
from okat.city.jobs.rules.quota import Count
from okat.city.notices.models import Notice
from okat.city.partners import actions as partners
from okat.city.partners.rules import Role
from okat.city.people.actions import ConsentRow, PinRow, pin_person
from okat.city.people.rules import How, Purpose
from okat.city.taxonomy.models import Term

pytestmark = pytest.mark.django_db
COUNT = {"heads": "๓๒๐", "employed": "1", "helped": "", "on": "1 ต.ค. 2568", "wage": "400"}


@pytest.fixture
def city() -> SmallCity:
    found = small_city.build()
    Term(vocabulary="need", code="work-disability", th="งานสำหรับผู้พิการ", en="Work").save()
    return found


def entered(client: Client, user: User, language: str = "en") -> Client:
    sign_in_fully(client, user)
    client.cookies["okat_language"] = language
    return client


def seek_work(city: SmallCity, number: int, *purposes: Purpose, sensitive: bool = True) -> None:
    officer = city.users[Role.OFFICER]
    for _ in range(number):
        consents = tuple(ConsentRow(p, city.here, How.SIGNATURE, sensitive=sensitive) for p in purposes)
        row = PinRow(area=city.here.area, given="บัว", needs=("work-disability",), consents=consents)
        pin_person(row=row, partner=city.here, by=officer)


def test_anybody_works_the_quota_out_and_nothing_is_written(city: SmallCity, client: Client) -> None:
    client.cookies["okat_language"] = "th"
    page = re.sub("<[^>]+>", "", client.get("/jobs/quota/", COUNT).content.decode())
    assert "ยังขาด 2 คน" in page
    assert "292,000" in page  # 400 x 365 x 2
    assert "มาตรา 34" in page
    assert "ยังไม่ได้ตรวจกับต้นฉบับ" in page
    assert Headcount.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("heads", "สามร้อย", "whole number"),
        ("employed", "321", "more than all workers"),
        ("on", "1 ต.ค. 2599", "not come yet"),
        ("on", "1 ต.ค. 2550", "26 October 2011"),
        ("on", "ปีหน้า", ""),
    ],
)
def test_bad_numbers_are_told_beside_the_field_and_kept(
    city: SmallCity, client: Client, name: str, value: str, said: str
) -> None:
    manager = entered(client, city.users[Role.MANAGER])
    page = manager.post("/jobs/employer/count/", {**COUNT, name: value}).content.decode()
    assert re.search(rf'id="id_{name}_error"', page)
    assert said in page
    assert value in page
    assert Headcount.objects.count() == 0


def test_a_count_sent_twice_or_again_stays_one(city: SmallCity, client: Client) -> None:
    manager = entered(client, city.users[Role.MANAGER])
    form = {**COUNT, "once": "0190b0b0-0000-7000-8000-000000000001"}
    for _ in range(2):
        assert manager.post("/jobs/employer/count/", form).status_code == 302
    page = manager.get("/jobs/employer/").content.decode()
    assert "2 persons are missing: of 320 workers, 3 must have a disability" in page
    manager.post("/jobs/employer/count/", {**COUNT, "employed": "3"})
    assert [(row.on, row.employed) for row in Headcount.objects.all()] == [(dt.date(2025, 10, 1), 3)]
    assert "The quota is met" in manager.get("/jobs/employer/").content.decode()


def test_an_officer_does_not_write_the_employers_count(city: SmallCity, client: Client) -> None:
    officer = entered(client, city.users[Role.OFFICER])
    assert officer.get("/jobs/employer/").status_code == 403
    assert officer.post("/jobs/employer/count/", COUNT).status_code == 403


def test_candidates_are_a_number_of_those_who_agreed_and_never_a_small_one(city: SmallCity, client: Client) -> None:
    manager = entered(client, city.users[Role.MANAGER])
    assert employers.candidates_near(city.here) == (clock.today(), None)
    seek_work(city, 9, Purpose.CARE, Purpose.REFER)
    next_monday()
    assert employers.candidates_near(city.here)[1] is None
    assert "Fewer than ten people of the province" in manager.get("/jobs/employer/").content.decode()
    seek_work(city, 1, Purpose.CARE)  # did not agree to be referred
    seek_work(city, 1, Purpose.CARE, Purpose.REFER, sensitive=False)  # nor to sensitive data
    next_monday()
    assert employers.candidates_near(city.here)[1] is None
    seek_work(city, 1, Purpose.CARE, Purpose.REFER)
    assert employers.candidates_near(city.here)[1] is None  # nobody's record changes what is told
    next_monday()
    assert employers.candidates_near(city.here)[1] == 10
    page = manager.get("/jobs/employer/").content.decode()
    assert "10 people of the province look for work under the quota" in page
    assert "บัว" not in page


def test_an_employer_asks_and_the_partner_answers(city: SmallCity, client: Client) -> None:
    boss = entered(client, city.stranger)
    sent = {"wanted": "2", "to": city.here.pk, "phone": "<b>043</b>", "once": "0190b0b0-0000-7000-8000-000000000002"}
    assert boss.post("/jobs/employer/candidates/", {**sent, "wanted": "0"}).status_code == 200
    for _ in range(2):
        assert boss.post("/jobs/employer/candidates/", sent).status_code == 302
    ask = Ask.objects.get()
    assert (ask.employer, ask.to, ask.wanted) == (city.there, city.here, 2)
    assert "waits for an answer" in boss.get("/jobs/employer/").content.decode()
    officer = entered(Client(), city.users[Role.OFFICER])
    assert Notice.objects.filter(user=city.users[Role.OFFICER], kind="jobs.candidates").count() == 1
    assert "1 question about work" in officer.get("/today/").content.decode()
    page = officer.get(f"/jobs/asks/{ask.pk}/").content.decode()
    assert "&lt;b&gt;043" in page
    assert officer.post(f"/jobs/asks/{ask.pk}/", {"answer": ""}).status_code == 200
    assert officer.post(f"/jobs/asks/{ask.pk}/", {"answer": "<i>พรุ่งนี้</i>จะเสนองาน"}).status_code == 302
    page = boss.get("/jobs/employer/").content.decode()
    assert "&lt;i&gt;พรุ่งนี้" in page
    assert boss.get(f"/jobs/asks/{ask.pk}/").status_code == 404  # asked, but not of them
    assert "1 question about work" not in officer.get("/today/").content.decode()


def test_lists_ask_a_constant_number_of_questions(
    city: SmallCity, client: Client, django_assert_max_num_queries: object
) -> None:
    officer = entered(client, city.users[Role.OFFICER])
    for number in range(15):
        actions.ask_for_candidates(employer=city.there, to=city.here, wanted=number + 1, by=city.stranger)
    officer.get("/jobs/asks/")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        officer.get("/jobs/asks/")


def test_the_public_sector_shows_whether_not_how_many(city: SmallCity, client: Client) -> None:
    client.cookies["okat_language"] = "en"
    assert "No agency has written down" in client.get("/jobs/quota/city/").content.decode()
    on = dt.date(2025, 10, 1)
    actions.keep_headcount(partner=city.here, count=Count(on, 777, 3), by=city.users[Role.MANAGER])
    actions.keep_headcount(partner=city.there, count=Count(on, 555, 0), by=city.stranger)  # not of the public sector
    page = client.get("/jobs/quota/city/").content.decode()
    assert "1 of 1 agency does not meet the quota yet" in page
    assert "All together must employ 8." in page
    assert "555" not in page
    assert ">3<" not in page
    system, area = city.users[Role.COORDINATOR], city.here.area
    school = partners.add_partner(code="school", th="โรงเรียน", en="School", kind="school", area=area, by=system)
    actions.keep_headcount(partner=school, count=Count(on, 2000, 20), by=system)
    page = client.get("/jobs/quota/city/").content.decode()
    assert "All together must employ 28." in page
    assert "employed is not shown" in page
    assert not re.search(r"\b23\b", re.sub(r"<[^>]*>", " ", page))  # also together they would tell what each lacks
