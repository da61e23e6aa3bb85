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

from okat.city.accounts.models import User
from okat.city.catalogue.actions.missed import count_missed
from okat.city.catalogue.models import MissedSearch
from okat.city.catalogue.queries.missed import unmet
from okat.city.catalogue.queries.suggest import suggest
from okat.city.core import clock, kept
from okat.city.core.models import AuditEntry
from okat.city.partners.rules import Role

NOW = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)


@pytest.fixture
def shelf(city: SmallCity) -> SmallCity:
    published(city, weaving(), weaving(title_th="ทอผ้าฝ้าย", title_en="Cotton weaving"))
    return city


def look(client: Client, text: str, more: str = "") -> str:
    """Not in the same moment as another look: a page that was just drawn for an address is shown as it is."""
    kept.forget_all()
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


def from_others(text: str, times: int, more: str = "", *, first: int = 1) -> None:
    """The same search from so many connections."""
    for number in range(first, first + times):
        look(Client(REMOTE_ADDR=f"198.51.100.{number}"), text, more)


def everything_kept() -> str:
    """All rows of the city, as one text."""
    with connection.cursor() as cursor:
        cursor.execute("select table_name from information_schema.tables where table_schema = 'public'")
        tables = [row[0] for row in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f'select coalesce(string_agg(t::text, chr(10)), $$$$) from "{table}" t')
            found.append(cursor.fetchone()[0])
    return "\n".join(found)


def test_what_fewer_than_five_look_for_is_kept_nowhere(shelf: SmallCity, client: Client) -> None:
    """However often one of them asks, in whatever spelling, signed in or not."""
    for number in range(9):
        look(client, "เรียน " + " " * number + "ดำน้ำ")
    from_others("เรียน ดำน้ำ", 3)
    assert not MissedSearch.objects.exists()
    assert "ดำน้ำ" not in everything_kept()
    assert "198.51.100" not in everything_kept()
    from_others("เรียน ดำน้ำ", 1, first=4)
    assert "ดำน้ำ" in everything_kept()  # so that the look can find


def test_one_account_or_home_counts_once(shelf: SmallCity) -> None:
    for number in range(9):
        look(Client(REMOTE_ADDR=f"2001:db8:1:2:{number}::7"), "ดำน้ำ")  # one home, whose last half changes
        look(Client(REMOTE_ADDR=f"2001:db8::{number}:b:c:d"), "ดำน้ำ")  # and one that is written short
    somebody = member("somebody", "nfe", Role.COORDINATOR)
    for number in range(9):
        moving = Client(REMOTE_ADDR=f"203.0.113.{number}")
        sign_in_fully(moving, somebody)
        look(moving, "ดำน้ำ")
    assert not MissedSearch.objects.exists()


def test_a_search_in_vain_is_counted_by_who_looked(shelf: SmallCity, client: Client) -> None:
    from_others("เรียน  ดำน้ำ", 3)
    from_others("เรียน ดำน้ำ", 2, "&free=1", first=4)
    from_others("ทอผ้า", 6)  # found
    from_others("ทอพ้า", 6)  # found by its sound
    rows = MissedSearch.objects.order_by("narrowed").values_list("text", "narrowed", "count")
    assert list(rows) == [("เรียน ดำน้ำ", False, 3), ("เรียน ดำน้ำ", True, 2)]
    look(client, "เรียน ดำน้ำ")
    assert sum(MissedSearch.objects.values_list("count", flat=True)) == 6
    entry = AuditEntry.objects.filter(verb="catalogue.missed").last()
    assert entry is not None
    assert (entry.subject_key, entry.fields) == ("", ["count"])


def test_a_month_later_five_are_asked_for_again(shelf: SmallCity) -> None:
    from_others("ดำน้ำ", 4)
    with clock.at(NOW + dt.timedelta(days=31)):
        count_missed(text="ดำน้ำ", narrowed=False, asker="another", by=shelf.system)
    assert not MissedSearch.objects.exists()


def missed(text: str, askers: int, by: User, *, narrowed: int = 0) -> None:
    for number in range(askers):
        count_missed(text=text, narrowed=number < narrowed, asker=f"{number}", by=by)


@pytest.mark.parametrize("text", ["081-234-5678", "นายสมชาย ใจดี", "น้องฟ้า บ้านหนองแวง ท้อง", "x", "ก" * 61])
def test_what_may_name_somebody_is_not_kept(shelf: SmallCity, text: str) -> None:
    missed(text, 9, shelf.system)
    assert not MissedSearch.objects.exists()


def test_old_misses_are_forgotten(shelf: SmallCity) -> None:
    with clock.at(NOW - dt.timedelta(days=366)):
        missed("ดำน้ำ", 5, shelf.system)
    with clock.at(NOW):
        missed("ปีนเขา", 5, shelf.system)
    assert [row.text for row in MissedSearch.objects.all()] == ["ปีนเขา"]


def test_the_team_sees_what_several_missed(shelf: SmallCity, client: Client) -> None:
    with clock.at(NOW):
        for text, askers in (("ดำน้ำ", 6), ("=ปีนเขา", 5), ("พายเรือ", 4)):
            missed(text, askers, shelf.system, narrowed=1)
        with CaptureQueriesContext(connection) as seen:
            found = unmet(30)
        assert [(row.text, row.count, row.narrowed) for row in found.rows] == [("ดำน้ำ", 6, 1), ("=ปีนเขา", 5, 1)]
        assert (found.searches, len(seen)) == (11, 1)
        coordinator = member("coordinator", "nfe", Role.COORDINATOR)
        sign_in_fully(client, coordinator)
        page = client.get("/catalogue/unmet/?days=30").content.decode()
        lines = list(csv.reader(io.StringIO(client.get("/catalogue/unmet.csv").content.decode("utf-8-sig"))))
    assert "ดำน้ำ" in page
    assert "พายเรือ" not in page
    assert [line[:3] for line in lines[1:]] == [["ดำน้ำ", "6", "1"], ["'=ปีนเขา", "5", "1"]]
