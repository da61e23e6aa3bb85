"""Pabulib files: read whole, written back byte for byte, and each fault told with its line, its field and the mend."""

import gzip
import time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.files.budgeting.making import META, POINTS, PROJECTS, VOTES, errors, pb
from tests.shared_data import sample

from okat.files.budgeting.errors import SHOWN, BadInputError
from okat.files.budgeting.reader import parse_pb, read_pb
from okat.files.budgeting.source import read_source
from okat.files.budgeting.writer import write_pb

OFFICIAL = {
    "France_Toulouse_2022.pb": (4532, 199, "approval"),
    "Netherlands_Assen_2024.pb": (84, 14, "approval"),
    "Poland_Gdynia_2021_Dabrowa__large.pb": (1548, 12, "approval"),
    "Poland_Lodz_2022.pb.gz": (90494, 160, "approval"),
    "Poland_Lodz_2022_Gorniak.pb": (1402, 13, "approval"),
    "Poland_Swiecie_2023.pb": (2553, 22, "approval"),
    "Poland_Wieliczka_2023_Green_Budget.pb": (6586, 64, "approval"),
    "Poland_Zabrze_2020_Konczyce.pb": (84, 2, "choose-1"),
}


@pytest.mark.parametrize("name", OFFICIAL)
def test_an_official_file_comes_out_byte_for_byte(name: str) -> None:
    """With their own line ends, mixed in one of them, and their quoted names."""
    path = sample(f"pabulib/{name}")
    file = read_pb(path)
    assert (file.election.n, file.election.p, file.election.kind) == OFFICIAL[name]
    assert write_pb(file.table) == read_source(path)
    assert [note.code for note in file.notes] == []


def test_the_largest_file_is_read_in_a_third_of_a_second() -> None:
    path = sample("pabulib/Poland_Lodz_2022.pb.gz")
    start = time.process_time()
    election = read_pb(path).election
    assert time.process_time() - start < 0.6  # 0.12 s on a quiet machine; twice the promise for a loaded one
    assert election.votes[election.ids.index("L010")] == 16904


def test_what_a_ballot_says() -> None:
    file = parse_pb("x.pb", pb())
    election = file.election
    assert (election.ids, election.costs.tolist(), election.budget) == (("A", "B", "C"), [400, 600, 500], 1000)
    assert (election.starts.tolist(), election.project.tolist()) == ([0, 2, 3, 5, 6], [0, 1, 0, 1, 2, 2])
    assert file.voters == ["v1", "v2", "v3", "v4"]
    assert file.lines.tolist() == [21, 22, 23, 24]


