"""Bundles of counts, edited and sealed again with right digests: each forgery is named with property and row."""

import csv
import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.files.budgeting.making import pb

from okat.files.allocation.outcome import write_rows
from okat.files.budgeting.bundle import build
from okat.files.budgeting.count import count
from okat.files.budgeting.reader import PbFile, parse_pb
from okat.files.budgeting.rule import terms_of
from okat.files.container import members_of, pack
from okat.files.findings import Report
from okat.files.verify import verify_bundle

PROJECTS = (("project_id", "cost"), ("1", "300"), ("2", "300"), ("3", "240"), ("4", "500"), ("5", "0"), ("6", "130"))
BALLOTS = ["1,2", "1,2,3", "1,5", "2,4", "3,4", "4", "3", "6,1", "6", ""]
VOTES = (("voter_id", "vote"), *((f"v{k}", ballot) for k, ballot in enumerate(BALLOTS, 1)))
META = {"num_projects": "6", "num_votes": "10", "budget": "1000"}


class Bundle:
    """The members of a bundle, for a forger."""

    def __init__(self, meta: dict[str, str] | None = None, **switches: Any) -> None:
        self.take(parse_pb("x.pb", pb({**META, **(meta or {})}, PROJECTS, VOTES)), switches)

    @classmethod
    def of(cls, file: PbFile, **switches: Any) -> "Bundle":
        bundle = cls.__new__(cls)
        bundle.take(file, switches)
        return bundle

    def take(self, file: PbFile, switches: dict[str, Any]) -> None:
        self.data = build(count(file, terms_of("x.pb", file.meta, switches, file.numbers)))
        self.members = members_of(self.data)
        self.decision: dict[str, Any] = json.loads(self.members["decision.json"])

    def edit(self, name: str, change: Callable[[list[list[str]]], None]) -> None:
        rows = list(csv.reader(io.StringIO(self.members[name].decode(), newline="")))
        change(rows)
        self.members[name] = write_rows(rows[0], rows[1:])

    def swap(self, name: str, old: str, new: str) -> None:
        text = self.members[name].decode()
        assert old in text
        self.members[name] = text.replace(old, new, 1).encode()

    def proof(self, folder: Path) -> Report:
        """Of the bundle sealed again with right digests, as any forger can compute them."""
        rest = {name: data for name, data in self.members.items() if name != "decision.json"}
        digests = {name: hashlib.sha256(data).hexdigest() for name, data in rest.items()}
        path = folder / "forged.zip"
        head = json.dumps({**self.decision, "digests": digests}).encode()
        path.write_bytes(pack({**rest, "decision.json": head}, first="decision.json"))
        return verify_bundle(path)


def rows(report: Report) -> set[tuple[str, str, int]]:
    return {(each.property, each.file, each.row) for each in report.findings}


RULES: dict[str, dict[str, Any]] = {
    "add1": {},
    "plain, cardinality": {"rule": "equal-shares", "completion": ("none",), "utility": "cardinality", "start": "exact"},
    "add1u": {"rule": "equal-shares", "completion": ("add1u",)},
    "add1+greedy, exhaustive": {"rule": "equal-shares", "completion": ("add1", "greedy"), "stop": "exhaustive"},
    "greedy": {"rule": "greedy"},
    "greedy-per-cost": {"rule": "greedy-per-cost"},
    "phragmen": {"rule": "phragmen"},
    "optimum": {"rule": "optimum"},
}


@pytest.mark.parametrize("name", RULES)
def test_an_honest_bundle_is_proven_and_its_bytes_are_the_same_each_time(name: str, tmp_path: Path) -> None:
    bundle = Bundle(**RULES[name])
    report = bundle.proof(tmp_path)
    assert [str(finding) for finding in report.findings] == []
    assert report.checks["recount"] == 6
    assert report.checks["digests"] == 5
    assert report.cannot == []
    assert Bundle(**RULES[name]).data == bundle.data


def test_a_bundle_with_threshold_and_comparison_is_proven(tmp_path: Path) -> None:
    for rule in ("equalshares/add1-comparison", "equalshares-comparison", "greedy-threshold"):
        bundle = Bundle({"rule": rule, "min_project_score_threshold": "3"})
        assert [str(finding) for finding in bundle.proof(tmp_path).findings] == []
        assert bundle.decision["outcome"]["below_threshold"] == ["5", "6"]


