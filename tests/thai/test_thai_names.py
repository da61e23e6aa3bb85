"""Names as they stand in cells: what is no part of a name is shown with none."""

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okat.thai.asides import part
from okat.thai.errors import ThaiValueError
from okat.thai.names import split_name
from okat.thai.text import normalise

BESIDE = (
    "พิการ", "ตาบอด", "ป่วยติดเตียง", "อัมพาต", "HIV", "ขี้ยา", "ค้ายา", "เรื้อน", "ฉี่หนู", "ตุ๊ด", "คนจน", "โรฮิงญา", "แดง", "เกษียณ",
    "น้องกล้า", "0812345678", "ไม่ ค่อย สบาย",
)  # fmt: skip
FORMS = (
    "{}/{}", "{} / {}", "{}*{}", "{} *{}", "{},{}", "{}, {}", "{};{}", "{}+{}", "{} - {}", "{} – {}", "{} ‹{}>",
    "{} <{}>", "{} ({})", "{}({})", "{} ({}", "{} [{}]", "{} (({}))", '{} "{}"', '{} "{}', "{} “{}”", "{}: {}", "{}={}",
    "{}|{}", "{} #{}", "{} {}", "{} {}.", "{} {}+", "{}-{}", "{})({})",
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("word", BESIDE)
def test_what_stands_beside_a_name_is_shown_with_no_name(form: str, word: str) -> None:
    name = split_name(form.format("นายสมชาย ใจดี", word))
    assert (name.title, name.given, name.family, name.nickname) == ("นาย", "สมชาย", "ใจดี", "")
    assert word.replace(" ", "") in "".join(name.aside).replace(" ", "")


@pytest.mark.parametrize("word", BESIDE)
def test_nor_what_stands_in_its_middle_in_brackets(word: str) -> None:
    name = split_name(f"สมชาย ({word}) ใจดี")
    assert (name.given, name.family, name.nickname, name.aside) == ("สมชาย", "ใจดี", "", (word,))


@pytest.mark.parametrize(
    "word", ["พิการ", "ตาบอด", "ผู้ป่วยติดเตียง", "ตายแล้ว", "เสียชีวิต", "ตาย.", "hiv", "ไร้สัญชาติ", "คนพิการทางการเห็น"]
)
def test_a_word_of_state_is_no_family_name(word: str) -> None:
    name = split_name(f"นางมาลี {word}")
    assert (name.given, name.family, name.aside) == ("มาลี", "", (word,))


@pytest.mark.parametrize(
    "number", ["1234567890123", "1-2345-67890-12-3", "๑๒๓๔๕๖๗๘๙๐๑๒๓", "08 1234 5678", "123456", "12/2569"]
)
def test_a_number_before_a_name_is_none_of_its_words(number: str) -> None:
    for text in (f"{number} นายสมชาย ใจดี", f"{number}นายสมชาย ใจดี"):
        name = split_name(text)
        assert (name.title, name.given, name.family) == ("นาย", "สมชาย", "ใจดี")
        assert len(name.aside) == 1
    with pytest.raises(ThaiValueError, match="no name"):
        split_name(number)


@pytest.mark.parametrize("lead", ["1. ", "(1) ", "12 ", "๑๒) ", "- ", "* ", "✓", "• "])
def test_a_running_number_or_a_tick_before_a_name_says_nothing(lead: str) -> None:
    name = split_name(f"{lead}นายสมชาย ใจดี")
    assert (name.title, name.given, name.family, name.aside) == ("นาย", "สมชาย", "ใจดี", ())


@pytest.mark.parametrize(
    ("said", "nickname"),
    [
        ("ชื่อเล่น แดง", "แดง"), ("ชื่อเล่น: แดง", "แดง"), ("ชื่อเล่นแดง", "แดง"), ("nickname Dang", "Dang"),
        ("แดง", ""), ("เรียกว่า ขี้ยา", ""), ("ชื่อเล่น แดง ติดเตียง", ""), ("ชื่อเล่น แดง/พิการ", ""), ("ชื่อเล่น", ""),
    ],
)  # fmt: skip
def test_a_nickname_is_what_the_cell_calls_so(said: str, nickname: str) -> None:
    name = split_name(f"สมชาย ใจดี ({said})")
    assert (name.family, name.nickname) == ("ใจดี", nickname)
    assert name.aside == (() if nickname else (said,))


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("สมชาย ศรีสุข ณ นคร", "ศรีสุข ณ นคร"), ("สมชาย แซ่ ลิ้ม", "แซ่ ลิ้ม"), ("Maria de la Cruz", "de la Cruz"),
        ("Juan dela Cruz", "dela Cruz"), ("Maria Delos Santos", "Delos Santos"), ("Jose San Pedro", "San Pedro"),
        ("Ana San", "San"), ("Anne O'Brien", "O'Brien"), ("Mary Smith-Jones", "Smith-Jones"),
        ("Ludwig van der Berg", "van der Berg"),
        ("မောင် အောင်", "အောင်"),
    ],
)  # fmt: skip
def test_family_names_of_several_words(text: str, family: str) -> None:
    name = split_name(text)
    assert (name.family, name.doubtful, name.aside) == (family, False, ())


