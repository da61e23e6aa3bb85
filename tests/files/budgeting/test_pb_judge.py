"""`pabulib-checker`, the format's own judge: it finds no fault in what we write, and the faults that we find."""

from typing import Any

import pytest
from pabulib.checker import Checker
from tests.files.budgeting.making import POINTS, VOTES, errors, pb
from tests.files.budgeting.test_pb_reading import FAULTS
from tests.shared_data import sample

from okat.files.budgeting.reader import parse_pb, read_pb
from okat.files.budgeting.writer import write_pb


def judged(data: bytes) -> dict[str, Any]:
    """Errors by kind, as the judge names them."""
    text = data.decode("utf-8", errors="replace").replace("\r\n", "\n")
    results = Checker().process_files([text])
    return dict(results[1]["results"]["errors"])


ONE_EACH = (VOTES[0], *((voter, vote[0]) for voter, vote in VOTES[1:]))
SOUND = {
    "approval": pb(),
    "choose-1": pb({"vote_type": "choose-1"}, votes=ONE_EACH),
    "cumulative": pb({"vote_type": "cumulative", "max_sum_points": "4"}, votes=POINTS),
    "scoring": pb({"vote_type": "scoring"}, votes=POINTS),
    "ordinal": pb({"vote_type": "ordinal"}),
}


@pytest.mark.parametrize("kind", SOUND)
def test_the_judge_finds_no_fault_in_what_we_write(kind: str) -> None:
    assert judged(write_pb(parse_pb("x.pb", SOUND[kind]).table)) == {}


OURS = {
    *("too cheap", "too dear", "sum of points", "limits", "cost beyond", "a space at the edge", "a hole in a vote"),
    *("a NUL", "cells", "empty", "quotes", "thai digits", "twice in one vote"),
}
"""The judge only warns of these, or passes over them; we refuse to count such a file."""


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - OURS))
def test_the_judge_finds_the_faults_that_we_find(fault: str) -> None:
    data, _ = FAULTS[fault]
    assert errors(data)
    assert judged(data)


@pytest.mark.parametrize("name", ["Netherlands_Assen_2024", "Poland_Lodz_2022_Gorniak"])
def test_the_judge_recounts_an_official_file_as_we_write_it(name: str) -> None:
    """It counts equal shares and greedy itself and compares with the projects that were funded."""
    assert judged(write_pb(read_pb(sample(f"pabulib/{name}.pb")).table)) == {}
