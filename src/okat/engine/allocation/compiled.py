"""Deferred acceptance and its check over arrays, compiled. Importing this module loads numba (about a second).

A standing is one int64: the score in the high half, the lottery rank turned round in the low half, so that the
larger is the better and equal standings cannot occur. Each seat class keeps its holders in a binary heap with the
lowest on top; a proposal walks the classes as in `light.py`. Every preference is looked at once: O(e log capacity).
Proposals go in waves sorted by opportunity: what costs is not the comparing but the waiting for memory.
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


# Columns of the table of seat classes. What a choice needs of a class lies side by side in memory; its holders are a
# heap from BASE on, lowest on top; BAR is the standing above which it takes a newcomer: -1 while it has free seats, no
# standing at all if it has none. An open class says how many places of its opportunity are LEFT.
BAR, GROUP, SIZE, SEATS, BASE, LEFT = range(6)


class People(NamedTuple):
    """Per applicant the `next` row of their list, its `end`, their groups; by lottery rank who it is, and theirs."""

    next: Longs
    end: Longs
    lottery: Ints
    groups: Any
    by_rank: Ints
    groups_by_rank: Any


class Queue(NamedTuple):
    """Proposals of one wave: `where` and `standing` as they come, `sorted` by opportunity; `until` is where each
    opportunity's part ends. `losers` of the wave become `free` for the next; `marked` puts them in order."""

    where: Ints
    standing: Longs
    sorted: Longs
    until: Longs
    losers: Ints
    free: Ints
    marked: Any


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
def _fails(entry: Any, mask: Any, first: Any, last: Any, classes: Longs) -> bool:
    """Most proposals do: they touch the bars and nothing else."""
    if entry > classes[last, BAR]:
        return False
    for each in range(first, last):  # noqa: SIM110 - a generator does not compile
        if entry > classes[each, BAR] and (mask >> classes[each, GROUP]) & 1:
            return False
    return True


@_compiled
def _propose(free: Ints, people: People, rows: Any, start: Longs, classes: Longs, queue: Queue) -> int:
    """Everyone who is free goes down their list to the first place that is not closed to them; how many found one."""
    after, end, lottery, groups, _, _ = people
    opportunity, score = rows
    wheres, standings = queue.where, queue.standing
    queued = 0
    for who in free:
        tail = LOW - np.int64(lottery[who])
        mask = np.int64(groups[who])
        row = after[who]
        until = end[who]
        while row < until:
            entry = (np.int64(score[row]) << 31) | tail
            where = opportunity[row]
            row += 1
            if not _fails(entry, mask, start[where], start[where + 1] - 1, classes):
                wheres[queued] = where
                standings[queued] = entry
                queued += 1
                break
        after[who] = row
    return queued


@_compiled
def _bring_together(queued: int, queue: Queue) -> None:
    """Sort the wave by opportunity (by counting), so that each one's seats are in the cache while it chooses."""
    wheres, standings, wave, until = queue.where, queue.standing, queue.sorted, queue.until
    until[:] = 0
    for at in range(queued):
        until[wheres[at] + 1] += 1
    for each in range(len(until) - 1):
        until[each + 1] += until[each]
    for at in range(queued):
        where = wheres[at]
        wave[until[where]] = standings[at]
        until[where] += 1


@_inlined
def _reserves(entry: Any, first: Any, last: Any, classes: Longs, heap: Longs, masks: Any) -> Any:
    """Walk the reserves; the standing that walks on to the open seats, or -1 if a free reserved seat ended it."""
    mask = np.int64(masks[LOW - (entry & LOW)])
    for each in range(first, last):
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
        mask = np.int64(masks[LOW - (entry & LOW)])
    return entry


@_inlined
def _open(entry: Any, last: Any, classes: Longs, heap: Longs) -> Any:
    """Seat `entry` on an open seat (or, for -1, give up a place to a reserve); who loses a seat by it, or -1."""
    base, size = classes[last, BASE], classes[last, SIZE]
    out = np.int64(-1)
    if classes[last, LEFT] > 0:
        classes[last, LEFT] -= 1
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
    if classes[last, LEFT] == 0:
        classes[last, BAR] = heap[base] if size > 0 else NO_STANDING
    return out


