"""What a table says in columns that are not read: each is named, and a word of a death or a move is asked about, also
where it stands in a column of names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from okat.files.office.closed import says_no
from okat.files.office.columns import Guess, Mapping
from okat.files.office.errors import OfficeError, RowError, excerpt
from okat.files.office.grid import Cell, is_blank, text_of
from okat.files.office.left import RUNNING
from okat.files.office.stems import heads_a_death, is_of_status, is_of_the_living, may_be_dead, may_be_gone
from okat.files.office.table import RawTable
from okat.files.office.values import says_nothing
from okat.files.office.vocabulary import Vocabulary
from okat.files.office.write import TOLD_BY_US
from okat.thai.asides import DIED, ENTERED, part
from okat.thai.text import fold, normalise

_DEATH = rf"{DIED}|\bdied\b|\bdeceased\b|\bdeaths?\b|passed away|no longer (?:alive|living)"
# Nearly no cell holds any of these; the rest is only asked of those that do.
_MAY = re.compile(rf"{_DEATH}|ตาย|เสีย|ย้าย|จำหน่าย|จากไป|dead|move|†", re.I)
_GONE = re.compile(
    rf"(?:\W|{ENTERED}|การ|ผู้|คน|ที่)*(?:†|{_DEATH}|ตาย(?!าย|ด้าน)|dead\b|เสีย(?:ไป)?(?:แล้ว|เมื่อ|\W*$)|"
    r"ย้าย(?:ออก|ไป|ที่อยู่|ภูมิลำเนา|ถิ่น|ทะเบียน(?!.*เข้า)|แล้ว|$)|จากไป(?:แล้ว|อย่าง)|moved?\b)|(?:\W|ราย|ที่)*จำหน่าย(?:ชื่อ|ออก|แล้ว|จาก|เมื่อ|วันที่|\W*$)",
    re.I,
)
_OF_A_DEATH = re.compile(rf"{_DEATH}|(?:วัน|ปี)ที่?ตาย|(?:แจ้ง|จำหน่าย)ตาย|ย้ายออก|moved (?:out|away)", re.I)
_TELLS = re.compile(
    rf"(?<!ไม่)(?:{_DEATH}|ตาย(?:แล้ว|เมื่อ|$)|(?:คน|ผู้|แจ้ง|จำหน่าย|ที่)ตาย(?!าย|ด้าน)|ย้าย(?:ทะเบียนบ้าน|ชื่อ)?ออก|ย้ายไป|"
    r"(?:ผู้|คน)ที่จากไป)|†|moved (?:out|away)|\bdead\b",
    re.I,
)
# A death of one of these leaves the person of the row alive, and what is paid for a death goes to the living.
_OTHERS = re.compile(
    "บิดา|มารดา|พ่อ|แม่|ปู่|ย่า|ตา(?=ตาย|เสีย|ย้าย)|ยาย|สามี|ภรรยา|ภริยา|คู่สมรส|บุตร|ลูก|พี่|น้อง|ญาติ|ทายาท|ครอบครัว|ผู้ปกครอง|กำพร้า|สงเคราะห์|ศพ|"
    "ฌาปน|ป้องกัน|เสี่ยง|father|mother|parent|spouse|husband|wife|child|son\\b|daughter|relative|orphan|widow",
    re.I,
)
_CROSSES = frozenset("xX✗✘×❌")
_TEXTS = frozenset({"text", "longtext"})
_LOOSE = frozenset({"", "longtext"})  # of columns in which a stem anywhere is remarked
_NAMES = frozenset({"name", "full_name", "title"})


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
        kind, cell = words.fields[guess.field].type if guess.field else "", cells[guess.column]
        named = kind in _NAMES and _named_gone(cell)
        said = not named and (not kind or kind in _TEXTS) and _says_gone(guess, cell, words)
        if not named and not said and (kind not in _LOOSE or not _may_be_gone(guess, cell)):
            continue
        asks = named or (said and guess.field is None and guess.confidence < 1)
        shown = excerpt(text_of(cells[guess.column]))
        code = "says_gone_named" if named else "says_gone_asked" if asks else "says_gone"
        error = OfficeError(code, heading=guess.heading)
        words_of = (error.code, error.message("th"), error.message("en"), shown)
        found.append((RowError(number, guess.letter, guess.heading, guess.field or "", *words_of), asks))
    return found


def tells_of_gone(text: str) -> bool:
    """Whether a text speaks of people who died or moved away, and of nobody whom they left behind."""
    return speaks_of_gone(text) and not _OTHERS.search(normalise(text))


def speaks_of_gone(text: str) -> bool:
    """Whether a text speaks of a death or of moving away, be it of the people listed or of those whom they lost."""
    said = normalise(text)
    return bool(_MAY.search(said)) and bool(_GONE.match(said) or _TELLS.search(said))


def _named_gone(cell: Cell) -> bool:
    """Whether a cell of names says it: beside the name, or in its place as a line above others."""
    if is_blank(cell) or not _MAY.search(said := normalise(text_of(cell))) or says_nothing(cell):
        return False
    return (
        bool(_GONE.match(said))
        or tells_of_gone(said)
        or any(tells_of_gone(text.lstrip(",;/ ")) for text in part(said).aside)
    )


def _says_gone(guess: Guess, cell: Cell, words: Vocabulary) -> bool:
    if is_blank(cell):
        return False
    if guess.field is None and is_of_the_living(guess.heading) and (says_no(cell) or cell in _CROSSES):
        return not says_nothing(cell)
    said = normalise(text_of(cell))
    ended = guess.field is None and is_of_status(guess.heading) and may_be_dead(cell)
    if not ended and not (_MAY.search(said) and _GONE.match(said)) and not is_of_a_death(guess, words):
        return False
    return not says_nothing(cell) and not says_no(cell)


def _may_be_gone(guess: Guess, cell: Cell) -> bool:
    return may_be_gone(cell) and fold(guess.heading) not in TOLD_BY_US and not says_nothing(cell) and not says_no(cell)


def is_of_a_death(guess: Guess, words: Vocabulary) -> bool:
    """Whether a column that is not read is about that, and not about somebody else's."""
    heading = guess.heading
    said = heads_a_death(heading) or (_OF_A_DEATH.search(normalise(heading)) and not is_of_the_living(heading))
    return bool(guess.field is None and said and not words.is_of_another(fold(heading)))
