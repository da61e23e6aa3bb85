"""Words to choose from while somebody types: the city's own, the kinds, and what stands in the catalogue.

Nothing that anybody typed before is among them, and no statement is asked once the words are in memory."""

from collections.abc import Iterator
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
    """At most MOST: what begins like the text, then what holds it, then, if there is none, what sounds like it."""
    typed = fold(normalise(text)[:60])
    if len(typed) < _SHORTEST:
        return []
    known = lexicon()
    begins: dict[str, str] = {}
    holds: dict[str, str] = {}
    for word in _words(known, english):
        key = fold(word)
        if key.startswith(typed):
            begins.setdefault(key, word)
        elif typed in key:
            holds.setdefault(key, word)
    found = [*_short_first(begins), *_short_first(holds)][:MOST]
    return [Suggestion(word) for word in found] or [Suggestion(word, mended=True) for word in _like(text, known)]


def _short_first(words: dict[str, str]) -> list[str]:
    return sorted(words.values(), key=lambda word: (len(word), word))


def _words(known: Lexicon, english: bool) -> Iterator[str]:
    """The city's phrases that would find something, in the reader's language first, then single words."""
    for phrase in city_phrases():
        if phrase.isascii() == english and known.words.issuperset(lexemes_of(phrase)):
            yield phrase
    yield from (word for word in known.words if len(word) > 2 and not word[0].isdecimal())


def _like(text: str, known: Lexicon) -> list[str]:
    found = [entry for entry in (*known.spelt(text), *known.sounding(text)) if entry.lexemes]
    found += [entry for _wrong, entry in known.slipped(text) if entry.lexemes]
    return list(dict.fromkeys(entry.shown for entry in found if sound.likeness(text, entry.shown) >= sound.SHARED))[
        :_MENDED
    ]
