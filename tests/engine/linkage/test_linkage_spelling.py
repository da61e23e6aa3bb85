"""Names that are one name meet in one form; distances count Thai characters."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import DamerauLevenshtein

from okat.engine.linkage.person import forms
from okat.engine.linkage.score import name_level
from okat.engine.linkage.spelling import fold, sound, tidy
from okat.thai.digits import to_arabic
from okat.thai.text import normalise

THAI = st.text(st.characters(min_codepoint=0x0E00, max_codepoint=0x0E5B), max_size=14)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("ณัฐพล", "นัฐพล"),
        ("ชัยสิทธิ์", "ไชยสิทธ์"),
        ("วรรณา", "วันนา"),
        ("พันธุ์", "พันธ์"),
        ("ใจดี", "ไจดี"),
        ("แก้ว", "แกว"),
        ("เพ็ญ", "เพ็น"),
        ("บุญมี", "บุนมี"),
        ("ญาณี", "ยาณี"),
    ],
)
def test_misspellings_fold_to_one_form(a: str, b: str) -> None:
    assert fold(tidy(a)) == fold(tidy(b))
    assert name_level(forms(a), forms(b))[0] == "spelling"


def test_names_that_sound_alike_share_their_consonants() -> None:
    assert sound(fold("สมชาย")) == sound(fold("สมไชย")) == "สมชย"
    assert sound(fold("อรทัย")) == sound(fold("อลทัย"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("เเก้ว", "แก้ว"),
        ("น\u0e49\u0e4d\u0e32", "น้ำ"),
        (" สม ชาย ", "สมชาย"),
        ("สม\u200bชาย", "สมชาย"),
        ("Somchai-A.", "somchaia"),
    ],
)
def test_what_looks_the_same_is_the_same(typed: str, meant: str) -> None:
    assert tidy(typed) == meant


def test_one_thai_letter_is_one_letter_although_it_is_three_bytes() -> None:
    assert DamerauLevenshtein.distance("แก้ว", "แกว") == 1
    assert name_level(forms("กมลพร"), forms("กมลชร")) == ("near", 1)
    assert name_level(forms("กนกวรรณ"), forms("พรทิพย์"))[0] == "different"
    assert name_level(forms("สมชาย"), forms("วิชัย"))[0] == "different"
    assert name_level(forms("สมชาย"), forms("สมชาญ")) == ("near", 1)


@given(THAI)
@settings(deadline=None, max_examples=300)
def test_the_short_way_for_plain_thai_gives_what_the_long_way_gives(name: str) -> None:
    text = unicodedata.normalize("NFC", normalise(to_arabic(name)).casefold())
    assert tidy(name) == "".join(c for c in text if unicodedata.category(c)[0] in "LMN")


@given(st.text(st.characters(), max_size=30))
@settings(deadline=None, max_examples=300)
def test_any_text_has_forms_and_only_unheard_text_has_none(name: str) -> None:
    tidied, folded, heard = forms(name)
    assert bool(tidied) == bool(folded) == bool(heard)
    assert len(heard) <= len(tidied) + tidied.count("ไ") + tidied.count("ใ")


@given(st.one_of(THAI, st.text(max_size=12)), st.one_of(THAI, st.text(max_size=12)))
@settings(deadline=None, max_examples=300)
def test_levels_of_names_are_symmetric(a: str, b: str) -> None:
    assert name_level(forms(a), forms(b)) == name_level(forms(b), forms(a))
    assert name_level(forms(a), forms(a))[0] == ("same" if tidy(a) else "missing")