def test_points_and_decimals_are_proven(tmp_path: Path) -> None:
    votes = (("voter_id", "vote", "points"), ("a", "1,3", "5,2"), ("b", "2", "3"), ("c", "1,2,3", "1,1,4"))
    projects = (("project_id", "cost"), ("1", "30.25"), ("2", "40.5"), ("3", "21"))
    meta = {"vote_type": "cumulative", "num_votes": "3", "budget": "75.1"}
    file = parse_pb("x.pb", pb(meta, projects, votes))
    path = tmp_path / "points.zip"
    path.write_bytes(build(count(file, terms_of("x.pb", file.meta, {}, file.numbers))))
    report = verify_bundle(path)
    assert [str(finding) for finding in report.findings] == []
    assert report.checks["payments"] > 2


def swap_winners(rows: list[list[str]]) -> None:
    rows[2][1], rows[3][1] = rows[3][1], rows[2][1]
    rows[2][3], rows[3][3] = rows[3][3], rows[2][3]


def test_two_winners_swapped(tmp_path: Path) -> None:
    bundle = Bundle()
    bundle.edit("outcome.csv", swap_winners)
    found = rows(bundle.proof(tmp_path))
    assert {("recount", "outcome.csv", 3), ("summary", "decision.json", 0)} <= found
    assert any(file == "outcome.csv" and row for broken, file, row in found if broken != "recount")


def test_a_loser_in_the_place_of_a_winner(tmp_path: Path) -> None:
    bundle = Bundle()
    winners = bundle.decision["outcome"]["winners"]
    loser = next(one for one in "123456" if one not in winners)
    last = len(winners) + 1

    def change(rows: list[list[str]]) -> None:
        rows[-1][1], rows[-1][3] = loser, dict(PROJECTS[1:])[loser]

    bundle.edit("outcome.csv", change)
    bundle.decision["outcome"]["winners"][-1] = loser
    found = rows(bundle.proof(tmp_path))
    assert ("recount", "outcome.csv", last) in found
    assert len({broken for broken, _, _ in found}) > 1  # and by its definition, without the recount


def test_a_payment_moved_to_another_voter(tmp_path: Path) -> None:
    bundle = Bundle()

    def change(rows: list[list[str]]) -> None:
        rows[1][2], rows[2][2] = "0", str(float(rows[1][2]) + float(rows[2][2]))

    bundle.edit("payments.csv", change)
    assert rows(bundle.proof(tmp_path)) == {("payments", "payments.csv", 2)}


def test_a_payment_left_out(tmp_path: Path) -> None:
    bundle = Bundle()
    bundle.edit("payments.csv", lambda rows: rows.pop())
    assert rows(bundle.proof(tmp_path)) == {("payments", "payments.csv", 0)}


def test_a_price_lowered(tmp_path: Path) -> None:
    bundle = Bundle()

    def change(rows: list[list[str]]) -> None:
        rows[2][4] = "1"

    bundle.edit("outcome.csv", change)
    assert ("paid-in-full", "outcome.csv", 3) in rows(bundle.proof(tmp_path))


@pytest.mark.parametrize(
    ("switch", "value"),
    [("stop", "exhaustive"), ("utility", "cardinality"), ("start", "exact"), ("completion", ["none"]),
     ("rule", "greedy"), ("ties", ["max-cost", "lowest-id"]), ("version", 2), ("stop", "never")],
)  # fmt: skip
def test_a_switch_changed(tmp_path: Path, switch: str, value: Any) -> None:
    """In one place or in both: another rule has another outcome here, or another certificate."""
    bundle = Bundle({"budget": "1003"})
    bundle.decision["rules"][switch] = value
    one = bundle.proof(tmp_path)
    assert not one.proven
    bundle.decision["terms"]["rules"][switch] = value
    both = bundle.proof(tmp_path)
    assert not both.proven
    assert all(each.property and each.file for each in one.findings + both.findings)


def test_a_vote_added(tmp_path: Path) -> None:
    bundle = Bundle()
    bundle.members["election.pb"] += b"v11;1\n"
    assert rows(bundle.proof(tmp_path)) == {("input", "election.pb", 8)}
    bundle.swap("election.pb", "num_votes;10", "num_votes;11")
    report = bundle.proof(tmp_path)
    assert not report.proven
    assert ("summary", "decision.json", 0) in rows(report)
    assert any(each.property in ("endowment", "paid-in-full") for each in report.findings)


def test_a_vote_changed(tmp_path: Path) -> None:
    bundle = Bundle()
    bundle.swap("election.pb", "v6;4\n", "v6;1\n")
    assert any(each.property == "paid-in-full" and each.row for each in bundle.proof(tmp_path).findings)


def test_the_budget_changed(tmp_path: Path) -> None:
    bundle = Bundle()
    bundle.swap("election.pb", "budget;1000", "budget;2000")
    found = bundle.proof(tmp_path)
    assert {"endowment", "summary"} <= {each.property for each in found.findings}


