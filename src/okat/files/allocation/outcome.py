"""`outcome.csv` and `cutoffs.csv`, written and read."""

import csv
import io
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from okat.engine.allocation import CutOff, Outcome, Placement, Problem
from okat.engine.allocation.numbers import number_text
from okat.files.allocation.errors import BadInputError
from okat.files.allocation.table import CellError, Row, number, read_csv
from okat.files.allocation.texts import sentence

OUTCOME = ("applicant", "opportunity", "seat_class")
CUTOFFS = ("opportunity", "seat_class", "priority", "lottery", "full")


def write_rows(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> bytes:
    """CSV as these files have it: UTF-8, one LF per line."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return stream.getvalue().encode()


def write_outcome(problem: Problem, outcome: Outcome) -> bytes:
    """One line per applicant, in the order of the applicants; an empty opportunity means unplaced."""
    placements = outcome.placements
    return write_rows(OUTCOME, ((each.id, *(placements[each.id] or ("", ""))) for each in problem.applicants))


def write_cutoffs(outcome: Outcome) -> bytes:
    """Empty priority and lottery where there is no cut-off (see `CutOff`)."""
    return write_rows(CUTOFFS, (_cutoff_cells(cut) for cut in outcome.cutoffs))


def _cutoff_cells(cut: CutOff) -> tuple[Any, ...]:
    priority = "" if cut.priority is None else number_text(cut.priority)
    lottery = "" if cut.lottery is None else cut.lottery
    return cut.opportunity, cut.seat_class, priority, lottery, "true" if cut.full else "false"


def cutoff_dicts(outcome: Outcome) -> list[dict[str, Any]]:
    """The cut-offs for JSON: decimals and lottery numbers as text, since JSON readers round them."""
    return [
        {
            "opportunity": cut.opportunity,
            "seat_class": cut.seat_class,
            "priority": cut.priority if isinstance(cut.priority, int | None) else number_text(cut.priority),
            "lottery": None if cut.lottery is None else str(cut.lottery),
            "full": cut.full,
        }
        for cut in outcome.cutoffs
    ]


class Odd(NamedTuple):
    """A line that says something impossible by itself."""

    code: str
    line: int
    params: dict[str, Any]


class Claimed(NamedTuple):
    """An outcome as stated, with the line of each applicant and of each (opportunity, seat class)."""

    outcome: Outcome
    lines: dict[str, int]
    cutoff_lines: dict[Placement, int]
    odd: dict[str, list[Odd]]


def read_outcome(outcome: bytes, cutoffs: bytes) -> Claimed:
    """Raises `BadInputError` where a file is not a table of this shape; odd lines are listed, not raised."""
    placements: dict[str, Placement | None] = {}
    lines: dict[str, int] = {}
    odd: dict[str, list[Odd]] = {"outcome.csv": [], "cutoffs.csv": []}
    errors = []
    cuts: dict[Placement, CutOff] = {}
    cut_lines: dict[Placement, int] = {}
    for file, data, columns, take in (
        ("outcome.csv", outcome, OUTCOME, lambda row: _take_seat(row, placements, lines)),
        ("cutoffs.csv", cutoffs, CUTOFFS, lambda row: _take_cutoff(row, cuts, cut_lines)),
    ):
        try:
            rows = read_csv(file, data, columns, need_rows=False).rows
        except BadInputError as error:
            errors += error.errors
            continue
        odd[file] = _odd_rows(rows, take)
    if errors:
        raise BadInputError(errors)
    return Claimed(Outcome(placements, tuple(cuts.values())), lines, cut_lines, odd)


def read_cutoffs(data: bytes) -> tuple[dict[Placement, CutOff], dict[Placement, int], list[Odd]]:
    """`cutoffs.csv` by itself: the cut-offs, their lines, and odd lines. Raises `BadInputError`."""
    cuts: dict[Placement, CutOff] = {}
    lines: dict[Placement, int] = {}
    rows = read_csv("cutoffs.csv", data, CUTOFFS, need_rows=False).rows
    return cuts, lines, _odd_rows(rows, lambda row: _take_cutoff(row, cuts, lines))


def _odd_rows(rows: list[Row], take: Callable[[Row], Odd | None]) -> list[Odd]:
    return [odd for odd in map(take, rows) if odd]


def _take_seat(row: Row, placements: dict[str, Placement | None], lines: dict[str, int]) -> Odd | None:
    applicant, opportunity, seat_class = row.cells
    if applicant in placements:
        return Odd("duplicate-row", row.line, {"key": applicant})
    placements[applicant] = Placement(opportunity, seat_class) if opportunity else None
    lines[applicant] = row.line
    if seat_class and not opportunity:
        return Odd(
            "malformed-row",
            row.line,
            {"reason": f"the seat class {seat_class!r} stands without an opportunity"},
        )
    return None


def _take_cutoff(row: Row, cuts: dict[Placement, CutOff], lines: dict[Placement, int]) -> Odd | None:
    opportunity, seat_class, priority, lottery, full = row.cells
    seat = Placement(opportunity, seat_class)
    if seat in cuts:
        return Odd("duplicate-row", row.line, {"key": f"{opportunity}, {seat_class}"})
    lines[seat] = row.line
    try:
        cuts[seat] = CutOff(
            *seat,
            number(priority) if priority else None,
            _lottery(lottery) if lottery else None,
            full == "true",
        )
    except CellError as error:
        return Odd("malformed-row", row.line, {"reason": sentence(error.code, "en", value=error.value)})
    if full not in ("true", "false"):
        return Odd("malformed-row", row.line, {"reason": f"full is {full!r}, neither true nor false"})
    return None


def _lottery(text: str) -> int:
    """A SHA-256 has at most 78 decimal digits. Raises `CellError`."""
    if len(text) > 78 or not (text.isascii() and text.isdigit()):
        raise CellError("not-whole", text[:100])
    return int(text)
