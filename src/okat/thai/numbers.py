"""Money, counts, hours, percentages and spans as they stand in office tables."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

from okat.thai.digits import to_arabic, to_thai
from okat.thai.errors import Lang, ThaiValueError
from okat.thai.text import normalise

Per = Literal["hour", "day", "week", "month", "year", "person", "time", "course"]

MAX_BAHT = Decimal(10) ** 12
MAX_COUNT = 10**9
_TEXT_LIMIT = 200
_DOTTED = re.compile(r"-?[1-9]\d{0,2}\.\d{3}")  # three thousand as it is written elsewhere, or three

# "-" in a table of amounts means that nothing was stated, which is not the same as free.
_BLANK = re.compile(r"[-–—.]*|ไม่ระบุ|ไม่มีข้อมูล|n/?a", re.I)
_FREE = re.compile(
    r"(?:เรียน|อบรม|บริการ|เข้าร่วม)?ฟรี!*|ไม่มีค่าใช้จ่าย.*|ไม่เสียค่า(?:ใช้จ่าย|ธรรมเนียม|บริการ|เรียน|สมัคร)?.*|ไม่คิดค่า.*|ไม่เก็บค่า.*"
    r"|ไม่มีค่า(?:ธรรมเนียม|บริการ|เรียน|สมัคร)|free(?: of charge)?",
    re.I,
)
_UNLIMITED = re.compile(r"ไม่จำกัด.*|ไม่จํากัด.*|unlimited|no limit", re.I)
_SCALE = {"ล้าน": 10**6, "แสน": 10**5, "หมื่น": 10**4, "พัน": 10**3, "ร้อย": 10**2}
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_PER_WORDS: dict[str, Per] = {
    "ชั่วโมง": "hour", "ชม.": "hour", "ชม": "hour", "hour": "hour", "วัน": "day", "day": "day",
    "สัปดาห์": "week", "week": "week",
    "เดือน": "month", "month": "month", "ปี": "year", "year": "year", "คน": "person", "ราย": "person",
    "ท่าน": "person",
    "person": "person", "ครั้ง": "time", "time": "time", "หลักสูตร": "course", "คอร์ส": "course",
    "รุ่น": "course", "course": "course",
}  # fmt: skip
_PER = "|".join(sorted(map(re.escape, _PER_WORDS), key=len, reverse=True))
_AMOUNT = re.compile(
    rf"(?:ค่าจ้าง|ค่าแรง|ค่าตอบแทน)?\s?(?:({_PER})\s?ละ\s?)?(?:ประมาณ|ราคา|ค่าใช้จ่าย|จำนวน|จำนวนเงิน)?\s?(?:฿|thb)?\s?"
    rf"(-?(?:{_NUMBER}))\s?({'|'.join(_SCALE)})?\s?(?:\.-|,-|/-|-)?\s?"
    rf"(?:บาท(?:ถ้วน)?|baht|thb|฿)?\s?(?:(?:/|ต่อ|per |ละ)\s?({_PER}))?\s?(?:บาท)?",
    re.I,
)
_COUNTERS = "คน|ราย|ท่าน|ที่นั่ง|ที่|อัตรา|ตำแหน่ง|ทุน|โครงการ|กลุ่ม|แห่ง|ครัวเรือน|หลัง|รุ่น|ชุด|ครั้ง|ปี|persons?|people|seats?|places?"
_COUNT = re.compile(rf"(?:จำนวน|รับ|ไม่เกิน|ประมาณ|อายุ)?\s?(-?(?:{_NUMBER}))\s?(?:{_COUNTERS})?\.?", re.I)
_RANGE = re.compile(rf"(?:{_NUMBER})\s?(?:-|–|—|~|ถึง|to)\s?(?:{_NUMBER})(?!\d)")
_HOUR_WORD = r"(?:ชั่วโมง|ชม\.?|hours?|hrs?\.?|h)"
_MINUTE_WORD = r"(?:นาที|min(?:ute)?s?\.?)"
_HOURS = re.compile(
    rf"(?:จำนวน|รวม)?\s?(?:({_NUMBER})\s?{_HOUR_WORD}?|(?:({_NUMBER})\s?{_HOUR_WORD})?\s?(\d+)\s?{_MINUTE_WORD})",
    re.I,
)
_PERCENT = re.compile(rf"(?:ร้อยละ\s?)?(-?(?:{_NUMBER}))\s?(?:%|เปอร์เซ็นต์|percent)?", re.I)
_AT_LEAST = r"(?:ตั้งแต่|อย่างน้อย|ไม่ต่ำกว่า|ไม่น้อยกว่า|at least|from|>=|≥)"
_AT_MOST = r"(?:ไม่เกิน|ไม่มากกว่า|สูงสุด|up to|at most|<=|≤)"
_ONWARD = r"(?:ปี(?:บริบูรณ์)?)?\s?(?:ขึ้นไป|\+|and over|or over)"
# Pattern, then the groups that hold the lowest and the highest number (0: open).
_SPAN = (
    (re.compile(r"(\d{1,4})\s?(?:ปี)?\s?(?:-|–|—|~|ถึง|to)\s?(\d{1,4})"), (1, 2)),
    (re.compile(rf"{_AT_LEAST}?\s?(\d{{1,4}})\s?{_ONWARD}"), (1, 0)),
    (re.compile(rf"{_AT_LEAST}\s?(\d{{1,4}})"), (1, 0)),
    (re.compile(rf"{_AT_MOST}\s?(\d{{1,4}})"), (0, 1)),
    (re.compile(r"(\d{1,4})"), (1, 1)),
)


@dataclass(frozen=True, slots=True)
class Amount:
    """Baht, and what it is paid for each of, where the text says so ("100 บาท/วัน")."""

    baht: Decimal
    per: Per | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Lowest and highest whole number, both included; None means open."""

    low: int | None
    high: int | None


