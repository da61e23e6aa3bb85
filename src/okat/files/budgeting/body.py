"""The rows of VOTES as spans of bytes, found all at once.

A plain row (no quotation mark) is cut by its semicolons where it lies. If any row is not plain, all of them go through
the careful CSV reader once and are joined anew with separators that no cell can hold; from there on both are the same.
"""

import codecs
import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from okat.files.budgeting.errors import Findings
from okat.files.budgeting.head import decoded

Longs = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
_CELL, _ROW = 0x1E, 0x1D
_MASKS = np.array([(1 << (8 * k)) - 1 for k in range(9)], dtype=np.uint64)


class Spans(NamedTuple):
    """The places `start` to `end` of cells or of parts of cells."""

    start: Longs
    end: Longs

    @property
    def length(self) -> Longs:
        return self.end - self.start


class Parts(NamedTuple):
    """The comma-separated parts of each cell: cell i has the parts `starts[i]` to `starts[i + 1]`."""

    starts: Longs
    spans: Spans

    @property
    def counts(self) -> Longs:
        return np.diff(self.starts)


@dataclass(eq=False)
class Body(Sequence[tuple[str, ...]]):
    """Rows of cells. `cells[k]` are the spans of column k, `line` int64[n] the line of each row, `odd` the rows whose
    line end is not the usual one. `text` is padded by 8 zero bytes, so that 8 can be read from any place."""

    text: bytes
    separator: int
    cells: tuple[Spans, ...]
    line: Longs
    ends: tuple[str, dict[int, str]]
    blank: int

    def __len__(self) -> int:
        return len(self.line)

    def __getitem__(self, row: Any) -> Any:
        if isinstance(row, slice):
            return [self[one] for one in range(*row.indices(len(self)))]
        if not -len(self) <= row < len(self):
            raise IndexError(row)
        return tuple(self.cell(row, k) for k in range(len(self.cells)))

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        if not self.cells:
            return
        separator = bytes([self.separator])
        first, last = self.cells[0].start.tolist(), self.cells[-1].end.tolist()
        for start, end in zip(first, last, strict=True):
            yield tuple(self.text[start:end].decode().split(separator.decode()))

    def cell(self, row: int, column: int) -> str:
        spans = self.cells[column]
        return self.text[spans.start[row] : spans.end[row]].decode()

    def rows(self, first: int, last: int) -> "Body":
        """Rows `first` to `last`, without copying."""
        cells = tuple(Spans(start[first:last], end[first:last]) for start, end in self.cells)
        return Body(self.text, self.separator, cells, self.line[first:last], self.ends, 0)

    @property
    def array(self) -> Bytes:
        return np.frombuffer(self.text, dtype=np.uint8)

    def words(self) -> npt.NDArray[np.uint64]:
        """The eight bytes from each place, as one number."""
        return np.ndarray((len(self.text) - 7,), dtype="<u8", buffer=self.text, strides=(1,))

    def parts(self, column: int) -> Parts:
        """An empty cell has none."""
        start, end = self.cells[column]
        low, high = (int(start[0]), int(end[-1])) if len(start) else (0, 0)
        commas = np.flatnonzero(self.array[low:high] == 0x2C) + low
        before = np.searchsorted(commas, start)
        inside = np.searchsorted(commas, end) - before
        counts = np.where(end > start, inside + 1, 0)
        starts = np.zeros(len(counts) + 1, dtype=np.int64)
        np.cumsum(counts, out=starts[1:])
        some = np.flatnonzero(counts)
        begin, inner = starts[:-1][some], inside[some]
        steps = np.repeat(before[some] - (np.cumsum(inner) - inner), inner) + np.arange(inner.sum())
        cuts = commas[steps]
        left = np.empty(starts[-1], dtype=np.int64)
        right = np.empty_like(left)
        is_first = np.zeros(len(left), dtype=bool)
        is_first[begin] = True
        left[begin], left[~is_first] = start[some], cuts + 1
        is_last = np.zeros(len(left), dtype=bool)
        is_last[begin + inner] = True
        right[begin + inner], right[~is_last] = end[some], cuts
        return Parts(starts, Spans(left, right))


class Keys(NamedTuple):
    """uint64 for each text: equal for equal texts, unequal for unequal ones of the same length up to 8 bytes."""

    key: npt.NDArray[np.uint64]
    length: Longs


