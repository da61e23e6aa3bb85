"""Words to choose from while somebody types: the city's own, the kinds, and what stands in the catalogue.

Nothing that anybody typed before is among them, and no statement is asked once the words are in memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from okat.city.catalogue.queries.lexicon import Lexicon, city_phrases, lexemes_of, lexicon
from okat.thai import sound
from okat.thai.text import fold, normalise

MOST = 8
_SHORTEST = 2  # letters
_MENDED = 3  # corrections at most, where nothing begins like that


@dataclass(frozen=True)
class Suggestion:
    """A word to search for; `mended` where it is not what was typed but sounds or looks like it."""

    text: str
    mended: bool = False


def suggest(text: str, english: bool) -> list[Suggestion]:
    """At most MOST: what begins like the text, then what holds it, each time the city's phrases before single words of
    the catalogue; if there is none, what sounds like it."""
    typed = fold(normalise(text)[:60])
    if len(typed) < _SHORTEST:
        return []
    known = lexicon()
    phrases, single = _holding(typed, _phrases(known, english)), _holding(typed, _single(known))
    begin = [word for words in (phrases, single) for word in words if fold(word).startswith(typed)]
    found: dict[str, str] = {}
    for word in (*begin, *phrases, *single):
        found.setdefault(fold(word), word)
    return [Suggestion(word) for word in list(found.values())[:MOST]] or [
        Suggestion(word, mended=True) for word in _like(text, known)
    ]


def _holding(typed: str, words: Iterable[str]) -> list[str]:
    """Those that hold the text, the shortest first."""
    return sorted((word for word in words if typed in fold(word)), key=lambda word: (len(word), word))


def _phrases(known: Lexicon, english: bool) -> Iterator[str]:
    """The city's own in the reader's language, those that would find something."""
    return (p for p in city_phrases() if p.isascii() == english and known.words.issuperset(lexemes_of(p)))


def _single(known: Lexicon) -> Iterator[str]:
    return (word for word in known.words if len(word) > 2 and not word[0].isdecimal())


def _like(text: str, known: Lexicon) -> list[str]:
    found = [entry for entry in (*known.spelt(text), *known.sounding(text)) if entry.lexemes]
    found += [entry for _wrong, entry in known.slipped(text) if entry.lexemes]
    return list(dict.fromkeys(entry.shown for entry in found if sound.likeness(text, entry.shown) >= sound.SHARED))[
        :_MENDED
    ]
