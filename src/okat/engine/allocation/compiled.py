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


class Held(NamedTuple):
    """Who is seated so far: per class a heap of standings from `heap_start`, `size` of them; `taken` seats per
    opportunity; `bar` the standing above which a class takes a newcomer (the memory that most proposals need:
    they fail); `by_rank` gives the applicant of a lottery rank."""

    heap: Longs
    heap_start: Longs
    size: Longs
    taken: Longs
    bar: Longs
    by_rank: Ints


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
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and heap[base + below + 1] < heap[base + below]:
            below += 1
        if heap[base + below] >= entry:
            break
        heap[base + at] = heap[base + below]
        at = below
    heap[base + at] = entry


@_inlined
def _propose(entry: Any, who: Any, where: int, game: Round, held: Held) -> Any:
    """Seat `entry` at `where`; the standing that loses a seat by it (perhaps itself), or -1."""
    heap, size = held.heap, held.size
    mask = game.groups[who]
    last = game.class_start[where + 1] - 1
    for each in range(game.class_start[where], last):
        if not (mask >> game.group[each]) & np.uint64(1):
            continue
        base = held.heap_start[each]
        if size[each] < game.seats[each]:
            _push(heap, base, size[each], entry)
            size[each] += 1
            return _trim(where, last, game, held)
        if size[each] > 0 and heap[base] < entry:
            out = heap[base]
            _replace_top(heap, base, size[each], entry)
            entry = out
            mask = game.groups[held.by_rank[LOW - (entry & LOW)]]
    base = held.heap_start[last]
    if held.taken[where] < game.capacity[where]:
        _push(heap, base, size[last], entry)
        size[last] += 1
        held.taken[where] += 1
        return np.int64(-1)
    if size[last] > 0 and heap[base] < entry:
        out = heap[base]
        _replace_top(heap, base, size[last], entry)
        return out
    return entry


@_inlined
def _trim(where: int, last: int, game: Round, held: Held) -> Any:
    """A reserved seat was filled; if that is one seat too many, the lowest open holder loses theirs."""
    if held.taken[where] < game.capacity[where]:
        held.taken[where] += 1
        return np.int64(-1)
    base = held.heap_start[last]
    out = held.heap[base]
    held.size[last] -= 1
    if held.size[last] > 0:
        _replace_top(held.heap, base, held.size[last], held.heap[base + held.size[last]])
    return out


@_inlined
def _fails(entry: Any, mask: Any, where: int, game: Round, held: Held) -> bool:
    last = game.class_start[where + 1] - 1
    for each in range(game.class_start[where], last):
        if entry > held.bar[each] and (mask >> game.group[each]) & np.uint64(1):
            return False
    return bool(entry <= held.bar[last])


@_inlined
def _set_bars(where: int, game: Round, held: Held) -> None:
    last = game.class_start[where + 1] - 1
    for each in range(game.class_start[where], last + 1):
        full = held.size[each] >= game.seats[each]
        if each == last:
            full = held.taken[where] >= game.capacity[where]
        if not full:
            held.bar[each] = -1
        elif held.size[each] > 0:
            held.bar[each] = held.heap[held.heap_start[each]]
        else:
            held.bar[each] = np.iinfo(np.int64).max


@_compiled
def _solve(game: Round, held: Held) -> Any:
    count = len(game.lottery)
    for each in range(count):
        held.by_rank[game.lottery[each]] = each
    for place in range(len(game.capacity)):
        _set_bars(place, game, held)
    asked = game.start[:-1].copy()
    free: Longs = np.arange(count)
    losers = np.empty(count, np.int64)
    while len(free):
        lost = 0
        for who in free:
            out = np.int64(0)
            while out >= 0 and asked[who] < game.start[who + 1]:
                row = asked[who]
                asked[who] = row + 1
                entry = (np.int64(game.score[row]) << 31) | (LOW - game.lottery[who])
                where = game.opportunity[row]
                out = entry
                if _fails(entry, game.groups[who], where, game, held):
                    continue
                out = _propose(entry, who, where, game, held)
                _set_bars(where, game, held)
                if out >= 0:
                    losers[lost] = held.by_rank[LOW - (out & LOW)]
                    lost += 1
                    break
        # In the order of their rows the losers' lists lie side by side in memory.
        free = np.sort(losers[:lost])
    seat = np.full(count, -1, np.int64)
    for name in range(len(game.seats)):
        for at in range(held.heap_start[name], held.heap_start[name] + held.size[name]):
            seat[held.by_rank[LOW - (held.heap[at] & LOW)]] = name
    return seat


def solve(arrays: Arrays) -> Longs:
    """int64[n]: each applicant's seat class (numbered as in `Arrays.class_start`), -1 for none."""
    game = _game(arrays)
    heap_start = np.concatenate(([0], np.cumsum(game.seats)))
    held = Held(
        np.empty(int(heap_start[-1]), np.int64),
        heap_start,
        np.zeros(len(game.seats), np.int64),
        np.zeros(len(game.capacity), np.int64),
        np.empty(len(game.seats), np.int64),
        np.empty(len(game.lottery), np.int32),
    )
    return cast(Longs, _solve(game, held))


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
