"""The door to the engine: scores, groups, the decision itself, reasons, and policies tried side by side."""

from okat.city.rounds.solve.compare import Compared, Tried, compare, synthetic, tried
from okat.city.rounds.solve.decide import (
    Decided,
    Entry,
    Gone,
    PlaceRow,
    RoundHead,
    cancelled,
    first,
    refill,
    rows_of,
    seats_in,
)
from okat.city.rounds.solve.explain import ClassTold, Explained, Share, explained, shares
from okat.city.rounds.solve.scoring import Scorer, group_words, groups_of, of_sensitive_kind
from okat.city.rounds.solve.seed import commitment, engine_sentences, join_seed, new_secret
from okat.city.rounds.solve.showing import Before, Public
from okat.city.rounds.solve.turns import turns, waited_for, waits

__all__ = [
    "Before", "ClassTold", "Compared", "Decided", "Entry", "Explained", "Gone", "PlaceRow", "Public", "RoundHead",
    "Scorer", "Share", "Tried",
    "cancelled", "commitment", "compare", "engine_sentences", "explained", "first", "group_words", "groups_of",
    "join_seed", "new_secret", "of_sensitive_kind", "refill", "rows_of", "seats_in", "shares",
    "synthetic", "tried", "turns", "waited_for", "waits",
]  # fmt: skip
