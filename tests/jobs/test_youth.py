"""The youth centre's screens: nobody signs in, nothing of the answers is stored, and a talk is booked."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.catalogue import conftest as shelf
from tests.signing import sign_in_fully

from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.core.models import AuditEntry
from okat.city.jobs import actions
from okat.city.jobs.models import Ask
from okat.city.jobs.queries import ways
from okat.city.jobs.rules.rows import WorkRow
from okat.city.notices.models import Notice
from okat.city.partners.models import Partner
from okat.city.taxonomy.models import Term

pytestmark = pytest.mark.django_db
LIKES_CARE = {"q4": "yes", "q10": "yes"}


@pytest.fixture
def city() -> shelf.SmallCity:
    return shelf.build()


def occupation(code: str) -> Term:
    return Term.objects.get(vocabulary="occupation", code=code)


def offered(city: shelf.SmallCity) -> list[Opportunity]:
    """Two jobs for care workers, a course that teaches the skill, and a way back to school."""
    made = shelf.published(
        city,
        shelf.weaving(kind="job", title_th="งานดูแลผู้สูงอายุ", title_en="Care job", amount=9000, amount_per="month"),
        shelf.weaving(kind="job", title_th="งานดูแล 2", title_en="Care job 2", amount=12000, amount_per="month"),
        shelf.weaving(title_th="เรียนดูแลผู้สูงอายุ", title_en="Learn to care"),
        shelf.weaving(kind="basic_lower", title_th="เรียนให้จบ ม.3", title_en="Finish lower secondary"),
    )
    care = WorkRow(occupation="care-worker")
    rows = [(made[0].pk, care), (made[1].pk, care), (made[2].pk, WorkRow(taught=("elder-care",)))]
    assert actions.describe_many(rows=rows, by=city.officer) == 3
    return made


def test_likes_lead_to_ways_and_are_kept_nowhere(city: shelf.SmallCity, client: Client) -> None:
    offered(city)
    client.cookies["okat_language"] = "en"
    page = client.get("/jobs/youth/")
    assert "No study has validated them" in page.content.decode()
    before = AuditEntry.objects.count()
    with CaptureQueriesContext(connection) as asked:
        page = client.post("/jobs/youth/", LIKES_CARE)
    text = page.content.decode()
    assert text.index("Home-based care worker") < text.index("Hairdresser")
    assert "100%" in text
    assert "Finish lower secondary" in text
    assert "no-store" in page["Cache-Control"]
    assert AuditEntry.objects.count() == before
    assert not [q["sql"] for q in asked if q["sql"].lower().startswith(("insert", "update"))]


def test_no_likes_ask_for_one(city: shelf.SmallCity, client: Client) -> None:
    client.cookies["okat_language"] = "en"
    assert "at least one thing" in client.post("/jobs/youth/", {"q1": "no"}).content.decode()
    assert client.post("/jobs/youth/", {"q1": "<b>"}).status_code == 200


def test_a_way_shows_what_it_earns_how_many_offers_and_what_leads_there(city: shelf.SmallCity, client: Client) -> None:
    offered(city)
    client.cookies["okat_language"] = "en"
    page = client.get("/jobs/youth/care-worker/").content.decode()
    assert "10,500" in page
    assert "The middle of 2 offers of the last 2 years" in page
    assert "Learn to care" in page
    assert "Care job 2" in page
    assert "Fewer than ten people have gone this way" in page
    assert client.get("/jobs/youth/nobody/").status_code == 404
    assert "No job of this kind" in client.get("/jobs/youth/weaver/").content.decode()


def test_pay_of_old_offers_is_left_out(city: shelf.SmallCity) -> None:
    with clock.at(clock.now() - dt.timedelta(days=800)):
        offered(city)
    assert ways.earned(occupation("care-worker")) == []


def test_a_young_person_without_an_account_books_a_talk(city: shelf.SmallCity, client: Client) -> None:
    client.cookies["okat_language"] = "en"
    nfe = Partner.objects.get(code="nfe")
    sent = {"name": "<b>บอย</b>", "phone": "081", "slot": "call", "when": "evening", "to": nfe.pk,
            "once": "0190b0b0-0000-7000-8000-000000000003"}  # fmt: skip
    page = client.post("/jobs/youth/talk/?occupation=cook", {**sent, "phone": ""}).content.decode()
    assert "&lt;b&gt;บอย" in page  # kept
    page = client.post("/jobs/youth/talk/", {**sent, "to": "", "when": ""}).content.decode()
    assert "Say who shall call you" in page
    assert "Say when we can call you" in page
    assert not Ask.objects.exists()
    for _ in range(2):
        assert client.post("/jobs/youth/talk/?occupation=cook", sent).status_code == 302
    ask = Ask.objects.get()
    assert (ask.to, ask.by, ask.occupation, ask.name) == (nfe, None, occupation("cook"), "<b>บอย</b>")
    assert Notice.objects.filter(user=city.officer, kind="jobs.talk").count() == 1
    sign_in_fully(client, city.officer)
    page = client.get(f"/jobs/asks/{ask.pk}/").content.decode()
    assert "&lt;b&gt;บอย" in page
    assert client.post(f"/jobs/asks/{ask.pk}/", {"answer": "โทรแล้ว"}).status_code == 302
    other = Client()
    sign_in_fully(other, city.other)
    assert other.get(f"/jobs/asks/{ask.pk}/").status_code == 404


def test_a_way_asks_a_constant_number_of_questions(city: shelf.SmallCity, client: Client) -> None:
    offered(city)
    client.get("/jobs/youth/care-worker/")
    with CaptureQueriesContext(connection) as few:
        client.get("/jobs/youth/care-worker/")
    rows = [shelf.weaving(title_th=f"เรียนดูแล {n}", title_en=f"Learn {n}") for n in range(10)]
    skill = WorkRow(taught=("elder-care",))
    actions.describe_many(rows=[(o.pk, skill) for o in shelf.published(city, *rows)], by=city.officer)
    with CaptureQueriesContext(connection) as many:
        client.get("/jobs/youth/care-worker/")
    assert len(many) <= len(few)
