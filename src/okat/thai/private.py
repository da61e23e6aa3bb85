"""Whether a short text looks as if it named somebody or gave a number by which somebody is known.

For texts that are kept without identity: in doubt it says yes, and the text is not kept. Names are looked up in
PyThaiNLP's lists of Thai given and family names; many given names are words of the language too, so that one alone
counts only where the dictionary does not have it.
"""

from __future__ import annotations

import re
from functools import cache

from okat.thai.digits import to_arabic
from okat.thai.names import take_titles
from okat.thai.segment import default
from okat.thai.text import normalise

_DIGITS = 6  # a telephone or identity number has more; a year, a class or a price fewer
_ADDRESS = re.compile(r"@|://|www\.|\.(?:com|net|org|co|th)\b|\bline\s?id\b|ไอดี", re.I)
_BETWEEN = re.compile(r"[()\[\]{}<>‹›«»“”\"'’,;:!?/|*]")
_CALLS = ("หลวงพ่อ", "หลวงตา", "คุณ", "พระ", "ครู", "ลุง", "ป้า", "น้า", "อา", "ตา", "ยาย", "ปู่", "ย่า", "พ่อ", "แม่", "พี่", "น้อง")
_OF_ONE = frozenset(
    {"หลวงพ่อ", "หลวงตา", "คุณ", "ลุง", "ป้า", "น้า", "ยาย", "ปู่", "ย่า", "พี่", "น้อง", "หนู", "นาย", "นาง", "นางสาว"}
)
_BEGINNING = frozenset({"ตา", "อา", "พระ"})
_SHORTEST = 4  # letters; shorter names are words of the language


@cache
def _lists() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Given names, family names, words of the dictionary."""
    from pythainlp.corpus.common import thai_family_names, thai_female_names, thai_male_names, thai_words

    given = frozenset(normalise(name) for name in thai_female_names() | thai_male_names())
    return given, frozenset(map(normalise, thai_family_names())), frozenset(thai_words())


def looks_personal(text: str) -> bool:
    """A number of six digits or more, an e-mail or web address, a title before a name, a word by which people are
    called with something behind it, or a name."""
    plain = to_arabic(normalise(text))
    if sum(char.isdecimal() for char in plain) >= _DIGITS or _ADDRESS.search(plain):
        return True
    words = _BETWEEN.sub(" ", plain).split()
    return any(_titled(words[at:]) for at in range(len(words))) or _speaks_of_one(words) or _named(words)


def _speaks_of_one(pieces: list[str]) -> bool:
    """A word by which one calls somebody, with something behind it: น้องฟ้า, ป้า แดง. Nicknames stand in no list. Some
    such words are parts of others (ตรวจตา), and count only where they begin."""
    words = [(word, at == 0) for piece in pieces for at, word in enumerate(_parts(piece))]
    return any(word in _OF_ONE or (begins and word in _BEGINNING) for word, begins in words[:-1])


def _parts(piece: str) -> list[str]:
    return [piece] if piece in _lists()[2] else default().words(piece)


def _titled(words: list[str]) -> bool:
    """A title with something behind it; a bare อาจารย์ may be what is looked for, and นายจ้าง is a word."""
    if words[0] in _lists()[2]:
        return False
    titles, rest = take_titles(" ".join(word.capitalize() if word.isascii() else word for word in words))
    return bool(titles and rest)


def _called(word: str) -> str:
    """The name behind a word by which people are called: คุณสมหญิง, ป้าสมศรี."""
    return next((word.removeprefix(call) for call in _CALLS if word.startswith(call)), "")


def _named(words: list[str]) -> bool:
    given, family, dictionary = _lists()
    for place, word in enumerate(words):
        if len(word) < _SHORTEST:
            continue
        if word in family and word not in dictionary:
            return True
        if word in given and (word not in dictionary or (place + 1 < len(words) and words[place + 1] in family)):
            return True
        if word not in dictionary and _called(word) in given:
            return True
        if any(word[:cut] in given and word[cut:] in family for cut in range(2, len(word) - 2)):
            return word not in dictionary
    return False
