"""What everybody sees, and what other programs read: each format is read back by a program that we did not write."""

import datetime as dt
import json
import re
from decimal import Decimal
from typing import Any

import atoma
import feedparser
import geojson
import html5lib
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from tests.catalogue.conftest import OLDER, SmallCity, published, weaving
from tests.signing import sign_in_fully

from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import Kind, Status
from okat.city.catalogue.rules.rows import SessionRow
from okat.city.core import clock

BANGKOK = timezone.get_default_timezone()


def meeting(day: int = 7) -> SessionRow:
    start = dt.datetime(2026, 12, day, 9, 0, tzinfo=BANGKOK)
    return SessionRow(start, start + dt.timedelta(hours=6))


def one(city: SmallCity, **changes: object) -> Opportunity:
    return published(city, weaving(**changes))[0]


@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize("name", ["search", "kinds", "calendar", "wisdom"])
def test_pages_are_whole_html_in_both_languages(city: SmallCity, client: Client, name: str, lang: str) -> None:
    one(city, sessions=(meeting(),), rule=OLDER)
    answer = client.get(reverse(f"catalogue:{name}"), {"lang": lang, "month": "2026-12"})
    assert answer.status_code == 200
    html5lib.HTMLParser(strict=True).parse(answer.content.decode())


def test_the_page_says_who_it_is_for_with_its_source(city: SmallCity, client: Client) -> None:
    made = one(city, rule=OLDER, reserves=({"group": "disability", "seats": 2},), sessions=(meeting(),))
    page = client.get(reverse("catalogue:open", args=[made.pk])).content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    page = re.sub("<[^>]+>", "", page)  # words that must not break carry a mark
    for words in ("อายุ 60 ปีขึ้นไป", "ประกาศรับสมัคร", "คนพิการ", "ฟรี", "เหลือ 20 จาก 20 ที่"):
        assert words in page
    english = client.get(reverse("catalogue:open", args=[made.pk]), {"lang": "en"}).content.decode()
    assert "age is 60 or over" in english
    assert "Ikat silk weaving" in english


def test_a_draft_is_seen_by_its_own_partner_alone(city: SmallCity, client: Client) -> None:
    made = publish_many(rows=[weaving()], by=city.officer, status=Status.DRAFT).ids[0]
    url = reverse("catalogue:open", args=[made])
    assert client.get(url).status_code == 404
    sign_in_fully(client, city.other)
    assert client.get(url).status_code == 404
    client.force_login(city.officer)  # the password alone shows no draft
    assert client.get(url).status_code == 404
    sign_in_fully(client, city.officer)
    assert client.get(url).status_code == 200


WHEN_HELD = dt.datetime(2026, 12, 2, tzinfo=dt.UTC)
STATES = [  # status, days from then on, what the page says, whether its meetings may still be gone to
    (Status.PUBLISHED, 0, "", True),
    (Status.PUBLISHED, 30, "This is over.", False),
    (Status.CLOSED, 0, "This takes nobody new any more.", True),
    (Status.CLOSED, 30, "This is over.", False),
    (Status.CANCELLED, 0, "This does not take place.", False),
    (Status.CANCELLED, 30, "This does not take place.", False),
    (Status.DRAFT, 0, "Only your office sees this page.", True),
]


@pytest.mark.parametrize("reader", ["visitor", "officer"])
@pytest.mark.parametrize(("status", "days", "said", "goes_on"), STATES)
def test_what_is_over_says_so(
    city: SmallCity, client: Client, status: Status, days: int, said: str, goes_on: bool, reader: str
) -> None:
    made = one(city, sessions=(meeting(),))
    Opportunity.objects.filter(pk=made.pk).update(status=status, end_reason="ครูป่วย")
    if reader == "officer":
        sign_in_fully(client, city.officer)
    elif status is Status.DRAFT:
        return
    with clock.at(WHEN_HELD + dt.timedelta(days=days)):
        page = client.get(reverse("catalogue:open", args=[made.pk]), {"lang": "en"}).content.decode()
    text = re.sub("<[^>]+>", "", page)
    sentences = {row[2] for row in STATES if row[2]}
    assert {one for one in sentences if one in text} == ({said} if said else set())
    assert ("Put it in my calendar" in text, "places left" in text) == (goes_on, goes_on)
    assert ("Meetings that " in text) is not goes_on
    assert text.count("ครูป่วย") == (1 if said and status is not Status.DRAFT else 0)


def test_who_may_not_apply_any_more_reads_until_when_one_could(city: SmallCity, client: Client) -> None:
    made = one(city, sessions=(meeting(),), closes_on=dt.date(2026, 12, 3))
    for day, said in ((3, False), (4, True)):
        with clock.at(dt.datetime(2026, 12, day, 3, tzinfo=dt.UTC)):
            page = client.get(reverse("catalogue:open", args=[made.pk]), {"lang": "en"}).content.decode()
        assert ("The last day to apply was 3 Dec 2026." in re.sub("<[^>]+>", "", page)) is said


def test_hostile_words_do_not_leave_their_place(city: SmallCity, client: Client) -> None:
    bad = "</script><script>alert(1)</script>"
    made = one(city, title_th=f"ก {bad}", about_th=bad, url="https://example.org/?a=1&b=2")
    page = client.get(reverse("catalogue:open", args=[made.pk])).content.decode()
    assert "<script>alert(1)" not in page
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert found
    assert json.loads(found[1])["name"] == f"ก {bad}"


