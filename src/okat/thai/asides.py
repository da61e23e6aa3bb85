"""What stands beside a name in its cell: a nickname, or a word about the person's state, which is no part of the name.

Lists say "(แดง)" and "(ติดเตียง)" in the same place. Only what can be nothing but a nickname is taken for one; all else
is kept apart, because a name is shown wherever the person is, and such a word may not be.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from okat.thai.text import length, normalise

_BRACKETS = re.compile(r"[(\[（{]([^()\[\]（）{}]*)(?:[)\]）}]|$)")
_STRAY = re.compile(r"[()\[\]（）{}]")
_CALLED = re.compile(r"(?:ชื่อเล่น|เรียกว่า|ชื่อที่เรียก|nick ?name)\s?[:：]?\s*(.+)", re.I)
_THAI_WORD = re.compile("[ก-ฮะ-ฺเ-๎]+")
_LONGEST = 7  # letters as Thai people count them
_COUNTED = re.compile(r"\(?\d{1,5}\s?[.)]\)?\s*(?=\D)|\d{1,5}\s+(?=[^\d\s])")

# Beginnings, ends or wholes of words about health, death, family, law, religion, office and membership.
_STATES = (
    "เสียชีวิต", "ตาย", "ถึงแก่", "มรณ", "ป่วย", "โรค", "ไข้", "เชื้อ", "เอดส์", "เอชไอวี", "มะเร็ง", "เบาหวาน", "ความดัน",
    "หัวใจ", "พิการ", "บอด", "หนวก", "ใบ้", "ติด", "อัมพ", "จิตเวช", "จิตเภท", "ประสาท", "เศร้า", "ออทิ", "สมาธิ", "ดาวน์",
    "ปัญญา", "ชัก", "หอบ", "หืด", "ครรภ์", "ท้อง", "แท้ง", "คลอด", "หมัน", "ผ่าตัด", "ฟอก", "ล้างไต", "สโตรก", "โควิด",
    "กักตัว", "เสพ", "สุรา", "เหล้า", "คุก", "จำคุก", "เรือนจำ", "ขัง", "โทษ", "คดี", "ย้าย", "ออก", "เลิก", "สละ", "ระงับ",
    "ซ้ำ", "หาย", "ไม่", "ม่าย", "หม้าย", "หย่า", "ร้าง", "โสด", "สมรส", "แต่งงาน", "กำพร้า", "ผู้", "บุตร", "ลูกชาย", "ลูกสาว",
    "ลูกเขย", "สะใภ้", "มารดา", "บิดา", "ภรรยา", "สามี", "เมีย", "ญาติ", "ชรา", "ยากไร้", "ยากจน", "ไร้", "เร่ร่อน", "สัญชาติ",
    "ต่างด้าว", "พม่า", "กัมพูชา", "ประธาน", "หัวหน้า", "กรรมการ", "อสม", "กำนัน", "สมาชิก", "สำรอง", "เดิม", "สกุล", "ทดสอบ",
    "บวช", "เกณฑ์", "หลงลืม", "ความจำ", "เสื่อม", "สมอง", "เกาต์", "เก๊า", "ขาด", "พิษ", "ข่มขืน", "ถูก", "ทำร้าย", "ละเมิด",
    "หนี้", "บกพร่อง", "กะเทย", "เกย์", "เพศ", "อิสลาม", "มุสลิม", "คริสต์", "พุทธ", "ศาสนา", "ล้มละลาย", "เจ็บ", "รักษา",
    "สูงอายุ", "บำบัด", "พยาบาล", "บัตร", "เบี้ย", "ทะเบียน", "คนไข้", "สูญ", "แฝด", "วัณ", "ภูมิแพ้", "แพ้", "ซีด", "เลือด",
)  # fmt: skip
_STATE_WORDS = {
    "ไต", "ตับ", "ปอด", "ลูก", "หลาน", "เหลน", "จน", "ลาว", "เขมร", "ญวน", "รอง", "เก่า", "ว่าง", "พระ", "เณร", "ทหาร",
    "ต้อ", "เข่า", "ขา", "แขน", "หนี", "บ้า", "ใบ", "แม่", "พ่อ", "พี่", "น้อง", "ปู่", "ย่า", "ตา", "ยาย", "ลุง", "ป้า", "น้า",
    "อา",
}  # fmt: skip
# Behind a name without brackets, where a family name would stand: these words whole.
_BEHIND = {
    "เสียชีวิต", "เสียชีวิตแล้ว", "ตาย", "ตายแล้ว", "ถึงแก่กรรม", "ย้าย", "ย้ายออก", "ย้ายแล้ว", "พิการ", "ติดเตียง", "ติดบ้าน", "ผู้ป่วย",
    "ติดเชื้อ", "hiv", "aids", "เอดส์", "มะเร็ง", "เบาหวาน", "จิตเวช", "ออทิสติก", "ตั้งครรภ์", "จำคุก", "ต้องขัง", "ลาออก",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parted:
    """`text` is the name alone; `aside` all that stood beside it and is no nickname."""

    text: str
    nickname: str = ""
    aside: tuple[str, ...] = ()


def part(text: str) -> Parted:
    """Takes brackets, a running number before the name and words of state behind it out of a name's cell."""
    clean = normalise(text)
    clean = clean[found.end() :] if (found := _COUNTED.match(clean)) else clean
    nickname, aside = "", []
    for content in map(normalise, _BRACKETS.findall(clean)):
        called = _nickname(content)
        if called and not nickname:
            nickname = called
        elif content:
            aside.append(content)
    words = normalise(_STRAY.sub(" ", _BRACKETS.sub(" ", clean))).split(" ")
    behind: list[str] = []
    while len(words) > 1 and words[-1].lower() in _BEHIND:
        behind.insert(0, words.pop())
    return Parted(" ".join(words).strip(), nickname, (*aside, *([" ".join(behind)] if behind else [])))


def _nickname(content: str) -> str:
    """The nickname that brackets hold; "" when it may be anything else."""
    if found := _CALLED.fullmatch(content):
        return found[1] if not _tells(found[1]) and length(found[1]) <= 3 * _LONGEST else ""
    if not _THAI_WORD.fullmatch(content) or length(content) > _LONGEST or _tells(content):
        return ""
    return content


def _tells(word: str) -> bool:
    return word in _STATE_WORDS or any(state in word for state in _STATES)
