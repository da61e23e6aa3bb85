"""Texts that are kept without identity hold no name and no number by which somebody is known; in doubt, not kept."""

import pytest

from okat.thai.private import looks_personal


@pytest.mark.parametrize(
    "text",
    [
        "1-2345-67890-12-1", "๐๘๑-๒๓๔-๕๖๗๘", "081 234 5678", "me@example.com", "line id abc", "นายสมชาย ใจดี", "คุณสมหญิง",
        "สมชาย ใจดี", "สมชายใจดี", "mr. john smith", "Mrs Brown", "ดช.ปิติ", "หาเบอร์ นางสาวพรทิพย์", "ณัฐพล", "ป้าสมศรี",
        "(นายสมชาย ใจดี)", "หา/คุณสมหญิง", "«สมชาย ใจดี»",
        "น้องฟ้า บ้านหนองแวง ท้อง", "น้อง ฟ้า", "ป้าแดง", "ลุงมี ขายที่", "ช่วยยายจันด้วย", "ตาสอน บ้านเหนือ",
        "พี่บีม ตกงาน", "นางแดง", "หนูนา ท้อง",
    ],
)  # fmt: skip
def test_names_and_numbers_are_seen(text: str) -> None:
    assert looks_personal(text)


@pytest.mark.parametrize(
    "text",
    [
        "เรียนดำน้ำ", "ม.6", "ปี 2569", "เงินกู้ 30,000", "อาจารย์", "คุณภาพชีวิต", "ร้อยมาลัย", "นางพยาบาล", "นายจ้าง", "พระเครื่อง",
        "เย็บผ้า บ้านเป็ด", "โซลาร์เซลล์", "python programming", "",
        "งาน (ชั่วคราว)", "()", "(", "!!!", "/",
        "แว่นตา", "ตรวจตาฟรี", "อาหารญี่ปุ่น", "พ่อครัว", "แม่บ้าน", "ทุนให้น้อง",
        "แม่และเด็ก", "ยายี", "นายช่าง", "ครูสอนเต้น", "แม่เลี้ยงเดี่ยว", "อาชีพเสริม",
    ],
)  # fmt: skip
def test_what_people_look_for_is_not_taken_for_a_name(text: str) -> None:
    assert not looks_personal(text)