def _text(value: object) -> str:
    if isinstance(value, bool) or (isinstance(value, float) and not math.isfinite(value)):
        raise ThaiValueError("number_unreadable", value)
    text = format(Decimal(str(value)), "f") if isinstance(value, float) else str(value if value is not None else "")
    if len(text) > _TEXT_LIMIT:
        raise ThaiValueError("number_unreadable", text)
    return to_arabic(normalise(text))


def _decimal(text: str, value: object) -> Decimal:
    if isinstance(value, str) and _DOTTED.fullmatch(text):
        raise ThaiValueError("number_dots", value)
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise ThaiValueError("number_unreadable", value) from None


def _not_negative(number: Decimal, value: object, limit: Decimal | int) -> Decimal:
    if number < 0:
        raise ThaiValueError("number_negative", value)
    if number > limit:
        raise ThaiValueError("number_too_large", value)
    return number


def _unreadable(text: str, value: object) -> ThaiValueError:
    return ThaiValueError("number_range" if _RANGE.search(text) else "number_unreadable", value)


def parse_amount(value: object) -> Amount | None:
    """Baht from "1,500 บาท", "๑,๕๐๐.-", "2 หมื่นบาท", "100 บาท/วัน", "วันละ 100 บาท"; free ("ฟรี", "ไม่มีค่าใช้จ่าย") is 0;
    blank and "-" are None.

    Raises ThaiValueError (number_unreadable, number_range, number_negative, number_too_large).
    """
    text = _text(value)
    if _BLANK.fullmatch(text):
        return None
    if _FREE.fullmatch(text):
        return Amount(Decimal(0))
    match = _AMOUNT.fullmatch(text)
    if not match:
        raise _unreadable(text, value)
    before, number, scale, after = match.groups()
    if before and after:  # "วันละ 350 บาท/คน" says two things, and one of them would be lost
        raise ThaiValueError("number_unreadable", value)
    baht = _decimal(number, value) * _SCALE.get(scale or "", 1)
    per = _PER_WORDS[(before or after).lower()] if before or after else None
    return Amount(_not_negative(baht, value, MAX_BAHT), per)


def parse_baht(value: object) -> Decimal | None:
    """The baht of `parse_amount`, for columns where "per what" is fixed by the column itself."""
    amount = parse_amount(value)
    return amount.baht if amount else None


def is_unlimited(value: object) -> bool:
    """Whether a text says that there is no limit ("ไม่จำกัด", "ไม่จำกัดจำนวน")."""
    return isinstance(value, str) and bool(_UNLIMITED.fullmatch(normalise(value)))


def parse_count(value: object) -> int | None:
    """A whole number from 30, 30.0, "๓๐ คน", "จำนวน 30 ราย"; blank and "-" are None.

    Raises ThaiValueError (number_unreadable, number_range, number_not_whole, number_negative,
    number_too_large).
    """
    text = _text(value)
    if _BLANK.fullmatch(text):
        return None
    match = _COUNT.fullmatch(text)
    if not match:
        raise _unreadable(text, value)
    number = _not_negative(_decimal(match[1], value), value, MAX_COUNT)
    if number != int(number):
        raise ThaiValueError("number_not_whole", value)
    return int(number)


def parse_hours(value: object) -> Decimal | None:
    """Hours from "30 ชม.", "30 ชั่วโมง", "1 ชม. 30 นาที", "90 นาที" or a bare number; blank and "-" are None.

    Raises ThaiValueError (number_unreadable, number_range, number_too_large).
    """
    text = _text(value)
    if _BLANK.fullmatch(text):
        return None
    match = _HOURS.fullmatch(text)
    if not match:
        raise _unreadable(text, value)
    hours = _decimal(match[1] or match[2] or "0", value) + Decimal(int(match[3] or 0)) / 60
    return _not_negative(hours, value, MAX_COUNT)


def parse_percent(value: object) -> Decimal | None:
    """Percentage points: "80%", "ร้อยละ 80" and 80 are Decimal(80); blank and "-" are None.

    Raises ThaiValueError (number_unreadable, number_range).
    """
    text = _text(value)
    if _BLANK.fullmatch(text):
        return None
    match = _PERCENT.fullmatch(text)
    if not match:
        raise _unreadable(text, value)
    return _decimal(match[1], value)


def parse_span(value: object) -> Span | None:
    """A span of ages or counts: "18-60 ปี", "60 ปีขึ้นไป", "ไม่เกิน 35 ปี", "60+"; one number is both
    ends; blank is None.

    "ไม่จำกัด" is open on both sides. Raises ThaiValueError (number_unreadable, span_reversed).
    """
    text = _text(value)
    if _BLANK.fullmatch(text):
        return None
    if is_unlimited(text):
        return Span(None, None)
    bare = re.sub(r"^อายุ\s?(?:ระหว่าง\s?)?|\s?(?:ปี(?:บริบูรณ์)?|years?|คน)\s?$", "", text.lower()).strip()
    for pattern, (low, high) in _SPAN:
        if match := pattern.fullmatch(bare):
            span = Span(int(match[low]) if low else None, int(match[high]) if high else None)
            if span.low is not None and span.high is not None and span.low > span.high:
                raise ThaiValueError("span_reversed", value)
            return span
    raise ThaiValueError("number_unreadable", value)


def format_baht(baht: Decimal | int, lang: Lang = "th", *, thai_digits: bool = False) -> str:
    """ "1,500 บาท" or "1,500 baht"; satang as two decimals and only where there are any."""
    amount = Decimal(baht)
    figure = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
    text = f"{figure} {'บาท' if lang == 'th' else 'baht'}"
    return to_thai(text) if thai_digits else text
