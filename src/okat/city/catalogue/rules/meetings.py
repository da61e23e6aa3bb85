"""Which meeting of a list is which of those that stand: a meeting that changes stays the same one. Pure."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from okat.city.catalogue.rules.rows import SessionRow


class Standing(Protocol):
    """A stored meeting, as far as it is compared."""

    pk: Any
    start: dt.datetime
    end: dt.datetime
    note: str


def paired(held: Sequence[Standing], rows: Sequence[SessionRow]) -> dict[int, int]:
    """Place in `rows` -> place in `held`. First by the number that the writer was shown, then those that are equal,
    then those of the same hours, and what is left by the nearest start: as many as there can be, moved as little as
    there can be."""
    found: dict[int, int] = {}
    for key_of_held, key_of_row in _KEYS:
        free = {key_of_held(one): place for place, one in reversed([*enumerate(held)]) if place not in found.values()}
        for place, row in enumerate(rows):
            key = key_of_row(row)
            if place not in found and key is not None and key in free:
                found[place] = free.pop(key)
    taken = set(found.values())
    left = sorted((one.start, place) for place, one in enumerate(held) if place not in taken)
    wanted = sorted((row.start, place) for place, row in enumerate(rows) if place not in found)
    for a, b in nearest([start for start, _place in wanted], [start for start, _place in left]):
        found[wanted[a][1]] = left[b][1]
    return found


_KEYS: Sequence[tuple[Callable[[Standing], Any], Callable[[SessionRow], Any]]] = (
    (lambda held: held.pk, lambda row: row.known),
    (lambda held: (held.start, held.end, held.note), lambda row: (row.start, row.end, row.note)),
    (lambda held: (held.start, held.end), lambda row: (row.start, row.end)),
)


def nearest(first: Sequence[dt.datetime], second: Sequence[dt.datetime]) -> list[tuple[int, int]]:
    """Pairs of places of two lists in order, so that every moment of the shorter one has a partner and the sum of the
    distances is least. An optimal pairing on a line never crosses, so it is found place by place."""
    if len(first) > len(second):
        return [(b, a) for a, b in nearest(second, first)]
    zero, never = dt.timedelta(0), dt.timedelta.max // 2
    best = [[zero] * (len(second) + 1)] + [[never] * (len(second) + 1) for _each in first]
    for a, mine in enumerate(first, 1):
        for b, theirs in enumerate(second, 1):
            best[a][b] = min(best[a][b - 1], best[a - 1][b - 1] + abs(mine - theirs)) if b >= a else never
    pairs, b = [], len(second)
    for a in range(len(first), 0, -1):
        while best[a][b - 1] == best[a][b] and b > a:
            b -= 1
        b -= 1
        pairs.append((a - 1, b))
    return pairs[::-1]
