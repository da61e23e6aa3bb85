"""Periods in one cell: "6-8 ธ.ค. 2569", "1 ธ.ค. 2569 ถึง 15 ม.ค. 2570", "บัดนี้ - 15 ธ.ค. 2569", "เปิดรับตลอดปี"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from okat.thai.dates import Era, parse_date
from okat.thai.digits import to_arabic
from okat.thai.errors import ThaiValueError
from okat.thai.partial import PartialDate, be_year
from okat.thai.text import normalise

_LIMIT = 200
_CUT = re.compile(r"\s?(?:–|—|~|จนถึง|ถึง|\bto\b|\buntil\b|-)\s?", re.I)
_FROM = re.compile(r"^(?:ตั้งแต่|เริ่ม|ระหว่าง|from\b)\s?(?:วันที่)?\s?", re.I)
_NOW = re.compile(r"^(?:ตั้งแต่)?\s?(?:บัดนี้(?:เป็นต้นไป)?|วันนี้|now)?$", re.I)
_UNTIL = re.compile(r"^(?:ภายใน|ไม่เกิน|ก่อน|หมดเขต|until\b|by\b)\s?(?:วันที่)?\s?", re.I)
_ONWARD = re.compile(r"\s?(?:เป็นต้นไป|onwards?)$", re.I)
_ALWAYS = re.compile(r"(?:เปิดรับ(?:สมัคร)?)?(?:ได้)?ตลอด(?:ทั้ง)?(?:ปี|เวลา)?|always|all year", re.I)


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both included; None means open on that side."""

    start: PartialDate | None
    end: PartialDate | None


def parse_period(value: object, *, era: Era = "auto") -> Period:
    """Reads a period; a single date is a period of that day, month or year. The first date may leave out
    the month or the year that it shares with the second ("6-8 ธ.ค. 2569", "28 ธ.ค. - 3 ม.ค. 2570").

    Raises ThaiValueError (codes of `parse_date`, and period_reversed).
    """
    if not isinstance(value, str) or len(value) > _LIMIT:
        day = parse_date(value, era=era)
        return Period(day, day)
    text = to_arabic(normalise(value))
    if _ALWAYS.fullmatch(text):
        return Period(None, None)
    found = _single(text, era) or _open(text, era) or next(_halves(_FROM.sub("", text), era), None)
    if found is None:
        raise ThaiValueError("date_unreadable", value)
    if found.start and found.end and found.start.first() > found.end.last():
        raise ThaiValueError("period_reversed", value)
    return found


def _try(text: str, era: Era) -> PartialDate | None:
    try:
        return parse_date(text, era=era)
    except ThaiValueError:
        return None


def _single(text: str, era: Era) -> Period | None:
    day = _try(text, era)
    return Period(day, day) if day else None


def _open(text: str, era: Era) -> Period | None:
    if _UNTIL.match(text):
        end = _try(_UNTIL.sub("", text), era)
        return Period(None, end) if end else None
    start = _try(_ONWARD.sub("", _FROM.sub("", text)), era)
    return Period(start, None) if start else None


def _halves(text: str, era: Era) -> Iterator[Period]:
    for cut in _CUT.finditer(text):
        left, right = text[: cut.start()], text[cut.end() :]
        end = _try(right, era)
        if end is None:
            continue
        if _NOW.fullmatch(left):
            yield Period(None, end)
        elif start := _first_day(left, end, era):
            yield Period(start, end)


def _first_day(left: str, end: PartialDate, era: Era) -> PartialDate | None:
    whole = _try(left, era)
    if whole:
        return whole
    if left.isdecimal() and end.complete:
        try:
            return replace(end, day=int(left))
        except ThaiValueError:
            return None
    shared = be_year(end.first())
    start = _try(f"{left} พ.ศ. {shared}", era)
    if start and start.first() > end.last():  # 28 December to 3 January: the year is that of the second date
        start = _try(f"{left} พ.ศ. {shared - 1}", era)
    return start
