"""Skills with their codes: described by the form and by a table, taken over from ESCO, and gaps shown."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from tests.catalogue import conftest as shelf
from tests.signing import sign_in_fully

from okat.city.catalogue.models import Opportunity
from okat.city.jobs import actions
from okat.city.jobs.models import Work
from okat.city.jobs.queries import skills
from okat.city.jobs.rules import JobsError
from okat.city.jobs.rules.rows import WorkRow, as_json, from_json
from okat.city.partners.models import Partner
from okat.city.people import actions as people
from okat.city.taxonomy.actions import load_terms
from okat.city.taxonomy.models import Term
from okat.files import esco
from okat.files.city import read_city

pytestmark = pytest.mark.django_db
HEADINGS = ("ตำแหน่งงาน", "ประเภท", "เงินเดือน", "อาชีพ", "ทักษะที่ต้องมี", "ทักษะที่สอน", "ชั่วโมงต่อสัปดาห์", "ที่พัก",
            "ถามเรื่องที่พักกับใคร", "ต้องใช้แรง")  # fmt: skip
JOB = ("ช่างทอประจำร้าน", "งาน", "๑๒,๐๐๐", "ช่างทอผ้า", "ทอผ้า, ย้อมผ้า", "", "๔๘", "มีที่พักฟรี", "ป้าแดง 081", "งานเบา")


@pytest.fixture
def city() -> shelf.SmallCity:
    return shelf.build()


def entered(city: shelf.SmallCity) -> Client:
    client = Client()
    sign_in_fully(client, city.officer)
    client.cookies["okat_language"] = "en"
    return client


def table(*rows: tuple[str, ...]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEADINGS, *rows):
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def brought_in(city: shelf.SmallCity, *rows: tuple[str, ...]) -> object:
    nfe = Partner.objects.get(code="nfe")
    batch = people.upload(kind="jobs", partner=nfe, filename="งาน.xlsx", data=table(*rows), by=city.officer)
    return people.run_import(batch=batch, by=city.officer)


def test_a_table_of_jobs_brings_skills_pay_hours_and_lodging_and_can_be_taken_back(city: shelf.SmallCity) -> None:
    first = brought_in(city, JOB)
    job = Opportunity.objects.get(title_th="ช่างทอประจำร้าน")
    assert (job.kind, job.amount, job.amount_per) == ("job", 12000, "month")
    before = WorkRow(
        occupation="weaver", needed=("weaving", "dyeing"), hours=Decimal(48), lodging="free", strength="light",
        lodging_contact="ป้าแดง 081",
    )  # fmt: skip
    assert skills.row_of(job.work) == before
    second = brought_in(city, (*JOB[:4], "ทอผ้า", "", "40", "จ่ายเอง", "", "หนัก"))  # only what stands beside it changed
    work = Work.objects.get()
    assert (work.needed, work.hours, work.lodging, work.strength) == (["weaving"], 40, "paid", "heavy")
    people.undo_import(batch=second, by=city.officer)  # type: ignore[arg-type]
    assert skills.row_of(Work.objects.get()) == before
    people.undo_import(batch=first, by=city.officer)  # type: ignore[arg-type]
    assert not Work.objects.exists()


def test_unknown_words_and_impossible_weeks_are_named_by_row_and_nothing_goes_in(city: shelf.SmallCity) -> None:
    client = entered(city)
    wrong = ("งานอื่น", "งาน", "", "นักบินอวกาศ", "เหาะ", "", "200", "", "", "")
    file = io.BytesIO(table(JOB, wrong))
    file.name = "jobs.xlsx"
    page = client.post("/people/import/jobs/", {"file": file}, follow=True).content.decode()
    for said in ("นักบินอวกาศ", "เหาะ", "a week has 168 hours"):
        assert said in page
    assert "1 row has to be mended" in page
    assert not Opportunity.objects.exists()


def test_the_form_keeps_what_was_typed_and_its_page_shows_it_to_everybody(city: shelf.SmallCity) -> None:
    client, (job,) = entered(city), shelf.published(city, shelf.weaving(kind="job", amount=9000, amount_per="month"))
    sent = {"occupation": "weaver", "needed": ["weaving"], "hours": "๑๒", "lodging": "free", "strength": "light",
            "lodging_contact": "<b>ป้าแดง</b>"}  # fmt: skip
    for name, value in (("lodging", ""), ("hours", "500"), ("needed", ["levitation"])):
        page = client.post(f"/jobs/work/{job.pk}/", {**sent, name: value}).content.decode()
        assert f'id="id_{name}_error"' in page
        assert "&lt;b&gt;ป้าแดง" in page
    assert not Work.objects.exists()
    assert client.post(f"/jobs/work/{job.pk}/", sent).status_code == 302
    page = client.get(reverse("catalogue:open", args=[job.pk])).content.decode()
    for said in ("Weaving", "Lodging free of charge", "Ask: &lt;b&gt;ป้าแดง", "Light work", "/jobs/youth/weaver/"):
        assert said in page
    assert "checked" in client.get(f"/jobs/work/{job.pk}/").content.decode()
    stranger = Client()
    sign_in_fully(stranger, city.other)
    assert stranger.get(f"/jobs/work/{job.pk}/").status_code == 404
    assert stranger.post(f"/jobs/work/{job.pk}/", sent).status_code == 404


def test_a_skill_of_esco_is_taken_over_and_its_gap_shown_until_thai_comes(city: shelf.SmallCity) -> None:
    client = entered(city)
    page = client.get("/jobs/work/skills/?q=wash laundry").content.decode()
    entry = next(e for e in esco.search("wash laundry") if e.begins("wash the laundry"))
    assert entry.head in page
    sent = {"uri": entry.uri, "en": "wash the laundry", "th": ""}
    assert "first words" in client.post("/jobs/work/skills/", {**sent, "en": "ironing"}).content.decode()
    assert "no such skill" in client.post("/jobs/work/skills/", {**sent, "uri": "http://x"}).content.decode()
    for _ in range(2):
        assert client.post("/jobs/work/skills/", sent).status_code == 302
    term = Term.objects.get(source=entry.uri)
    page = client.get("/jobs/work/skills/").content.decode()
    assert "1 of 1 words in use has no Thai yet" in page
    load_terms(city=read_city(shelf.ROOT / "cities" / "khon-kaen"), by=city.system)  # its file does not know the word
    assert Term.objects.get(pk=term.pk).active
    actions.adopt_skill(uri=entry.uri, en="wash the laundry", th="ซักผ้า", by=city.officer)
    assert Term.objects.get(pk=term.pk).th == "ซักผ้า"
    assert Term.objects.filter(source=entry.uri).count() == 1


def test_words_without_a_code_stand_before_those_with_one(city: shelf.SmallCity) -> None:
    (made,) = shelf.published(city, shelf.weaving())
    row = WorkRow(occupation="online-seller", taught=("online-selling", "weaving"))
    actions.describe_work(opportunity=made, row=row, by=city.officer)
    found = skills.used()
    assert [(one.term.code, one.lacks_code, one.times) for one in found] == [
        ("online-seller", True, 1), ("online-selling", True, 1), ("weaving", False, 1),
    ]  # fmt: skip
    assert found[-1].name.startswith("textile techniques")


def test_unknown_codes_are_refused_and_nothing_is_written(city: shelf.SmallCity) -> None:
    (made,) = shelf.published(city, shelf.weaving())
    with pytest.raises(JobsError):
        actions.describe_many(rows=[(made.pk, WorkRow(needed=("weaving", "levitation")))], by=city.officer)
    assert not Work.objects.exists()


def test_a_row_comes_back_from_what_is_kept_of_it() -> None:
    row = WorkRow(occupation="cook", needed=("cooking",), hours=Decimal("37.5"), lodging="paid", lodging_contact="x")
    assert from_json(as_json(row)) == row
    assert not WorkRow().says_something
