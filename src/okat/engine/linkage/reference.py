"""The slow, obvious way: compare with everyone in the register and sort. For tests and small registers."""

from collections.abc import Mapping

from okat.engine.linkage.person import PersonKey
from okat.engine.linkage.score import Suggestion, score
from okat.engine.linkage.weights import WEIGHTS, Weights


def rank_everyone(
    query: PersonKey, register: Mapping[str, PersonKey], limit: int = 5, weights: Weights = WEIGHTS
) -> tuple[Suggestion, ...]:
    """What `rank` would say if it were given the whole register."""
    found = [Suggestion(key, score(query, person, weights)) for key, person in register.items()]
    found.sort(key=lambda s: s.id)
    found.sort(key=lambda s: s.score.total, reverse=True)
    return tuple([s for s in found if s.score.total >= weights.possible][:limit])
