"""Deferred acceptance and its check over arrays, compiled. Importing this module loads numba (about a second).

A standing is one int64: the score in the high half, the lottery rank turned round in the low half, so that the
larger is the better and equal standings cannot occur. Each seat class keeps its holders in a binary heap with the
lowest on top; a proposal walks the classes as in `light.py`. Every preference is looked at once: O(e log capacity).
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

from okat.engine.allocation.arrays import Arrays, Ints, Longs, Masks
from okat.engine.errors import OutcomeError

F = TypeVar("F", bound=Callable[..., Any])
LOW = 0x7FFFFFFF


def _compiled(function: F) -> F:
    return cast(F, numba.njit(cache=True, nogil=True)(function))


def _inlined(function: F) -> F:
    """Part of its callers: handing a round's arrays from function to function costs more than the work."""
    return cast(F, numba.njit(cache=True, nogil=True, inline="always")(function))


class Round(NamedTuple):
    """`Arrays`, with the seat classes laid out: `group`, `seats` (open: the capacity), `place` per class."""

    start: Longs
    opportunity: Ints
    score: Ints
    lottery: Ints
    groups: Masks
    capacity: Ints
    class_start: Longs
    group: Masks
    seats: Longs
    place: Longs


# Columns of the table of seat classes. What a proposal needs of a class lies side by side in memory; the bar is the
# standing above which the class takes a newcomer: -1 while it has free seats, no standing at all if it has none.
BAR, SIZE, SEATS, BASE, GROUP = range(5)
# Columns of the table of opportunities: first and last (open) seat class, places not yet taken.
FIRST, LAST, LEFT = range(3)
# Columns of the table of people: the next row of their list, its end, the low half of their standings.
NEXT, END, TAIL = range(3)
NO_STANDING = np.iinfo(np.int64).max


@_inlined
def _push(heap: Longs, base: int, at: int, entry: int) -> None:
    while at > 0:
        above = (at - 1) >> 1
        if heap[base + above] <= entry:
            break
        heap[base + at] = heap[base + above]
        at = above
    heap[base + at] = entry


@_inlined
def _replace_top(heap: Longs, base: int, size: int, entry: int) -> None:
    at = 0
    below = 1
    while below < size:
        if below + 1 < size and heap[base + below + 1] < heap[base + below]:
            below += 1
        if heap[base + below] >= entry:
            break
        heap[base + at] = heap[base + below]
        at = below
        below = 2 * at + 1
    heap[base + at] = entry


@_inlined
def _fails(entry: Any, mask: Any, place: Longs, classes: Longs) -> bool:
    """Most proposals do: they touch the bars and nothing else."""
    for each in range(place[FIRST], place[LAST]):
        if entry > classes[each, BAR] and (mask >> classes[each, GROUP]) & 1:
            return False
    return bool(entry <= classes[place[LAST], BAR])


@_inlined
def _reserves(entry: Any, mask: Any, place: Longs, classes: Longs, heap: Longs, masks: Longs) -> Any:
    """Walk the reserves; the standing that walks on to the open seats, or -1 if a free reserved seat ended it."""
    for each in range(place[FIRST], place[LAST]):
        if entry <= classes[each, BAR] or not (mask >> classes[each, GROUP]) & 1:
            continue
        base, size = classes[each, BASE], classes[each, SIZE]
        if size < classes[each, SEATS]:
            _push(heap, base, size, entry)
            classes[each, SIZE] = size + 1
            if size + 1 == classes[each, SEATS]:
                classes[each, BAR] = heap[base]
            return np.int64(-1)
        out = heap[base]
        _replace_top(heap, base, size, entry)
        classes[each, BAR] = heap[base]
        entry = out
        mask = masks[LOW - (entry & LOW)]
    return entry