def keys_of(body: Body, spans: Spans) -> Keys:
    words, length = body.words(), spans.length
    key = words[spans.start] & _MASKS[np.minimum(length, 8)]
    more = np.flatnonzero(length > 8)
    for step in range(1, (int(length.max(initial=0)) + 7) // 8):
        more = more[length[more] > 8 * step]
        word = words[spans.start[more] + 8 * step] & _MASKS[np.minimum(length[more] - 8 * step, 8)]
        key[more] = (key[more] * np.uint64(0x9E3779B97F4A7C15) ^ word) + np.uint64(step)
    return Keys(key, length)


def read_body(data: bytes, offset: int, line: int, columns: int, found: Findings) -> Body:
    """`offset`: where the first row begins; `line`: the line before it. Rows with another number of cells are errors
    and left out."""
    returns = data.count(b"\r", offset)
    plain = data.find(b'"', offset) < 0 and (not returns or returns == data.count(b"\r\n", offset))
    if plain and _clean(data, offset):
        text, rows, separator = data[offset:] + bytes(8), None, 0x3B
    else:
        text, rows = _careful(data, offset, line, found)
        separator = _CELL
    return _cut(text, separator, rows, line, columns, found)


def _clean(data: bytes, offset: int) -> bool:
    """UTF-8 without control characters but line ends and tabs."""
    rest = memoryview(data)[offset:]
    array = np.frombuffer(rest, dtype=np.uint8)
    low = array[array < 0x20]
    if ((low != 0x0A) & (low != 0x0D) & (low != 0x09)).any() or (array == 0x7F).any():
        return False
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(rest), 1 << 20):
            decoder.decode(rest[start : start + (1 << 20)])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


class _Rows(NamedTuple):
    line: list[int]
    end: list[str]


def _careful(data: bytes, offset: int, line: int, found: Findings) -> tuple[bytes, _Rows]:
    pieces: list[str] = []
    rows = _Rows([], [])
    number, ended = line, ""

    def lines() -> Iterator[str]:
        nonlocal number, ended
        at = offset
        while at < len(data):
            end = data.find(b"\n", at) + 1 or len(data)
            raw, at = data[at:end], end
            number += 1
            ended = "\r\n" if raw.endswith(b"\r\n") else "\n" if raw.endswith(b"\n") else ""
            yield decoded(raw, number, found)

    reader = csv.reader(lines(), delimiter=";", strict=True)
    while True:
        here = number + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            found.error(here, "", "not-csv", reason=str(error))
            break
        pieces.append(chr(_CELL).join(cells))
        rows.line.append(here)
        rows.end.append(ended)
    text = "".join(piece + chr(_ROW) for piece in pieces)
    return text.encode() + bytes(8), rows


def _cut(text: bytes, separator: int, rows: _Rows | None, line: int, columns: int, found: Findings) -> Body:
    array = np.frombuffer(text, dtype=np.uint8)[:-8]
    breaks = np.flatnonzero(array == (0x0A if rows is None else _ROW))
    if rows is None and len(array) and array[-1] != 0x0A:
        breaks = np.append(breaks, len(array))
    start = np.zeros(len(breaks), dtype=np.int64)
    start[1:] = breaks[:-1] + 1
    end, ends = breaks, ("\n", dict[int, str]())
    if rows is None:
        returns = np.zeros(len(breaks), dtype=bool)
        returns[breaks > 0] = array[breaks[breaks > 0] - 1] == 0x0D
        end = breaks - returns
    number = np.arange(line + 1, line + 1 + len(breaks)) if rows is None else np.array(rows.line, dtype=np.int64)
    full = end > start
    if rows is None:
        ends = _plain_ends(returns[full], bool(len(array)) and array[-1] == 0x0A)
    else:
        ends = _ends([each for each, some in zip(rows.end, full.tolist(), strict=True) if some])
    start, end, number = start[full], end[full], number[full]
    cuts = np.flatnonzero(array == separator)
    count = np.searchsorted(cuts, end) - np.searchsorted(cuts, start)
    bad = count != columns - 1
    for row in np.flatnonzero(bad).tolist():
        found.error(int(number[row]), "", "cells", found=int(count[row]) + 1, expected=columns)
    if bad.any():
        cuts = cuts[~np.repeat(bad, count)]
        start, end, number = start[~bad], end[~bad], number[~bad]
    grid = cuts.reshape(len(start), columns - 1)
    lefts = [start, *(grid[:, k] + 1 for k in range(columns - 1))]
    rights = [*(grid[:, k] for k in range(columns - 1)), end]
    cells = tuple(Spans(left, right) for left, right in zip(lefts, rights, strict=True))
    return Body(text, separator, cells, number, ends, int((~full).sum()))


def _plain_ends(returns: npt.NDArray[np.bool_], closed: bool) -> tuple[str, dict[int, str]]:
    usual = bool(returns.sum() * 2 > len(returns))
    names = {True: "\r\n", False: "\n"}
    odd = {int(row): names[not usual] for row in np.flatnonzero(returns != usual)}
    if len(returns) and not closed:
        odd[len(returns) - 1] = ""
    return names[usual], odd


def _ends(ends: list[str]) -> tuple[str, dict[int, str]]:
    usual = "\r\n" if ends.count("\r\n") * 2 > len(ends) else "\n"
    return usual, {row: end for row, end in enumerate(ends) if end != usual}
