"""Words of the search index. Thai has no spaces and PostgreSQL's parser breaks words at vowel signs, so the
vectors are made here, word by word, and handed over as literals."""

from collections.abc import Iterable
from functools import lru_cache

from okat.city.catalogue.rules.wish import quote
from okat.thai import segment
from okat.thai.text import fold

_WEIGHTS = ("A", "B", "C", "D")
_MAX_POSITION = 16_000


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
    return " ".join(f"{quote(word)}:{','.join(kept)}" for word, kept in places.items())


@lru_cache(maxsize=20_000)
def _tokens(text: str) -> tuple[str, ...]:
    """Names of partners, places and needs come again and again."""
    return tuple(segment.default().index_tokens(text))


def fold_title(*titles: str) -> str:
    """Titles without tone marks and spaces, for misspelt searches."""
    return " ".join(filter(None, (fold(title) for title in titles)))[:400]