@_inlined
def _open(entry: Any, place: Longs, classes: Longs, heap: Longs) -> Any:
    """Seat `entry` on an open seat (or, for -1, give up a place to a reserve); who loses a seat by it, or -1."""
    last = place[LAST]
    base, size = classes[last, BASE], classes[last, SIZE]
    out = np.int64(-1)
    if place[LEFT] > 0:
        place[LEFT] -= 1
        if entry >= 0:
            _push(heap, base, size, entry)
            size += 1
    elif entry < 0:
        out = heap[base]
        size -= 1
        _replace_top(heap, base, size, heap[base + size])
    elif entry > classes[last, BAR]:
        out = heap[base]
        _replace_top(heap, base, size, entry)
    else:
        out = entry
    classes[last, SIZE] = size
    if place[LEFT] == 0:
        classes[last, BAR] = heap[base] if size > 0 else NO_STANDING
    return out


@_compiled
def _solve(people: Longs, by_rank: Ints, rows: Any, places: Longs, classes: Longs, heap_masks: Any) -> Any:
    """`rows` is (opportunity, score) per preference; `heap_masks` the heap, and the groups by lottery rank."""
    opportunity, score = rows
    heap, masks = heap_masks
    free: Longs = np.arange(len(people))
    losers = np.empty(len(people), np.int64)
    while len(free):
        lost = 0
        for who in free:
            tail = people[who, TAIL]
            mask = masks[LOW - tail]
            for row in range(people[who, NEXT], people[who, END]):
                people[who, NEXT] = row + 1
                entry = (np.int64(score[row]) << 31) | tail
                place = places[opportunity[row]]
                if _fails(entry, mask, place, classes):
                    continue
                out = _open(_reserves(entry, mask, place, classes, heap, masks), place, classes, heap)
                if out >= 0:
                    losers[lost] = by_rank[LOW - (out & LOW)]
                    lost += 1
                break
        # In the order of their rows the losers' lists lie side by side in memory.
        free = np.sort(losers[:lost])
    return _seats(len(people), by_rank, classes, heap)


@_compiled
def _seats(count: int, by_rank: Ints, classes: Longs, heap: Longs) -> Any:
    seat = np.full(count, -1, np.int64)
    for each in range(len(classes)):
        for at in range(classes[each, BASE], classes[each, BASE] + classes[each, SIZE]):
            seat[by_rank[LOW - (heap[at] & LOW)]] = each
    return seat


def solve(arrays: Arrays) -> Longs:
    """int64[n]: each applicant's seat class (numbered as in `Arrays.class_start`), -1 for none."""
    game = _game(arrays)
    base = np.concatenate(([0], np.cumsum(game.seats)))
    bar = np.where(game.seats == 0, NO_STANDING, -1)
    classes = np.stack([bar, np.zeros_like(bar), game.seats, base[:-1], game.group.astype(np.int64)], axis=1)
    places = np.stack([game.class_start[:-1], game.class_start[1:] - 1, game.capacity.astype(np.int64)], axis=1)
    by_rank = np.empty(len(game.lottery), np.int32)
    by_rank[game.lottery] = np.arange(len(game.lottery), dtype=np.int32)
    people = np.stack([game.start[:-1], game.start[1:], LOW - game.lottery.astype(np.int64)], axis=1)
    # One more than there are seats: looking at the top of a class without seats must stay inside.
    heap = np.empty(int(base[-1]) + 1, np.int64)
    masks = game.groups[by_rank].view(np.int64)
    rows = (game.opportunity, game.score)
    return cast(Longs, _solve(people, by_rank, rows, places, classes, (heap, masks)))


def _game(arrays: Arrays) -> Round:
    class_start = arrays.class_start
    group = np.zeros(class_start[-1], np.uint64)
    seats = np.zeros(class_start[-1], np.int64)
    reserved = np.ones(class_start[-1], np.bool_)
    reserved[class_start[1:] - 1] = False
    group[reserved] = arrays.reserve_group
    seats[reserved] = arrays.reserve_seats
    seats[~reserved] = arrays.capacity
    place = np.repeat(np.arange(len(arrays.capacity)), np.diff(class_start))
    a = arrays
    return Round(a.start, a.opportunity, a.score, a.lottery, a.groups, a.capacity, class_start, group, seats, place)


