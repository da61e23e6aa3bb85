"""Small Pabulib files, whole or with one thing wrong."""

import csv
import io
from collections.abc import Mapping, Sequence

from okat.files.budgeting.errors import BadInputError, RowError
from okat.files.budgeting.reader import PbFile, parse_pb

META = {
    "description": "งบชุมชนสมมุติ",
    "country": "Thailand",
    "unit": "Khon Kaen",
    "instance": "2026",
    "num_projects": "3",
    "num_votes": "4",
    "budget": "1000",
    "vote_type": "approval",
    "rule": "equalshares/add1",
    "date_begin": "01.11.2026",
    "date_end": "20.11.2026",
}
PROJECTS = (("project_id", "cost", "name"), ("A", "400", "ไฟถนน"), ("B", "600", "ลานกีฬา"), ("C", "500", "ห้องสมุด"))
VOTES = (("voter_id", "vote"), ("v1", "A,B"), ("v2", "A"), ("v3", "B,C"), ("v4", "C"))
POINTS = (
    ("voter_id", "vote", "points"),
    ("v1", "A,B", "3,1"),
    ("v2", "A", "4"),
    ("v3", "B,C", "2,2"),
    ("v4", "C", "1"),
)


def pb(
    meta: Mapping[str, str | None] | None = None,
    projects: Sequence[Sequence[str]] = PROJECTS,
    votes: Sequence[Sequence[str]] = VOTES,
    end: str = "\n",
) -> bytes:
    """The file's bytes; a field of `meta` that is None is left out."""
    fields = {key: value for key, value in {**META, **(meta or {})}.items() if value is not None}
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator=end)
    writer.writerows([("META",), ("key", "value"), *fields.items(), ("PROJECTS",), *projects, ("VOTES",), *votes])
    return stream.getvalue().encode()


def errors(data: bytes) -> list[tuple[int, str, str]]:
    """(line, field, code) of each error; an empty list where the file is sound."""
    read = read_or_refused(data)
    return [] if isinstance(read, PbFile) else [(each.row, each.column, each.code) for each in read]


def read_or_refused(data: bytes) -> PbFile | list[RowError]:
    """Anything but these two is a fault of the reader. An error has all its words in both languages."""
    try:
        return parse_pb("x.pb", data)
    except BadInputError as refused:
        found = refused.errors
    assert found
    assert all(each.message and each.message_th for each in found)
    return found
