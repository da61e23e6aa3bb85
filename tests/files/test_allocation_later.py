"""Bundles of later versions, forged and sealed again: calling itself a later version is no way around the recount."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.engine.allocation.made_up import round_of
from tests.files.allocation_forger import SEED, Bundle, input_files

from okat.engine.allocation import Problem, decide
from okat.engine.allocation.waiting import DECLINED, Release, release
from okat.files.allocation.bundle import build
from okat.files.allocation.folder import read_files
from okat.files.allocation.releases import FILE, Later
from okat.files.container import members_of
from okat.files.findings import parse_json
from okat.files.verify import verify_bundle

Forge = Callable[[Bundle], None]
PROBLEM = round_of(
    {"o": 1, "p": 1}, {"a": {"o": 9, "p": 9}, "b": {"o": 8, "p": 8}, "c": {"o": 7, "p": 7}, "d": {"p": 6}}
)
# Two stable outcomes: each wants what the other is better placed at; the applicants' best gives everyone their first.
TWO = round_of({"o": 1, "p": 1}, {"a": {"o": 1, "p": 9}, "b": {"p": 1, "o": 9}})


def later_bundle(problem: Problem = PROBLEM, who: str = "a", where: str = "o") -> Bundle:
    """The second version, after somebody gave their seat back."""
    bundle = Bundle(problem)
    inputs = read_files(input_files(problem))
    lines = (Release(2, who, where, DECLINED),)
    moved = release(problem, decide(problem, seed=SEED), lines, seed=SEED)
    data, _ = build(inputs, moved.outcome, seed=SEED, later=Later(2, lines), previous="0" * 64)
    bundle.members = dict(members_of(data))
    bundle.decision = parse_json(bundle.members["decision.json"])
    return bundle


def codes(bundle: Bundle, tmp_path: Path) -> set[str]:
    return {each.code for each in verify_bundle(bundle.seal(tmp_path / "b.zip")).findings}


def test_an_honest_later_version_is_walked_from_the_first_run_on(tmp_path: Path) -> None:
    bundle = later_bundle()
    assert bundle.rows("outcome.csv")[1:] == [["a", "", ""], ["b", "o", "open"], ["c", "p", "open"], ["d", "", ""]]
    report = verify_bundle(bundle.seal(tmp_path / "b.zip"))
    assert not report.findings
    assert report.checks["waiting-list"] == 1
    assert len(report.cannot) == 1  # the draw


def call_a_first_run_later(bundle: Bundle) -> None:
    bundle.decision["refill"] = {"version": 2, "previous": "0" * 64}


def test_a_first_run_may_not_call_itself_later(tmp_path: Path) -> None:
    """Worse for both applicants and still stable: only the recount shows it, and the mark does not switch it off."""
    bundle = Bundle(TWO)
    rows = bundle.rows("outcome.csv")
    rows[1][1], rows[2][1] = rows[2][1], rows[1][1]
    bundle.put("outcome.csv", rows)
    call_a_first_run_later(bundle)
    found = codes(bundle, tmp_path)
    assert "refill-mark" in found
    assert "swapped-seats" in found


def forget_the_mark(bundle: Bundle) -> None:
    del bundle.decision["refill"]


def forget_the_releases(bundle: Bundle) -> None:
    del bundle.members[FILE]


def empty_the_releases(bundle: Bundle) -> None:
    bundle.put(FILE, bundle.rows(FILE)[:1])


def claim_another_version(bundle: Bundle) -> None:
    bundle.decision["refill"]["version"] = 3


def forget_what_was_before(bundle: Bundle) -> None:
    bundle.decision["refill"]["previous"] = ""


def invent_a_kind(bundle: Bundle) -> None:
    rows = bundle.rows(FILE)
    rows[1][3] = "sold"
    bundle.put(FILE, rows)


def free_the_seat_of_another(bundle: Bundle) -> None:
    rows = bundle.rows(FILE)
    rows[1][1] = "b"
    bundle.put(FILE, rows)


def pass_over_the_first_who_waits(bundle: Bundle) -> None:
    """The seat goes to the last of the list."""
    rows = bundle.rows("outcome.csv")
    rows[3][1:], rows[4][1:] = ["", ""], ["p", "open"]
    bundle.put("outcome.csv", rows)


def keep_the_old_outcome(bundle: Bundle) -> None:
    rows = bundle.rows("outcome.csv")
    rows[2][1:], rows[3][1:] = ["p", "open"], ["", ""]
    bundle.put("outcome.csv", rows)


@pytest.mark.parametrize(
    ("forge", "wanted"),
    [
        (forget_the_mark, "refill-mark"),
        (forget_the_releases, "refill-mark"),
        (empty_the_releases, "refill-mark"),
        (claim_another_version, "release-versions"),
        (forget_what_was_before, "refill-mark"),
        (invent_a_kind, "refill-mark"),
        (free_the_seat_of_another, "release"),
        (pass_over_the_first_who_waits, "swapped-seats"),
        (keep_the_old_outcome, "waiting-list-differs"),
    ],
)
def test_a_forged_later_version_is_named(forge: Forge, wanted: str, tmp_path: Path) -> None:
    bundle = later_bundle()
    forge(bundle)
    assert wanted in codes(bundle, tmp_path)


def test_another_stable_outcome_is_named_after_a_release_too(tmp_path: Path) -> None:
    """`c` gives a seat back that nobody else wants; the two others are swapped to what they wanted less."""
    problem = round_of({"o": 1, "p": 1, "q": 1}, {"a": {"o": 1, "p": 9}, "b": {"p": 1, "o": 9}, "c": {"q": 1}})
    bundle = later_bundle(problem, "c", "q")
    rows = bundle.rows("outcome.csv")
    rows[1][1], rows[2][1] = rows[2][1], rows[1][1]
    bundle.put("outcome.csv", rows)
    assert "swapped-seats" in codes(bundle, tmp_path)