@_compiled
def _holders(game: Round, seat: Longs) -> Any:
    """Per seat class its holders and their lowest standing; per applicant the row of their seat (the end of the
    list for none); and the first who sits outside their list, or -1."""
    held = np.zeros(len(game.seats), np.int64)
    lowest = np.full(len(game.seats), np.iinfo(np.int64).max, np.int64)
    own = np.empty(len(game.lottery), np.int64)
    for who in range(len(game.lottery)):
        own[who] = game.start[who + 1]
        if seat[who] < 0:
            continue
        row = game.start[who]
        while row < game.start[who + 1] and game.opportunity[row] != game.place[seat[who]]:
            row += 1
        if row == game.start[who + 1]:
            return held, lowest, own, who
        own[who] = row
        held[seat[who]] += 1
        entry = (np.int64(game.score[row]) << 31) | (LOW - game.lottery[who])
        lowest[seat[who]] = min(lowest[seat[who]], entry)
    return held, lowest, own, -1


@_compiled
def _claim(game: Round, seat: Longs, cutoff: Longs, own: Longs) -> Any:
    """The first (applicant, row, seat class) where someone stands above a cut-off that is open to them, or -1s.
    At their own seat only the classes before it count: that they could not take one of those is what makes the
    seat classes those of the choice."""
    for who in range(len(game.lottery)):
        tail = LOW - game.lottery[who]
        mask = game.groups[who]
        for row in range(game.start[who], min(own[who] + 1, game.start[who + 1])):
            where = game.opportunity[row]
            entry = (np.int64(game.score[row]) << 31) | tail
            last = game.class_start[where + 1] - 1
            end = seat[who] if row == own[who] else last + 1
            for each in range(game.class_start[where], end):
                if entry > cutoff[each] and (each == last or (mask >> game.group[each]) & np.uint64(1)):
                    return who, row, each
    return -1, -1, -1


def violation(arrays: Arrays, seat: Longs) -> str | None:
    """None if the seats are proved fair, else the code of the first violation (the names of `check`).

    Never looks at how the seats came about: cut-offs are read off them, and nobody may stand above one that is
    open to them. Two passes over the rows up to each person's own seat. Raises `OutcomeError` for a seat class
    that does not exist."""
    game = _game(arrays)
    if len(seat) != len(arrays.lottery) or (len(seat) and not -1 <= seat.min() <= seat.max() < len(game.seats)):
        raise OutcomeError("the seats do not fit the problem: one seat class number, or -1, per applicant")
    held, lowest, own, outside = _holders(game, seat)
    if outside >= 0:
        return "off-list"
    is_open = np.zeros(len(game.seats), np.bool_)
    is_open[game.class_start[1:] - 1] = True
    total = np.bincount(game.place, weights=held, minlength=len(arrays.capacity)).astype(np.int64)
    if (total > arrays.capacity).any():
        return "capacity"
    if (held > game.seats).any() or _foreign(game, seat, is_open):
        return "seat-class"
    full = np.where(is_open, total[game.place] >= game.seats, held >= game.seats)
    # Below a class that is not full stands nobody: -1 is under every standing.
    who, row, each = _claim(game, seat, np.where(full, lowest, -1), own)
    if who < 0:
        return None
    if row == own[who]:
        return "seat-class"
    if full[each]:
        return "justified-envy"
    return "empty-seat-wanted" if is_open[each] else "reserved-seat-empty"


def _foreign(game: Round, seat: Longs, is_open: npt.NDArray[np.bool_]) -> bool:
    """Whether a reserved seat is held by someone outside its group."""
    sitting = np.flatnonzero(seat >= 0)
    reserved = sitting[~is_open[seat[sitting]]]
    return bool((((game.groups[reserved] >> game.group[seat[reserved]]) & np.uint64(1)) == 0).any())
