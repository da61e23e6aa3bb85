"""How alike two persons are, in parts that can be said; and the best few of many candidates.

House, telephone and family name are ONE comparison. Relatives share all three, so as three independent proofs
they would make one person of two siblings: on a made register of whole households, 6 of 10 proposals of a
batch linkage at the usual threshold were relatives; with the three folded into one, 2 of 1,000.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from heapq import nsmallest
from typing import NamedTuple

from rapidfuzz.distance import DamerauLevenshtein

from okat.engine.linkage.person import Birth, NameForms, PersonKey
from okat.engine.linkage.weights import MISSING, WEIGHTS, Weights

AGREE = frozenset({"same", "spelling", "near", "turned"})
COMPARISONS = ("pin", "given", "birth", "household", "sex")


class Part(NamedTuple):
    """One comparison: its level and weight; for names, how many Thai characters differ."""

    comparison: str
    level: str
    weight: float
    letters: int = 0


@dataclass(frozen=True, slots=True)
class Score:
    """`total` is the sum of the parts' weights (log2 odds); `band` is "likely", "possible" or "unlikely"."""

    total: float
    parts: tuple[Part, ...]
    band: str


class Suggestion(NamedTuple):
    id: str
    score: Score


def score(query: PersonKey, candidate: PersonKey, weights: Weights = WEIGHTS) -> Score:
    """Compare two persons; the order of the two makes no difference. Nothing known on both sides scores 0."""
    return _score(query, candidate, weights)


def rank(
    query: PersonKey, candidates: Mapping[str, PersonKey], limit: int = 5, weights: Weights = WEIGHTS
) -> tuple[Suggestion, ...]:
    """The best `limit` candidates that are possible or likely, best first; equal totals by id.

    The order in which candidates come makes no difference.
    """
    scored = (Suggestion(key, _score(query, person, weights)) for key, person in candidates.items())
    shown = (s for s in scored if s.score.total >= weights.possible)
    return tuple(nsmallest(limit, shown, key=lambda s: (-s.score.total, s.id)))


def _score(a: PersonKey, b: PersonKey, weights: Weights) -> Score:
    (given, given_letters), (family, family_letters) = names_levels(a, b)
    found = (
        ("pin", equality(a.pin, b.pin), 0),
        ("given", given, given_letters),
        ("birth", birth_level(a.birth, b.birth), 0),
        ("household", _household(a, b, family), family_letters),
        ("sex", equality(a.sex, b.sex), 0),
    )
    table = weights.table
    parts = tuple([Part(name, level, table[name, level], letters) for name, level, letters in found])
    total = round(sum(part.weight for part in parts), 1)
    band = "likely" if total >= weights.likely else "possible" if total >= weights.possible else "unlikely"
    return Score(total, parts, band)


def equality(a: str, b: str) -> str:
    """ "same" or "different"; "missing" where either is unknown, which is no evidence."""
    if not a or not b:
        return MISSING
    return "same" if a == b else "different"


def name_level(a: NameForms, b: NameForms) -> tuple[str, int]:
    """Level of two names and the letters (Thai characters as typed) by which they differ; 0 when different.

    same       equal as typed, but for spaces and invisible characters
    spelling   equal once folded: a tone mark, a homophone, a long vowel for a short one
    near       one letter in at least three, two in at least seven, or two that are not heard
    similar    a quarter of the letters, but at least two
    """
    if not a.tidy or not b.tidy:
        return MISSING, 0
    if a.tidy == b.tidy:
        return "same", 0
    if a.fold == b.fold:
        return "spelling", DamerauLevenshtein.distance(a.tidy, b.tidy)
    longest = max(len(a.fold), len(b.fold))
    allowed = max(2, longest // 4)
    apart = DamerauLevenshtein.distance(a.fold, b.fold, score_cutoff=allowed)
    if apart > allowed or longest < 3:
        return "different", 0
    heard = a.sound == b.sound
    near = apart == 1 or (apart == 2 and (heard or longest >= 7))
    return "near" if near else "similar", DamerauLevenshtein.distance(a.tidy, b.tidy)


def names_levels(a: PersonKey, b: PersonKey) -> tuple[tuple[str, int], tuple[str, int]]:
    """Levels of given and family name; names typed into each other's field, or into one field, are found."""
    ag, af, bg, bf = a.given_forms, a.family_forms, b.given_forms, b.family_forms
    given, family = name_level(ag, bg), name_level(af, bf)
    if given[0] in AGREE:
        return given, family
    if (not af.tidy or not bf.tidy) and ag.tidy + af.tidy == bg.tidy + bf.tidy != "":
        return ("same", 0), ("same", 0)
    if ag.tidy and bg.tidy and ag.fold == bf.fold and af.fold == bg.fold:
        return ("turned", 0), ("turned", 0)
    return given, family


def birth_level(a: Birth, b: Birth) -> str:
    """Level of two birth dates, by what both know: whole dates, or the year, or a day without its year."""
    if a.year is None or b.year is None:
        return _yearless(a, b)
    apart = abs(a.year - b.year)
    if not (a.full and b.full):
        return _partial(a, b, apart)
    turned = (a.month, a.day) == (b.day, b.month)
    if (a.month, a.day) == (b.month, b.day):
        return "same" if apart == 0 else "near-year" if apart == 1 or _one_digit(a.year, b.year) else "different"
    if apart == 0:
        return "turned" if turned else "near-day" if a.month == b.month or a.day == b.day else "different"
    return "different"


def _one_digit(a: int, b: int) -> bool:
    return sum(x != y for x, y in zip(str(a), str(b), strict=False)) == 1 and len(str(a)) == len(str(b))


def _yearless(a: Birth, b: Birth) -> str:
    if a.day is None or b.day is None:
        return MISSING
    return "day-only" if a.calendar_day == b.calendar_day else "different"


def _partial(a: Birth, b: Birth, apart: int) -> str:
    if a.month is not None and b.month is not None and a.month != b.month:
        return "year-near" if apart == 0 else "different"
    return "year" if apart == 0 else "year-near" if apart <= 2 else "different"


def _household(a: PersonKey, b: PersonKey, family: str) -> str:
    """One level for house, telephone and family name together: relatives share them all."""
    home = "same" in (equality(a.house, b.house), equality(a.phone, b.phone))
    named = family in AGREE
    if home or named:
        return "home-and-name" if home and named else "home" if home else "name"
    known = (family, equality(a.house, b.house), equality(a.phone, b.phone))
    return MISSING if all(level == MISSING for level in known) else "none"
