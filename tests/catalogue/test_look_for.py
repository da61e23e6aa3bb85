"""Words while typing, and what was looked for in vain: fast, without identity, the rare held back."""

import csv
import datetime as dt
import io
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.catalogue.conftest import SmallCity, member, published, weaving
from tests.signing import sign_in_fully

from okat.city.catalogue.actions.missed import count_missed
from okat.city.catalogue.models import MissedSearch
from okat.city.catalogue.queries.missed import unmet
from okat.city.catalogue.queries.suggest import suggest
from okat.city.core import clock
from okat.city.core.models import AuditEntry
from okat.city.partners.rules import Role

NOW = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)


@pytest.fixture
def shelf(city: SmallCity) -> SmallCity:
    published(city, weaving(), weaving(title_th="ทอผ้าฝ้าย", title_en="Cotton weaving"))
    return city


def look(client: Client, text: str, more: str = "") -> str:
    with clock.at(NOW):
        return client.get(f"/catalogue/?q={quote(text)}{more}").content.decode()


def test_what_begins_like_the_text_comes_first(shelf: SmallCity) -> None:
    found = [one.text for one in suggest("ทอ", english=False)]
    assert found[0] == "ทอผ้า"
    assert all(not one.mended for one in suggest("ทอ", english=False))
    assert suggest("weav", english=True)[0].text == "Weaving"
    assert suggest("ท", english=False) == suggest("", english=False) == []


def test_a_misspelt_word_is_mended_and_says_so(shelf: SmallCity, client: Client) -> None:
    assert [(one.text, one.mended) for one in suggest("ทอพ้า", english=False)][:1] == [("ทอผ้า", True)]
    page = client.get(f"/catalogue/suggest/?q={quote('ทอพ้า')}").content.decode()
    assert '<option value="ทอผ้า" label="ทอพ้า → ทอผ้า"></option>' in page


def test_suggestions_are_limited_and_hostile_text_stays_text(shelf: SmallCity, client: Client) -> None:
    assert "<script" not in client.get("/catalogue/suggest/?q=%3Cscript%3E%00'--").content.decode()
    with clock.at(clock.now()):  # a window that ends meanwhile would start the count anew
        codes = {client.get("/catalogue/suggest/?q=zz").status_code for _ in range(260)}
    assert codes == {200, 429}


def test_the_box_works_without_scripts(shelf: SmallCity, client: Client) -> None:
    page = look(client, "ทอผ้า")
    assert 'list="search-words"' in page
    assert '<datalist id="search-words">' in page
    assert "ชื่อมีคำว่า “ทอผ้า”" in page


def test_a_search_in_vain_is_counted_once_for_a_page_loaded_again(shelf: SmallCity, client: Client) -> None:
    for _ in range(3):
        look(client, "เรียน  ดำน้ำ")
    look(client, "ดำน้ำ", "&free=1")
    look(client, "ทอผ้า")  # found
    look(client, "ทอพ้า")  # found by its sound
    rows = MissedSearch.objects.order_by("text").values_list("text", "narrowed", "count")
    assert list(rows) == [("ดำน้ำ", True, 1), ("เรียน ดำน้ำ", False, 1)]
    entry = AuditEntry.objects.filter(verb="catalogue.missed").last()
    assert entry is not None
    assert (entry.subject_key, entry.fields) == ("", ["count"])


@pytest.mark.parametrize("text", ["081-234-5678", "นายสมชาย ใจดี", "x", "ก" * 61])
def test_what_may_name_somebody_is_not_kept(shelf: SmallCity, text: str) -> None:
    assert count_missed(text=text, narrowed=False, by=shelf.system) == 0
    assert not MissedSearch.objects.exists()


def test_old_misses_are_forgotten(shelf: SmallCity) -> None:
    with clock.at(NOW - dt.timedelta(days=366)):
        count_missed(text="ดำน้ำ", narrowed=False, by=shelf.system)
    with clock.at(NOW):
        count_missed(text="ปีนเขา", narrowed=False, by=shelf.system)
    assert [row.text for row in MissedSearch.objects.all()] == ["ปีนเขา"]


def test_the_team_sees_what_was_missed_often_and_how_much_is_held_back(shelf: SmallCity, client: Client) -> None:
    with clock.at(NOW):
        for text, times in (("ดำน้ำ", 6), ("=ปีนเขา", 5), ("พายเรือ", 4)):
            for turn in range(times):
                count_missed(text=text, narrowed=turn == 0, by=shelf.system)
        with CaptureQueriesContext(connection) as seen:
            found = unmet(30)
        assert [(row.text, row.count, row.narrowed) for row in found.rows] == [("ดำน้ำ", 6, 1), ("=ปีนเขา", 5, 1)]
        assert (found.searches, found.held_back, len(seen)) == (11, 4, 2)
        coordinator = member("coordinator", "nfe", Role.COORDINATOR)
        sign_in_fully(client, coordinator)
        page = client.get("/catalogue/unmet/?days=30").content.decode()
        lines = list(csv.reader(io.StringIO(client.get("/catalogue/unmet.csv").content.decode("utf-8-sig"))))
    assert "ดำน้ำ" in page
    assert "พายเรือ" not in page
    assert [line[:3] for line in lines[1:]] == [["ดำน้ำ", "6", "1"], ["'=ปีนเขา", "5", "1"]]