@pytest.mark.parametrize(
    ("name", "value"),
    [("cost", 1), ("endowment_exact", "1"), ("endowment_exact", "x/0"), ("interval_exact", ["1", "2"]),
     ("ended", "start"), ("ended", 3), ("winners", []), ("voters", True), ("below_threshold", ["1"]),
     ("interval_exact", None)],
)  # fmt: skip
def test_a_figure_of_the_decision_changed(tmp_path: Path, name: str, value: Any) -> None:
    bundle = Bundle()
    bundle.decision["outcome"][name] = value
    report = bundle.proof(tmp_path)
    assert not report.proven
    assert all(each.message and each.message_th for each in report.findings)


def test_the_certificate_boasts(tmp_path: Path) -> None:
    bundle = Bundle()
    bundle.members["certificate.json"] = b'{"passed": true, "checks": {"everything": 1000}}'
    assert rows(bundle.proof(tmp_path)) == {("certificate", "certificate.json", 0)}


def test_members_missing_unknown_or_odd(tmp_path: Path) -> None:
    for name in ("beyond.csv", "election.pb", "certificate.json", "payments.csv"):
        bundle = Bundle()
        del bundle.members[name]
        assert ("archive", name, 0) in rows(bundle.proof(tmp_path))
    bundle = Bundle()
    bundle.members["more.txt"] = b""
    assert rows(bundle.proof(tmp_path)) == {("archive", "more.txt", 0)}
    for name, text in (
        ("outcome.csv", b"x"),
        ("beyond.csv", b"place,project,price\n1,9,1\n"),
        ("payments.csv", b"\xff"),
    ):
        bundle = Bundle()
        bundle.members[name] = text
        assert not bundle.proof(tmp_path).proven


def test_terms_that_nobody_knows(tmp_path: Path) -> None:
    for terms in (None, {}, {"rules": {}, "threshold": -1, "comparison": "x"}, {"rules": 1}):
        bundle = Bundle()
        bundle.decision["terms"] = terms
        assert ("rules", "decision.json", 0) in rows(bundle.proof(tmp_path))


def test_rules_that_would_have_refused_a_tie(tmp_path: Path) -> None:
    """Two projects tie, the bundle claims rules that refuse to choose: nobody could have decided so."""
    file = parse_pb("x.pb", pb({"num_projects": "2", "budget": "300"}, TIED, (("voter_id", "vote"), *TIED_VOTES)))
    bundle = Bundle.of(file, rule="greedy")
    for rules in (bundle.decision["rules"], bundle.decision["terms"]["rules"]):
        rules["ties"] = ["max-votes", "refuse"]
    assert ("rules", "decision.json", 0) in rows(bundle.proof(tmp_path))


TIED = (("project_id", "cost"), ("1", "300"), ("2", "300"))
TIED_VOTES = (("a", "1"), ("b", "2"), ("c", "1,2"), ("d", ""))
HONEST = Bundle()
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 10**30), st.text("0123456789/x-,", max_size=6), st.just([]), st.just({}),
    st.lists(st.text("0123/", max_size=3), max_size=3), st.just({"rule": []}), st.floats(allow_nan=False),
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, one in inner for place in places(one, (*path, key)))]


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_stands_in_a_bundle_is_an_answer(data: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Never an exception, and never proof of something else than the honest bundle."""
    bundle = Bundle.__new__(Bundle)
    bundle.members, bundle.decision = dict(HONEST.members), json.loads(json.dumps(HONEST.decision))
    part = data.draw(st.sampled_from(["decision", "outcome.csv", "payments.csv", "beyond.csv", "election.pb"]))
    if part == "decision":
        roots = {"rules": 1, "terms": 1, "outcome": 1}
        *way, last = data.draw(st.sampled_from([one for one in places(bundle.decision) if one and one[0] in roots]))
        target = bundle.decision
        for step in way:
            target = target[step]
        target[last] = data.draw(ODD)
    else:
        text = bytearray(bundle.members[part])
        at = data.draw(st.integers(0, len(text)))
        text[at : at + data.draw(st.integers(0, 4))] = data.draw(
            st.sampled_from([b"", b"1", b",", b"\n", b'"', b"/", b"-9", b"\xff"])
        )
        bundle.members[part] = bytes(text)
    report = bundle.proof(tmp_path_factory.getbasetemp())
    if report.proven:
        assert bundle.decision == HONEST.decision
        tables = ("outcome.csv", "payments.csv", "beyond.csv")
        assert [bundle.members[name].strip() for name in tables] == [HONEST.members[name].strip() for name in tables]
