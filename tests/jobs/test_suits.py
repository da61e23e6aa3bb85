"""Work that suits: skills of certificates and stated ones, the search to send on, the pages for one person."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import small_city
from tests.learning.making import course_of, resident_of
from tests.signing import sign_in_fully
from tests.small_city import SmallCity

from okat.city.accounts.models import User
from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.core import registries
from okat.city.core.models import AuditEntry
from okat.city.jobs import actions
from okat.city.jobs.models import StatedSkill
from okat.city.jobs.queries import seeking
from okat.city.jobs.rules import JobsError
from okat.city.jobs.rules.rows import WorkRow
from okat.city.partners.rules import Role
from okat.city.people import actions as people
from okat.city.people.actions import ConsentRow, PinRow
from okat.city.people.rules import How, Purpose
from okat.city.taxonomy.models import Term

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> SmallCity:
    found = small_city.build()
    for code, en in (("weaving", "Weaving"), ("dyeing", "Dyeing"), ("selling", "Selling"), ("numeracy", "Numbers")):
        Term(vocabulary="skill", code=code, th=f"ทักษะ {code}", en=en).save()
    return found


def entered(user: User) -> Client:
    client = Client()
    sign_in_fully(client, user)
    client.cookies["okat_language"] = "en"
    return client


def jobs(city: SmallCity, *rows: WorkRow, kind: str = "job") -> list[object]:
    given = [
        OpportunityRow(provider="here", area="400101", kind=kind, title_th=f"งาน {n}", title_en=f"Job number {n}")
        for n, _row in enumerate(rows)
    ]
    made = publish_many(rows=given, by=city.users[Role.OFFICER])
    actions.describe_many(rows=list(zip(made.ids, rows, strict=True)), by=city.users[Role.OFFICER])
    return list(made.ids)


def sentences(page: str) -> list[str]:
    return re.findall(r"<article.*?<p><b>(.*?)</b>", re.sub("</?(span|wbr)[^>]*>", "", page), re.DOTALL)


def test_a_certificate_gives_its_skills_until_it_is_called_back(city: SmallCity) -> None:
    place = course_of(city)
    person, officer = resident_of(city), city.users[Role.OFFICER]
    actions.describe_work(opportunity=place.opportunity, row=WorkRow(taught=("weaving", "dyeing")), by=officer)
    actions.state_skills(person=person, skills=["selling", "dyeing"], by=city.resident)
    can = seeking.skills_of(person)
    assert [(one.code, one.course) for one in can] == [
        ("weaving", place.opportunity), ("dyeing", place.opportunity), ("selling", None),
    ]  # fmt: skip
    certificate = place.certificates.get()
    certificate.revoked_at = certificate.issued_at
    certificate.save()
    assert [(one.code, one.course) for one in seeking.skills_of(person)] == [("dyeing", None), ("selling", None)]


def test_the_resident_sees_parts_and_what_to_learn_and_where(city: SmallCity) -> None:
    client, person = entered(city.resident), resident_of(city)
    rows = (
        WorkRow(needed=("weaving", "dyeing", "selling", "numeracy"), lodging="free"),
        WorkRow(needed=("weaving",)),
        WorkRow(needed=("numeracy",)),
    )
    jobs(city, *rows)
    jobs(city, WorkRow(taught=("numeracy",)), kind="occupation")
    sent = {"skills": ["weaving", "dyeing", "selling"], "once": "0190b0b0-0000-7000-8000-000000000021"}
    for _ in range(2):
        assert client.post("/jobs/mine/", sent).status_code == 302
    assert StatedSkill.objects.filter(person=person).count() == 3
    page = client.get("/jobs/mine/").content.decode()
    assert "3 jobs suit" in page
    told = sentences(page)
    assert [line.partition(";")[0] for line in told] == ["1 of 1 skill", "3 of 4 skills", "0 of 1 skill"]
    assert "less than 1 km; Lodging free of charge" in told[1]
    assert "Still to learn:" in page
    assert "/jobs/skill/numeracy/" in page
    assert client.post("/jobs/mine/", {"skills": ["levitation"]}).status_code == 200
    assert "2 open jobs ask for it" in client.get("/jobs/skill/weaving/").content.decode()
    assert client.get("/jobs/skill/levitation/").status_code == 404


def test_the_search_stands_in_its_address_and_stores_nothing(city: SmallCity, client: Client) -> None:
    client.cookies["okat_language"] = "en"
    jobs(city, WorkRow(hours=40, strength="heavy"), WorkRow(hours=12, strength="light"), WorkRow())
    before = AuditEntry.objects.count()
    address = "/jobs/find/?where=400101&age=67&hours=24&hours_must=on&strength=light&skills=weaving"
    page = client.get(address).content.decode()
    assert "1 job suits" in page
    assert "Job number 1" in page
    assert "1 is ruled out" in page
    asks = client.get(f"{address}&show=asks").content.decode()
    assert "Job number 2" in asks
    assert "has not said how many hours" in asks
    assert 'value="24"' in page
    soft = client.get("/jobs/find/?hours=24&strength=light").content.decode()
    assert "3 jobs suit" in soft
    assert soft.index("Job number 1") < soft.index("Job number 2") < soft.index("Job number 0")
    assert AuditEntry.objects.count() == before
    wrong = client.get("/jobs/find/?hours=999&where=<b>").content.decode()
    assert 'id="id_hours_error"' in wrong
    assert "jobs suit" not in wrong


def test_a_worker_sees_it_for_a_person_in_scope_and_the_look_is_recorded(city: SmallCity) -> None:
    person = resident_of(city)
    jobs(city, WorkRow(needed=("weaving",)))
    worker = entered(city.users[Role.FIELD_WORKER])
    url = f"/jobs/of/{person.pk}/"
    assert worker.post(url, {"skills": ["weaving"]}).status_code == 302
    page = worker.get(url).content.decode()
    assert "1 of 1 skill" in page
    assert AuditEntry.objects.filter(verb="people.read", reason_code="work").exists()
    assert "says so" in worker.get(f"/people/{person.pk}/").content.decode()
    stranger = entered(city.stranger)
    assert stranger.get(url).status_code == 404
    assert stranger.post(url, {"skills": []}).status_code == 404


def test_skills_follow_a_merge_leave_with_the_record_and_are_handed_out(city: SmallCity) -> None:
    keep, worker = resident_of(city), city.users[Role.FIELD_WORKER]
    consents = (ConsentRow(Purpose.CARE, city.here, How.VERBAL),)
    gone = people.pin_person(
        row=PinRow(area=city.here.area, given="สมหญิง", consents=consents), partner=city.here, by=worker
    )
    actions.state_skills(person=keep, skills=["weaving"], by=worker)
    actions.state_skills(person=gone, skills=["weaving", "dyeing"], by=worker)
    moved = registries.MERGE["jobs"].move(gone.pk, keep.pk)
    assert seeking.stated_by(keep) == ["weaving", "dyeing"]
    registries.MERGE["jobs"].back(gone.pk, keep.pk, moved)
    assert set(seeking.stated_by(gone)) == {"weaving", "dyeing"}
    assert registries.EXPORT["jobs"](keep.pk)["stated_skills"] == ["weaving"]
    assert registries.ERASE["jobs"](keep.pk) == 1
    assert seeking.stated_by(keep) == []
    with pytest.raises(JobsError):
        actions.state_skills(person=keep, skills=["levitation"], by=worker)


def test_more_jobs_ask_no_more_of_the_database(city: SmallCity, client: Client) -> None:
    jobs(city, WorkRow(needed=("weaving",)))
    client.get("/jobs/find/?hours=24")
    with CaptureQueriesContext(connection) as few:
        client.get("/jobs/find/?hours=24")
    jobs(city, *[WorkRow(needed=("weaving", "dyeing"), hours=9)] * 12)
    client.get("/jobs/find/?hours=24")
    with CaptureQueriesContext(connection) as many:
        client.get("/jobs/find/?hours=24")
    assert len(many) <= len(few)
