"""Readers of cells, one for each type of field. Each gives the values that the cell fills in, by name."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from okat.files.office.closed import UNSAID, chosen, code_of, consents, refused, truth
from okat.files.office.errors import CellError
from okat.files.office.grid import Cell, is_blank, text_of
from okat.files.office.lists import listed
from okat.files.office.named import is_unknown
from okat.files.office.vocabulary import AMBIGUOUS, TICK, Field
from okat.thai.asides import part
from okat.thai.dates import Era, birth_doubts, format_be, parse_date
from okat.thai.digits import to_arabic
from okat.thai.errors import ThaiValueError
from okat.thai.names import normal_title, split_name
from okat.thai.numbers import Per, is_unlimited, parse_amount, parse_count, parse_hours, parse_span
from okat.thai.partial import PartialDate
from okat.thai.periods import parse_period
from okat.thai.phone import parse_phones
from okat.thai.pin import parse_pin
from okat.thai.text import closed_key, normalise

Values = dict[str, Any]

READINGS = "birth_readings"  # under this name: what a birth date may mean, where its year has two digits
REFUSAL = "refusal"  # the type of a column in which a mark means no; several columns may be of it
ASIDE = "aside"  # under this name: texts of the row that fit no field and must not be lost (a tuple)

EARLIEST_RECENT = 2000  # an opportunity is never older; a spreadsheet makes 1969 of the year "69"
_OLDEST = 130
_EXCEL_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"}
_NOTHING = {"-", "–", "—", "--", "ไม่มี", "ไม่ระบุ", "n/a", "none"}
_VACANT = {*_NOTHING, "ว่าง", "(ว่าง)", "ว่างเปล่า", "ยังไม่มี", "xxx"}
_NO_INCOME = frozenset(map(closed_key, ("ไม่มีรายได้", "ไม่มี")))
_NO_COST = frozenset(map(closed_key, ("ไม่มี", "ไม่มีค่าใช้จ่าย", "ไม่เสียค่าใช้จ่าย")))
_DOTS = re.compile(r"[\s.…_\-–—/]*")
_URL = re.compile(r"(?:https?://)?[\w\-]+(?:\.[\w\-]+)+(?::\d+)?(?:[/?#]\S*)?", re.I)
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]{2,}")
_CREDITS = re.compile(r"(\d{1,3}(?:\.\d{1,2})?)\s*(?:หน่วยกิต|นก\.?|credits?)?", re.I)
_FORMULA_QUOTE = re.compile(r"^'(?=[=+\-@])")


@dataclass(frozen=True, slots=True)
class Context:
    """What a reader may need besides the cell: the heading's era, today (for birth dates), and the time for each of
    which the heading says its amounts are, where known; `torn` where it says two. `worded`: the heading holds a no, so
    that a mere mark says nothing. `as_of`: the day for which the heading says that the column holds."""

    era: Era = "auto"
    today: date | None = None
    per: Per | None = None
    worded: bool = False
    torn: bool = False
    as_of: PartialDate | None = None


Reader = Callable[[Cell, Field, Context], Values]


def read_cell(cell: Cell, field: Field, context: Context) -> Values:
    """The values of one cell; {} when it is blank. Raises CellError or ThaiValueError."""
    if is_blank(cell):
        return {}
    if isinstance(cell, str):
        cell = _FORMULA_QUOTE.sub("", cell)
        if cell.strip() in _EXCEL_ERRORS:
            raise CellError("excel_error", cell.strip())
    return READERS[field.type](cell, field, context)


def _nothing(cell: Cell) -> bool:
    return isinstance(cell, str) and normalise(cell).lower() in _NOTHING


def says_nothing(cell: Cell) -> bool:
    """Whether a cell says that nothing is there. Somebody may be called ว่าง: ask it of whole rows."""
    text = normalise(text_of(cell)).lower()
    return text in _VACANT or bool(_DOTS.fullmatch(text))


def _limited(text: str, field: Field) -> str:
    """As long as a record holds it: counted as it is stored, marks and all."""
    if field.max and len(text) > field.max:
        raise CellError("too_long", text, label=field.label_th, count=len(text), limit=field.max)
    return text


def _text(cell: Cell, field: Field, _: Context) -> Values:
    return {} if cell == "-" else {field.name: _limited(_shown(cell), field)}


def _shown(cell: Cell) -> str:
    if isinstance(cell, datetime | date):
        return text_of(cell)
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    if isinstance(cell, timedelta):
        minutes = int(cell.total_seconds()) // 60
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return text_of(cell)


def _longtext(cell: Cell, field: Field, _: Context) -> Values:
    text = normalise(cell, keep_lines=True) if isinstance(cell, str) else _shown(cell)
    return {} if text == "-" else {field.name: _limited(text, field)}


def _list(cell: Cell, field: Field, _: Context) -> Values:
    """The whole text: where it is divided, only whoever knows the words can say (`listed`)."""
    if _nothing(cell):
        return {}
    text = normalise(cell, keep_lines=True) if isinstance(cell, str) else _shown(cell)
    return {field.name: (_limited(text, field),)} if text else {}


def _choice(cell: Cell, field: Field, _: Context) -> Values:
    text = text_of(cell)
    return {} if _unknown_nothing(text, field) else {field.name: chosen(text, field)}


def _unknown_nothing(text: str, field: Field) -> bool:
    """Whether a cell says that nothing is there, and its list has no word for that."""
    if not UNSAID.fullmatch(text):
        return False
    return text == "-" or field.choices is None or code_of(text, field.choices) is None


def _choices(cell: Cell, field: Field, _: Context) -> Values:
    assert field.choices is not None
    text = normalise(cell, keep_lines=True) if isinstance(cell, str) else text_of(cell)
    if _unknown_nothing(text, field):
        return {}
    choices = field.choices

    def known(said: str) -> str | None:
        code = code_of(said, choices)
        return None if code == AMBIGUOUS else code

    found = listed([text], known) or {text: None}
    codes = {code if code is not None else chosen(said, field) for said, code in found.items()}
    if "" in codes and len(codes) > 1:  # a word, and that there is none
        raise CellError("choice_torn", text)
    return {field.name: tuple(code for code in choices.labels if code and code in codes)}


def _consent(cell: Cell, field: Field, context: Context) -> Values:
    said = consents(cell, worded=context.worded)
    return {} if said is None else {field.name: said}


def _refusal(cell: Cell, field: Field, _: Context) -> Values:
    return {field.name: True} if refused(cell) else {}


def _yesno(cell: Cell, field: Field, _: Context) -> Values:
    return {field.name: truth(cell)}


def _tick(cell: Cell, field: Field, _: Context) -> Values:
    name, _sep, code = field.name.partition(TICK)
    return {name: (code,)} if truth(cell) else {}


def _recent(day: PartialDate | None, field: Field) -> PartialDate | None:
    if day is not None and day.last().year < EARLIEST_RECENT:
        raise CellError("date_too_early", day.year, label=field.label_th)
    return day


def _date(cell: Cell, field: Field, context: Context) -> Values:
    if _nothing(cell):
        return {}
    latest = context.today if field.past else None
    day = parse_date(cell, era=context.era, latest=latest)
    return {field.name: _recent(day, field) if field.recent else _past(day, field, latest)}


def _past(day: PartialDate, field: Field, latest: date | None) -> PartialDate:
    if latest is not None and day.first() > latest:
        raise CellError(
            "date_future", day.isoformat(), day_th=format_be(day), day_en=day.isoformat(), label=field.label_th
        )
    return day


def _birth(cell: Cell, field: Field, context: Context) -> Values:
    if _nothing(cell):
        return {}
    day = parse_date(cell, era=context.era, latest=context.today)
    read: Values = {field.name: _past(day, field, context.today)}
    doubts = birth_doubts(cell, latest=context.today, era=context.era) if context.today else ()
    return read | ({READINGS: doubts} if doubts else {})


def _period(cell: Cell, field: Field, context: Context) -> Values:
    if _nothing(cell):
        return {}
    period = parse_period(cell, era=context.era)
    ends = zip(field.fills, (_recent(period.start, field), _recent(period.end, field)), strict=True)
    return {name: day for name, day in ends if day is not None}


def _money(cell: Cell, field: Field, context: Context) -> Values:
    if field.name == "cost" and isinstance(cell, str) and closed_key(cell) in _NO_COST:
        return {field.name: 0}
    amount = parse_amount(cell)
    if amount is None:
        return {}
    if context.torn and amount.baht and not amount.per:
        raise CellError("heading_two_units", text_of(cell))
    per = amount.per or (context.per if amount.baht else None)
    return {field.name: amount.baht} | ({f"{field.name}_per": per} if per else {})


def _money_month(cell: Cell, field: Field, context: Context) -> Values:
    if isinstance(cell, str) and closed_key(cell) in _NO_INCOME:
        return {field.name: 0}
    amount = parse_amount(cell)
    if amount is None:
        return {}
    if amount.per not in (None, "month", "person"):
        raise CellError("per_month", text_of(cell))
    if context.torn and amount.baht and amount.per != "month":
        raise CellError("heading_two_units", text_of(cell))
    if amount.baht and amount.per != "month" and context.per not in (None, "month"):
        raise CellError("heading_per_month", text_of(cell))
    return {field.name: amount.baht}


def _whole(cell: Cell, field: Field, _: Context) -> Values:
    if is_unlimited(cell):
        return {}
    count = parse_count(cell)
    return {} if count is None else {field.name: count}


def _age(cell: Cell, field: Field, context: Context) -> Values:
    """Of a person it is the age of this year, where the heading says for which day the file has it."""
    count = parse_count(cell)
    if count is not None and field.name == "age" and context.as_of and context.today:
        count = max(0, count + context.today.year - context.as_of.year)
    if count is not None and count > _OLDEST:
        raise CellError("age_out_of_range", count)
    return {} if count is None else {field.name: count}


def _span(cell: Cell, field: Field, _: Context) -> Values:
    span = parse_span(cell)
    if span is None:
        return {}
    if max(span.low or 0, span.high or 0) > _OLDEST:
        raise CellError("age_out_of_range", text_of(cell))
    low, high = span.low, span.high
    if low is not None and low == high:
        high = None  # "60" in a column of ages is where eligibility begins
    return {name: end for name, end in zip(field.fills, (low, high), strict=True) if end is not None}


def _hours(cell: Cell, field: Field, _: Context) -> Values:
    hours = parse_hours(cell)
    return {} if hours is None else {field.name: hours}


def _credits(cell: Cell, field: Field, _: Context) -> Values:
    if _nothing(cell):
        return {}
    found = _CREDITS.fullmatch(to_arabic(text_of(cell)))
    if found is None:
        raise CellError("credits", text_of(cell))
    return {field.name: Decimal(found[1])}


def _phone(cell: Cell, field: Field, _: Context) -> Values:
    if _nothing(cell):
        return {}
    return {field.name: tuple(parse_phones(cell))}


def _pin(cell: Cell, field: Field, _: Context) -> Values:
    return {} if _nothing(cell) else {field.name: parse_pin(cell)}


def _lettered(cell: Cell, field: Field) -> None:
    """A number is no name: another column was taken for that of names."""
    if text_of(cell).strip() and not any(char.isalpha() for char in text_of(cell)):
        raise CellError("name_number", label=field.label_th)


def _full_name(cell: Cell, field: Field, __: Context) -> Values:
    if _nothing(cell):
        return {}
    _lettered(cell, field)
    name = split_name(text_of(cell))
    if is_unknown(" ".join(filter(None, (name.given, name.family)))) or is_unknown(name.given):
        raise CellError("name_unknown", text_of(cell))
    for each in (name.given, name.family):
        _limited(each, field)
    parts = {"title": name.title, "given": name.given, "family": name.family, "nickname": name.nickname}
    read: Values = {key: part for key, part in parts.items() if part} | _aside(name.aside)
    return read | ({"name_doubtful": True} if name.doubtful else {}) | ({"name_turned": True} if name.turned else {})


def _name(cell: Cell, field: Field, _: Context) -> Values:
    """A given or family name, or a nickname; what stands beside it is parted from it."""
    if _nothing(cell):
        return {}
    _lettered(cell, field)
    shown = _shown(cell)
    beside = part(shown.strip("() ") if field.name == "nickname" else shown)
    text = _limited(beside.text, field)
    if is_unknown(text):
        if field.name == "given":
            raise CellError("name_unknown", text)
        return _aside((text,))
    read: Values = {field.name: text} if text else {}
    if beside.nickname and field.name == "nickname":
        return read | _aside((beside.nickname, *beside.aside))
    return read | ({"nickname": beside.nickname} if beside.nickname else {}) | _aside(beside.aside)


def _aside(texts: tuple[str, ...]) -> Values:
    return {ASIDE: texts} if texts else {}


def _title(cell: Cell, field: Field, _: Context) -> Values:
    return {} if _nothing(cell) else {field.name: _limited(normal_title(text_of(cell)), field)}


def _place(cell: Cell, field: Field, _: Context) -> Values:
    text = text_of(cell)
    for prefix in field.prefixes:
        if text.startswith(prefix) and len(text) > len(prefix) + 1:
            text = text[len(prefix) :].strip()
            break
    return {} if _nothing(cell) else {field.name: _limited(text, field)}


def _url(cell: Cell, field: Field, _: Context) -> Values:
    text = text_of(cell)
    if _nothing(cell):
        return {}
    if not _URL.fullmatch(text):
        raise CellError("url", text)
    return {field.name: _limited(text if "://" in text else f"https://{text}", field)}


def _email(cell: Cell, field: Field, _: Context) -> Values:
    text = text_of(cell)
    if _nothing(cell):
        return {}
    if not _EMAIL.fullmatch(text) or len(text) > 254:
        raise CellError("email", text)
    return {field.name: text}


READERS: dict[str, Reader] = {
    "text": _text,
    "longtext": _longtext,
    "list": _list,
    "choice": _choice,
    "choices": _choices,
    "tick": _tick,
    "yesno": _yesno,
    "consent": _consent,
    REFUSAL: _refusal,
    "date": _date,
    "birth": _birth,
    "period": _period,
    "money": _money,
    "money_month": _money_month,
    "capacity": _whole,
    "age": _age,
    "span": _span,
    "hours": _hours,
    "credits": _credits,
    "phone": _phone,
    "pin": _pin,
    "full_name": _full_name,
    "name": _name,
    "title": _title,
    "place": _place,
    "url": _url,
    "email": _email,
}
_PLAIN = {
    "text",
    "longtext",
    "list",
    "place",
    "title",
    "full_name",
    "name",
}  # nearly any cell can be read as one of these


def looks_like(field: Field, sample: list[Cell]) -> float | None:
    """The share of a sample of cells that the field's reader can read, or None where that says nothing."""
    if field.type in _PLAIN or not sample:
        return None
    good = 0
    for cell in sample:
        try:
            read_cell(cell, field, Context())
        except (CellError, ThaiValueError):
            continue
        good += 1
    return good / len(sample)
