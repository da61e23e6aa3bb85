"""The first page of a search: small, usable before any script, and taken along as a feed and a table."""

import csv
import datetime as dt
import io
from urllib.parse import quote

import feedparser
import html5lib
import polars
import pytest
from django.test import Client
from tests.catalogue.conftest import ROOT, SmallCity, published, weaving

from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.queries.desk import found
from okat.city.core import clock
from okat.city.desk.commands.demo.build import SEED
from okat.city.desk.commands.demo.opportunities import make
from okat.city.places.models import Area, Level

NOW = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)
MOST_BYTES = 60_000
HTML = "{http://www.w3.org/1999/xhtml}"


def _area(code: str, level: Level, parent: Area) -> Area:
    area = Area(code=code, level=level, th="หนองแห่งหนึ่ง", en="Nong", parent=parent, lat=16.4, lon=102.8).fill()
    area.save()
    return area


@pytest.fixture
def shelf(city: SmallCity) -> SmallCity:
    """The demo's catalogue in small, with as many areas as a province has: full cards, Thai and English."""
    province = Area.objects.get(code="40")
    for n in range(3, 27):
        district = _area(f"40{n:02}", Level.DISTRICT, province)
        for number in range(8):
            _area(f"{district.code}{number:02}", Level.SUBDISTRICT, district)
    publish_many(rows=list(make(ROOT / "cities" / "khon-kaen", SEED, 60, NOW.date())), by=city.system)
    return city


@pytest.mark.parametrize("query", ["", "q=ผู้สูงอายุ", "q=older persons&lang=en", "q=ทอพ้า&near=400301&free=1"])
def test_the_first_page_is_small_and_needs_no_script(shelf: SmallCity, client: Client, query: str) -> None:
    with clock.at(NOW):
        content = client.get(f"/catalogue/?{quote(query, safe='=&')}").content
    assert len(content) < MOST_BYTES  # as sent before compression
    page = html5lib.HTMLParser(strict=True).parse(content.decode())
    search = next(form for form in page.iter(f"{HTML}form") if form.get("role") == "search" and form.get("method"))
    assert search.get("method") == "get"
    assert {"q"} <= {box.get("name") for box in search.iter(f"{HTML}input")}
    assert list(search.iter(f"{HTML}button"))
    cards = [link.get("href", "") for card in page.iter(f"{HTML}article") for link in card.iter(f"{HTML}a")]
    assert len(cards) >= 3
    assert all(client.get(link).status_code == 200 for link in cards[:2])
    for script in page.iter(f"{HTML}script"):  # none stops the page from being drawn
        assert "defer" in script.attrib or script.get("type") == "module"


def test_a_search_is_taken_along_as_feed_and_table(shelf: SmallCity, client: Client) -> None:
    published(shelf, weaving(title_th="=SUM(A1) ทอผ้า", title_en="", cost=120, capacity=None))
    query = f"q={quote('ทอผ้า')}&area=400101"
    with clock.at(NOW):
        feed = feedparser.parse(client.get(f"/catalogue/feed.atom?{query}").content)
        content = client.get(f"/catalogue/list.csv?{query}").content
        page = client.get(f"/catalogue/?{query}").content.decode()
    assert not feed.bozo
    assert feed.version == "atom10"
    assert feed.entries
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), strict=True))
    assert sorted(row["โอกาส"].lstrip("'") for row in rows) == sorted(entry.title for entry in feed.entries)
    assert {row["พื้นที่"] for row in rows} == {"ในเมือง"}
    assert any(row["โอกาส"].startswith("'=SUM") for row in rows)  # no formula for an office program
    read = polars.read_csv(content)
    assert read.height == len(rows)
    assert read.width == 10
    assert f"list.csv?{query.replace('&', '&amp;')}" in page
    assert f"feed.atom?{query.replace('&', '&amp;')}" in page


def test_the_search_box_of_staff_finds_opportunities_however_they_are_spelt(shelf: SmallCity) -> None:
    with clock.at(NOW):
        lines = list(found(shelf.officer, "ทอพ้า"))
        assert lines[0].title.startswith("ทอผ้าไหมมัดหมี่")
        assert len(lines) <= 9
        assert list(found(shelf.officer, "ดำน้ำ")) == []
