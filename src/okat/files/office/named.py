"""What stands where one person's name should: nobody's, that of several, an office, a title that the age denies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from okat.files.office.refusing import refuses
from okat.thai.asides import part
from okat.thai.names import CIVIL, take_titles
from okat.thai.partial import PartialDate, age
from okat.thai.text import fold, normalise

_UNKNOWN = re.compile(
    r"ไม่\s?(?:ทราบ|รู้|ระบุ|ปรากฏ|เปิดเผย|บอก|แจ้ง|ประสงค์|ออกนาม|มี\s?ชื่อ).*|นิรนาม|unknown|anonymous|no name|nameless", re.I
)
_LED = re.compile(
    "ครอบครัว|ครัวเรือน|บ้าน(?:ของ|นาย|นาง|เลขที่)|ผู้ใหญ่บ้าน|ผู้ช่วยผู้ใหญ่|กำนัน|สารวัตร|แพทย์ประจำ|อสม|ประธาน|หัวหน้า|กรรมการ|สมาชิก|นายก(?:เทศ|อบต)|"
    "ภรรยา|ภริยา|สามี|ลูก(?:ของ|นาย|นาง|สาว|ชาย)|(?:แม่|พ่อ|ยาย|ตา|ปู่|ย่า|พี่|น้อง|หลาน)(?:ของ|นาย|นาง|ด\\.)|บุตร(?:ของ|นาย|นาง|สาว|ชาย)|มารดา|บิดา|ญาติ|"
    "คณะ|กลุ่ม|ชมรม|ผู้ดูแล|ผู้ปกครอง|ทายาท|หมู่บ้าน|ชุมชน|family of|wife of|husband of|mother of|father of|child of"
)
_AND = re.compile(r"^[\s,;/+&]*(?:และ|กับ|พร้อม(?:ด้วย)?|and\b|with\b|&)", re.I)
_SIGNS = re.compile(r"^[\s,;/+&\d.)–—-]*(?:และ|กับ|พร้อมด้วย|พร้อม|and|with)?\s*", re.I)
_PARTED = re.compile(  # between two names of one cell
    r"(?<=[ก-๙.\w])\s*(?:[-–—/;+&\n]|\d\s?[.)])\s*(?:นาย|นาง|น\.\s?ส\.|ด\.\s?[ชญ]\.|เด็กชาย|เด็กหญิง)(?=\s*[ก-ฮเ-ไ])"
)
_NO_FIRST = re.compile("(?:ราย|ผู|คน|ที|ขอ)*(?:ไม|มิ|หาม|งด|อยา|ถอน|ปฏิเสธ|ยกเลิก|ลบ|[a-z])")  # of a folded text
_CHILD = frozenset({"เด็กชาย", "เด็กหญิง"})
GROWN = 15  # nobody is titled a child from here on


def is_unknown(name: str) -> bool:
    """Whether it is no name but a word that there is none."""
    return bool(_UNKNOWN.fullmatch(normalise(name)))


def leads_elsewhere(given: str, title: str) -> bool:
    """Whether a given name begins with a family, an office or whose relative somebody is: a Mr ประธาน is called so."""
    name = normalise(given)
    found = _LED.match(name)
    return found is not None and not (title in CIVIL.values() and found.end() == len(name))


def names_a_second(asides: Iterable[str], whole: str) -> bool:
    """Whether another person stands beside a name: behind an “and”, or with a title. `whole`: the cell as it stands."""
    beside = any(_AND.match(text) or _titled(_SIGNS.sub("", text)) for text in asides)
    return beside or bool(_PARTED.search(whole))


def refuses_beside(cell: str, *, alone: bool) -> bool:
    """Whether a cell of a name that holds a no says it beside the name, or where the name should stand. `alone`: no
    other cell of the row names the person."""
    titles, rest = take_titles(cell)
    beside = (*part(cell).aside, " ".join(rest.split()[2:]))
    return any(map(refuses, beside)) or (alone and not titles and bool(_NO_FIRST.match(fold(cell))))


def _titled(text: str) -> bool:
    titles, rest = take_titles(text)
    return bool(titles and rest) and titles[0] in CIVIL.values()


def is_grown_child(values: dict[str, Any], today: date | None) -> bool:
    """Whether the title says a child and the age says none."""
    if values.get("title") not in _CHILD:
        return False
    said, birth = values.get("age"), values.get("birth_date")
    if isinstance(birth, PartialDate) and today is not None:
        said = age(birth, today).low
    return isinstance(said, int) and said >= GROWN
