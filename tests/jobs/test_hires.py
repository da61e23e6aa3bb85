"""From application to hire to 30, 90 and 180 days: opened by the case, agreed by the employer, counted."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.test import Client
from tests.cases.conftest import City, build
from tests.learning.conftest import placed
from tests.signing import sign_in_fully
from tests.weekly import next_monday

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.cases import actions as cases
from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.core import clock, registries
from okat.city.jobs import actions
from okat.city.jobs.models import Hire, Work
from okat.city.jobs.queries import hires, ways
from okat.city.jobs.queries.hires import Pair
from okat.city.jobs.rules import JobsError
from okat.city.jobs.rules.rows import WorkRow
from okat.city.taxonomy.models import Term

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 12, 1, 5, tzinfo=dt.UTC)


@pytest.fixture
def city() -> Iterator[City]:
    with clock.at(START):
        yield build()


def offer(city: City, kind: str = "job", title: str = "ช่างทอ") -> Opportunity:
    row = OpportunityRow(
        provider=city.school.code, area=city.school.area.code, kind=kind, title_th=title, title_en="Weaver",
        amount=Decimal(12000), amount_per="month",
    )  # fmt: skip
    made = Opportunity.objects.get(pk=publish_many(rows=[row], by=system_user()).ids[0])
    actions.describe_work(opportunity=made, row=WorkRow(hours=Decimal(40)), by=system_user())
    return made


def entered(user: User) -> Client:
    client = Client()
    sign_in_fully(client, user)
    client.cookies["okat_language"] = "en"
    return client


def test_a_case_that_becomes_active_opens_one_hire_with_what_the_job_offers(city: City) -> None:
    case = placed(city, offer(city), city.person)
    hire = Hire.objects.get()
    assert (hire.case, hire.person, hire.employer) == (case, city.person, city.school)
    assert (hire.pay, hire.pay_per, hire.hours, hire.started_on) == (12000, "month", 40, START.date())
    assert actions.open_hire(case=case, by=city.officer) == hire
    placed(city, offer(city, "occupation", "หลักสูตร"), city.pin("อื่น"))
    assert Hire.objects.count() == 1  # a course opens a place, not a hire
    with pytest.raises(JobsError):
        actions.open_hire(case=city.offered(), by=city.officer)


def test_the_employer_says_what_was_agreed_and_the_person_sees_it(city: City) -> None:
    placed(city, offer(city), city.person)
    hire, boss = Hire.objects.get(), entered(city.officer)
    assert "1 start at work to write down" in boss.get("/today/").content.decode()
    url = f"/jobs/hires/{hire.pk}/"
    assert "1 ธ.ค. 2569" in boss.get(url).content.decode()
    sent = {"pay": "๑๒,๕๐๐", "pay_per": "month", "hours": "36", "started_on": "3 ธ.ค. 2569",
            "once": "0190b0b0-0000-7000-8000-000000000031"}  # fmt: skip
    for name, value in (("pay", "มาก"), ("hours", "200"), ("started_on", "พรุ่งนี้"), ("pay_per", "century")):
        page = boss.post(url, {**sent, name: value}).content.decode()
        assert f'id="id_{name}_error"' in page
    for _ in range(2):
        assert boss.post(url, sent).status_code == 302
    hire.refresh_from_db()
    assert (hire.pay, hire.hours, hire.started_on) == (12500, 36, dt.date(2026, 12, 3))
    page = boss.get("/jobs/hires/").content.decode()
    assert "What was agreed is written down" in page
    assert "สมหญิง" not in page
    assert "12,500" in entered(city.resident).get("/people/mine/").content.decode()
    other = entered(city.nurse)
    assert other.get(url).status_code == 404
    assert other.post(url, sent).status_code == 404
    assert "Weaver" not in other.get("/jobs/hires/").content.decode()


def test_leaving_ends_the_hire_even_before_its_first_day(city: City) -> None:
    case = placed(city, offer(city), city.person)
    hire = Hire.objects.get()
    actions.agree(hire=hire, pay=None, pay_per="day", hours=None, started_on=dt.date(2027, 1, 1), by=city.officer)
    cases.leave(case=case, reason="health", by=city.officer)
    hire.refresh_from_db()
    assert (hire.started_on, hire.ended_on) == (START.date(), START.date())
    with pytest.raises(JobsError):
        actions.agree(hire=hire, pay=None, pay_per="day", hours=None, started_on=dt.date(2027, 1, 1), by=city.officer)


def test_an_erased_record_leaves_a_hire_that_leads_to_nobody(city: City) -> None:
    placed(city, offer(city), city.person)
    told = registries.EXPORT["jobs"](city.person.pk)["hires"]
    assert [(row["employer"], row["pay"]) for row in told] == [(city.school.th, 12000)]
    assert registries.ERASE["jobs"](city.person.pk) == 1
    hire = Hire.objects.get()
    assert (hire.person, hire.pay, hire.hours) == (None, None, None)


def test_who_is_still_in_work_is_counted_from_ten_on(city: City) -> None:
    job = offer(city)
    for number in range(12):
        case = placed(city, job, city.pin(f"คนที่ {number}"))
        cases.complete(case=case, by=city.officer)
        with clock.at(START + dt.timedelta(days=34)):  # the thirtieth day is New Year's Eve, on which nobody asks
            outcome = "working" if number < 11 else "same"
            if number:
                cases.record_follow_up(case=case, outcome=outcome, by=city.worker)
    _day, hired, (row,) = hires.by_employer()
    assert hired == 10
    assert (row.what, row.people) == (city.school, 10)
    # Eleven were asked and ten are in work: in tens nobody knows of the one.
    assert row.at == {30: Pair(10, 10), 90: Pair(None, None), 180: Pair(None, None)}
    with clock.at(START + dt.timedelta(days=30)):
        case = cases.complete(case=placed(city, job, city.pin("อีกคน")), by=city.officer)
    next_monday()
    client = Client()
    client.cookies["okat_language"] = "en"
    page = client.get("/jobs/lasting/").content.decode()
    assert "10 people were hired" in page
    assert "10 of 10" in page
    assert "No course has figures" in page


def test_what_people_agreed_and_how_many_went_change_by_ten(city: City) -> None:
    """One pay more would move the middle of ten, and the highest could be one person's."""
    weaver = Term(vocabulary="occupation", code="weaver", th="ช่างทอ", en="Weaver")
    weaver.save()
    job = offer(city)
    Work.objects.filter(opportunity=job).update(occupation=weaver)

    def hire(number: int, pay: int) -> None:
        case = placed(city, job, city.pin(f"คนที่ {number}"))
        actions.agree(
            hire=Hire.objects.get(case=case), pay=Decimal(pay), pay_per="month", hours=None,
            started_on=START.date(), by=city.officer,
        )  # fmt: skip

    def seen() -> tuple[int | None, list[tuple[int, Decimal, Decimal]]]:
        road = ways.path_to(weaver)
        return road.went, [(pay.offers, pay.middle, pay.high) for pay in road.agreed]

    for number in range(9):
        hire(number, 10_000)
    assert seen() == (None, [])
    hire(9, 10_000)
    next_monday()
    ten = seen()
    assert ten == (10, [(10, Decimal(10_000), Decimal(10_000))])
    for number in range(10, 19):
        hire(number, 90_000)
        next_monday()
        assert seen() == ten
    hire(19, 90_000)
    next_monday()
    assert seen() == (20, [(20, Decimal(50_000), Decimal(90_000))])


