"""The city's words, all of them: some hundreds of rows that change when a city edits its folder."""

from collections.abc import Iterable
from dataclasses import dataclass

from okat.city.core import kept
from okat.city.taxonomy.models import Term, Vocabulary
from okat.thai.text import closed_key

KEPT = "taxonomy"


def wording_key(text: str) -> str:
    """As a word of a file is compared with ours: tone marks may be missing, but what stands beside it ("☐ ทางลาด",
    "ทางลาด ?") makes it another."""
    return closed_key(text, tones=False)


@dataclass(frozen=True)
class Words:
    """Every term by its id, and by (vocabulary, code); in the order of the vocabularies."""

    by_id: dict[int, Term]
    by_code: dict[tuple[str, str], Term]

    def called(self, vocabulary: str, codes: Iterable[str]) -> list[Term]:
        """The terms of these codes, in the order of the vocabulary; unknown codes are left out."""
        wanted = {(vocabulary, code) for code in codes}
        return [term for key, term in self.by_code.items() if key in wanted]

    def leaves(self, vocabulary: str) -> list[Term]:
        """The words in use that have no narrower ones below them."""
        rows = [t for t in self.by_id.values() if t.vocabulary == vocabulary and t.active]
        parents = {t.parent_id for t in self.by_id.values()}
        return [term for term in rows if term.pk not in parents]

    def tells(self, vocabulary: str, code: str) -> bool:
        """Whether the word says something of a health or a disability; an unknown one may."""
        term = self.by_code.get((vocabulary, code))
        return term is None or term.sensitive

    def telling(self, vocabulary: str) -> frozenset[str]:
        """The codes that say something of a health or a disability."""
        return frozenset(code for (of, code), term in self.by_code.items() if of == vocabulary and term.sensitive)

    def by_wording(self, vocabulary: str) -> dict[str, str]:
        """The code of every wording (its `wording_key`) of the words in use: a word's own name, in Thai or English,
        before another's synonym."""
        terms = [term for term in self.by_id.values() if term.vocabulary == vocabulary and term.active]
        found: dict[str, str] = {}
        for of in (lambda t: (t.th, t.en), lambda t: (t.code,), lambda t: t.synonyms):
            for term in terms:
                for wording in of(term):
                    if wording:
                        found.setdefault(wording_key(wording), term.code)
        return found

    def stages(self) -> dict[str, list[str]]:
        """Each format in use with the stages where it counts, the main one first."""
        return {
            code: term.stages
            for (vocabulary, code), term in self.by_code.items()
            if vocabulary == Vocabulary.FORMAT and term.active
        }

    def at(self, stage: str) -> list[Term]:
        """The formats that count at a stage."""
        return [term for term in self.by_id.values() if term.active and stage in term.stages]


def words() -> Words:
    return kept.value(KEPT, _read)


def _read() -> Words:
    rows = list(Term.objects.all())
    return Words({t.pk: t for t in rows}, {(t.vocabulary, t.code): t for t in rows})
