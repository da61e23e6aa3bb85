"""Dates as Thai offices write them, and how to write them for people.

The rules, in this order:
1. The day comes first. Month and day are never swapped to save a date. A four-digit year in front means
   year-month-day.
2. A written era (พ.ศ., ค.ศ., B.E., C.E., A.D.) decides. Else a year of 2400-2699 is B.E. and one of
   1800-2199 is C.E.
3. Two digits are the B.E. year 25yy; with `latest` (birth dates) 24yy when 25yy would lie after that day.
   Beside an English month's name two digits are refused unless the era is given: "6 Dec 26" has two readings.
4. January to March up to B.E. 2483 belong to C.E. = B.E. - 542: before 1941-01-01 the year began on 1 April.
5. A spreadsheet's date whose year is 2400 or more is a B.E. year typed into a program that counts C.E.
6. A bare number is a year (rule 2), or else a spreadsheet's serial day (1900 system).
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from okat.thai.digits import to_arabic, to_thai
from okat.thai.errors import Lang, ThaiValueError
from okat.thai.months import ENGLISH, ENGLISH_LONG, ENGLISH_SHORT, MONTHS, THAI_LONG, THAI_SHORT, month_key
from okat.thai.partial import BE_OFFSET, FIRST_JANUARY_YEAR, PartialDate, be_year, ce_year
from okat.thai.text import normalise

Era = Literal["auto", "be", "ce"]
Style = Literal["short", "long", "numeric"]

_BE = range(2400, 2700)
_CE = range(1800, 2200)
_SERIAL_START = date(1899, 12, 30)
_SERIALS = range(3000, 300_000)  # 1908 to 2721: B.E. years typed as C.E. are among them
_OLDEST, _VERY_OLD = 110, 90  # years
_TEXT_LIMIT = 200  # no date is longer; spares the patterns from pages of text

_BE_MARK = re.compile(r"พ\s?\.?\s?ศ\s?\.?|\bb\.?\s?e\.?(?![a-z])")
_CE_MARK = re.compile(r"ค\s?\.?\s?ศ\s?\.?|\b(?:c\.?\s?e|a\.?\s?d)\.?(?![a-z])")
_WEEKDAY = "จันทร์|อังคาร|พุธ|พฤหัสบดี|พฤหัสฯ?|ศุกร์|เสาร์|อาทิตย์"
_LEAD = re.compile(rf"^(?:วัน)?(?:(?:{_WEEKDAY})\s?(?:ที่)?|ที่)\s?|^วันที่\s?")
_FILLER = re.compile(r"เดือน|ปี(?=\s?\d)")
_TIME = re.compile(r"(?:t|[\s,]|\s?เวลา\s?)\d{1,2}[:.]\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})?\s?(?:น\.?)?$")
_PART = r"(\d{1,2}|[-?x]{1,2})"
_NUMERIC = re.compile(rf"{_PART}\s?([/.\- ])\s?{_PART}\s?\2\s?(\d{{4}}|\d{{2}})")
_YEAR_FIRST = re.compile(r"(\d{4})\s?[/.\-]\s?(\d{1,2})(?:\s?[/.\-]\s?(\d{1,2}))?")
_MONTH_YEAR = re.compile(r"(\d{1,2})\s?[/\-]\s?(\d{4})")
_NAMED = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?[\s\-/.]{0,3})?([ก-์a-z](?:[ก-์a-z. ]*[ก-์a-z.])?)[\s\-/.,]{0,3}(\d{4}|\d{2})"
)
_MONTH_FIRST = re.compile(r"([a-z]+)\.?\s(\d{1,2})(?:st|nd|rd|th)?\s?,?\s(\d{4})")
_COMPACT = re.compile(r"\d{8}")


@dataclass(frozen=True, slots=True)
class _Parts:
    """What was read of a date before its year is known to be B.E. or C.E.; 0 means unknown."""

    year: str
    month: int
    day: int
    english: bool = False


def parse_date(value: object, *, era: Era = "auto", latest: date | None = None) -> PartialDate:
    """Reads one date from a text, a number or a spreadsheet's date by the rules above.

    `era` is the era of a year that carries no mark. `latest` is a day after which the date cannot lie (for
    birth dates);
    it only chooses the century of two-digit years. Raises ThaiValueError (date_unreadable, date_impossible,
    year_out_of_range, year_ambiguous).
    """
    if isinstance(value, date):
        return _from_cell(value, era)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_number(value, era)
    if not isinstance(value, str) or len(value) > _TEXT_LIMIT:
        raise ThaiValueError("date_unreadable", value)
    text, marked = _era_of(to_arabic(normalise(value)).lower())
    if text.isdecimal() and len(text) == 5:
        return _from_number(int(text), era)
    parts = _read(_plain(text))
    if parts is None:
        raise ThaiValueError("date_unreadable", value)
    try:
        return _resolve(parts, marked or era, latest)
    except ThaiValueError as error:
        raise ThaiValueError(error.code, value) from None


def birth_doubts(value: object, *, latest: date, era: Era = "auto") -> tuple[PartialDate, ...]:
    """What a birth date with two digits of a year may mean, the likeliest first, where that leaves open who is meant: a
    child or somebody very old. Empty where there is no doubt. Raises as `parse_date` does."""
    if not isinstance(value, str):
        return ()
    first = parse_date(value, era=era, latest=latest)
    text, marked = _era_of(to_arabic(normalise(value)).lower())
    parts = _read(_plain(text))
    if parts is None or len(parts.year) != 2:
        return ()
    ce = (marked or era) == "ce"
    found = []
    for century in (2000, 1900) if ce else (2500, 2400):
        with suppress(ThaiValueError):
            found.append(_build(century + int(parts.year), parts, "ce" if ce else "be"))
    living = tuple(day for day in found if day.first() <= latest and latest.year - day.year <= _OLDEST) or (first,)
    return living if len(living) > 1 or latest.year - living[0].year > _VERY_OLD else ()


def _era_of(text: str) -> tuple[str, Era | None]:
    for mark, era in ((_BE_MARK, "be"), (_CE_MARK, "ce")):
        found = mark.search(text)
        if found:
            return f"{text[: found.start()]} {text[found.end() :]}", "be" if era == "be" else "ce"
    return text, None


def _plain(text: str) -> str:
    text = _LEAD.sub("", normalise(text))
    return normalise(_FILLER.sub(" ", _TIME.sub("", text)).strip(" ,"))


def _read(text: str) -> _Parts | None:
    if text.isdecimal() and len(text) in (2, 4):
        return _Parts(text, 0, 0)
    if _COMPACT.fullmatch(text):
        if int(text[:4]) in _BE or int(text[:4]) in _CE:
            return _Parts(text[:4], int(text[4:6]), int(text[6:]))
        return _Parts(text[4:], int(text[2:4]), int(text[:2]))
    if match := _YEAR_FIRST.fullmatch(text):
        return _Parts(match[1], int(match[2]), int(match[3] or 0))
    if match := _NUMERIC.fullmatch(text):
        day, month = (int(part) if part.isdecimal() else 0 for part in (match[1], match[3]))
        return _Parts(match[4], month, day)
    if match := _MONTH_YEAR.fullmatch(text):
        return _Parts(match[2], int(match[1]), 0)
    return _read_named(text)


def _read_named(text: str) -> _Parts | None:
    if match := _MONTH_FIRST.fullmatch(text):
        word, day, year = match[1], match[2], match[3]
    elif match := _NAMED.fullmatch(text):
        day, word, year = match[1] or "0", match[2], match[3]
    else:
        return None
    key = month_key(word)
    month = MONTHS.get(key)
    return None if month is None else _Parts(year, month, int(day), english=key in ENGLISH)


def _resolve(parts: _Parts, era: Era, latest: date | None) -> PartialDate:
    if parts.day and not parts.month:
        raise ThaiValueError("date_impossible")
    year = int(parts.year)
    if len(parts.year) == 2:
        if era == "auto" and parts.english:
            raise ThaiValueError("year_ambiguous")
        return _two_digits(year, parts, era, latest)
    if era == "auto":
        era = "be" if year in _BE else "ce"
    return _build(year, parts, era)


def _two_digits(year: int, parts: _Parts, era: Era, latest: date | None) -> PartialDate:
    if not parts.month and era == "auto":
        raise ThaiValueError("date_unreadable")  # "69" alone may be anything
    ce = era == "ce"
    later = _build((2000 if ce else 2500) + year, parts, "ce" if ce else "be")
    if latest is not None and later.first() > latest:
        return _build((1900 if ce else 2400) + year, parts, "ce" if ce else "be")
    return later


def _build(year: int, parts: _Parts, era: Era) -> PartialDate:
    if year not in (_BE if era == "be" else _CE):
        raise ThaiValueError("year_out_of_range")
    month, day = parts.month or None, parts.day or None
    if era == "ce":
        return PartialDate(year, month, day)
    first = ce_year(year, month)
    return PartialDate(first, month, day, april_year=month is None and first < FIRST_JANUARY_YEAR)


def _from_cell(value: date, era: Era) -> PartialDate:
    day = value.date() if isinstance(value, datetime) else value
    if era != "ce" and day.year in _BE:
        return _build(day.year, _Parts("", day.month, day.day), "be")
    if day.year not in _CE:
        raise ThaiValueError("year_out_of_range", day.isoformat())
    return PartialDate.of(day)


def _from_number(value: float, era: Era) -> PartialDate:
    if value in _BE or value in _CE:
        return _resolve(_Parts(str(int(value)), 0, 0), era, None)
    if not _SERIALS.start <= value < _SERIALS.stop:  # also refuses nan
        raise ThaiValueError("date_unreadable", value)
    return _from_cell(_SERIAL_START + timedelta(days=int(value)), era)


def format_be(
    value: PartialDate | date, lang: Lang = "th", style: Style = "short", *, thai_digits: bool = False
) -> str:
    """The date for people: Thai in the Buddhist era ("6 ธ.ค. 2569", long "6 ธันวาคม 2569", numeric
    "06/12/2569"),
    English in the common era ("6 Dec 2026", "6 December 2026", "06/12/2026"). Partial dates leave out what
    is unknown; a C.E. year before 1941 with no month lies in two Thai years and shows both ("2480–2481")."""
    known = value if isinstance(value, PartialDate) else PartialDate.of(value)
    year = _year_text(known, lang)
    if style == "numeric":
        parts = [f"{part:02d}" for part in (known.day, known.month) if part]
        text = "/".join([*parts, year])
    else:
        names = {
            ("th", "short"): THAI_SHORT, ("th", "long"): THAI_LONG,
            ("en", "short"): ENGLISH_SHORT, ("en", "long"): ENGLISH_LONG,
        }[lang, style]  # fmt: skip
        month = [names[known.month - 1]] if known.month else []
        text = " ".join([str(part) for part in ([known.day] if known.day else [])] + month + [year])
    return to_thai(text) if thai_digits else text


def _year_text(known: PartialDate, lang: Lang) -> str:
    if lang == "en":
        first, last = known.first().year, known.last().year
    elif known.april_year:
        first = last = known.year + BE_OFFSET
    else:
        first, last = be_year(known.first()), be_year(known.last())
    return str(first) if first == last else f"{first}–{last}"
