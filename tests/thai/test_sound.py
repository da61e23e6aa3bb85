"""Which misspellings sound alike, and that letters are counted, never bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okat.thai import sound


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ทอพ้า", "ทอผ้า"), ("หมอรำ", "หมอลำ"), ("นัฐพล", "ณัฐพล"), ("ไชยสิทธ์", "ชัยสิทธิ์"), ("สมไชย", "สมชาย"),
        ("คอมพิวเต้อ", "คอมพิวเตอร์"), ("นำท่วม", "น้ำท่วม"),
    ],
)  # fmt: skip
def test_what_sounds_alike(typed: str, meant: str) -> None:
    assert sound.alike(typed, meant)


@pytest.mark.parametrize(
    ("one", "other"), [("ป่า", "ผ้า"), ("เรียน", "เลี้ยง"), ("ทอผ้า", "ตัดผม"), ("weaving", "ทอผ้า"), ("cat", "dog")]
)
def test_what_does_not(one: str, other: str) -> None:
    assert not sound.alike(one, other)


def test_slips_are_counted_in_letters() -> None:
    assert [sound.slips(word) for word in ("กา", "แก้ว", "ทะเบียน", "จักรยานยนต์ไฟฟ้า")] == [0, 0, 2, 3]
    assert sound.likeness("แก้ว", "แกว") == 1  # a tone mark is no letter here
    assert sound.likeness("ทอผ้า", "ทอพ้า") == 0.75


@given(st.text(max_size=30))
def test_any_text_has_codes_and_is_like_itself(text: str) -> None:
    assert len(sound.codes(text)) == 2
    assert sound.alike(text, text)