KINDS = {
    "approval": (VOTES, [1, 1, 1, 1, 1, 1]),
    "ordinal": (VOTES, [2, 1, 1, 2, 1, 1]),
    "cumulative": (POINTS, [3, 1, 4, 2, 2, 1]),
    "scoring": (POINTS, [3, 1, 4, 2, 2, 1]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_ballot(kind: str) -> None:
    votes, weights = KINDS[kind]
    file = parse_pb("x.pb", pb({"vote_type": kind}, votes=votes))
    assert (file.election.kind, file.election.weight.tolist()) == (kind, weights)
    assert write_pb(file.table) == pb({"vote_type": kind}, votes=votes)


def test_one_project_each() -> None:
    votes = (VOTES[0], ("v1", "A"), ("v2", "B"), ("v3", "B"), ("v4", "C"))
    assert parse_pb("x.pb", pb({"vote_type": "choose-1"}, votes=votes)).election.votes.tolist() == [1, 2, 1]
    assert errors(pb({"vote_type": "choose-1"})) == [(21, "vote", "choose-one"), (23, "vote", "choose-one")]


def test_points_that_support_nothing_drop_out_and_the_voter_still_counts() -> None:
    votes = (POINTS[0], ("v1", "A,B", "0,-2"), ("v2", "A", "4.0"), ("v3", "", ""), ("v4", "C", "1"))
    file = parse_pb("x.pb", pb({"vote_type": "scoring"}, votes=votes))
    assert (file.election.starts.tolist(), file.election.weight.tolist()) == ([0, 0, 1, 1, 2], [4, 1])
    assert [note.code for note in file.notes] == ["note-dropped", "note-no-project"]


def test_a_default_score_is_what_a_project_has_where_it_is_not_named() -> None:
    file = parse_pb("x.pb", pb({"vote_type": "scoring", "default_score": "2"}, votes=POINTS))
    assert file.election.weight.tolist() == [3, 1, 2, 4, 2, 2, 2, 2, 2, 2, 2, 1]


def test_decimals_are_exact() -> None:
    projects = (PROJECTS[0], ("A", "400.25", ""), ("B", "600.0", ""), ("C", "500", ""))
    election = parse_pb("x.pb", pb({"budget": "1000.5"}, projects)).election
    assert (election.scale, election.costs.tolist(), election.budget) == (100, [40025, 60000, 50000], 100050)


@settings(max_examples=60, deadline=None)
@given(st.decimals("600", "9999999", places=2), st.decimals("600", "9999999", places=2))
def test_a_larger_budget_is_read_as_a_larger_one(one: Decimal, other: Decimal) -> None:
    """Exactly as large as it is written, whatever unit its decimals lead to."""
    read = [parse_pb("x.pb", pb({"budget": str(budget)})).election for budget in (one, other)]
    values = [Fraction(election.budget, election.scale) for election in read]
    assert values == [Fraction(one), Fraction(other)]


def test_quoted_cells_take_the_careful_road_to_the_same_place() -> None:
    columns = ("voter_id", "vote", "remark")
    votes = [columns, *((*row, "a;b\r\nจบ" if row[0] == "v2" else "") for row in VOTES[1:])]
    for end in ("\n", "\r\n"):
        data = pb(votes=votes, end=end)
        file = parse_pb("x.pb", data)
        assert file.election.project.tolist() == [0, 1, 0, 1, 2, 2]
        assert write_pb(file.table) == data
        assert file.table.votes[1] == ("v2", "A", "a;b\r\nจบ")
        assert file.lines.tolist() == [21, 22, 24, 25]
        assert [note.code for note in file.notes] == ["note-unknown"]


def test_unusual_layouts_are_kept() -> None:
    for data in (b"\xef\xbb\xbf" + pb(), pb()[:-1], pb(end="\r\n").replace(b"v2;A\r\n", b"v2;A\n"), pb({"x-own": "1"})):
        assert write_pb(parse_pb("x.pb", data).table) == data


def test_long_identifiers_are_compared_to_the_last_letter() -> None:
    first, second, third = "โครงการที่ยาวมาก-ก", "โครงการที่ยาวมาก-ข", "x" * 40
    projects = (PROJECTS[0], *((one, "100", "") for one in (first, second, third)))
    votes = (VOTES[0], ("v1", f"{second},{third}"), ("v2", first), ("v3", "x" * 39), ("v4", ""))
    assert errors(pb(projects=projects, votes=votes)) == [(23, "vote", "unknown-project")]
    votes = (*votes[:3], ("v3", third), votes[4])
    assert parse_pb("x.pb", pb(projects=projects, votes=votes)).election.project.tolist() == [1, 2, 0, 2]


def row(line: str) -> bytes:
    """The sound file with one more ballot."""
    return pb({"num_votes": "5"}) + line.encode() + b"\n"


FAULTS: dict[str, tuple[bytes, list[tuple[int, str, str]]]] = {
    "empty": (b"", [(0, "", "section-missing")] * 3),
    "not a table": (b"hello\n", [(1, "", "before-section")]),
    "no votes": (pb().partition(b"VOTES")[0], [(0, "", "section-missing")]),
    "order": (pb().replace(b"PROJECTS\n", b"META\n", 1), [(14, "", "section-order")]),
    "unknown project": (row("v5;A,X"), [(25, "vote", "unknown-project")]),
    "twice in one vote": (row("v5;C,A,C"), [(25, "vote", "project-twice")]),
    "a hole in a vote": (row("v5;A,"), [(25, "vote", "empty")]),
    "a space": (row("v5;A, B"), [(25, "vote", "space")]),
    "a space before a vote": (row("v5; B"), [(25, "vote", "space")]),
    "a space at the edge": (row("v5 ;A"), [(25, "voter_id", "space")]),
    "a voter twice": (row("v2;A"), [(25, "voter_id", "duplicate-id")]),
    "no voter": (row(";A"), [(25, "voter_id", "empty")]),
    "cells": (row("v5;A;B"), [(8, "num_votes", "number-differs"), (25, "", "cells")]),
    "quotes": (row('v5;"A'), [(8, "num_votes", "number-differs"), (25, "", "not-csv")]),
    "a NUL": (row("v5;A\0"), [(25, "", "control"), (25, "vote", "unknown-project")]),
    "votes": (pb({"num_votes": "9"}), [(8, "num_votes", "number-differs")]),
    "projects": (pb({"num_projects": "2"}), [(7, "num_projects", "number-differs")]),
    "no budget": (pb({"budget": None}), [(2, "budget", "field-missing")]),
    "a budget in words": (pb({"budget": "1 million"}), [(9, "budget", "not-money")]),
    "thai digits": (pb({"budget": "๑๐๐๐"}), [(9, "budget", "thai-digits")]),
    "vote type": (pb({"vote_type": "ranked"}), [(10, "vote_type", "vote-type")]),
    "negative cost": (pb(projects=(*PROJECTS[:3], ("C", "-5", ""))), [(18, "cost", "not-money")]),
    "no cost": (pb(projects=(*PROJECTS[:3], ("C", "", ""))), [(18, "cost", "field-missing")]),
    "a project twice": (pb({"num_projects": "4"}, (*PROJECTS, PROJECTS[1])), [(19, "project_id", "duplicate-id")]),
    "too long": (pb({"max_length": "1"}), [(22, "vote", "above"), (24, "vote", "above")]),
    "too short": (pb({"min_length": "2"}), [(23, "vote", "below"), (25, "vote", "below")]),
    "too dear": (pb({"max_sum_cost": "1000"}), [(24, "vote", "above")]),
    "too cheap": (pb({"min_sum_cost": "500"}), [(23, "vote", "below")]),
    "limits": (pb({"min_points": "3", "max_points": "2"}), [(14, "min_points", "limits-cross")]),
    "cost beyond": (pb({"max_project_cost": "550"}), [(18, "cost", "cost-beyond")]),
    "tally": (
        pb(projects=(("project_id", "cost", "votes"), ("A", "4", "2"), ("B", "6", "3"), ("C", "5", "2"))),
        [(17, "votes", "tally-differs")],
    ),
    "points missing": (pb({"vote_type": "cumulative"}), [(0, "points", "column-missing")]),
    "points too few": (
        pb({"vote_type": "scoring"}, votes=(*POINTS[:4], ("v4", "C", ""))),
        [(24, "points", "points-missing")],
    ),
    "points unlike": (
        pb({"vote_type": "scoring"}, votes=(*POINTS[:4], ("v4", "C", "1,2"))),
        [(24, "points", "points-count")],
    ),
    "points in words": (
        pb({"vote_type": "scoring"}, votes=(*POINTS[:4], ("v4", "C", "many"))),
        [(24, "points", "points-whole")],
    ),
    "points below zero": (
        pb({"vote_type": "cumulative"}, votes=(*POINTS[:4], ("v4", "C", "-1"))),
        [(24, "points", "points-negative")],
    ),
    "sum of points": (
        pb({"vote_type": "cumulative", "max_sum_points": "3"}, votes=POINTS),
        [(22, "points", "above"), (23, "points", "above"), (24, "points", "above")],
    ),
    "one point": (
        pb({"vote_type": "scoring", "min_points": "2"}, votes=POINTS),
        [(22, "points", "below"), (25, "points", "below")],
    ),
    "points unasked": (pb(votes=POINTS), [(line, "points", "points-unexpected") for line in (21, 22, 23, 24)]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_with_its_line_and_field(fault: str) -> None:
    data, expected = FAULTS[fault]
    assert sorted(errors(data)) == sorted(expected)


def test_text_in_another_encoding() -> None:
    data = pb({"num_votes": "5"}) + "v5;ก\n".encode("cp874")
    assert (25, "", "encoding") in errors(data)


def test_every_fault_is_told_and_many_alike_are_counted() -> None:
    bad = "".join(f"w{k};X\n" for k in range(SHOWN + 5)).encode()
    data = pb({"num_votes": str(4 + SHOWN + 5), "budget": "x"}) + bad
    found = errors(data)
    assert found[0] == (9, "budget", "not-money")
    assert sum(code == "unknown-project" for _, _, code in found) == SHOWN
    assert found[-1] == (0, "vote", "more")


def test_what_is_odd_but_can_be_counted_is_noted() -> None:
    votes = (("voter_id", "vote", "age", "sex"), *((*each, "40-59", "x") for each in VOTES[1:]))
    projects = (("project_id", "cost", "target", "name"), *((a, b, "", c) for a, b, c in PROJECTS[1:]))
    file = parse_pb("x.pb", pb({"unit": None, "date_end": "2026-11-20", "own": "1"}, projects, votes))
    assert [(note.column, note.code) for note in file.notes] == [
        ("target", "note-renamed"), ("date_end", "note-value"), ("own", "note-unknown"), ("unit", "note-missing"),
        ("sex", "note-value"),
    ]  # fmt: skip


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """Also when it is packed a thousand times smaller than it is."""
    data = pb() + b" " * 3_000_000
    for name, packed in (("a.pb", data), ("a.pb.gz", gzip.compress(data))):
        path = tmp_path / name
        path.write_bytes(packed)
        with pytest.raises(BadInputError) as refused:
            read_pb(path, limit=2_000_000)
        assert [error.code for error in refused.value.errors] == ["too-large"]
    with pytest.raises(BadInputError, match="cannot be read"):
        read_pb(tmp_path / "none.pb")
    (tmp_path / "b.pb.gz").write_bytes(gzip.compress(data)[:-9])
    with pytest.raises(BadInputError, match="unpacked"):
        read_pb(tmp_path / "b.pb.gz")


def test_meta_is_complete() -> None:
    assert set(META) == set(parse_pb("x.pb", pb()).meta)
