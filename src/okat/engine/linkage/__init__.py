"""Possible duplicates: who in the register may be the person now being entered.

`keys` are stored, `lookups` are read, `rank` puts the best first, `say` gives the reason, `compare` shows two
records side by side. A suggestion is a question to a person, never a merge.
"""

from okat.engine.linkage.keys import PER_KEY, Key, keys, lookups
from okat.engine.linkage.pairs import Comparison, Row, compare
from okat.engine.linkage.person import UNKNOWN, Birth, PersonKey
from okat.engine.linkage.reasons import say, say_part
from okat.engine.linkage.score import Part, Score, Suggestion, rank, score
from okat.engine.linkage.weights import WEIGHTS, Weights

__all__ = [
    "PER_KEY",
    "UNKNOWN",
    "WEIGHTS",
    "Birth",
    "Comparison",
    "Key",
    "Part",
    "PersonKey",
    "Row",
    "Score",
    "Suggestion",
    "Weights",
    "compare",
    "keys",
    "lookups",
    "rank",
    "say",
    "say_part",
    "score",
]
