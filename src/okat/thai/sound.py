"""Words that sound alike, and words that differ by a slip of the finger: for searching, never for identity.

Two published sound codes stand side by side because each merges what the other parts: LK82 (Lorchirachoonkul,
1982) takes ทอผ้า and ทอพ้า for one, Udom83 (Udompanich, 1983) หมอลำ and หมอรำ. Both are PyThaiNLP's. Both cut
long words short, so that words of one code must also share most of their letters.
"""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from okat.thai.text import fold

SHARED = 0.5  # of the letters of the longer word, at least, for two words of one sound code
# Letters (tone marks apart) that a word must have before one, two or three of them may be wrong.
_SLIPS = ((12, 3), (7, 2), (4, 1))
_THAI = range(0x0E01, 0x0E2F)


@lru_cache(maxsize=50_000)
def codes(word: str) -> tuple[str, str]:
    """The LK82 and Udom83 codes; empty texts for a word without Thai consonants."""
    from pythainlp.soundex import lk82, udom83

    bare = "".join(char for char in word if "\u0e01" <= char <= "\u0e4e")
    if not any(ord(char) in _THAI for char in bare):
        return "", ""
    return lk82(bare), udom83(bare)


def likeness(one: str, other: str) -> float:
    """The share of letters (code points without tone marks) that two words have in common, 0 to 1."""
    return Levenshtein.normalized_similarity(fold(one), fold(other))


def slips(word: str) -> int:
    """How many letters of a word of this length may be wrong before it is another word."""
    size = len(fold(word))
    return next((wrong for least, wrong in _SLIPS if size >= least), 0)


def alike(one: str, other: str) -> bool:
    """Whether two words sound alike: the same but for tone marks, or one code in common and half of the letters."""
    if fold(one) == fold(other):
        return True
    mine, theirs = codes(one), codes(other)
    same = any(code and code == their for code, their in zip(mine, theirs, strict=True))
    return same and likeness(one, other) >= SHARED
