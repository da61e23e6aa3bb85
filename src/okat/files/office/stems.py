"""The last net under all lists of wordings: a stem of a death, a move, an end of entitlement or a no, found anywhere in
a text, whatever stands around it. It stops nothing: somebody looks at it before the import."""

from __future__ import annotations

import re

from okat.files.office.grid import Cell
from okat.thai.text import fold, normalise

# A death or a move of one of these, written before the word itself, leaves the person of the row where they are.
_WHOSE = (
    "(?:บิดา|มารดา|พ่อ|แม่|สามี|ภรรยา|ภริยา|คู่สมรส|บุตร|ลูก(?:ชาย|สาว|เขย|สะใภ้|คนโต|คนเล็ก)?|พี่(?:ชาย|สาว)?|น้อง(?:ชาย|สาว)?|หลาน|ญาติ|ผู้ปกครอง)"
    "(?:ทั้งคู่|ทั้งสอง|และมารดา|และแม่)?(?:ได้|เพิ่ง|ก็|ที่)?"
)
_GOODS = "อาหาร|สินค้า|ลอตเตอรี่|ล็อตเตอรี่|สลาก|ผ้า|ผัก|ผลไม้|ขนม|น้ำ|เสื้อ|กับข้าว|ปลา|เนื้อ|เครื่อง|ของชำ|ของเก่า|ไม้|ข้าว|ผลผลิต|ผลิตภัณฑ์|ปุ๋ย"
_SELLS = "(?:(?<=รับจ้าง)|(?<=ร้าน)|(?<=ผลิต)|(?<=กลุ่ม)|(?<=ผู้)|(?<=และ)|(?<=สถานที่)|(?<=ตัวแทน))"
_DEATH = (
    r"ตาย(?!าย|ด้าน|ตัว|แล้ง)|เสียชีวิต|เสียชิวิต|สิ้นชีวิต|สิ้นใจ|ถึงแก่(?:กรรม|ความ|อนิจ|อสัญ|ชีวิต|มรณ)|มรณ(?:ะ|ภาพ|กรรม|บัตร)|"
    r"ล่วงลับ|วายชนม์|"
    rf"(?!{_SELLS})จำหน่าย(?!{_GOODS})|"
    r"\bdead\b|\bdied\b|\bdeceased\b|\bdeaths?\b|\bthe late\b|\blate\W*$|passed away|†|✝"
)
_ENDED = r"ย้าย(?!เข้า|มา|กลับ)|\bmoved\b|ขาดคุณสมบัติ|หมดสิทธิ|พ้นสภาพ|พ้นจากสิทธิ|สิ้นสภาพ"
_SOMEBODY_ELSE = re.compile(rf"{_WHOSE}\s?(?:{_DEATH}|{_ENDED})", re.I)
_LIVES = re.compile(r"(?:ยัง)?ไม่(?:ได้)?(?:ตาย|เสียชีวิต|ย้าย|ถูกจำหน่าย)")
_STEM_OF_DEATH = re.compile(_DEATH, re.I)
_STEM = re.compile(f"{_DEATH}|{_ENDED}", re.I)
# Left out of what is listed, or a part of the name of a place: such a text names no list of the gone.
_LEFT_OUT = re.compile(
    r"(?:ไม่รวม|ไม่นับ|ตัดยอด|ตัดราย|ยกเว้น|หัก(?:ยอด|ผู้)|excluding|without)[^()]*"
    r"|(?:บ้าน|ชุมชน|ตำบล|ต\.|อำเภอ|อ\.|วัด|ซอย|คุ้ม)(?:(?!ที่|ผู้|คน)[ก-๎]){0,12}?(?:ตาย|ย้าย)(?!แล้ว|ออก|ไป|เมื่อ)",
    re.I,
)

# Of headings (`fold`: without tone marks, spaces and signs).
_STATUS = re.compile("สถานะ|สถานภาพ|สภานะ|สิทธิ|เบีย|การรับ|รับเงิน|คงอยู|ยังอยู|มีชีวิต|จำหนาย|status|entitle|alive")
_ALIVE = re.compile("คงอยู|ยังอยู|มีชีวิต|alive|living")
_HEADS_DEATH = re.compile(
    "ตาย(?!าย|ดาน|ตัว)|เสียชีวิต|สินชีวิต|ถึงแก(?:กรรม|ความ|อนิจ|อสัญ)|มรณ|ลวงลับ|วายชนม|deceased|died|death"
    "|^(?:วันที|วัน|วดป|วันเดือนปี|เดือนปี|ปี|เลขที)*(?:ที|ถูก|แจง)*จำหนาย(?:เมือ|วันที|ชือ|ออก|แลว|ตาย|จาก.*)*$"
)

_NO = (
    r"ไม่|ห้าม|(?<![ก-ฮ])งด|ยกเลิก|เลิก|ถอน|ขอคืน|คืน(?=ใบ|เอกสาร)|ฉีก|เปลี่ยนใจ|บอกปัด|ปฏิเสธ|ขอลบ|ขีด(?=ออก|ทิ้ง|ฆ่า)|"
    r"\bno\b|\bnot\b|\w+n['’]t\b|withdr[ae]w|cancel|refus"
)
_RECORD = r"ยินยอม|ใบ(?!ขับ|หน้า|สั่ง|เกิด|้)|เอกสาร|ข้อมูล|ชื่อ|consent|record|data|\bname|\blist"
_LISTED = re.compile("รายชื่อ(?=ผู้|เด็ก|คน)")  # of whom a title is, and not whose name
_FAR = ".{0,25}"
_NO_TO_RECORD = re.compile(rf"(?:{_NO}){_FAR}(?:{_RECORD})|(?:{_RECORD}){_FAR}(?:{_NO})|เปลี่ยนใจ|บอกปัด|ขอเป็นส่วนตัว", re.I)


def may_be_gone(cell: Cell) -> bool:
    """Whether a text holds a stem of a death, a move or an end of entitlement that is not plainly somebody else's."""
    return isinstance(cell, str) and bool(_STEM.search(cell) and _STEM.search(_own(cell)))


def may_be_dead(cell: Cell) -> bool:
    """The same of a death alone."""
    return isinstance(cell, str) and bool(_STEM_OF_DEATH.search(_own(cell)))


def may_refuse(text: str) -> bool:
    """Whether a no, or taking back, stands near the record, its paper or the name."""
    return bool(_NO_TO_RECORD.search(_LISTED.sub("", normalise(text))))


def without_left_out(text: str) -> str:
    """A title without whom it says that it leaves out, and without the names of places."""
    return _LEFT_OUT.sub(" ", normalise(text))


def is_of_status(heading: str) -> bool:
    """Whether a column says whether somebody still gets or is what the table lists."""
    return bool(_STATUS.search(fold(heading)))


def is_of_the_living(heading: str) -> bool:
    """Whether a column says that somebody lives: a no there is a death, or a move."""
    return bool(_ALIVE.search(fold(heading)))


def heads_a_death(heading: str) -> bool:
    """Whether whatever stands in the column says that somebody died: its day, its paper, a mark. Where it names the
    living too, the cells say which."""
    key = fold(heading)
    return bool(_HEADS_DEATH.search(key)) and not _ALIVE.search(key)


def _own(text: str) -> str:
    return _LIVES.sub(" ", _SOMEBODY_ELSE.sub(" ", normalise(text)))
