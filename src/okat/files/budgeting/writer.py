"""A Pabulib file, written: a text is quoted only where it must be, so that what was well formed comes out as it was."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from okat.files.budgeting.fields import SECTIONS

_BOM = b"\xef\xbb\xbf"


class Form(NamedTuple):
    """How a file is laid out: byte order mark, usual line end, and the records (by number, section lines included)
    that have another one."""

    bom: bool = False
    end: str = "\n"
    odd: Mapping[int, str] = {}


@dataclass(frozen=True, eq=False)
class PbTable:
    """The cells of a file: rows of META, then columns and rows of PROJECTS and of VOTES. Unknown fields stay."""

    meta_rows: Sequence[tuple[str, ...]]
    project_columns: tuple[str, ...]
    projects: Sequence[tuple[str, ...]]
    vote_columns: tuple[str, ...]
    votes: Sequence[tuple[str, ...]]
    form: Form = field(default_factory=Form)

    @property
    def meta(self) -> dict[str, str]:
        return {row[0]: row[1] for row in self.meta_rows}


def write_pb(table: PbTable) -> bytes:
    """UTF-8. `parse_pb` reads the same cells again; a file that was read is written byte for byte as it was, if it
    quoted only what must be quoted and had no empty lines."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    usual, odd = table.form.end, table.form.odd
    if usual == "\r\n" and not odd:
        writer.writerows(_records(table))
        text = stream.getvalue()
    else:
        pieces = []
        for number, record in enumerate(_records(table)):
            stream.seek(0)
            stream.truncate()
            writer.writerow(record)
            pieces.append(stream.getvalue()[:-2] + odd.get(number, usual))
        text = "".join(pieces)
    return (_BOM if table.form.bom else b"") + text.encode()


def _records(table: PbTable) -> Iterable[Sequence[str]]:
    yield ("META",)
    yield ("key", "value")
    yield from table.meta_rows
    yield ("PROJECTS",)
    yield table.project_columns
    yield from table.projects
    yield ("VOTES",)
    yield table.vote_columns
    yield from table.votes


def ordered(meta: Mapping[str, str]) -> list[tuple[str, str]]:
    """Fields of META in the order of the format; unknown ones last."""
    order = [each.name for each in SECTIONS["META"]]
    return sorted(meta.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order))