@pytest.mark.parametrize(
    ("kind", "wanted", "needed"),
    [
        (Kind.OCCUPATION, "Course", ("provider", "hasCourseInstance", "offers")),
        (Kind.JOB, "JobPosting", ("title", "datePosted", "hiringOrganization", "jobLocation", "validThrough")),
        (Kind.LOAN_PERSON, "LoanOrCredit", ("provider", "amount")),
        (Kind.CHILD_GRANT, "MonetaryGrant", ("funder", "amount")),
        (Kind.EVENT, "Event", ("startDate", "location", "organizer")),
        (Kind.SERVICE, "Service", ("provider", "areaServed")),
    ],
)
def test_schema_org_says_what_search_engines_require(
    city: SmallCity, client: Client, kind: Kind, wanted: str, needed: tuple[str, ...]
) -> None:
    made = one(city, kind=kind.value, amount=Decimal(9000), amount_per="month", closes_on=dt.date(2027, 1, 31),
               sessions=(meeting(),))  # fmt: skip
    page = client.get(reverse("catalogue:open", args=[made.pk])).content.decode()
    data: dict[str, Any] = json.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])
    assert data["@type"] == wanted
    assert data["description"]
    assert all(data.get(name) for name in needed), data


def test_the_calendar_file_is_read_by_another_program(city: SmallCity, client: Client) -> None:
    made = one(city, sessions=(meeting(7), meeting(8)))
    found = Calendar.from_ical(client.get(reverse("catalogue:ics", args=[made.pk])).content)
    events = found.walk("VEVENT")
    assert [e["DTSTART"].dt for e in events] == [dt.datetime(2026, 12, d, 2, 0, tzinfo=dt.UTC) for d in (7, 8)]
    assert {str(e["SUMMARY"]) for e in events} == {"ฝึกทอผ้าไหมมัดหมี่"}
    assert len({str(e["UID"]) for e in events}) == 2
    days = one(city, starts_on=dt.date(2026, 12, 7), ends_on=dt.date(2026, 12, 9), title_th="สามวัน")
    (event,) = Calendar.from_ical(client.get(reverse("catalogue:ics", args=[days.pk])).content).walk("VEVENT")
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (dt.date(2026, 12, 7), dt.date(2026, 12, 10))


def test_the_feed_is_read_by_another_program(city: SmallCity, client: Client) -> None:
    made = one(city)
    read = feedparser.parse(client.get(reverse("catalogue:feed")).content)
    assert not read.bozo
    assert read.version == "atom10"
    (entry,) = read.entries
    assert (entry.title, entry.id) == ("ฝึกทอผ้าไหมมัดหมี่", f"urn:uuid:{made.pk}")
    assert entry.link.endswith(reverse("catalogue:open", args=[made.pk]))


def test_a_second_reader_finds_all_that_a_feed_must_have(city: SmallCity, client: Client) -> None:
    """RFC 4287, 4.1.1 and 4.1.2: id, title, updated of feed and entry, an author, a link; moments with their zone."""
    made = one(city)
    content = client.get(reverse("catalogue:feed")).content
    feed = atoma.parse_atom_bytes(content)
    (entry,) = feed.entries
    assert (entry.id_, entry.title.value) == (f"urn:uuid:{made.pk}", made.title_th)
    for each in (feed, entry):
        assert each.id_
        assert each.title.value
        assert each.updated.tzinfo is not None
    assert {"alternate", "self"} <= {link.rel for link in feed.links}
    assert (entry.authors[0].name, entry.links[0].rel) == (made.provider.th, "alternate")
    with pytest.raises(atoma.FeedParseError):
        atoma.parse_atom_bytes(re.sub(rb"<id>[^<]*</id>", b"", content))


def test_the_map_holds_what_the_list_finds(city: SmallCity, client: Client) -> None:
    one(city)
    one(city, title_th="งานขับรถ", kind="job", title_en="")
    answer = client.get(reverse("catalogue:points"), {"kind": "job"})
    shapes = answer.json()
    assert answer.headers["Content-Type"] == "application/geo+json"
    judged = geojson.loads(answer.content)
    assert judged.is_valid, judged.errors()
    points = [f for f in shapes["features"] if f["geometry"]["type"] == "Point"]
    assert [p["properties"]["name"] for p in points] == ["ในเมือง"]
    assert [p["properties"]["offers"] for p in points] == [1]
    assert points[0]["geometry"]["coordinates"] == [102.835, 16.432]


def test_the_month_shows_its_meetings_day_by_day(city: SmallCity, client: Client) -> None:
    one(city, sessions=(meeting(7), meeting(21)))
    page = client.get(reverse("catalogue:calendar"), {"month": "2026-12"}).content.decode()
    assert page.index("7 ธ.ค. 2569") < page.index("21 ธ.ค. 2569")
    assert "ธันวาคม 2569" in page
    assert client.get(reverse("catalogue:calendar"), {"month": "cake"}).status_code == 200


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=๓", "km=abc&near=400101", "from=2026-13-01", "kind=cake", "q=%01"]
)
def test_a_strange_address_is_no_error(city: SmallCity, client: Client, query: str) -> None:
    one(city)
    assert client.get(f"{reverse('catalogue:search')}?{query}").status_code == 200


def test_the_list_takes_the_same_number_of_statements_for_10_and_300(city: SmallCity, client: Client) -> None:
    counts = []
    for size in (10, 300):
        published(city, *(weaving(title_th=f"หลักสูตรที่ {n}", key=f"{n}") for n in range(size)))
        client.get(reverse("catalogue:search"))
        cache.clear()  # nothing is committed inside a test, so the list would be the one drawn before
        with clock.at(dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)), CaptureQueriesContext(connection) as seen:
            client.get(reverse("catalogue:search"), {"q": "หลักสูตร", "free": "1"})
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8
