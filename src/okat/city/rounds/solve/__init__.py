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
    says_more,
)
from okat.city.rounds.solve.explain import Explained, Share, explained, shares
from okat.city.rounds.solve.scoring import Scorer, group_words, groups_of
from okat.city.rounds.solve.seed import commitment, engine_sentences, join_seed, new_secret

__all__ = [
    "Compared", "Decided", "Entry", "Explained", "Gone", "PlaceRow", "RoundHead", "Scorer", "Share", "Tried",
    "cancelled", "commitment", "compare", "engine_sentences", "explained", "first", "group_words", "groups_of",
    "join_seed", "new_secret", "refill", "rows_of", "says_more", "shares", "synthetic", "tried",
]  # fmt: skip