@_compiled
def _choose(queue: Queue, people: People, start: Longs, classes: Longs, heap: Longs) -> int:
    """Every opportunity chooses among its holders and the wave; how many lost a seat or found none."""
    wave, until, losers = queue.sorted, queue.until, queue.losers
    by_rank, masks = people.by_rank, people.groups_by_rank
    lost = 0
    at = 0
    for where in range(len(start) - 1):
        first, last = start[where], start[where + 1] - 1
        while at < until[where]:
            out = _open(_reserves(wave[at], first, last, classes, heap, masks), last, classes, heap)
            at += 1
            if out >= 0:
                losers[lost] = by_rank[LOW - (out & LOW)]
                lost += 1
    return lost


@_compiled
def _in_order(lost: int, queue: Queue) -> Ints:
    """The losers in the order of their rows: their lists then lie side by side in memory."""
    losers, free, marked = queue.losers, queue.free, queue.marked
    if lost * 40 < len(marked):
        return np.sort(losers[:lost])
    for at in range(lost):
        marked[losers[at]] = 1
    found = 0
    for who in range(len(marked)):
        if marked[who]:
            free[found] = who
            found += 1
            marked[who] = 0
    return free[:found]


@_compiled
def _solve(people: People, rows: Any, start: Longs, classes: Longs, heap: Longs, queue: Queue) -> Longs:
    free = queue.free
    while len(free):
        _bring_together(_propose(free, people, rows, start, classes, queue), queue)
        free = _in_order(_choose(queue, people, start, classes, heap), queue)
    seat = np.full(len(people.end), -1, np.int64)
    for each in range(len(classes)):
        for at in range(classes[each, BASE], classes[each, BASE] + classes[each, SIZE]):
            seat[people.by_rank[LOW - (heap[at] & LOW)]] = each
    return seat


def solve(arrays: Arrays) -> Longs:
    """int64[n]: each applicant's seat class (numbered as in `Arrays.class_start`), -1 for none.

    In waves, which the order of proposals allows (the outcome does not depend on it): all who are free propose,
    each opportunity chooses at once, those who lost are free again."""
    game = _game(arrays)
    classes = _classes(game)
    # One more than there are seats: looking at the top of a class without seats must stay inside.
    heap = np.empty(int(game.seats.sum()) + 1, np.int64)
    count = len(game.lottery)
    queue = Queue(
        np.empty(count, np.int32), np.empty(count, np.int64), np.empty(count, np.int64),
        np.zeros(len(game.capacity) + 1, np.int64), np.empty(count, np.int32),
        np.arange(count, dtype=np.int32), np.zeros(count, np.uint8),
    )  # fmt: skip
    rows = (game.opportunity, game.score)
    return _solve(_people(game), rows, game.class_start, classes, heap, queue)


def _people(game: Round) -> People:
    by_rank = np.empty(len(game.lottery), np.int32)
    by_rank[game.lottery] = np.arange(len(game.lottery), dtype=np.int32)
    # Eight groups fit a byte, and a million bytes fit the cache.
    narrow = np.uint8 if int(game.groups.max(initial=0)) < 256 else np.uint64
    groups = game.groups.astype(narrow)
    return People(game.start[:-1].copy(), game.start[1:].copy(), game.lottery, groups, by_rank, groups[by_rank])


def _classes(game: Round) -> Longs:
    classes = np.zeros((len(game.seats), 6), np.int64)
    classes[:, BAR] = np.where(game.seats == 0, NO_STANDING, -1)
    classes[:, GROUP] = game.group
    classes[:, SEATS] = game.seats
    classes[1:, BASE] = np.cumsum(game.seats)[:-1]
    classes[game.class_start[1:] - 1, LEFT] = game.capacity
    return classes


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
