"""What the words of an office's table mean for an opportunity: kind, slots, papers, conditions. Pure."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from okat.city.catalogue.rules import Kind, Slot
from okat.city.taxonomy.rules import Answer

# The longest course of an interest group, in hours (6-30 h; sites.google.com/nfe.go.th/abroadnfe).
INTEREST_HOURS = 30
_KINDS = {
    "occupational_course": Kind.OCCUPATION, "interest_course": Kind.INTEREST, "literacy": Kind.LITERACY,
    "community_course": Kind.COMMUNITY_PROBLEM, "job": Kind.JOB, "quota_job": Kind.JOB_QUOTA,
    "project_subsidy": Kind.SUBSIDY, "grant": Kind.CHILD_GRANT, "benefit": Kind.BENEFIT, "service": Kind.SERVICE,
    "mentoring": Kind.MENTORING, "market_programme": Kind.MARKET, "workplace_learning": Kind.WORKPLACE,
    "event": Kind.EVENT, "papers": Kind.PAPERS,
}  # fmt: skip
_GROUP = ("กลุ่ม", "group")
_LEVELS = (
    (Kind.BASIC_LOWER, ("มัธยมศึกษาตอนต้น", "มัธยมต้น", "ม.ต้น", "ม.3", "lower secondary")),
    (Kind.BASIC_UPPER, ("มัธยมศึกษาตอนปลาย", "มัธยมปลาย", "ม.ปลาย", "ม.6", "upper secondary")),
    (Kind.BASIC_PRIMARY, ("ประถม", "ป.6", "primary")),
)
_WORDS = (
    (Kind.JOB, ("รับสมัครงาน", "รับสมัครพนักงาน", "พนักงาน", "ตำแหน่ง", "จ้างงาน", "งานประจำ", "vacancy")),
    (Kind.LOAN_PERSON, ("เงินกู้", "กู้ยืม", "สินเชื่อ", "loan")),
    (Kind.CHILD_GRANT, ("ทุนการศึกษา", "ทุนเสมอภาค", "scholarship")),
    (Kind.BENEFIT, ("เบี้ย", "สวัสดิการ", "สงเคราะห์", "allowance")),
    (Kind.LITERACY, ("รู้หนังสือ", "อ่านออกเขียนได้", "literacy")),
    (Kind.MARKET, ("ออกร้าน", "ออกบูธ", "ตลาดนัด", "market")),
    (Kind.SERVICE, ("บริการ", "ซ่อมแซมบ้าน", "service")),
)
_PAPERS = ("บัตรประจำตัวประชาชน", "บัตรประชาชน", "ทะเบียนบ้าน", "identity card", "id card", "house registration")
_NO_PAPERS = ("ไม่ต้องใช้เอกสาร", "ไม่ต้องใช้บัตร", "ไม่ต้องมีบัตร", "ไม่ใช้เอกสาร", "ไม่ใช้บัตร", "no papers")
_SAID = re.compile(r"(?P<word>[^(:：]+?)\s*(?:[(:：]\s*(?P<answer>[^)]+?)\s*\)?)?")
_ANSWERS = (
    (Answer.YES, ("มี", "ได้", "ใช่", "yes")),
    (Answer.NO, ("ไม่มี", "ไม่ได้", "ไม่ใช่", "no")),
    (Answer.NOT_NEEDED, ("ไม่จำเป็น", "ไม่ต้องใช้", "not needed", "not_needed")),
    (Answer.ASK, ("ถามก่อน", "สอบถาม", "สอบถามก่อน", "ask", "ask first")),
)
_SLOTS = (
    (Slot.WEEKEND, ("เสาร์", "อาทิตย์", "วันหยุด", "ส.-อา", "weekend", "saturday", "sunday")),
    (Slot.WEEKDAY_EVENING, ("เย็น", "ค่ำ", "หลังเลิกงาน", "evening")),
    (Slot.WEEKDAY_DAY, ("จันทร์", "อังคาร", "พุธ", "พฤหัส", "ศุกร์", "วันธรรมดา", "จ.-ศ", "weekday", "monday")),
)


def kind_of(said: str, title: str, hours: Decimal | None) -> tuple[Kind | None, bool]:
    """The kind of a row and whether it was only assumed from the title and hours; None: the level is not said."""
    if said == "basic_education":
        return _found(_LEVELS, title), False
    if said == "loan":
        return (Kind.LOAN_GROUP if _has(title, _GROUP) else Kind.LOAN_PERSON), False
    if said:
        return _KINDS[said], False
    guess = _found(_WORDS, title)
    if guess is None:
        guess = Kind.INTEREST if hours is not None and hours <= INTEREST_HOURS else Kind.OCCUPATION
    return guess, True


def slots_of(schedule: str) -> tuple[str, ...]:
    """The parts of the week that a schedule names."""
    return tuple(slot.value for slot, words in _SLOTS if _has(schedule, words))


def asks_papers(text: str) -> bool:
    """Whether requirements ask for an identity card or house registration."""
    return _has(text, _PAPERS) and not _has(text, _NO_PAPERS)


def said_of(said: str) -> tuple[str, Answer]:
    """A format and what is answered about it: `ภาษามือ`, `ภาษามือ (ถามก่อน)`, `Braille: not needed`."""
    found = _SAID.fullmatch(said.strip())
    if found is None or not found["answer"]:
        return said.strip(), Answer.YES
    answer = next((a for a, words in _ANSWERS if found["answer"].strip().casefold() in words), None)
    return (found["word"].strip(), answer) if answer else (said.strip(), Answer.YES)


def condition_of(values: Mapping[str, Any], source: str) -> dict[str, Any] | None:
    """The rule that a row's ages and sex make; None where everybody is welcome."""
    ref = {"text": "อายุและเพศตามที่หน่วยงานระบุในไฟล์", "ref": source, "verified": False}
    parts: list[dict[str, Any]] = []
    for name, op in (("age_min", ">="), ("age_max", "<=")):
        if values.get(name) is not None:
            parts.append({"age": "birth_date", "op": op, "years": int(values[name]), "source": ref})
    sex = {"male": "m", "female": "f"}.get(str(values.get("sex") or ""))
    if sex:
        parts.append({"compare": "sex", "op": "=", "value": sex, "source": ref})
    return (parts[0] if len(parts) == 1 else {"all": parts}) if parts else None


def _found(table: tuple[tuple[Kind, tuple[str, ...]], ...], text: str) -> Kind | None:
    return next((kind for kind, words in table if _has(text, words)), None)


def _has(text: str, words: tuple[str, ...]) -> bool:
    lower = text.casefold()
    return any(word in lower for word in words)
