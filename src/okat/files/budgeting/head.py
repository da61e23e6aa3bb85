"""META and PROJECTS, read line by line, and where the votes begin."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from okat.files.budgeting.errors import Findings
from okat.files.budgeting.fields import META, PROJECTS, SECTIONS, VOTE_TYPES, Field

_NUMBERS = {
    "whole": re.compile(r"[0-9]{1,12}"),
    "signed": re.compile(r"-?[0-9]{1,12}"),
    "money": re.compile(r"[0-9]{1,12}(\.[0-9]{1,4}0*)?"),
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ODD = {
    "date": (r"[0-9]{4}|[0-9]{2}\.[0-9]{2}\.[0-9]{4}", "YYYY or DD.MM.YYYY"),
    "mark": (r"1", "1"),
    "selected": (r"[0-3]", "0, 1, 2 or 3"),
    "comment": (r"#1: .*", "#1: ..."),
    "language": (r"[a-z]{2}", "ISO 639-1"),
    "currency": (r"[A-Z]{3}", "ISO 4217"),
}
Record = tuple[int, list[str], str]
"""Line on which it starts, cells, line end."""


@dataclass
class Section:
    """`lines` gives each row's line, `line` that of the header."""

    name: str
    line: int
    columns: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def column(self, name: str) -> int | None:
        return self.columns.index(name) if name in self.columns else None


@dataclass
class Head:
    """`offset` and `line` say where the rows of VOTES begin; `ends` holds the line end of each record before."""

    sections: dict[str, Section]
    ends: list[str]
    offset: int
    line: int
    blank: int = 0

    @property
    def meta(self) -> dict[str, str]:
        return {row[0]: row[1] for row in self.sections["META"].rows}

    def meta_line(self, name: str) -> int:
        section = self.sections["META"]
        return next((line for row, line in zip(section.rows, section.lines, strict=True) if row[0] == name), 0)


class _Lines:
    """Lines of text out of bytes, with the place where the next one begins. A line that is not UTF-8 is an error."""

    def __init__(self, data: bytes, start: int, found: Findings) -> None:
        self.data, self.offset, self.found = data, start, found
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.offset >= len(self.data):
            raise StopIteration
        end = self.data.find(b"\n", self.offset) + 1 or len(self.data)
        raw, self.offset = self.data[self.offset : end], end
        self.number += 1
        return decoded(raw, self.number, self.found)


