"""Search in Thai, which writes no spaces; conditions hold together; misspellings find; statements stay few."""

import datetime as dt
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.catalogue.conftest import SmallCity, published, weaving

from okat.city.catalogue.queries import words
from okat.city.catalogue.queries.ranked import levels
from okat.city.catalogue.queries.search import find
from okat.city.catalogue.queries.wish import narrow, wide
from okat.city.catalogue.rules.access import answered
from okat.city.catalogue.rules.look import Look, read_look
from okat.city.core import clock

SIGNED = answered("session:onsite", "session:sign-language", "support:sign-language")
NOW = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)


def titles(**conditions: object) -> list[str]:
    with clock.at(NOW):
        return [o.title_th for o in find(Look(**conditions)).rows]  # type: ignore[arg-type]


@pytest.fixture
def shelf(city: SmallCity) -> SmallCity:
    published(
        city,
        weaving(),
        weaving(title_th="ซ่อมรถจักรยานยนต์ไฟฟ้า", title_en="Repairing electric motorcycles", area="400102", access=SIGNED,
                cost=500, needs=("job",), needs_papers=True,
                slots=("weekend",), summary_th="เรียนที่อู่"),
        weaving(title_th="เงินกู้ยืมทุนประกอบอาชีพผู้สูงอายุ", title_en="", kind="loan_person",
                needs=("capital",), capacity=None, summary_th="กู้ได้ไม่เกิน 30,000 บาท", access={}, online=True),
        weaving(title_th="ทอผ้าฝ้ายครามธรรมชาติ", title_en="", area="4002", capacity=0, closes_on=dt.date(2026, 12, 1)),
        weaving(title_th="อบรมที่ปิดไปแล้ว", closes_on=dt.date(2026, 11, 1)),
    )  # fmt: skip
    return city


def test_a_part_of_a_word_run_together_is_found(shelf: SmallCity) -> None:
    assert set(titles(text="ทอผ้า")) == {"ฝึกทอผ้าไหมมัดหมี่", "ทอผ้าฝ้ายครามธรรมชาติ"}
    assert titles(text="ทอผ้า")[0] == "ฝึกทอผ้าไหมมัดหมี่"  # the other one has no free place
    assert titles(text="ผู้สูงอายุกู้เงิน") == ["เงินกู้ยืมทุนประกอบอาชีพผู้สูงอายุ"]
    assert titles(text="motorcycles") == ["ซ่อมรถจักรยานยนต์ไฟฟ้า"]


def test_the_words_of_needs_and_kinds_are_found_too(shelf: SmallCity) -> None:
    assert "เงินกู้ยืมทุนประกอบอาชีพผู้สูงอายุ" in titles(text="เงินทุนประกอบอาชีพ")
    assert "เงินกู้ยืมทุนประกอบอาชีพผู้สูงอายุ" in titles(text="loan")


@pytest.mark.parametrize("typed", ["ซ่อมรถจักยานยน", "ซ่อมรดจักรยานยนต์", "motorcicles electrc"])
def test_a_misspelt_wish_still_finds(shelf: SmallCity, typed: str) -> None:
    assert titles(text=typed) == ["ซ่อมรถจักรยานยนต์ไฟฟ้า"]


def test_conditions_hold_together(shelf: SmallCity) -> None:
    assert len(titles()) == 4  # the closed window is gone
    assert titles(needs=("job",), formats=("sign-language",)) == ["ซ่อมรถจักรยานยนต์ไฟฟ้า"]
    assert titles(needs=("job",), formats=("sign-language", "online")) == []
    assert set(titles(free=True, area="4001")) == {"ฝึกทอผ้าไหมมัดหมี่", "เงินกู้ยืมทุนประกอบอาชีพผู้สูงอายุ"}
    assert "ซ่อมรถจักรยานยนต์ไฟฟ้า" not in titles(no_papers=True)
    assert "ทอผ้าฝ้ายครามธรรมชาติ" not in titles(places=True)
    assert titles(families=("money",)) == titles(online=True) == ["เงินกู้ยืมทุนประกอบอาชีพผู้สูงอายุ"]
    assert titles(slots=("weekend",)) == ["ซ่อมรถจักรยานยนต์ไฟฟ้า"]
    assert titles(text="ทอผ้า", area="4002") == ["ทอผ้าฝ้ายครามธรรมชาติ"]
    assert titles(area="no-such-area") == []


def test_near_comes_first_and_far_is_left_out(shelf: SmallCity) -> None:
    with clock.at(NOW):
        found = find(Look(near="400101", km=5))
    assert found.rows[0].area.code == "400101"
    assert "ทอผ้าฝ้ายครามธรรมชาติ" not in [o.title_th for o in found.rows]
    assert found.rows[0].km == pytest.approx(0, abs=0.01)  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", ["", "หลักสูตร", "หลักสูด"])
def test_the_number_of_statements_does_not_grow(city: SmallCity, text: str) -> None:
    counts = []
    for size in (10, 300):
        published(city, *(weaving(title_th=f"หลักสูตรทอผ้าที่ {n}", key=f"{n}") for n in range(size)))
        with CaptureQueriesContext(connection) as seen:
            assert find(Look(text=text, free=True, area="4001")).rows
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8


def test_pages_follow_each_other_without_gaps(city: SmallCity) -> None:
    published(city, *(weaving(title_th=f"หลักสูตรที่ {n}") for n in range(45)))
    pages = [find(Look(text="หลักสูตร"), page) for page in (1, 2, 3)]
    assert [(len(p.rows), p.more) for p in pages] == [(20, True), (20, True), (5, False)]
    assert len({o.pk for p in pages for o in p.rows}) == 45


@given(text=st.text(max_size=60))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_wish_breaks_the_literals(db: None, text: str) -> None:
    """PostgreSQL itself reads what is made of any text."""
    literals = [words.vector((text,)), *(one for _grade, one in levels(narrow(text), wide(text)))]
    with connection.cursor() as cursor:
        cursor.execute("select %s::tsvector", [literals[0]])
        for literal in literals[1:]:
            cursor.execute("select %s::tsquery", [literal])


@pytest.mark.parametrize("text", ["'; drop table x; --", "\\' & !", "a'b\\c", "<->", "()", ":*", "\x00", "฿"])
def test_hostile_wishes_find_nothing_and_break_nothing(shelf: SmallCity, text: str) -> None:
    with clock.at(NOW):
        find(read_look(QueryDict(urlencode({"q": text}))))


@given(
    st.builds(
        Look,
        text=st.sampled_from(["", "ทอผ้า"]),
        needs=st.sampled_from([(), ("job", "sell")]),
        km=st.sampled_from([None, 5]),
        free=st.booleans(),
        near=st.sampled_from(["", "4001"]),
        open_on=st.sampled_from([None, dt.date(2026, 1, 2)]),
    )
)
def test_an_address_says_all_that_was_chosen(look: Look) -> None:
    assert read_look(QueryDict(look.address())) == look
