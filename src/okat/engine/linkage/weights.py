"""The published weights of agreement and disagreement: log2(m / u) for each level of each comparison.

Source: I. P. Fellegi and A. B. Sunter, "A Theory for Record Linkage", Journal of the American Statistical
Association 64 (1969), 1183-1210. m is the share of true pairs at a level, u the share of pairs of different
persons, both among pairs in which the two records know the fact.

How version 1 was set: m and u were counted on one made register of 100,000 persons (seed 1 of
tests/engine/linkage/register.py, whose rates are assumptions, not observations) and rounded.
Set by hand, with the reason:
- u of "given: same" is 0.002, twice the count, because real names are more alike than a list of names.
- u of a shared home is 0.0005 with the family name and 0.0001 without, some ten times the count, because
  workers pin street by street: the pairs they meet are neighbours and relatives more often than chance.
- u of "pin: same" is 1e-6 although numbers are unique: a parent's number is sometimes typed for a child.
- `likely` is log2(100,000), even odds in a register of that size; `possible` is the
  total at which one true person in a hundred is lost and three look-ups in four show no stranger.
A city that has enough confirmed pairs replaces the table by its own counts under a new version.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import log2

Level = tuple[float, float]
MISSING = "missing"


@dataclass(frozen=True)
class Weights:
    """`levels[comparison][level]` is (m, u); from the totals `possible` and `likely` a pair is called so."""

    version: str
    levels: Mapping[str, Mapping[str, Level]]
    possible: float
    likely: float

    def weight(self, comparison: str, level: str) -> float:
        """log2(m / u), rounded to a tenth so that totals add up by hand; 0 where nothing is known."""
        if level == MISSING:
            return 0.0
        m, u = self.levels[comparison][level]
        return round(log2(m / u), 1)

    @cached_property
    def table(self) -> Mapping[tuple[str, str], float]:
        """Every weight by (comparison, level)."""
        pairs = {(name, level): self.weight(name, level) for name, rows in self.levels.items() for level in rows}
        return pairs | {(name, MISSING): 0.0 for name in self.levels}


WEIGHTS = Weights(
    version="1",
    levels={
        "pin": {"same": (0.98, 1e-6), "different": (0.02, 1.0)},
        "given": {
            "same": (0.6, 0.002),
            "spelling": (0.12, 0.0006),
            "turned": (0.004, 0.00002),
            "near": (0.2, 0.0016),
            "similar": (0.016, 0.016),
            "different": (0.06, 0.98),
        },
        "birth": {
            "same": (0.86, 0.00004),
            "turned": (0.02, 0.00002),
            "near-year": (0.04, 0.0004),
            "near-day": (0.06, 0.0015),
            "year": (0.94, 0.0143),
            "year-near": (0.04, 0.028),
            "day-only": (0.9, 0.003),
            "different": (0.01, 0.98),
        },
        "household": {
            "home-and-name": (0.7, 0.0005),
            "home": (0.05, 0.0001),
            "name": (0.2, 0.0025),
            "none": (0.05, 0.997),
        },
        "sex": {"same": (0.99, 0.5), "different": (0.01, 0.5)},
    },
    possible=10.0,
    likely=16.6,
)
