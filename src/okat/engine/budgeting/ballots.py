"""Equal ballots taken together: what one of them pays, all of them pay."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from okat.engine.budgeting.problem import Election, Ints, Longs

Floats = npt.NDArray[np.float64]


class Column(NamedTuple):
    """The supporters of one project: groups of ballots, how many ballots each has, points a ballot (None: 1 each), and
    points of the whole group. Counts are whole numbers held as float64, below 2**53."""

    group: Ints
    many: Floats
    points: Floats | None
    mass: Floats


class Groups(NamedTuple):
    """`of` int32[n]: the group of each ballot; `many` int64[g]: ballots in each. Edges by group as in an election:
    `starts` int64[g + 1], `project` int32, `weight` int64; `columns` the same by project."""

    of: Ints
    many: Longs
    starts: Longs
    project: Ints
    weight: Longs
    columns: list[Column]


PART = 1 << 10
"""Rows compared or gathered at once, so that what stands in between stays small beside the ballots."""


def grouped(election: Election) -> Groups:
    """Ballots are equal if they name the same projects with the same points, in whatever order."""
    plain = election.kind in ("approval", "choose-1")
    starts, project, weight = _sorted_rows(election, plain)
    of, first = _equal_rows(election, starts, project, weight, plain)
    many = np.bincount(of, minlength=len(first)).astype(np.int64)
    lengths = np.diff(starts)[first]
    begin = np.zeros(len(first) + 1, dtype=np.int64)
    np.cumsum(lengths, out=begin[1:])
    kept = np.empty(begin[-1], dtype=np.int32)
    points = np.broadcast_to(np.int64(1), len(kept)) if plain else np.empty(len(kept), dtype=np.int64)
    for at in range(0, len(first), PART):
        part = slice(begin[at], begin[min(at + PART, len(first))])
        edges = edges_of(starts, first[at : at + PART])
        kept[part] = project[edges]
        if not plain:
            points[part] = weight[edges]
    return Groups(of, many, begin, kept, points, _columns(election, many, lengths, kept, points, plain))


def edges_of(starts: Longs, rows: npt.NDArray[np.integer]) -> Longs:
    """The numbers of all edges of these rows, row after row."""
    begin, lengths = starts[rows], starts[rows + 1] - starts[rows]
    ends = np.cumsum(lengths)
    if not len(ends) or not ends[-1]:
        return np.zeros(0, dtype=np.int64)
    found: Longs = np.arange(ends[-1]) + np.repeat(begin - ends + lengths, lengths)
    return found


def _sorted_rows(election: Election, plain: bool) -> tuple[Longs, Ints, Longs]:
    """Edges with the projects of each ballot ascending."""
    rises = np.diff(election.project) > 0
    borders = election.starts[1:-1]
    rises[borders[(borders > 0) & (borders < len(election.project))] - 1] = True
    if rises.all():
        return election.starts, election.project, election.weight
    key = np.repeat(np.arange(election.n, dtype=np.int64) * election.p, np.diff(election.starts))
    key += election.project
    if plain:
        key.sort()
        key %= election.p
        return election.starts, key.astype(np.int32), election.weight
    order = np.argsort(key)
    return election.starts, election.project[order], election.weight[order]


def _equal_rows(election: Election, starts: Longs, project: Ints, weight: Longs, plain: bool) -> tuple[Ints, Longs]:
    """The group of each row, and one row of each group. A hash brings equal rows together; that they are equal is then
    seen edge by edge, so that a collision only splits a group."""
    n = election.n
    mixed = _scattered(election.p)[project]
    if not plain:
        mixed *= weight.astype(np.uint64)
    np.cumsum(mixed, out=mixed)
    total = np.concatenate((np.zeros(1, dtype=np.uint64), mixed[starts[1:] - 1])) if len(mixed) else mixed[:0]
    if len(mixed):
        total[1:][starts[1:] == 0] = 0
    del mixed
    hashes = np.diff(total) if len(total) else np.zeros(n, dtype=np.uint64)
    order = np.argsort(hashes, kind="stable")
    same = np.zeros(n, dtype=bool)
    if n:
        same[1:] = _equals_before(order, hashes, starts, project, weight)
    number = np.cumsum(~same) - 1
    of = np.empty(n, dtype=np.int32)
    of[order] = number
    return of, order[~same]


def _scattered(p: int) -> npt.NDArray[np.uint64]:
    """A number for each project without a pattern between them (the mixing of SplitMix64; numpy's own generators are a
    module to load that is larger than a small election)."""
    mixed = np.arange(1, p + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed ^= mixed >> np.uint64(shift)
        mixed *= np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(31))


def _equals_before(
    order: Longs, hashes: npt.NDArray[np.uint64], starts: Longs, project: Ints, weight: Longs
) -> npt.NDArray[np.bool_]:
    """bool[n - 1]: whether each row, in this order, equals the one before it."""
    lengths = np.diff(starts)[order]
    same: npt.NDArray[np.bool_] = (hashes[order[1:]] == hashes[order[:-1]]) & (lengths[1:] == lengths[:-1])
    every = np.flatnonzero(same)
    for at in range(0, len(every), PART):
        pairs = every[at : at + PART]
        one, other = edges_of(starts, order[pairs]), edges_of(starts, order[pairs + 1])
        apart = (project[one] != project[other]) | (weight[one] != weight[other])
        if apart.any():
            same[np.repeat(pairs, lengths[pairs])[apart]] = False
    return same


def _columns(
    election: Election, many: Longs, lengths: Longs, project: Ints, weight: Longs, plain: bool
) -> list[Column]:
    row = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    order = np.argsort(project.astype(np.uint16) if election.p < 2**16 else project, kind="stable")
    ends = np.cumsum(np.bincount(project, minlength=election.p))
    group = row[order]
    points = None if plain else weight[order].astype(np.float64)
    del row, order
    counts = many.astype(np.float64)[group]
    mass = counts if points is None else counts * points
    found, begin = [], 0
    for end in ends.tolist()[: election.p]:
        part = slice(begin, end)
        found.append(Column(group[part], counts[part], None if points is None else points[part], mass[part]))
        begin = end
    return found
