"""Consent is never guessed. Headings that are consent, word for word, come from a closed list; every other one that
speaks of consent, refusal or disclosure is put to a person."""

from __future__ import annotations

import re
from collections import Counter

from okat.files.office.table import Column, RawTable
from okat.files.office.vocabulary import Vocabulary, exact_key
from okat.thai.text import fold, normalise

# Thai without tone marks and spaces (`fold`), but for words that a tone mark makes another word: ย้อม, ถ่อน.
_ASKS = re.compile(
    "ยินยอม|อนุญาต|อนุมัติ|สมัครใจ|เตมใจ|ยินดี|ตกลง|เปิดเผย|เผยแพร|สงวนสิทธ|ประสงค|เจตนา|เจตจำนง|ปฏิเสธ|คัดคาน|ยกเลิก|ไมให|"
    "ไมขอ|ขอไม|ใหเกบ|ใหใช|ใหขอมูล|ลบขอมูล|คุมครองขอมูล|"
    "pdpa|gdpr|privacy|consent|agree|permit|permiss|refus|withdraw|withdrew|declin|accept|authoris|authoriz|disclos|"
    "revok|denied|volunt|willing|waive|optin|optout"
)
_OF_DATA = re.compile("ขอมูลสวนบุคคล")  # over other columns it only means what is known of somebody
_ASKS_AS_IT_STANDS = re.compile(
    r"ยอม|ถอน|เลิกยิน|\bopt(?:s|ed|ing)?\b|\bobject(?:s|ed|ing|ions?)?\b|\ballow(?:s|ed|ing)?\b|\bden(?:y|ies)\b"
)
_DENIES = re.compile(
    "ไม|มิได|ถอน|ปฏิเสธ|คัดคาน|สงวนสิทธ|ยกเลิก|งด|หาม|ลบ|no|refus|withdr|declin|optout|object|revok|disagree|den|reject|stop"
)


def asks(*headings: str) -> bool:
    """Whether the headings of a column, the innermost last, speak of consent, refusal or disclosure."""
    text, own = " ".join(headings), "".join(headings[-1:])
    return bool(_OF_DATA.search(fold(own))) or bool(
        _ASKS.search(fold(text)) or _ASKS_AS_IT_STANDS.search(normalise(text).casefold())
    )


def denies(heading: str) -> bool:
    """Whether a heading holds a no: then a mark below it may mean either, and only words are read."""
    return bool(_DENIES.search(fold(heading)))


def consent_columns(table: RawTable, words: Vocabulary) -> tuple[dict[int, str], set[int]]:
    """Columns that are about consent word for word, by place; and the places of those that a person must say: whose
    heading speaks of it otherwise, stands twice, or stands below or across others."""
    if not any(field.exact for field in words.fields.values()):
        return {}, set()
    keys = Counter(exact_key(column.heading) for column in table.columns)
    across = {place for left, right in table.merged_headings for place in range(left, right + 1)}
    known: dict[int, str] = {}
    unsaid: set[int] = set()
    for column in table.columns:
        found = _exact(column, words)
        if found and keys[exact_key(column.heading)] == 1 and column.index not in across:
            known[column.index] = found
        elif asks(*column.headings):
            unsaid.add(column.index)
    names = Counter(known.values())
    unsaid |= {place for place, name in known.items() if names[name] > 1 and asks(*table.columns[place].headings)}
    return {place: name for place, name in known.items() if names[name] == 1}, unsaid


def _exact(column: Column, words: Vocabulary) -> str:
    if len(column.headings) != 1:
        return ""
    key = exact_key(column.headings[0])
    return next((name for name, field in words.fields.items() if key in field.exact), "")
