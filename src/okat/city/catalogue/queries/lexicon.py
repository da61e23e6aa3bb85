"""The words that stand in the catalogue and the city's own phrases, in memory, for finding what a misspelt word meant.

Some thousands of words that change when an opportunity brings a new one or a city edits its folder."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from okat.city.catalogue.models import IndexWord
from okat.city.core import kept
from okat.city.taxonomy.models import Term, Vocabulary
from okat.city.taxonomy.queries import KEPT as CITY_WORDS
from okat.city.taxonomy.queries import words as city_words
from okat.thai import segment, sound
from okat.thai.text import fold

KEPT = "index-words"
SECONDS = 300
# Vocabularies whose words say what an opportunity is about; those of papers and disabilities say who somebody is.
SEARCHED = (
    Vocabulary.NEED, Vocabulary.SKILL, Vocabulary.OCCUPATION, Vocabulary.SUBJECT, Vocabulary.FORMAT,
    Vocabulary.INTEREST, Vocabulary.SYNONYM,
)  # fmt: skip

_FRESH = """
select distinct there.lexeme from catalogue_opportunity o, unnest(o.search) there
where o.id = any(%s) and there.weights && '{A,B,C}'
and not exists (select from catalogue_indexword w where w.word = there.lexeme) order by 1
"""


def fresh_words(ids: Iterable[UUID]) -> list[str]:
    """The words of these opportunities that are not known yet, in one order for all who write at once."""
    with connection.cursor() as cursor:
        cursor.execute(_FRESH, [list(ids)])
        return [row[0] for row in cursor.fetchall()]


@dataclass(frozen=True)
class Entry:
    """A word or phrase that may have been meant; `lexemes` is how it stands in the index, empty for a stop word."""

    shown: str
    lexemes: tuple[str, ...]


@dataclass(frozen=True)
class Lexicon:
    """`words`: what stands in the index. The others lead from a spelling, or a code of sound, to what it may mean."""

    words: frozenset[str]
    by_fold: dict[str, list[Entry]] = field(default_factory=dict)
    by_code: dict[tuple[int, str], list[Entry]] = field(default_factory=dict)

    def add(self, entry: Entry, codes: tuple[str, str]) -> None:
        self.by_fold.setdefault(fold(entry.shown), []).append(entry)
        for place, code in enumerate(codes):
            if code:
                self.by_code.setdefault((place, code), []).append(entry)

    def spelt(self, text: str) -> list[Entry]:
        """The same but for tone marks and spaces."""
        return self.by_fold.get(fold(text), [])

    def sounding(self, text: str) -> list[Entry]:
        """Of one code of sound and not too different to the eye, the most alike first."""
        found = [e for key in enumerate(sound.codes(text)) for e in self.by_code.get(key, ())]
        alike = {entry: sound.likeness(text, entry.shown) for entry in dict.fromkeys(found)}
        return sorted((e for e in alike if alike[e] >= sound.SHARED), key=lambda e: (-alike[e], e.shown))

    def slipped(self, text: str) -> list[tuple[int, Entry]]:
        """Those from which a few letters differ, with how many; the fewest first."""
        if not (most := sound.slips(text)):
            return []
        near = process.extract(fold(text), self.by_fold.keys(), scorer=Levenshtein.distance, score_cutoff=most, limit=4)
        return [(int(wrong), entry) for spelling, wrong, _ in near for entry in self.by_fold[spelling]]


def lexicon() -> Lexicon:
    return kept.value(KEPT, _read, SECONDS)


def _read() -> Lexicon:
    rows = list(IndexWord.objects.values_list("word", "lk82", "udom83"))
    found = Lexicon(frozenset(word for word, *_ in rows))
    for word, lk82, udom83 in rows:
        found.add(Entry(word, (word,)), (lk82, udom83))
    for phrase in city_phrases():
        lexemes = lexemes_of(phrase)
        if len(lexemes) > 1 and found.words.issuperset(lexemes):
            found.add(Entry(phrase, lexemes), sound.codes(phrase))
    for word in segment.STOP_WORDS:
        found.add(Entry(word, ()), sound.codes(word) if len(word) > 2 else ("", ""))
    return found


def synonyms(*, broad: bool = False) -> dict[str, list[str]]:
    """From a folded word or phrase to those that the city gives for it.

    Words of `synonym` all stand for each other. In the other vocabularies a word's own names lead to its synonyms and
    these to its names, but not one synonym to the next. A need gathers what answers it and not what is the same (ทอผ้า
    under "learn an occupation"), so that from there only a `broad` look goes up to its names."""
    return kept.value(f"{CITY_WORDS}:synonyms:{broad}", lambda: _synonyms(broad=broad))


def _synonyms(*, broad: bool) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = {}
    for term in _terms():
        names, others = [term.th, term.en], [str(word) for word in term.synonyms]
        everything = [*names, *others]
        for word in names:
            _lead(found, word, names if term.vocabulary == Vocabulary.NEED and not broad else everything)
        if term.vocabulary == Vocabulary.NEED and not broad:
            continue
        for word in others:
            _lead(found, word, everything if term.vocabulary == Vocabulary.SYNONYM else names)
    return {key: list(values) for key, values in found.items()}


def _lead(found: dict[str, dict[str, None]], word: str, to: list[str]) -> None:
    key = fold(word)
    found.setdefault(key, {}).update((other, None) for other in to if fold(other) != key)


def _terms() -> Iterator[Term]:
    return (t for t in city_words().by_id.values() if t.active and t.vocabulary in SEARCHED)


def city_phrases() -> list[str]:
    """All that the city calls what an opportunity may be about, each once."""
    return list(dict.fromkeys(phrase for term in _terms() for phrase in _said(term)))


def _said(term: Term) -> list[str]:
    return [term.th, term.en, *(str(word) for word in term.synonyms)]


def lexemes_of(phrase: str) -> tuple[str, ...]:
    return tuple(segment.default().query_tokens(phrase))
