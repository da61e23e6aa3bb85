"""Normalising, folding, counting, ordering."""

import random
import re

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pythainlp.util import collate

from okat.thai.digits import to_arabic, to_thai
from okat.thai.sort import sort_key
from okat.thai.text import _normalise_fully, fold, graphemes, length, normalise, truncate

THAI = st.text(st.characters(min_codepoint=0x0E01, max_codepoint=0x0E5B), max_size=12)
MIXED = st.text(max_size=30) | THAI


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("นํ้า", "น้ำ"),
        ("น้ํา", "น้ำ"),
        ("นำ้", "น้ำ"),
        ("ทํางาน", "ทำงาน"),
        ("เเม่", "แม่"),
        ("ก่่อน", "ก่อน"),
        ("ที่ี", "ที่"),
        ("กุ่ง", "กุ่ง"),
        ("ก่ง\u200bขวัญ", "ก่งขวัญ"),
        ("\ufeffขอน\u00a0 แก่น\t", "ขอน แก่น"),
        ("ก\x00ข", "กข"),
    ],
)
def test_one_spelling(raw: str, clean: str) -> None:
    assert normalise(raw) == clean


def test_lines_are_kept_only_when_asked() -> None:
    assert normalise("ก  ข\r\n ค ") == "ก ข ค"
    assert normalise("ก  ข\r\n ค ", keep_lines=True) == "ก ข\nค"


@given(MIXED | st.text("กำเแ่้ิุ์ํา \t\na", max_size=8), st.booleans())
@settings(deadline=None, max_examples=500)
def test_the_short_way_for_ordinary_texts_changes_nothing(text: str, keep_lines: bool) -> None:
    assert normalise(text, keep_lines=keep_lines) == _normalise_fully(text, keep_lines=keep_lines)


@given(MIXED)
@settings(deadline=None)
@example("ำ์่")
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    lines = normalise(text, keep_lines=True)
    assert normalise(lines, keep_lines=True) == lines


@given(MIXED)
@settings(deadline=None)
def test_fold_is_stable_and_blind_to_spelling(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(normalise(text)) == fold(text)


def test_fold_joins_what_people_confuse() -> None:
    assert fold("วัน เดือน ปี-เกิด") == fold("วัน/เดือน/ปีเกิด")
    assert fold("แก้ว") == fold("แกว")
    assert fold("ณัฐ์ ๑") == "ณัฐ1"
    assert fold("แก้ว") != fold("กาว")


def test_lengths_are_characters_and_not_bytes() -> None:
    assert length("แก้ว") == 4
    assert graphemes("น้ำใจ") == ["น้ำ", "ใ", "จ"]


def test_truncation_never_cuts_a_sign() -> None:
    assert truncate("ผู้สูงอายุ", 4) == "ผู้สูง…"
    assert truncate("กขเค", 4) == "กขเค"
    assert truncate("กขเคง", 4) == "กข…"
    with pytest.raises(ValueError, match="shorter"):
        truncate("กขค", 1, "....")


@given(MIXED, st.integers(1, 10))
@settings(deadline=None)
def test_truncation_keeps_its_limit(text: str, limit: int) -> None:
    cut = truncate(text, limit)
    assert len(graphemes(cut)) <= max(limit, 1)
    assert cut == text or text.startswith(cut.removesuffix("…"))


@given(MIXED)
@settings(deadline=None)
def test_digits_go_there_and_back(text: str) -> None:
    assert to_arabic(to_thai(to_arabic(text))) == to_arabic(text)


def test_dictionary_order_of_the_classic_example() -> None:
    assert sorted(["ขา", "เก", "กา", "แก้ว", "โขน"], key=sort_key) == ["กา", "เก", "แก้ว", "ขา", "โขน"]
    assert sorted(["ไก่", "เกิด", "กาล", "เป็ด", "หมู", "วัว", "วันที่"], key=sort_key) == [
        "กาล", "เกิด", "ไก่", "เป็ด", "วันที่", "วัว", "หมู",
    ]  # fmt: skip


def test_tone_marks_decide_only_between_equal_words() -> None:
    assert sorted(["ป้า", "ปา", "ป๋า", "ป่า", "ป๊า"], key=sort_key) == ["ปา", "ป่า", "ป้า", "ป๊า", "ป๋า"]
    assert sort_key("ก้า") < sort_key("กาง")
    assert sort_key("ขอน แก่น") < sort_key("ขอนแก่นา")


CONSONANT = st.sampled_from("กขคงจชญฐณดตถทนบปผพมยรลวศษสหอฮ")
SYLLABLE = st.tuples(
    st.sampled_from(["", "เ", "แ", "โ", "ใ", "ไ"]),
    CONSONANT,
    st.sampled_from(["", "ะ", "า", "ิ", "ี", "ุ", "ู"]),
    CONSONANT | st.just(""),
).map("".join)
PLAIN_WORD = st.lists(SYLLABLE, min_size=1, max_size=3).map("".join)


@given(st.lists(PLAIN_WORD, max_size=20, unique=True))
@settings(deadline=None, max_examples=200)
def test_words_without_tone_marks_sort_as_pythainlp_sorts_them(words: list[str]) -> None:
    assert sorted(words, key=sort_key) == collate(words)


def test_thousands_of_real_words_sort_as_icu_sorts_them() -> None:
    """DuckDB carries ICU's Thai collation: an oracle that neither we nor pythainlp wrote, tone marks
    included."""
    from pythainlp.corpus import thai_words

    letters = re.compile("[ก-ฮะ-ูเ-ไ็-๋]+")
    words = sorted(word for word in thai_words() if letters.fullmatch(word))
    sample = random.Random(2569).sample(words, 4000)
    connection = duckdb.connect()
    rows = connection.execute("select w from (select unnest(?) w) order by w collate th, w", [sample]).fetchall()
    assert sorted(sample, key=sort_key) == [row[0] for row in rows]


@given(MIXED)
@settings(deadline=None)
def test_a_key_can_be_stored(text: str) -> None:
    assert "\x00" not in sort_key(text)


@given(THAI, THAI)
@settings(deadline=None)
def test_binary_order_of_keys_is_the_order_of_their_bytes(a: str, b: str) -> None:
    one, two = sort_key(a), sort_key(b)
    assert (one < two) == (one.encode() < two.encode())