def test_few_hires_are_no_figure(city: City) -> None:
    placed(city, offer(city), city.person)
    assert hires.by_employer()[1:] == (None, [])
    client = Client()
    client.cookies["okat_language"] = "en"
    page = client.get("/jobs/lasting/").content.decode()
    assert "Too few were hired" in page
    assert city.school.en not in page  # that somebody was hired there


def test_who_was_hired_twice_is_one_person(city: City) -> None:
    """Nine people with two jobs each, asked twice, who agreed pay twice: too few for any figure."""
    weaver = Term(vocabulary="occupation", code="weaver", th="ช่างทอ", en="Weaver")
    weaver.save()
    jobs = [offer(city), offer(city, title="ช่างย้อม")]
    Work.objects.filter(opportunity__in=jobs).update(occupation=weaver)

    def work(name: str) -> None:
        person = city.pin(name)
        for job in jobs:
            case = placed(city, job, person)
            actions.agree(
                hire=Hire.objects.get(case=case), pay=Decimal(10_000), pay_per="month", hours=None,
                started_on=START.date(), by=city.officer,
            )  # fmt: skip
            cases.complete(case=case, by=city.officer)
            with clock.at(START + dt.timedelta(days=34)):
                cases.record_follow_up(case=case, outcome="working", by=city.worker)

    for number in range(9):
        work(f"คนที่ {number}")
    assert hires.by_employer()[1:] == (None, [])
    assert ways.path_to(weaver).agreed == []
    work("คนที่สิบ")
    next_monday()
    _day, hired, (row,) = hires.by_employer()
    assert (hired, row.people, row.at[30]) == (10, 10, Pair(10, 10))
    assert [pay.offers for pay in ways.path_to(weaver).agreed] == [10]


def test_no_more_are_in_work_than_were_asked() -> None:
    """Each number was told on a day of its own."""
    assert Pair.told(30, 20) == (20, 20)
    assert Pair.told(None, 20) == (None, 20)