@pytest.mark.parametrize(
    ("text", "title", "given_name", "family"),
    [
        ("ใจดี, นายสมชาย", "นาย", "สมชาย", "ใจดี"), ("ใจดี,น.ส.มาลี", "นางสาว", "มาลี", "ใจดี"),
        ("ศรีสุข ณ นคร, นางมาลี", "นาง", "มาลี", "ศรีสุข ณ นคร"), ("Dela Cruz, Juan", "", "Juan", "Dela Cruz"),
        ("Cruz, Mr. Juan", "Mr.", "Juan", "Cruz"),
    ],
)  # fmt: skip
def test_the_family_name_first_with_a_comma(text: str, title: str, given_name: str, family: str) -> None:
    name = split_name(text)
    assert (name.title, name.given, name.family, name.aside) == (title, given_name, family, ())
    assert name.turned  # somebody looks: it may be the name of a trade


@pytest.mark.parametrize("text", ["ใจดี, สมชาย", "ใจดี,สมชาย", "Cruz, Juan", "ใจดี, แดง ดี"])
def test_without_a_title_a_comma_is_doubted(text: str) -> None:
    """What follows it may be anything: it is shown with no name."""
    name = split_name(text)
    first, _comma, behind = text.partition(",")
    assert (name.given, name.family, name.turned) == (first, "", True)
    assert "".join(name.aside).lstrip(", ") == behind.strip()


@pytest.mark.parametrize(
    ("text", "title", "given_name", "family"),
    [
        ("de la Cruz, Juan Carlos", "", "de", "la Cruz"), ("นายสมชาย, ใจดี", "นาย", "สมชาย", ""),
        ("สมชาย ใจดี, นายอำเภอ", "", "สมชาย", "ใจดี"), ("น.ส. มาลี ศรีสุข, แดง", "นางสาว", "มาลี", "ศรีสุข"),
    ],
)  # fmt: skip
def test_every_name_behind_a_comma_is_looked_at(text: str, title: str, given_name: str, family: str) -> None:
    """However many words stand before it, and with a title."""
    name = split_name(text)
    assert (name.title, name.given, name.family, name.turned) == (title, given_name, family, True)
    assert name.aside


@pytest.mark.parametrize(
    "text",
    [
        "นายสมชาย ใจดี, พิการ",
        "มาลี, พิการ",
        "มาลี, ติดเตียง",
        "มาลี, 12",
        "มาลี,",
    ],
)
def test_what_is_no_name_behind_a_comma_turns_nothing(text: str) -> None:
    name = split_name(text)
    assert name.given in ("สมชาย", "มาลี")
    assert not name.turned


@given(st.text(max_size=60) | st.text('นายก ขABC()<>"[]/*-.,1๑', max_size=40))
@settings(deadline=None)
def test_no_letter_or_number_of_a_cell_is_lost(text: str) -> None:
    clean = normalise(text)
    parted = part(clean)
    kept = "".join([parted.text, parted.nickname, *parted.aside])
    running = re.match(r"\(?\d{1,5}(?!\d)", clean)
    lost = Counter(c for c in clean if c.isalnum()) - Counter(c for c in kept if c.isalnum())
    assert parted.nickname or lost.total() <= (running.end() if running else 0)
