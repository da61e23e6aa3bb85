"""Word segmentation for search: Thai writes no spaces between words, so an index needs a dictionary.

Segmentation is PyThaiNLP's newmm (dictionary-based maximal matching). Its dictionary loads once, at first
use.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from okat.thai.digits import to_arabic
from okat.thai.text import normalise

if TYPE_CHECKING:
    from pythainlp.util import Trie

# Only words that carry no meaning in a search for opportunities. Negations and quantities stay.
STOP_WORDS = {
    "และ", "หรือ", "ที่", "ซึ่ง", "อัน", "ของ", "ใน", "บน", "แก่", "แด่", "เพื่อ", "โดย", "กับ", "จาก", "ให้", "ได้",
    "เป็น", "คือ", "ว่า", "ก็", "จะ", "นี้", "นั้น", "ๆ", "ฯ", "ค่ะ", "ครับ", "นะ", "การ", "ความ",
    "the", "a", "an", "of", "in", "on", "for", "to", "and", "or", "with",
}  # fmt: skip
_MAX_CHARACTERS = 100_000  # a description, not a book; the rest is not indexed
_PIECE = 2


class Segmenter:
    """Divides texts into words with PyThaiNLP's dictionary and words of one's own (place names, crafts,
    agencies).

    Safe to share between threads. Adding words means making another Segmenter.
    """

    def __init__(self, extra_words: Iterable[str] = ()) -> None:
        self._extra = frozenset(filter(None, (normalise(word).casefold() for word in extra_words)))
        self._lock = threading.Lock()

    @cached_property
    def _trie(self) -> Trie:
        from pythainlp.corpus.common import thai_words
        from pythainlp.util import Trie

        return Trie(thai_words() | self._extra)

    def words(self, text: str) -> list[str]:
        """The words in order: normalised, lower case, Arabic digits, without spaces and punctuation."""
        from pythainlp.tokenize import newmm

        clean = to_arabic(normalise(text)).casefold()[:_MAX_CHARACTERS]
        with self._lock:
            trie = self._trie
        return [word for part in newmm.segment(clean, trie, safe_mode=True) for word in _bare(part)]

    def index_tokens(self, text: str) -> list[str]:
        """Words for an index: those of `words` without stop words, each compound followed by its
        dictionary parts (ผ้าไหม also gives ผ้า and ไหม), so that a search for a part finds the whole; and
        the dictionary words that lie across two words (ทอ|ผ้าไหม also gives ทอผ้า), since another reader
        divides there."""
        tokens: list[str] = []
        for word, following in pairwise([*self.words(text), ""]):
            if word not in STOP_WORDS:
                tokens.append(word)
                tokens.extend(self._parts(word))
                tokens.extend(self._across(word, following))
        return tokens

    def query_tokens(self, text: str) -> list[str]:
        """Words of a search, each once, without stop words; if only stop words were typed they are kept."""
        words = list(dict.fromkeys(self.words(text)))
        return [word for word in words if word not in STOP_WORDS] or words

    def _across(self, word: str, following: str) -> list[str]:
        """Dictionary words from a boundary in one word to a boundary in the next."""
        if not following or word.isascii() or following.isascii():
            return []
        text = word + following
        starts = [0, *self._boundaries(word)]
        ends = [len(word) + end for end in (*self._boundaries(following), len(following))]
        return [text[start:end] for start in starts for end in ends if text[start:end] in self._trie]

    def _boundaries(self, word: str) -> list[int]:
        """Where the parts of a compound meet."""
        return list(accumulate(len(part) for part in self._parts(word)[:-1]))

    def _parts(self, word: str) -> list[str]:
        """The longest-first division of a compound into at least two dictionary words, or nothing."""
        if len(word) < 2 * _PIECE or word.isascii():
            return []
        best: dict[int, list[str]] = {len(word): []}
        for start in range(len(word) - 1, -1, -1):
            for piece in sorted(self._trie.prefixes(word[start:]), key=len, reverse=True):
                rest = best.get(start + len(piece))
                if rest is not None and len(piece) >= _PIECE and piece != word:
                    best[start] = [piece, *rest]
                    break
        return best.get(0, [])


def _bare(part: str) -> Iterator[str]:
    """The words of a token that newmm may leave with punctuation or spaces in it."""
    word = "".join(c if unicodedata.category(c)[0] in "LNM" else " " for c in part)
    yield from word.split()


@cache
def default() -> Segmenter:
    """The segmenter with PyThaiNLP's dictionary alone, made once."""
    return Segmenter()
