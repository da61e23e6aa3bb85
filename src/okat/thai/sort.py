"""Thai dictionary order as a stored key: plain binary comparison of keys orders the texts.

Rules of the Royal Institute dictionary: consonants first, then vowels; a vowel written before its
consonant sorts after
it (เก as ก เ); maitaikhu, tone marks and the silencer count only between words that are otherwise equal;
spaces and
punctuation do not count. A database column with such keys needs no Thai collation (use the "C" collation).
"""

from __future__ import annotations

import re
import unicodedata

from okat.thai.digits import to_arabic
from okat.thai.text import normalise

_LEADING = re.compile("([เ-ไ])([ก-ฮ])")
# Weights between words that differ in these marks alone, in the order of the Unicode collation table.
_MARK_WEIGHT = {mark: chr(ord("1") + rank) for rank, mark in enumerate("๎์็่้๊๋")}
_PLAIN = "0"
_LEVEL = "\x01"


def sort_key(text: str) -> str:
    """A text whose binary order is Thai dictionary order: letters, then marks, then the text itself as
    tie-breaker.

    It holds no NUL (PostgreSQL refuses it) and is about twice as long as the text.
    """
    clean = normalise(text)
    letters: list[str] = []
    marks: list[str] = []
    for char in _LEADING.sub(r"\2\1", to_arabic(clean).casefold()):
        weight = _MARK_WEIGHT.get(char)
        if weight:
            marks.append(weight)
        elif unicodedata.category(char)[0] in "LNM":
            letters.append(char)
            marks.append(_PLAIN)
    return _LEVEL.join(("".join(letters), "".join(marks).rstrip(_PLAIN), clean))
