"""Whatever the bytes, the reader gives an election or says line by line what is wrong; and the fast road through plain
rows gives what the careful one gives."""

from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.files.budgeting.making import META, POINTS, PROJECTS, VOTES, pb, read_or_refused

from okat.files.budgeting.reader import PbFile, parse_pb
from okat.files.budgeting.writer import Form, PbTable, write_pb

SOUND = [
    pb(),
    pb({"vote_type": "scoring", "max_points": "9"}, votes=POINTS),
    pb(end="\r\n"),
    pb(votes=(*VOTES[:4], ("v4", '"C"'))),
]
PIECES = [
    *(
        b";",
        b",",
        b'"',
        b"\n",
        b"\r",
        b"\r\n",
        b"\0",
        b"\x1d",
        b"\x1e",
        b" ",
        b"-",
        b"A",
        b"VOTES",
        b"\xff",
        b"",
        b"v1;A\n",
    ),
    *("ก๑".encode(), b"9" * 12, b"PROJECTS\n", b"META", b";;", b"1.50", b"e9", b"\xef\xbb\xbf", b"v1;A\n"),
]
small = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@small
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: Any) -> None:
    text = bytearray(data.draw(st.sampled_from(SOUND)))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        text[at : at + data.draw(st.integers(0, 6))] = data.draw(st.sampled_from(PIECES))
    file = read_or_refused(bytes(text))
    if isinstance(file, PbFile):
        again = parse_pb("x.pb", write_pb(file.table))
        assert again.election.project.tolist() == file.election.project.tolist()
        assert again.election.weight.tolist() == file.election.weight.tolist()


@small
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read_or_refused(data)
    read_or_refused(b"META\nkey;value\n" + data)
    read_or_refused(pb() + data)


word = st.text("abก;\"'é\n-", min_size=1, max_size=20).filter(lambda text: text.strip() == text)
tidy = st.text("abcก-é/", min_size=1, max_size=20)


@small
@given(
    ids=st.lists(tidy, min_size=1, max_size=6, unique=True),
    voters=st.lists(tidy, max_size=12, unique=True),
    remark=word,
    end=st.sampled_from(["\n", "\r\n"]),
    data=st.data(),
)
def test_what_is_written_is_read_again(ids: list[str], voters: list[str], remark: str, end: str, data: Any) -> None:
    ballots = [data.draw(st.lists(st.sampled_from(ids), unique=True)) for _ in voters]
    meta = {**META, "num_projects": str(len(ids)), "num_votes": str(len(voters)), "x-remark": remark}
    projects = [(one, str(k), remark) for k, one in enumerate(ids)]
    votes = [(voter, ",".join(ballot)) for voter, ballot in zip(voters, ballots, strict=True)]
    plain = PbTable(
        tuple(meta.items()), ("project_id", "cost", "name"), projects, ("voter_id", "vote"), votes, Form(end=end)
    )
    quoted = PbTable(
        plain.meta_rows,
        plain.project_columns,
        projects,
        ("voter_id", "vote", "x"),
        [(*row, '"') for row in votes],
        plain.form,
    )
    fast, careful = parse_pb("x.pb", write_pb(plain)), parse_pb("x.pb", write_pb(quoted))
    for file, table in ((fast, plain), (careful, quoted)):
        assert write_pb(file.table) == write_pb(table)
        assert file.meta == meta
        assert list(file.table.projects) == projects
        assert list(file.table.votes) == list(table.votes)
        assert file.voters == voters
    named = (
        [[ids[c] for c in row] for row in np.split(fast.election.project, fast.election.starts[1:-1])] if voters else []
    )
    assert named == ballots
    assert fast.election.project.tolist() == careful.election.project.tolist()


def test_a_table_can_be_made_up_and_written() -> None:
    table = PbTable(tuple(META.items()), PROJECTS[0], PROJECTS[1:], VOTES[0], VOTES[1:])
    assert write_pb(table) == pb()