def decoded(raw: bytes, line: int, found: Findings) -> str:
    """The line's text; an unreadable one becomes an error and a stand-in."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        found.error(line, "", "encoding", guess=_guess(raw))
        return _CONTROL.sub("?", raw.decode("utf-8", errors="replace"))
    if _CONTROL.search(text):
        found.error(line, "", "control")
        return _CONTROL.sub("?", text)
    return text


def _guess(raw: bytes) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "UTF-16?"
    thai = any(0xA1 <= byte <= 0xFB for byte in raw)
    return "TIS-620? Windows-874? Windows-1250?" if thai else "?"  # the same in either language


def read_head(data: bytes, start: int, found: Findings) -> Head:
    """Everything before the rows of VOTES. Errors go into `found`; it may end early where nothing more is to be
    understood."""
    lines = _Lines(data, start, found)
    head = Head({}, [], len(data), 0)
    section: Section | None = None
    for line, cells, end in _records(lines, found):
        if not any(cells):
            head.blank += 1
            continue
        head.ends.append(end)
        name = cells[0].strip().upper() if len(cells) == 1 else ""
        if name in SECTIONS:
            if name in head.sections or len(head.sections) != list(SECTIONS).index(name):
                found.error(line, "", "section-order", section=name)
                return head
            section = head.sections[name] = Section(name, line)
        elif not _take(section, line, cells, found):
            return head
        elif section and section.name == "VOTES":
            head.offset, head.line = lines.offset, lines.number
            break
    _missing(head, found)
    return head


def _take(section: Section | None, line: int, cells: list[str], found: Findings) -> bool:
    """False where the rest of the file cannot be understood."""
    if section is None:
        found.error(line, "", "before-section")
        return False
    if not section.columns:
        return _columns(section, line, cells, found)
    _row(section, line, cells, found)
    return True


def _missing(head: Head, found: Findings) -> None:
    for name in SECTIONS:
        section = head.sections.get(name)
        if section is None:
            found.error(0, "", "section-missing", section=name)
        elif not section.columns:
            found.error(section.line, "", "no-header", section=name, expected=_expected(name))


def _records(lines: _Lines, found: Findings) -> Iterator[Record]:
    reader = csv.reader(lines, delimiter=";", strict=True)
    while True:
        line = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            found.error(line, "", "not-csv", reason=str(error))
            return
        tail = lines.data[max(0, lines.offset - 2) : lines.offset]
        end = "\r\n" if tail == b"\r\n" else "\n" if tail.endswith(b"\n") else ""
        yield line, cells, end


def _expected(name: str) -> str:
    return {"META": "key;value", "PROJECTS": "project_id;cost;...", "VOTES": "voter_id;vote;..."}[name]


def _columns(section: Section, line: int, cells: list[str], found: Findings) -> bool:
    section.line = line
    section.columns = columns = tuple(cell.strip() for cell in cells)
    first = {"META": ("key", "value"), "PROJECTS": ("project_id",), "VOTES": ("voter_id",)}[section.name]
    if columns[: len(first)] != first or (section.name == "META" and len(columns) != 2):
        found.error(line, "", "no-header", section=section.name, expected=_expected(section.name))
        return False
    for value in {name for name in columns if columns.count(name) > 1}:
        found.error(line, value, "column-twice", value=value)
    known = SECTIONS[section.name] if section.name != "META" else ()
    for each in known:
        if each.need == "count" and each.name not in columns:
            found.error(line, each.name, "column-missing", section=section.name, column=each.name)
    if known:
        _note_names(columns, [line] * len(columns), known, found)
    return True


def _note_names(names: Sequence[str], lines: Sequence[int], known: tuple[Field, ...], found: Findings) -> None:
    order = [each.name for each in known]
    for name, line in zip(names, lines, strict=True):
        if name not in order:
            code = "note-renamed" if name == "target" and known is PROJECTS else "note-unknown"
            found.note(line, name, code, value=name)
    here = [name for name in names if name in order]
    right = sorted(here, key=order.index)
    if here != right and lines:
        found.note(lines[0], "", "note-order", expected=", ".join(right))


def _row(section: Section, line: int, cells: list[str], found: Findings) -> None:
    if len(cells) != len(section.columns):
        found.error(line, "", "cells", found=len(cells), expected=len(section.columns))
        return
    for column, cell in zip(section.columns, cells, strict=True):
        if cell != cell.strip():
            found.error(line, cells[0].strip() if section.name == "META" else column, "space", value=cell)
    section.rows.append(tuple(cell.strip() for cell in cells))
    section.lines.append(line)


def check_meta(head: Head, found: Findings) -> dict[str, int | Decimal]:
    """The numbers of META by their field."""
    section = head.sections["META"]
    seen: set[str] = set()
    numbers: dict[str, int | Decimal] = {}
    fields = {each.name: each for each in META}
    for (key, value), line in zip(section.rows, section.lines, strict=True):
        if key in seen or not key:
            found.error(line, key, "key-twice" if key else "empty", value=key)
        seen.add(key)
        if key in fields and value:
            number = cell_number(fields[key], value, line, key, found)
            if number is not None:
                numbers[key] = number
    _note_names([row[0] for row in section.rows], section.lines, META, found)
    for each in META:
        if each.need and not head.meta.get(each.name):
            line = head.meta_line(each.name) or section.line
            if each.need == "count":
                found.error(line, each.name, "field-missing", field=each.name)
            else:
                found.note(line, each.name, "note-missing", field=each.name)
    kind = head.meta.get("vote_type", "")
    if kind and kind not in VOTE_TYPES:
        found.error(head.meta_line("vote_type"), "vote_type", "vote-type", value=kind, known=", ".join(VOTE_TYPES))
    _cross(numbers, head, found)
    return numbers


def _cross(numbers: Mapping[str, int | Decimal], head: Head, found: Findings) -> None:
    for high in [name for name in numbers if name.startswith("max_")]:
        low = high.replace("max_", "min_", 1)
        if low in numbers and numbers[low] > numbers[high]:
            params = {"low": low, "high": high, "a": numbers[low], "b": numbers[high]}
            found.error(head.meta_line(low), low, "limits-cross", **params)


def cell_number(each: Field, value: str, line: int, column: str, found: Findings) -> int | Decimal | None:
    """The number in a cell of a field that holds one; None otherwise, with an error or a note where it is odd."""
    if each.kind in _NUMBERS:
        if _NUMBERS[each.kind].fullmatch(value):
            return Decimal(value) if each.kind == "money" else int(value)
        foreign = any(letter.isdigit() and not letter.isascii() for letter in value)
        code = "thai-digits" if foreign else "not-money" if each.kind == "money" else "not-whole"
        found.error(line, column, code, value=value)
    elif each.kind in _ODD and not re.fullmatch(_ODD[each.kind][0], value, re.DOTALL):
        found.note(line, column, "note-value", value=value, expected=_ODD[each.kind][1])
    return None


def check_projects(
    head: Head, numbers: Mapping[str, int | Decimal], found: Findings
) -> tuple[tuple[str, ...], list[Decimal], dict[str, list[int | None]]]:
    """Ids, costs, and the claimed tallies `votes` and `score` (None: not stated)."""
    section = head.sections["PROJECTS"]
    fields = {each.name: each for each in PROJECTS}
    ids: dict[str, int] = {}
    costs: list[Decimal] = []
    tallies: dict[str, list[int | None]] = {name: [] for name in ("votes", "score") if name in section.columns}
    for row, line in zip(section.rows, section.lines, strict=True):
        _project_id(row[0], line, ids, found)
        values = {
            name: cell_number(fields[name], cell, line, name, found)
            for name, cell in zip(section.columns, row, strict=True)
            if name in fields and cell
        }
        costs.append(_cost(values, row, line, section, numbers, found))
        for name, claimed in tallies.items():
            number = values.get(name)
            claimed.append(None if number is None else int(number))
    stated = numbers.get("num_projects")
    if stated is not None and stated != len(section.rows):
        params = {"field": "num_projects", "claimed": stated, "counted": len(section.rows)}
        found.error(head.meta_line("num_projects"), "num_projects", "number-differs", **params)
    return tuple(ids), costs, tallies


MAX_ID = 256


def _project_id(one: str, line: int, ids: dict[str, int], found: Findings) -> None:
    if not one:
        found.error(line, "project_id", "empty")
    elif "," in one:
        found.error(line, "project_id", "comma-in-id", value=one)
    elif len(one.encode()) > MAX_ID:
        found.error(line, "project_id", "too-long", limit=MAX_ID)
    elif one in ids:
        found.error(line, "project_id", "duplicate-id", value=one)
    ids[one] = line


def _cost(
    values: Mapping[str, int | Decimal | None],
    row: tuple[str, ...],
    line: int,
    section: Section,
    numbers: Mapping[str, int | Decimal],
    found: Findings,
) -> Decimal:
    at = section.column("cost")
    if at is None:
        return Decimal(0)
    if not row[at]:
        found.error(line, "cost", "field-missing", field="cost")
    cost = Decimal(values.get("cost") or 0)
    for name, beyond in (("min_project_cost", -1), ("max_project_cost", 1)):
        limit = numbers.get(name)
        if limit is not None and values.get("cost") is not None and (cost - limit) * beyond > 0:
            found.error(line, "cost", "cost-beyond", found=cost, field=name, limit=limit)
    return cost
