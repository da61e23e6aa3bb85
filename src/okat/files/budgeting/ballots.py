"""Ballots out of the rows of VOTES, all at once, and each rule of META held against each of them.

Scores: cumulative and scoring ballots carry points; on an ordinal ballot of k projects the first gets k, the last 1
(as Pabulib counts them); approval and choose-1 give 1 each.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from okat.files.budgeting.body import Body, Keys, Longs, Parts, Spans, keys_of
from okat.files.budgeting.errors import SHOWN, Findings
from okat.files.budgeting.fields import VOTER
from okat.files.budgeting.head import MAX_ID

WITH_POINTS = ("cumulative", "scoring")
BLOCK = 1 << 15
"""Rows that are read at a time."""
CELLS = 1 << 24
Mask = npt.NDArray[np.bool_]


class Ballots(NamedTuple):
    """CSR by voter: int64[n + 1], int32[edges], int64[edges]. `points` are as written, also zero and negative ones."""

    starts: Longs
    project: npt.NDArray[np.int32]
    points: Longs


@dataclass(frozen=True)
class Asked:
    """What META and PROJECTS say of a ballot. `costs` int64[p] in units of 1/scale."""

    kind: str
    ids: tuple[str, ...]
    costs: Longs
    scale: int
    limits: Mapping[str, int | Decimal]


def read_ballots(body: Body, columns: Sequence[str], asked: Asked, found: Findings) -> Ballots:
    """Every bad ballot goes into `found`; what is returned then is only good for finding more. Rows are taken block by
    block, so that what is needed on the way stays small beside what is kept."""
    place = {name: k for k, name in enumerate(columns)}
    _edges_of_cells(body, columns, found)
    _voter_ids(body, place["voter_id"], found)
    if asked.kind in WITH_POINTS and "points" not in place:
        found.error(0, "points", "column-missing", section="VOTES", column="points")
    blocks = [
        _block(body.rows(first, first + BLOCK), place, asked, found) for first in range(0, max(1, len(body)), BLOCK)
    ]
    for name in VOTER:
        if name in place:
            _said(body, place[name], name, found)
    starts = np.zeros(len(body) + 1, dtype=np.int64)
    np.cumsum(np.concatenate([np.diff(one.starts) for one in blocks]), out=starts[1:])
    return Ballots(
        starts, np.concatenate([one.project for one in blocks]), np.concatenate([one.points for one in blocks])
    )


def _block(body: Body, place: Mapping[str, int], asked: Asked, found: Findings) -> Ballots:
    parts = body.parts(place["vote"])
    voter = np.repeat(np.arange(len(body)), parts.counts)
    project = _projects(body, parts, voter, asked.ids, found)
    good = project >= 0
    _twice(body, voter[good], project[good], asked.ids, found)
    points = _points(body, place, parts, asked, found)
    ballots = Ballots(parts.starts, project.astype(np.int32), points)
    _limits(body, ballots, parts, good, asked, found)
    return ballots


def _tell(rows: Longs, body: Body, column: str, code: str, found: Findings, say: Any = None) -> None:
    """One error for each of `rows`; `say(row)` gives its words."""
    for row in rows[:SHOWN].tolist():
        found.error(int(body.line[row]), column, code, **(say(row) if say else {}))
    if len(rows) > SHOWN:
        found.many(len(rows) - SHOWN, column, code)


def _edges_of_cells(body: Body, columns: Sequence[str], found: Findings) -> None:
    """No cell begins or ends with a space; parts of votes and points are looked at one by one."""
    array = body.array
    for k, (start, end) in enumerate(body.cells):
        if columns[k] in ("vote", "points"):
            continue
        some = np.flatnonzero(end > start)
        first, last = array[start[some]], array[end[some] - 1]
        spaced = (first == 0x20) | (first == 0x09) | (last == 0x20) | (last == 0x09)
        rows = some[spaced]
        _tell(rows, body, columns[k], "space", found, lambda row, k=k: {"value": body.cell(row, k)[:100]})


def _voter_ids(body: Body, column: int, found: Findings) -> None:
    spans = body.cells[column]
    length = spans.length
    _tell(np.flatnonzero(length == 0), body, "voter_id", "empty", found)
    _tell(np.flatnonzero(length > MAX_ID), body, "voter_id", "too-long", found, lambda _row: {"limit": MAX_ID})
    key = keys_of(body, Spans(spans.start, np.minimum(spans.end, spans.start + MAX_ID))).key
    ordered = np.sort(key)
    again = ordered[1:][ordered[1:] == ordered[:-1]]
    if not len(again):
        return
    seen: set[str] = set()
    rows = []
    for row in np.flatnonzero(np.isin(key, again)).tolist():
        one = body.cell(row, column)
        if one and one in seen:
            rows.append(row)
        seen.add(one)
    say = lambda row: {"value": body.cell(row, column)[:100]}  # noqa: E731
    _tell(np.array(rows, dtype=np.int64), body, "voter_id", "duplicate-id", found, say)


def _projects(body: Body, parts: Parts, voter: Longs, ids: tuple[str, ...], found: Findings) -> Longs:
    """int64[edges]: the index of each named project, -1 for one that is not known."""
    project = _matched(body, parts.spans, ids)
    bad = np.flatnonzero(project < 0)
    text = body.text
    for edge in bad[:SHOWN].tolist():
        value = text[parts.spans.start[edge] : parts.spans.end[edge]].decode()
        code = "empty" if not value else "space" if value.strip() in ids else "unknown-project"
        found.error(int(body.line[voter[edge]]), "vote", code, value=value[:100])
    if len(bad) > SHOWN:
        found.many(len(bad) - SHOWN, "vote", "unknown-project")
    return project


def _matched(body: Body, spans: Spans, ids: tuple[str, ...]) -> Longs:
    """Looked up by key, then compared byte by byte where the key alone does not decide."""
    known, places = _texts(ids)
    wanted = keys_of(known, places)
    asked = keys_of(body, Spans(spans.start, np.minimum(spans.end, spans.start + MAX_ID + 1)))
    if len(np.unique(wanted.key)) < len(ids):
        return _matched_slowly(body, spans, ids)
    if not len(ids):
        return np.full(len(spans.start), -1)
    order = np.argsort(wanted.key)
    at = order[np.minimum(np.searchsorted(wanted.key[order], asked.key), len(ids) - 1)]
    same = (wanted.key[at] == asked.key) & (wanted.length[at] == asked.length)
    words, own = body.words(), known.words()
    for step in range(8, int(wanted.length.max()), 8):
        more = np.flatnonzero(same & (asked.length > step))
        left, right = words[spans.start[more] + step], own[places.start[at[more]] + step]
        same[more] &= _low(left ^ right, asked.length[more] - step) == 0
        first = words[spans.start[more]] == own[places.start[at[more]]]
        same[more] &= first
    return np.where(same, at, -1)


def _low(word: npt.NDArray[np.uint64], length: Longs) -> npt.NDArray[np.uint64]:
    """The first `length` of eight bytes."""
    masks = np.array([(1 << (8 * k)) - 1 for k in range(9)], dtype=np.uint64)
    return word & masks[np.minimum(length, 8)]


def _matched_slowly(body: Body, spans: Spans, ids: tuple[str, ...]) -> Longs:
    number = {one.encode(): c for c, one in enumerate(ids)}
    pairs = zip(spans.start.tolist(), spans.end.tolist(), strict=True)
    return np.array([number.get(body.text[start:end], -1) for start, end in pairs], dtype=np.int64)


def _texts(values: Sequence[str]) -> tuple[Body, Spans]:
    encoded = [value.encode() for value in values]
    ends = np.cumsum([0, *(len(one) for one in encoded)], dtype=np.int64)
    return Body(b"".join(encoded) + bytes(8), 0, (), ends[:0], ("", {}), 0), Spans(ends[:-1], ends[1:])


def _twice(body: Body, voter: Longs, project: Longs, ids: tuple[str, ...], found: Findings) -> None:
    keys = voter * max(1, len(ids)) + project
    if len(body) * len(ids) <= CELLS:  # a mark for each pair costs less than to sort them
        marks = np.zeros(len(body) * len(ids), dtype=bool)
        marks[keys] = True
        if np.count_nonzero(marks) == len(keys):
            return
    keys.sort()
    again = np.unique(keys[1:][keys[1:] == keys[:-1]])
    for key in again[:SHOWN].tolist():
        row, c = divmod(key, len(ids))
        found.error(int(body.line[row]), "vote", "project-twice", value=ids[c])
    if len(again) > SHOWN:
        found.many(len(again) - SHOWN, "vote", "project-twice")


def _points(body: Body, place: Mapping[str, int], parts: Parts, asked: Asked, found: Findings) -> Longs:
    """int64[edges]. A ballot whose points cannot be read counts 1 for each project while errors are looked for."""
    ones = np.ones(len(parts.spans.start), dtype=np.int64)
    if "points" not in place:
        return _borda(parts) if asked.kind == "ordinal" else ones
    written = body.parts(place["points"])
    if asked.kind not in WITH_POINTS:
        rows = np.flatnonzero(written.counts > 0)
        if asked.kind != "ordinal":
            _tell(rows, body, "points", "points-unexpected", found, lambda _row: {"kind": asked.kind})
        return _borda(parts) if asked.kind == "ordinal" else ones
    differ = written.counts != parts.counts
    _tell(np.flatnonzero(differ & (written.counts == 0)), body, "points", "points-missing", found,
          lambda _row: {"kind": asked.kind})  # fmt: skip
    _tell(np.flatnonzero(differ & (written.counts > 0)), body, "points", "points-count", found,
          lambda row: {"found": int(written.counts[row]), "expected": int(parts.counts[row])})  # fmt: skip
    value, readable = _whole(body, written.spans)
    voter = np.repeat(np.arange(len(body)), written.counts)
    rows = np.unique(voter[~readable])
    _tell(rows, body, "points", "points-whole", found, lambda row: {"value": body.cell(row, place["points"])[:100]})
    if asked.kind == "cumulative":
        low = np.flatnonzero(value < 0)
        for edge in low[:SHOWN].tolist():
            found.error(int(body.line[voter[edge]]), "points", "points-negative", found=int(value[edge]))
    ones[~np.repeat(differ, parts.counts)] = value[~np.repeat(differ, written.counts)]
    return ones


def _borda(parts: Parts) -> Longs:
    place = np.arange(len(parts.spans.start)) - np.repeat(parts.starts[:-1], parts.counts)
    return np.repeat(parts.counts, parts.counts) - place


def _whole(body: Body, spans: Spans) -> tuple[Longs, Mask]:
    """Whole numbers of at most 9 digits, and which could be read; `.0` behind one changes nothing."""
    array, value = body.array, np.zeros(len(spans.start), dtype=np.int64)
    minus = (spans.length > 0) & (array[spans.start] == 0x2D)
    start = spans.start + minus
    length = spans.end - start
    readable = (length > 0) & (length <= 9)
    for step in range(int(length[readable].max(initial=0))):
        here = np.flatnonzero(readable & (length > step))
        digit = array[start[here] + step].astype(np.int64) - 0x30
        readable[here[(digit < 0) | (digit > 9)]] = False
        value[here] = value[here] * 10 + digit
    for edge in np.flatnonzero(~readable)[: 100 * SHOWN].tolist():
        text = body.text[spans.start[edge] : spans.end[edge]].decode()
        if re.fullmatch(r"-?[0-9]{1,9}\.0+", text):
            value[edge], readable[edge] = abs(int(text.partition(".")[0])), True
    value[~readable] = 0
    return np.where(minus, -value, value), readable


def _limits(body: Body, ballots: Ballots, parts: Parts, good: Mask, asked: Asked, found: Findings) -> None:
    length = parts.counts
    if asked.kind == "choose-1":
        rows = np.flatnonzero(length != 1)
        _tell(rows, body, "vote", "choose-one", found, lambda row: {"found": int(length[row])})
    _within(body, "length", length, "vote", asked, found)
    if asked.kind in WITH_POINTS:
        sums = _sums(ballots.points, ballots.starts)
        _within(body, "sum_points", sums, "points", asked, found)
        some = np.flatnonzero(length)
        if len(some):
            for ufunc, name in ((np.minimum, "min_points"), (np.maximum, "max_points")):
                extreme = np.zeros(len(body), dtype=np.int64)
                extreme[some] = ufunc.reduceat(ballots.points, ballots.starts[:-1][some])
                _one_limit(body, name, extreme, "points", asked, found, only=length > 0)
    cost = np.zeros(len(good), dtype=np.int64)
    cost[good] = asked.costs[ballots.project[good]]
    if {"min_sum_cost", "max_sum_cost"} & set(asked.limits):
        _within(body, "sum_cost", _sums(cost, ballots.starts), "vote", asked, found)


def _sums(values: Longs, starts: Longs) -> Longs:
    total = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum(values, out=total[1:])
    return np.diff(total[starts])


def _within(body: Body, what: str, values: Longs, column: str, asked: Asked, found: Findings) -> None:
    for name in (f"min_{what}", f"max_{what}"):
        _one_limit(body, name, values, column, asked, found)


def _one_limit(
    body: Body, name: str, values: Longs, column: str, asked: Asked, found: Findings, *, only: Mask | None = None
) -> None:
    """`values` of a cost are in units of 1/scale, `limits` in the currency."""
    if name not in asked.limits:
        return
    scale = asked.scale if name.endswith("cost") else 1
    limit = asked.limits[name] * scale
    low = name.startswith("min_")
    beyond = values < float(limit) if low else values > float(limit)
    if only is not None:
        beyond &= only
    say = lambda row: {"found": _amount(int(values[row]), scale), "field": name, "limit": asked.limits[name]}  # noqa: E731
    _tell(np.flatnonzero(beyond), body, column, "below" if low else "above", found, say)


def _amount(value: int, scale: int) -> str:
    return str(value) if scale == 1 else f"{Decimal(value) / scale:f}"


def _said(body: Body, column: int, name: str, found: Findings) -> None:
    """What voters say of themselves is looked at value by value: there are few different ones."""
    spans = body.cells[column]
    keys: Keys = keys_of(body, Spans(spans.start, np.minimum(spans.end, spans.start + 16)))
    unlike, first = np.unique(keys.key, return_index=True)
    if len(unlike) > SHOWN:
        found.note(0, name, "note-value", value="...", expected=VOTER[name])
        return
    for row in sorted(first.tolist()):
        value = body.cell(row, column)
        if value and not re.fullmatch(VOTER[name], value):
            found.note(int(body.line[row]), name, "note-value", value=value[:100], expected=VOTER[name])


def tally(ballots: Ballots, p: int) -> dict[str, list[int]]:
    """How many ballots name each project (`votes`) and their points together (`score`)."""
    sums = np.zeros(p, dtype=np.int64)
    np.add.at(sums, ballots.project, ballots.points)
    return {"votes": np.bincount(ballots.project, minlength=p).tolist(), "score": sums.tolist()}


__all__ = ["Asked", "Ballots", "read_ballots", "tally"]
