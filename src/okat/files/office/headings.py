"""Whether a heading says a field: it is a known one, and nothing stands beside it but words that say nothing.

Whatever else stands there changes what the column is about: of whom ("เบอร์โทรครู"), of when ("ที่อยู่เดิม"), wished
for and not had ("อาชีพที่ต้องการ"), in another unit ("รายได้ต่อปี"). Such a column is offered, and somebody decides.
"""

from __future__ import annotations

import re
from functools import cache

from rapidfuzz.distance import Levenshtein

from okat.files.office.closed import turns
from okat.files.office.vocabulary import TICK, Field, Vocabulary
from okat.thai.dates import parse_date
from okat.thai.digits import to_arabic
from okat.thai.errors import ThaiValueError
from okat.thai.numbers import Per
from okat.thai.partial import PartialDate
from okat.thai.text import fold, normalise

_CROSSED = re.compile("[✗✘×❌🚫]")  # over a column of ticks it turns what they say
LEAST_OFFER = 0.7  # of a heading that holds a known one and more
_LONGEST = 200
_SHORTEST = 3  # of a known heading that may have words beside it
_BESIDE = 0.85  # and up to 0.09 more, the less stands beside it
_MISSPELT = 0.9
_SPELLED = ((8, 1), (14, 2))  # from so many characters so many of them may be mistyped
_STARTS_WITH = 0.8
_UNITS: dict[str, Per] = {
    "ชั่วโมง": "hour", "ชม": "hour", "hour": "hour", "วัน": "day", "day": "day", "สัปดาห์": "week", "week": "week",
    "เดือน": "month", "month": "month", "ปี": "year", "year": "year",
}  # fmt: skip
_UNIT = "|".join(map(normalise, _UNITS))
_SLASH = re.compile(rf"\s*/\s*(?=({_UNIT}|คน|ราย|person)(?![ก-๛]))")
_PER = re.compile(
    rf"(?:ต่อ|ราย|ทั้ง|ประจำ|เงิน|หรือ|และ|per\s?|\bor\s)\s?({_UNIT})|({_UNIT})\.?\s?ละ|\b(hour|dai|week|month|year)ly", re.I
)
_NAMED_YEAR = re.compile(r"ประจำปี(?:งบประมาณ)?\s?(?:พ\.?ศ\.?)?\s?\d{4}")
_YEAR = re.compile(r"(?:19|20|24|25)\d\d")
_OF_A_YEAR = frozenset({"money", "money_month", "age"})  # types of fields of which a year says something else
_AS_OF = re.compile(r"(?:ณ|นับถึง)\s?(?:วันที่)?\s?(\d{1,2}\s?(?:[/.\-]\s?\d{1,2}\s?[/.\-]|[ก-๛.\s]+?)\s?\d{2,4})(?!\d)")
_EXAMPLE = re.compile(r"[(\[（]\s*(?:เช่น|ตัวอย่าง|ตย\.?|e\.g\.)[^()\[\]（）]*[)\]）]", re.I)


def units_of(heading: str) -> frozenset[Per]:
    """The times for each of which an amount is, as the heading says ("บาท/วัน", "รายได้เฉลี่ย/คน/ปี", "เงินเดือน"): where
    it says two, each cell must say its own. A year that is named ("ประจำปี 2568 (บาท/เดือน)") is one only if no other is.
    """
    text = _per(normalise(to_arabic(heading)).casefold())
    rest = frozenset(map(_unit, _PER.finditer(_NAMED_YEAR.sub(" ", text))))
    return rest or frozenset(map(_unit, _PER.finditer(text)))


def _unit(found: re.Match[str]) -> Per:
    if found[3]:
        return "day" if found[3] == "dai" else _UNITS[found[3]]
    said = found[1] or found[2]
    return next(unit for word, unit in _UNITS.items() if normalise(word) == said)


def _per(text: str) -> str:
    """With the word for the sign: "บาท/วัน" is "บาทต่อวัน", "baht/month" is "baht per month"."""
    return _SLASH.sub(lambda found: " per " if found[1].isascii() else "ต่อ", text)


