"""Made-up rounds at size for the allocation benchmark: popular opportunities, scores 0-100, three reserve groups."""

import numpy as np

from okat.engine.allocation.arrays import Arrays


def make(applicants: int, listed: int, opportunities: int, *, seed: int = 1) -> Arrays:
    """Places for 80 % of the applicants; an eighth of each opportunity reserved for each of three groups, to
    which half of the people belong each; demand falls off with the square root."""
    random = np.random.default_rng(seed)
    score = random.integers(0, 101, applicants * listed, dtype=np.int32)
    capacity = np.full(opportunities, max(1, applicants * 8 // (10 * opportunities)), np.int32)
    return Arrays(
        start=np.arange(applicants + 1, dtype=np.int64) * listed,
        opportunity=_lists(random, applicants, listed, opportunities).reshape(-1),
        score=score,
        lottery=random.permutation(applicants).astype(np.int32),
        groups=random.integers(0, 8, applicants).astype(np.uint64),
        capacity=capacity,
        reserve_start=np.arange(opportunities + 1, dtype=np.int32) * 3,
        reserve_group=np.tile(np.arange(3, dtype=np.int32), opportunities),
        reserve_seats=np.repeat(capacity // 8, 3).astype(np.int32),
    )


def _lists(random: np.random.Generator, applicants: int, listed: int, opportunities: int) -> np.ndarray:
    lists = np.empty((applicants, listed), np.int32)
    for first in range(0, applicants, 100_000):
        part = lists[first : first + 100_000]
        drawn = (random.random(part.shape) ** 2 * (opportunities - listed + 1)).astype(np.int32)
        drawn.sort(axis=1)
        part[:] = random.permuted(drawn + np.arange(listed, dtype=np.int32), axis=1)  # no opportunity twice
    return lists
