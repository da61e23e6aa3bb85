"""Two records side by side, for the person who decides whether they are one. Nothing merges by itself."""

from typing import NamedTuple

from okat.engine.linkage.person import Birth, PersonKey
from okat.engine.linkage.score import Part, Score, equality, names_levels, score
from okat.engine.linkage.weights import WEIGHTS, Weights


class Row(NamedTuple):
    """One fact of both records; `verdict` is "same", "near", "different" or "missing", `part` holds its weight.

    Family name, house and telephone share the one household part: its weight counts once, not three times.
    """

    fact: str
    left: str
    right: str
    verdict: str
    part: Part


class Comparison(NamedTuple):
    score: Score
    rows: tuple[Row, ...]


def compare(a: PersonKey, b: PersonKey, weights: Weights = WEIGHTS) -> Comparison:
    """The score of a pair and each fact beside the other's, in the order in which they are shown.

    The identity number stands as "known" or "": only its keyed hash is here, and a hash is not for reading.
    """
    found = score(a, b, weights)
    parts = {part.comparison: part for part in found.parts}
    home = parts["household"]
    rows = (
        Row("given", a.given, b.given, _verdict(parts["given"].level), parts["given"]),
        Row("family", a.family, b.family, _verdict(names_levels(a, b)[1][0]), home),
        Row("birth", _date(a.birth), _date(b.birth), _verdict(parts["birth"].level), parts["birth"]),
        Row("sex", a.sex, b.sex, _verdict(parts["sex"].level), parts["sex"]),
        Row("house", a.house, b.house, _verdict(equality(a.house, b.house)), home),
        Row("phone", a.phone, b.phone, _verdict(equality(a.phone, b.phone)), home),
        Row(
            "pin",
            "known" if a.pin else "",
            "known" if b.pin else "",
            _verdict(parts["pin"].level),
            parts["pin"],
        ),
    )
    return Comparison(found, rows)


def _verdict(level: str) -> str:
    return level if level in {"same", "different", "missing"} else "near"


def _date(birth: Birth) -> str:
    """ISO 8601 as far as known: 1980-03-04, 1980-03, 1980, --03-04; empty when nothing is known."""
    known = "" if birth.year is None else f"{birth.year:04d}"
    if birth.month is not None:
        known = f"{known or '-'}-{birth.month:02d}"
    return known if birth.day is None else f"{known}-{birth.day:02d}"
