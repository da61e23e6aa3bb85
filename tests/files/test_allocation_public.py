"""The public bundle: proved as far as it goes, silent about people, and enough for each to check their own answer."""

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from tests.engine.allocation.made_up import random_problem, round_of

from okat.engine.allocation import Problem, decide
from okat.engine.allocation.seed import commit, join
from okat.engine.errors import ProblemError
from okat.files.allocation.public import commitment, own_row, publish, totals
from okat.files.allocation.verify_public import verify_row
from okat.files.verify import verify_bundle

KEY = bytes(range(32))


def published(path: Path, problem: Problem, **changes: bytes) -> Path:
    """The public bundle, members replaced (`cutoffs_csv=...`) and sealed again."""
    data = publish(problem, decide(problem, seed="s"), seed="s", key=KEY)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members |= {name.replace("_", "."): content for name, content in changes.items()}
    head = json.loads(members["decision.json"])
    head["digests"] = {n: hashlib.sha256(d).hexdigest() for n, d in members.items() if n != "decision.json"}
    members["decision.json"] = json.dumps(head).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_everyone_proves_their_own_row_and_a_changed_row_is_refused(tmp_path: Path) -> None:
    proved = 0
    for number in range(60):
        problem = random_problem(number)
        if not problem.applicants:
            continue
        outcome = decide(problem, seed="s")
        bundle = published(tmp_path / "p.zip", problem)
        assert verify_bundle(bundle).proven, verify_bundle(bundle).findings
        for each in problem.applicants:
            row = own_row(problem, outcome, each.id, key=KEY)
            assert verify_row(bundle, row) == []
            proved += 1
            other = "" if row["opportunity"] else problem.opportunities[0].id
            assert len(verify_row(bundle, {**row, "opportunity": other, "seat_class": "open" if other else ""})) == 2
            assert verify_row(bundle, {**row, "salt": "0"}) == ["the row is not among the commitments"]
    assert proved > 100


def test_the_public_bundle_names_no_applicant(tmp_path: Path) -> None:
    problem = random_problem(5)
    data = published(tmp_path / "p.zip", problem).read_bytes()
    assert problem.applicants
    assert not any(each.id.encode() in data for each in problem.applicants)


def test_the_report_says_what_a_public_bundle_cannot_show(tmp_path: Path) -> None:
    report = verify_bundle(published(tmp_path / "p.zip", random_problem(5)))
    assert any("own row" in each for each in report.cannot)


HASH = hashlib.sha256(b"x").hexdigest()


@pytest.mark.parametrize(
    ("member", "content", "code", "file", "row"),
    [
        ("cutoffs_csv", "opportunity,seat_class,priority,lottery,full\n", "cut-off", "cutoffs.csv", 0),
        ("cutoffs_csv", "opportunity,seat_class,priority,lottery,full\no,open,5,,true\n", "cut-off", "cutoffs.csv", 2),
        (
            "cutoffs_csv",
            "opportunity,seat_class,priority,lottery,full\no,open,5,1,false\n",
            "cut-off",
            "cutoffs.csv",
            2,
        ),
        ("cutoffs_csv", "opportunity,seat_class,priority,lottery,full\no,vip,5,1,true\n", "cut-off", "cutoffs.csv", 2),
        ("totals_csv", "group,applicants,placed\nx,9,*\n", "malformed-row", "totals.csv", 2),
        ("totals_csv", "group,applicants,placed\nx,20,21\n", "malformed-row", "totals.csv", 2),
        ("totals_csv", "group,applicants,placed\nx,some,*\n", "malformed-row", "totals.csv", 2),
        ("commitments_csv", f"commitment\n{HASH}\n", "summary", "decision.json", 0),
        ("commitments_csv", f"commitment\n{HASH}\n{HASH}\n", "malformed-row", "commitments.csv", 3),
        ("opportunities_csv", "id,capacity,reserves\no,9,\n", "summary", "decision.json", 0),
        ("opportunities_csv", "id,capacity,reserves\no,1,a:2\n", "input", "opportunities.csv", 2),
        ("certificate_json", '{"passed": false}', "certificate", "certificate.json", 0),
        ("extra_csv", "x", "unknown-member", "extra.csv", 0),
    ],
)
def test_a_forged_public_bundle_is_named(
    tmp_path: Path, member: str, content: str, code: str, file: str, row: int
) -> None:
    problem = round_of({"o": 1}, {"a": {"o": 2}, "b": {"o": 1}})
    report = verify_bundle(published(tmp_path / "p.zip", problem, **{member: content.encode()}))
    assert (code, file, row) in {(each.code, each.file, each.row) for each in report.findings}


def test_no_count_under_ten_is_shown_not_even_as_a_difference() -> None:
    people = {f"p{i}": {"o": i} for i in range(40)}
    groups = {f"p{i}": name for i, name in enumerate(["few"] * 5 + ["nearly"] * 15 + ["many"] * 20)}
    problem = round_of({"o": 24}, people, groups=groups)
    assert totals(problem, decide(problem, seed="s")) == [
        ("few", "*", "*"),
        ("many", "20", "20"),
        ("nearly", "15", "*"),
    ]


def test_a_short_key_is_refused() -> None:
    problem = round_of({"o": 1}, {"a": {"o": 2}})
    with pytest.raises(ProblemError, match="32 random bytes"):
        publish(problem, decide(problem, seed="s"), seed="s", key=b"short")


def test_a_commitment_can_be_recomputed_with_any_tool() -> None:
    row = {"salt": "1", "applicant": "ก"}
    assert commitment(row) == hashlib.sha256('{"applicant":"ก","salt":"1"}'.encode()).hexdigest()


@pytest.mark.parametrize("broken", [None, "secret", "public_draw", "commitment", "shape"])
def test_the_seeds_protocol_in_a_bundle_is_checked(tmp_path: Path, broken: str | None) -> None:
    secret = "9f1c2ab47d03e58c6b1a0e9d4f7c3b28"
    protocol = {"commitment": commit(secret), "secret": secret, "public_draw": "730209"}
    seed = join(secret, "730209")
    if broken == "shape":
        protocol = {"secret": secret}
    elif broken:
        protocol[broken] = protocol[broken][::-1]
    problem = round_of({"o": 1}, {"a": {"o": 2}})
    data = publish(problem, decide(problem, seed=seed), seed=seed, key=KEY, extra={"seed_protocol": protocol})
    (tmp_path / "p.zip").write_bytes(data)
    found = [each.code for each in verify_bundle(tmp_path / "p.zip").findings]
    assert found == (["seed-protocol"] if broken else [])