def as_of(heading: str) -> PartialDate | None:
    """The day for which a column holds, where the heading says it: "อายุ ณ วันที่ 1 ต.ค. 2568"."""
    found = _AS_OF.search(normalise(heading))
    try:
        return parse_date(found[1]) if found else None
    except ThaiValueError:
        return None


def sure(text: str, field: Field) -> float:
    """How surely a heading says the field: 1 for a known one word for word, less with words that say nothing beside it,
    or with a letter mistyped; 0 for every other."""
    whole = fold(text)
    if field.type == "tick" and _CROSSED.search(text):
        return 0.0
    if whole in field.words:
        return 1.0
    said = _EXAMPLE.sub(" ", normalise(text).casefold())
    said = _AS_OF.sub(" ", said) if field.type == "age" and as_of(said) else said
    forms = [form for form in {fold(said), fold(_per(said))} if len(form) <= _LONGEST]
    words = [word for word in field.words if len(word) >= _SHORTEST]
    best = max((_of(form, word, field) for form in forms for word in words), default=0.0)
    return max([best, *(_misspelt(form, field) for form in forms)])


def _of(plain: str, word: str, field: Field) -> float:
    beside = field.beside if word in field.alone else field.beside | field.whom
    if field.type in _OF_A_YEAR and _YEAR.search(plain.replace(word, " ")):
        return 0.0
    place = plain.find(word)
    while place >= 0:
        if _says_nothing(plain[:place], beside) and _says_nothing(plain[place + len(word) :], beside):
            return _BESIDE + 0.09 * len(word) / len(plain)
        place = plain.find(word, place + 1)
    return 0.0


def _says_nothing(text: str, words: frozenset[str]) -> bool:
    """Whether a text is nothing but such words, and numbers."""
    reached = {0}
    for place in range(len(text)):
        if place in reached:
            reached |= {place + len(word) for word in words if text.startswith(word, place)}
            reached |= {place + 1} if text[place].isdecimal() else set()
    return len(text) in reached


def _misspelt(plain: str, field: Field) -> float:
    """Letters mistyped inside: what begins or ends with a known heading has another word beside it."""
    may = max((edits for least, edits in _SPELLED if len(plain) >= least), default=0)
    for word in field.words if may else ():
        if abs(len(word) - len(plain)) <= may and not (word in plain or plain in word or turns(plain, word)):
            edits = Levenshtein.distance(plain, word, score_cutoff=may)
            if edits <= 1 or (edits <= may and plain[:3] == word[:3] and plain[-3:] == word[-3:]):
                return _MISSPELT
    return 0.0


def resembles(text: str, field: Field) -> float:
    """How alike a folded heading is to a known one: by edits counted in Thai characters, or by its beginning."""
    if text in field.words:
        return 1.0
    best = 0.0
    for word in field.words:
        if len(word) < _SHORTEST:
            continue
        score = Levenshtein.normalized_similarity(text, word, score_cutoff=0.6)
        if len(word) > _SHORTEST and text.startswith(word):
            score = max(score, _STARTS_WITH)
        best = max(best, score)
    return min(best, 0.94)


def stands_over(group: str, field: Field, words: Vocabulary) -> bool:
    """Whether a heading over another leaves it what it says: it says nothing, or is the usual group of the field."""
    if _says_nothing(fold(group), field.beside | field.whom):
        return True
    if field.type == "tick":
        return sure(group, words.fields[field.name.partition(TICK)[0]]) > 0
    known = _groups(words).get(field.name, frozenset())
    return any(_of(fold(group), word, field) for word in known)


@cache
def _groups_of(groups: tuple[tuple[frozenset[str], frozenset[str]], ...]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for heads, fields in groups:
        for field in fields:
            found[field] = found.get(field, frozenset()) | heads
    return found


def _groups(words: Vocabulary) -> dict[str, frozenset[str]]:
    return _groups_of(words.groups)
