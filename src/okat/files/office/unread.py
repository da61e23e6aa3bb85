"""What a table says in columns that are not read: each is named, and a word of a death or a move is asked about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from okat.files.office.closed import says_no
from okat.files.office.columns import Guess, Mapping
from okat.files.office.errors import OfficeError, RowError, excerpt
from okat.files.office.grid import Cell, is_blank, text_of
from okat.files.office.left import RUNNING
from okat.files.office.table import RawTable
from okat.files.office.values import says_nothing
from okat.files.office.vocabulary import Vocabulary
from okat.files.office.write import TOLD_BY_US
from okat.thai.asides import DIED, ENTERED
from okat.thai.text import fold, normalise

_DEATH = rf"{DIED}|died|deceased|death"
_GONE = re.compile(
    rf"(?:\W|{ENTERED}|การ)*(?:{_DEATH}|ตาย(?!าย)|dead\b|เสีย(?:ไป)?(?:แล้ว|เมื่อ|\W*$)|"
    r"ย้าย(?:ออก|ไป|ที่อยู่|ภูมิลำเนา|ถิ่น|แล้ว|$)|moved?\b)|\W*จำหน่าย(?:ชื่อ|ออก|แล้ว|จาก|เมื่อ|วันที่|\W*$)",
    re.I,
)
_OF_A_DEATH = re.compile(rf"{_DEATH}|(?:วัน|ปี)ที่?ตาย|(?:แจ้ง|จำหน่าย)ตาย|ย้ายออก|moved (?:out|away)", re.I)
_TEXTS = frozenset({"text", "longtext"})


def unread(table: RawTable, mapping: Mapping) -> tuple[Guess, ...]:
    """Columns with something in them that go nowhere; running numbers and our own last column are none."""
    passed = (RUNNING | TOLD_BY_US) - {""}
    rest = (guess for guess in mapping.guesses if guess.field is None and fold(guess.heading) not in passed)
    return tuple(guess for guess in rest if any(not is_blank(row.cells[guess.column]) for row in table.rows))


def gone(number: int, cells: Sequence[Cell], mapping: Mapping, words: Vocabulary) -> list[tuple[RowError, bool]]:
    """Cells that say that somebody died or moved away, each with whether it must be answered: not where somebody has
    said what the column is, nor where it is kept in words."""
    found = []
    for guess in mapping.guesses:
        if guess.field and words.fields[guess.field].type not in _TEXTS:
            continue
        if not _says_gone(guess, cells[guess.column], words):
            continue
        asks = guess.field is None and guess.confidence < 1
        shown = excerpt(text_of(cells[guess.column]))
        error = OfficeError("says_gone_asked" if asks else "says_gone", heading=guess.heading)
        words_of = (error.code, error.message("th"), error.message("en"), shown)
        found.append((RowError(number, guess.letter, guess.heading, guess.field or "", *words_of), asks))
    return found


def _says_gone(guess: Guess, cell: Cell, words: Vocabulary) -> bool:
    if is_blank(cell) or says_nothing(cell) or says_no(cell):
        return False
    if _GONE.match(normalise(text_of(cell))):
        return True
    own = not words.is_of_another(fold(guess.heading))
    return guess.field is None and own and bool(_OF_A_DEATH.search(normalise(guess.heading)))
