"""Words of the search index. Thai has no spaces and PostgreSQL's parser breaks words at vowel signs, so the
vectors are made here, word by word, and handed over as literals."""

import re
from collections.abc import Iterable
from functools import lru_cache

from okat.thai import segment
from okat.thai.text import fold, normalise

_WEIGHTS = ("A", "B", "C", "D")
_MAX_POSITION = 16_000
_MAX_QUERY = 200  # characters: a search, not an essay
_QUERY_WORDS = 12


def vector(*texts: Iterable[str]) -> str:
    """A tsvector literal; the first group of texts weighs most (A), the fourth least (D)."""
    places: dict[str, list[str]] = {}
    position = 0
    for weight, group in zip(_WEIGHTS, texts, strict=False):
        for text in group:
            for word in _tokens(text):
                position = min(position + 1, _MAX_POSITION)
                kept = places.setdefault(word[:200], [])
                if len(kept) < 20:
                    kept.append(f"{position}{weight}")
    return " ".join(f"{_quote(word)}:{','.join(kept)}" for word, kept in places.items())


@lru_cache(maxsize=20_000)
def _tokens(text: str) -> tuple[str, ...]:
    """Names of partners, places and needs come again and again."""
    return tuple(segment.default().index_tokens(text))


def query(text: str, *, prefix: bool = False) -> str:
    """A tsquery literal of all the words, empty for none; the last may be unfinished, with `prefix` each may."""
    words = segment.default().query_tokens(text[:_MAX_QUERY])[:_QUERY_WORDS]
    last = len(words) - 1
    return " & ".join(_quote(word) + (":*" if prefix or place == last else "") for place, word in enumerate(words))


def fold_title(*titles: str) -> str:
    """Titles without tone marks and spaces, for misspelt searches."""
    return " ".join(filter(None, (fold(title) for title in titles)))[:400]


def highlight(text: str, wish: str) -> list[tuple[str, bool]]:
    """The text in pieces, those that match a searched word marked; for showing why a line was found."""
    words = [re.escape(word) for word in segment.default().query_tokens(wish[:_MAX_QUERY]) if word]
    if not words:
        return [(text, False)]
    pieces = re.split(f"({'|'.join(sorted(words, key=len, reverse=True))})", normalise(text), flags=re.IGNORECASE)
    return [(piece, place % 2 == 1) for place, piece in enumerate(pieces) if piece]


def _quote(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
