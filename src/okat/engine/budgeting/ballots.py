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


def grouped(election: Election) -> Groups:
    """Ballots are equal if they name the same projects with the same points, in whatever order."""
    starts, project, weight = _sorted_rows(election)
    of, first = _equal_rows(election, starts, project, weight)
    many = np.bincount(of, minlength=len(first)).astype(np.int64)
    edges = edges_of(starts, first)
    lengths = np.diff(starts)[first]
    begin = np.zeros(len(first) + 1, dtype=np.int64)
    np.cumsum(lengths, out=begin[1:])
    project, weight = project[edges], weight[edges]
    return Groups(of, many, begin, project, weight, _columns(election, many, lengths, project, weight))


def edges_of(starts: Longs, rows: npt.NDArray[np.integer]) -> Longs:
    """The numbers of all edges of these rows, row after row."""
    begin, lengths = starts[rows], starts[rows + 1] - starts[rows]
    ends = np.cumsum(lengths)
    if not len(ends) or not ends[-1]:
        return np.zeros(0, dtype=np.int64)
    found: Longs = np.arange(ends[-1]) + np.repeat(begin - ends + lengths, lengths)
    return found


def _sorted_rows(election: Election) -> tuple[Longs, Ints, Longs]:
    """Edges with the projects of each ballot ascending."""
    row = np.repeat(np.arange(election.n, dtype=np.int64), np.diff(election.starts))
    key = row * max(election.p, 1) + election.project
    if (np.diff(key) > 0).all():
        return election.starts, election.project, election.weight
    order = np.argsort(key)
    return election.starts, election.project[order], election.weight[order]


def _equal_rows(election: Election, starts: Longs, project: Ints, weight: Longs) -> tuple[Ints, Longs]:
    """The group of each row, and one row of each group. A hash brings equal rows together; that they are equal is then
    seen edge by edge, so that a collision only splits a group."""
    n = election.n
    random = np.random.default_rng(0).integers(1, 2**63, (2, max(election.p, 1)), dtype=np.uint64)
    # Two odd-sized mixes keep (project, points) apart from (project, other points).
    mixed = (random[0][project] ^ (weight.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))) * (
        random[1][project] | np.uint64(1)
    )
    total = np.zeros(len(project) + 1, dtype=np.uint64)
    np.cumsum(mixed, out=total[1:])
    hashes = total[starts[1:]] - total[starts[:-1]]
    order = np.argsort(hashes, kind="stable")
    same = np.zeros(n, dtype=bool)
    if n:
        same[1:] = _equals_before(order, hashes, starts, project, weight)
    number = np.cumsum(~same) - 1
    of = np.empty(n, dtype=np.int32)
    of[order] = number
    return of, order[~same]


def _equals_before(
    order: Longs, hashes: npt.NDArray[np.uint64], starts: Longs, project: Ints, weight: Longs
) -> npt.NDArray[np.bool_]:
    """bool[n - 1]: whether each row, in this order, equals the one before it."""
    lengths = np.diff(starts)[order]
    same: npt.NDArray[np.bool_] = (hashes[order[1:]] == hashes[order[:-1]]) & (lengths[1:] == lengths[:-1])
    pairs = np.flatnonzero(same)
    one, other = edges_of(starts, order[pairs]), edges_of(starts, order[pairs + 1])
    apart = (project[one] != project[other]) | (weight[one] != weight[other])
    if apart.any():
        rows = np.repeat(pairs, lengths[pairs])
        same[rows[apart]] = False
    return same


def _columns(election: Election, many: Longs, lengths: Longs, project: Ints, weight: Longs) -> list[Column]:
    row = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    key = project.astype(np.uint16) if election.p < 2**16 else project
    order = np.argsort(key, kind="stable")
    ends = np.cumsum(np.bincount(project, minlength=election.p))
    group = row[order]
    counts = many[group].astype(np.float64)
    plain = election.kind in ("approval", "choose-1")
    points = None if plain else weight[order].astype(np.float64)
    mass = counts if points is None else counts * points
    found, begin = [], 0
    for end in ends.tolist()[: election.p]:
        part = slice(begin, end)
        found.append(Column(group[part], counts[part], None if points is None else points[part], mass[part]))
        begin = end
    return found
