"""`parse_rows`: a table and its mapping to typed rows, with an error for each cell that cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Map
from dataclasses import dataclass
from datetime import date
from typing import Any

from okat.files.office.agreeing import denies
from okat.files.office.around import around, lone
from okat.files.office.closed import says_no
from okat.files.office.columns import Guess, Mapping
from okat.files.office.errors import OfficeError, RowError, excerpt, sentence
from okat.files.office.grid import Cell, is_blank, text_of
from okat.files.office.headings import as_of, units_of
from okat.files.office.left import filled, one_line
from okat.files.office.named import is_grown_child, leads_elsewhere, names_a_second, refuses_beside
from okat.files.office.refusing import holds_a_no, refuses
from okat.files.office.stems import may_refuse
from okat.files.office.table import RawRow, RawTable
from okat.files.office.unread import gone
from okat.files.office.values import ASIDE, READINGS, Context, Values, read_cell, says_nothing
from okat.files.office.vocabulary import Field, Vocabulary, vocabulary
from okat.files.office.write import TOLD_BY_US
from okat.thai.dates import Era
from okat.thai.errors import ThaiValueError
from okat.thai.names import take_titles
from okat.thai.partial import PartialDate, age, be_year
from okat.thai.pin import Pin
from okat.thai.text import fold

ROW_HIDDEN = "row_hidden"
_SECRET = {"pin"}  # values that no message may repeat
_TWICE = "said_twice"
_TITLED = "titled"
_CIVIL = frozenset({"นาย", "นาง", "นางสาว", "เด็กชาย", "เด็กหญิง"})
# Columns whose own reader understands a no.
_NAMED = frozenset({"full_name", "given", "family", "title", "nickname"})
_ABOUT_CONSENT = frozenset({"consent", "refusal"})
_PLACES = {"place"}  # types of fields that a form has filled in before anybody is written on the line
_ORDERS = (("start", "end"), ("opens", "closes"))


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """`number` as the spreadsheet program shows it. `values` by name: str, int, Decimal, bool,
    PartialDate, Pin, tuples of codes (str) or of Phone; what is blank is absent."""

    number: int
    values: Map[str, Any]


@dataclass(frozen=True, slots=True)
class ParsedSheet:
    """`rows` are those without an error. `warnings` do not stop a row. `left` are rows of the file that are no data,
    and why (`value`: what stands there); blank ones are not named."""

    kind: str
    rows: tuple[ParsedRow, ...]
    errors: tuple[RowError, ...]
    warnings: tuple[RowError, ...]
    left: tuple[RowError, ...]


@dataclass(frozen=True, slots=True)
class _Column:
    guess: Guess
    field: Field
    context: Context


def parse_rows(
    table: RawTable,
    mapping: Mapping,
    kind: str,
    *,
    defaults: Map[str, Any] | None = None,
    today: date | None = None,
) -> ParsedSheet:
    """Reads every row by the mapping. `defaults` fill what a row leaves blank (a partner's own name, a
    kind for the whole
    file). `today` refuses birth dates after it and settles the century of two-digit birth years.

    Raises OfficeError (kind_unknown, field_unknown, column_unknown); problems of cells are in the result.
    """
    words = vocabulary(kind)
    columns = _columns(table, mapping, words, today)
    of_people = "consent" in words.fields
    errors = _unsaid(table, mapping) if of_people else []
    read_of_refusals = _where_to_look(mapping, columns) if of_people else []
    warnings: list[RowError] = []
    for told, stops in around(table, mapping) if of_people else ():
        (errors if stops else warnings).append(told)
    rows: list[ParsedRow] = []
    blank: list[RowError] = []
    for raw in table.rows:
        empty = _is_vacant(raw, columns)
        for told, stops in lone(raw, empty=empty) if of_people and (empty or len(filled(raw.cells)) == 1) else ():
            (errors if stops else warnings).append(told)
        if empty:
            blank.append(_problem(raw.number, None, "left_vacant", shown=excerpt(one_line(raw.cells))))
            continue
        values, wrong = _read_row(raw, columns)
        values = {**(defaults or {}), **values}
        for told, stops in _refusals(raw, read_of_refusals):
            (wrong if stops else warnings).append(told)
        for told, asks in gone(raw.number, raw.cells, mapping, words) if of_people else ():
            (wrong if asks else warnings).append(told)
        warnings += _settle_birth(raw.number, values, columns, today)
        wrong += _check(raw.number, values, columns, words, {error.field for error in wrong})
        errors += wrong
        warnings += _notices(raw.number, values, columns, words)
        warnings += _person_notices(raw, values, columns, mapping, today) if of_people else []
        warnings += [_problem(raw.number, None, ROW_HIDDEN)] if raw.number in table.unseen else []
        if not wrong:
            rows.append(ParsedRow(raw.number, values))
    errors += _twice_pin(rows, columns)
    bad = {error.row for error in errors}
    warnings += _twice_row(rows)
    good = tuple(row for row in rows if row.number not in bad)
    by_row = sorted(errors, key=lambda error: error.row)
    return ParsedSheet(kind, good, tuple(by_row), tuple(sorted(warnings, key=lambda w: w.row)), _left(table, blank))


def _left(table: RawTable, vacant: list[RowError]) -> tuple[RowError, ...]:
    named = (entry for entry in table.ignored if entry.reason != "blank")
    left = [_problem(entry.row, None, f"left_{entry.reason}", shown=excerpt(entry.text)) for entry in named]
    return tuple(sorted([*left, *vacant], key=lambda entry: entry.row))


def _is_vacant(raw: RawRow, columns: list[_Column]) -> bool:
    """Whether the row is a line of the form that nobody was written on: a running number, a place, and no more than a
    word for nothing."""
    read = [raw.cells[column.guess.column] for column in columns if column.field.type not in _PLACES]
    return bool(read) and all(is_blank(cell) or says_nothing(cell) for cell in read)


def _columns(table: RawTable, mapping: Mapping, words: Vocabulary, today: date | None) -> list[_Column]:
    columns = []
    for guess in mapping.guesses:
        if guess.column >= len(table.columns):
            raise OfficeError("column_unknown", guess.letter)
        if guess.field:
            columns.append(_Column(guess, words.field(guess.field), _context(guess.heading, today)))
    return columns


def _context(heading: str, today: date | None) -> Context:
    units = units_of(heading)
    per = next(iter(units)) if len(units) == 1 else None
    return Context(_era(heading), today, per, denies(heading), torn=len(units) > 1, as_of=as_of(heading))


def _era(heading: str) -> Era:
    key = fold(heading)
    if "คศ" in key:
        return "ce"
    return "be" if "พศ" in key else "auto"


def _read_row(raw: RawRow, columns: list[_Column]) -> tuple[Values, list[RowError]]:
    values: Values = {}
    errors: list[RowError] = []
    for column in columns:
        cell = raw.cells[column.guess.column]
        try:
            read = read_cell(cell, column.field, column.context)
        except (OfficeError, ThaiValueError) as error:
            shown = "" if column.field.type in _SECRET else excerpt(text_of(cell))
            errors.append(_error(raw.number, column, error.code, error.message("th"), error.message("en"), shown))
            continue
        for name, value in read.items():
            if isinstance(value, tuple) and isinstance(values.get(name), tuple):
                values[name] = tuple(dict.fromkeys(values[name] + value))
            elif values.setdefault(name, value) != value:
                said = f"{column.guess.heading or column.field.label_th}: {text_of(cell)}"
                values[ASIDE] = (*values.get(ASIDE, ()), said)
                values[_TWICE] = (*values.get(_TWICE, ()), column.field.name)
    if any(column.field.name == "given" for column in columns):
        _settle_title(values)
    return values, errors


def _unsaid(table: RawTable, mapping: Mapping) -> list[RowError]:
    """Columns that speak of consent and of which nobody has said what they are: nothing goes in before."""
    line = table.header_rows[-1] if table.header_rows else 0
    asked = [guess for guess in mapping.guesses if guess.asked]
    return [_told(line, guess, OfficeError("consent_column_unsaid", guess.heading)) for guess in asked]


def _where_to_look(mapping: Mapping, columns: list[_Column]) -> list[Guess]:
    """Every column but those that understand a no, and the one in which we said ourselves what to mend."""
    understood = {column.guess.column for column in columns if column.field.type in _ABOUT_CONSENT}
    rest = (guess for guess in mapping.guesses if guess.column not in understood)
    return [guess for guess in rest if fold(guess.heading) not in TOLD_BY_US]


def _refusals(raw: RawRow, guesses: list[Guess]) -> Iterator[tuple[RowError, bool]]:
    """A no in whatever column, each with whether it stops the row: nobody goes in against their word. Names hold such
    syllables too: there it must stand beside the name, or in its place, else it is remarked."""
    alone = sum(guess.field in _NAMED and not is_blank(raw.cells[guess.column]) for guess in guesses) == 1
    for guess in guesses:
        if refuses(cell := raw.cells[guess.column]):
            stops = guess.field not in _NAMED or refuses_beside(text_of(cell), alone=alone)
            error = OfficeError("refusal_found" if stops else "note_holds_no")
            yield _told(raw.number, guess, error, excerpt(text_of(cell))), stops


def _told(row: int, guess: Guess, error: OfficeError, shown: str = "") -> RowError:
    words = (error.code, error.message("th"), error.message("en"), shown)
    return RowError(row, guess.letter, guess.heading, guess.field or "", *words)


def _settle_title(values: Values) -> None:
    """A title in the column of given names ("นายประเสริฐ"), divided as it is where the whole name is one cell. Beside a
    title in its own column it may be a part of the name ("เด็กหญิง", "นางฟ้า"): another one stays, the same is told."""
    given, family = values.get("given", ""), values.get("family", "")
    titles, name = take_titles(f"{given} {family}".strip())
    name = name.removesuffix(family).strip()
    said = values.get("title", "")
    if not titles or not name or (said in _CIVIL and "".join(titles) != said):
        return
    if said == "".join(titles):
        values[_TITLED] = said
    values["given"], title = name, "".join(titles)
    if values.setdefault("title", title) != title:
        values[ASIDE] = (*values.get(ASIDE, ()), title)
        values[_TWICE] = (*values.get(_TWICE, ()), "title")


def _error(row: int, column: _Column | None, code: str, thai: str, english: str, value: str = "") -> RowError:
    if column is None:
        return RowError(row, "", "", "", code, thai, english, value)
    guess = column.guess
    return RowError(row, guess.letter, guess.heading, column.field.name, code, thai, english, value)


def _problem(row: int, column: _Column | None, code: str, *, shown: str = "", **params: object) -> RowError:
    """An error about a whole row. `label_th` and `label_en` stand for the label in each language."""
    thai = {**params, "label": params.get("label_th", "")}
    english = {**params, "label": params.get("label_en", "")}
    return _error(row, column, code, sentence(code, "th", thai), sentence(code, "en", english), shown)


def _filling(name: str, columns: Iterable[_Column]) -> _Column | None:
    return next((column for column in columns if name in (column.field.name, *column.field.fills)), None)


def _settle_birth(row: int, values: Values, columns: list[_Column], today: date | None) -> list[RowError]:
    """A birth year of two digits that may be of two centuries: the column of ages decides, else it is remarked."""
    readings = values.pop(READINGS, ())
    if not readings or today is None:
        return []
    said = values.get("age")
    fitting = [day for day in readings if isinstance(said, int) and age(day, today).about(said)]
    values["birth_date"] = (fitting or readings)[0]
    if fitting:
        return []
    day = values["birth_date"].first()
    years = age(values["birth_date"], today).high
    return [_problem(row, _filling("birth_date", columns), "birth_century", year=be_year(day), age=years)]


def _check(
    row: int, values: Values, columns: list[_Column], words: Vocabulary, unread: set[str]
) -> list[RowError]:  # fmt: skip
    """`unread`: fields whose own error is told already; nobody is told that what they wrote is missing."""
    errors = []
    if values.get("consent") is False or values.get("refused"):
        errors.append(_problem(row, _filling("consent", columns) or _filling("refused", columns), "consent_refused"))
    for name in words.required:
        if name not in values:
            column = _filling(name, columns) or _filling("full_name", columns)
            if column is not None and column.field.name in unread:
                continue
            field = column.field if column else words.field(name)
            code = "required" if column else "required_column"
            errors.append(_problem(row, column, code, label_th=field.label_th, label_en=field.label_en))
    for first, last in _ORDERS:
        start, end = values.get(first), values.get(last)
        if isinstance(start, PartialDate) and isinstance(end, PartialDate) and start.first() > end.last():
            field = words.field(last)
            column = _filling(last, columns)
            errors.append(_problem(row, column, "ends_before_start", label_th=field.label_th, label_en=field.label_en))
    low, high = values.get("age_min"), values.get("age_max")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        errors.append(_problem(row, _filling("age_min", columns), "age_reversed"))
    return errors


def _notices(row: int, values: Values, columns: list[_Column], words: Vocabulary) -> list[RowError]:
    """What a person should look at although the row can be used."""
    notices = _pin_notices(row, values.get("pin"), columns)
    if values.pop("name_doubtful", False):
        column = _filling("full_name", columns)
        notices.append(_problem(row, column, "name_doubtful", given=values["given"], family=values["family"]))
    if values.pop("name_turned", False):
        column = _filling("full_name", columns)
        said = {"given": values["given"], "family": values.get("family", "–")}
        notices.append(_problem(row, column, "name_turned", **said))
    if title := values.pop(_TITLED, ""):
        notices.append(_problem(row, _filling("given", columns), "title_twice", title=title))
    twice = values.pop(_TWICE, ())
    for name in twice:
        column = _filling(name, columns)
        label = column.field if column else words.field(name)
        code = "said_twice" if words.kind == "people" else "said_twice_shown"
        notices.append(_problem(row, column, code, label_th=label.label_th, label_en=label.label_en))
    if len(values.get(ASIDE, ())) > len(twice):
        column = _filling("full_name", columns) or _filling("given", columns)
        notices.append(_problem(row, column, "aside"))
    if any(phone.zero_added for phone in values.get("phones", ())):
        notices.append(_problem(row, _filling("phones", columns), "phone_zero"))
    return notices


def _pin_notices(row: int, pin: object, columns: list[_Column]) -> list[RowError]:
    if not isinstance(pin, Pin):
        return []
    column = _filling("pin", columns)
    notices = [_problem(row, column, f"pin_{flag}") for flag in ("check_digit", "zeros") if flag in pin.flags]
    if {"first_digit_0", "first_digit_9"} & pin.flags:
        notices.append(_problem(row, column, "pin_first_digit", value=pin.digits[0]))
    return notices


def _person_notices(
    raw: RawRow, values: Values, columns: list[_Column], mapping: Mapping, today: date | None
) -> list[RowError]:  # fmt: skip
    """What may be another person than the row says, and notes with a no beside a consent."""
    row, name = raw.number, _filling("full_name", columns) or _filling("given", columns)
    told = []
    if names_a_second(values.get(ASIDE, ()), text_of(raw.cells[name.guess.column]) if name else ""):
        told.append(_problem(row, name, "name_second"))
    if leads_elsewhere(values.get("given", ""), values.get("title", "")):
        told.append(_problem(row, name, "name_led"))
    if is_grown_child(values, today):
        told.append(_problem(row, name, "title_child", title=values["title"]))
    agreed = values.get("consent") is True
    notes = (guess for guess in mapping.guesses if guess.field in {None, "notes"} and not guess.asked)
    told += [
        _told(row, guess, OfficeError("note_holds_no"), excerpt(text_of(raw.cells[guess.column])))
        for guess in notes
        if fold(guess.heading) not in TOLD_BY_US and _is_a_no(raw.cells[guess.column], agreed=agreed)
    ]
    return told


def _is_a_no(cell: Cell, *, agreed: bool) -> bool:
    """A no of any kind beside a consent; else one that stands near the record."""
    held = isinstance(cell, str) and ((agreed and holds_a_no(cell)) or may_refuse(cell))
    return held and not (says_nothing(cell) or says_no(cell) or refuses(cell))


def _twice_pin(rows: list[ParsedRow], columns: list[_Column]) -> list[RowError]:
    first: dict[str, int] = {}
    errors = []
    for row in rows:
        pin = row.values.get("pin")
        if isinstance(pin, Pin) and first.setdefault(pin.digits, row.number) != row.number:
            errors.append(_problem(row.number, _filling("pin", columns), "duplicate_pin", other=first[pin.digits]))
    return errors


def _twice_row(rows: list[ParsedRow]) -> list[RowError]:
    first: dict[str, int] = {}
    warnings = []
    for row in rows:
        key = repr(sorted(row.values.items()))
        if first.setdefault(key, row.number) != row.number:
            warnings.append(_problem(row.number, None, "duplicate_row", other=first[key]))
    return warnings
