"""The public bundle: proved as far as it goes, silent about people, and enough for each to check their own answer."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.engine.allocation.made_up import random_problem, round_of
from tests.files.allocation_forger import input_files
from tests.files.public_making import (
    DRAW,
    DRAWN,
    KEY,
    SECRET,
    SEED,
    a_round,
    again,
    bundle_of,
    proved,
    row_of,
    sealed,
    table,
    write,
)

from okat.engine.allocation import decide
from okat.engine.errors import ProblemError
from okat.files import findings
from okat.files.allocation import texts as allocation_texts
from okat.files.allocation.bundle import build
from okat.files.allocation.folder import read_files
from okat.files.allocation.printed import report_text
from okat.files.allocation.public import figures
from okat.files.allocation.sealing import Salts, commitment
from okat.files.budgeting import texts as budgeting_texts
from okat.files.container import members_of
from okat.files.verify import verify_bundle


def test_everyone_proves_their_own_row_and_a_changed_row_is_refused(tmp_path: Path) -> None:
    count = 0
    for number in range(60):
        problem = random_problem(number)
        made, bundle = sealed(problem), write(tmp_path / "p.zip", problem)
        assert not verify_bundle(bundle).findings, verify_bundle(bundle).findings
        for each in problem.applicants:
            row = row_of(made, each.id)
            assert not proved(bundle, row).findings, proved(bundle, row).findings
            count += 1
            other = "" if row["row"]["opportunity"] else problem.opportunities[0].id
            moved = {**row["row"], "opportunity": other, "seat_class": "open" if other else ""}
            assert len(proved(bundle, {**row, "row": moved}).findings) == 3
            assert proved(bundle, {**row, "row": {**row["row"], "salt": "0"}}).findings
    assert count > 100


def test_rows_of_large_classes_open_exact_cutoffs_and_of_small_ones_ten_points(tmp_path: Path) -> None:
    problem = round_of(
        {"o": (21, {"disability": 1})},
        {f"p{n}": {"o": n} for n in range(40)},
        groups={"p3": "disability", "p5": "disability"},
    )
    made, bundle = sealed(problem), write(tmp_path / "p.zip", problem)
    row = row_of(made, "p3")
    told, exact = row["cutoffs"]
    assert told["opened"]["kind"] == "told"
    assert told["standing"] == "below"
    low, below = int(told["opened"]["from"]), int(told["opened"]["below"])
    assert low <= 5 < below == low + 10
    assert "priority" not in told["opened"]
    assert exact["opened"]["priority"] == "20"
    assert "lottery" not in json.dumps(row["cutoffs"])
    report = proved(bundle, row)
    assert not report.findings
    assert any("อารี" in each for each in report.cannot)
    assert report.exit_code == 4
    assert [each["opened"]["kind"] for each in row_of(made, "p20")["cutoffs"]] == ["exact", "lottery"]


def test_the_public_bundle_names_no_applicant(tmp_path: Path) -> None:
    problem = random_problem(5)
    data = write(tmp_path / "p.zip", problem).read_bytes()
    assert problem.applicants
    assert not any(each.id.encode() in data for each in problem.applicants)


def test_no_exact_cutoff_and_no_lottery_number_stands_there() -> None:
    for number in range(20):
        problem = a_round(number)
        made = sealed(problem)
        data = bundle_of(problem)
        lines = {(row["opportunity"], row["seat_class"]): row for row in table(data, "cutoffs.csv")}
        for cut in made.outcome.cutoffs:
            line = lines[cut.opportunity, cut.seat_class]
            assert cut.lottery is None or str(cut.lottery).encode() not in data
            if int(line["seats"]) < 10 or cut.priority is None:
                assert (line["from"], line["below"]) == ("", "")
            elif line["from"]:
                assert int(line["from"]) <= cut.priority < int(line["below"])


def test_the_report_says_what_a_public_bundle_cannot_show(tmp_path: Path) -> None:
    report = verify_bundle(write(tmp_path / "p.zip", random_problem(5)))
    assert report.cannot[0] == "each seat: proved by your own row and by the named auditors"
    assert sealed(random_problem(5)).root in report.cannot[1]
    assert len(report.cannot) == 2
    assert report.exit_code == 4
    assert not report.proven
    assert report.checks["root"] > 0


def test_how_few_people_applied_is_not_told_by_the_lines_either(tmp_path: Path) -> None:
    problem = round_of({"o": 1}, {"a": {"o": 2}, "b": {"o": 1}})
    data = write(tmp_path / "p.zip", problem).read_bytes()
    assert len(table(data, "commitments.csv")) == 10
    head = json.loads(members_of(data)["decision.json"])
    assert head["outcome"] == {"opportunities": 1, "places": 1, "applicants": "*", "placed": "*", "unplaced": "*"}
    assert not verify_bundle(tmp_path / "p.zip").findings


HASH = hashlib.sha256(b"x").hexdigest()
CUTS = "opportunity,seat_class,seats,from,below,exact,lottery,told\n"
LEAVES = f"{HASH},{HASH},{HASH}"


@pytest.mark.parametrize(
    ("member", "content", "code", "file", "row"),
    [
        ("cutoffs_csv", CUTS, "cut-off", "cutoffs.csv", 0),
        ("cutoffs_csv", f"{CUTS}o,open,2,,,{LEAVES}\n", "cut-off", "cutoffs.csv", 2),
        ("cutoffs_csv", f"{CUTS}o,open,1,0,10,{LEAVES}\n", "cut-off", "cutoffs.csv", 2),
        ("cutoffs_csv", f"{CUTS}o,vip,1,,,{LEAVES}\n", "cut-off", "cutoffs.csv", 2),
        ("cutoffs_csv", f"{CUTS}o,open,1,,,{LEAVES}\no,open,1,,,{LEAVES}\n", "cut-off", "cutoffs.csv", 3),
        ("cutoffs_csv", f"{CUTS}o,open,1,,,{HASH},{HASH},no\n", "cut-off", "cutoffs.csv", 2),
        ("cutoffs_csv", f"{CUTS}o,open,1,,,{LEAVES}\n", "root", "decision.json", 0),
        ("totals_csv", "group,applicants,placed\nx,9,*\n", "malformed-row", "totals.csv", 2),
        ("totals_csv", "group,applicants,placed\nx,20,21\n", "malformed-row", "totals.csv", 2),
        ("totals_csv", "group,applicants,placed\nx,20,15\n", "malformed-row", "totals.csv", 2),
        ("totals_csv", "group,applicants,placed\nx,*,15\n", "malformed-row", "totals.csv", 2),
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
    report = verify_bundle(write(tmp_path / "p.zip", problem, **{member: content.encode()}))
    assert (code, file, row) in {(each.code, each.file, each.row) for each in report.findings}
    assert report.exit_code == 1


@pytest.mark.parametrize("roots", [[], [[1, "0" * 64]], [[2, "0" * 64]], [[1, "x"]], "none"])
def test_a_wrong_root_is_named(tmp_path: Path, roots: object) -> None:
    members = dict(members_of(bundle_of(random_problem(5))))
    head = json.loads(members["decision.json"]) | {"roots": roots}
    report = verify_bundle(again(tmp_path / "p.zip", members, head))
    assert {each.code for each in report.findings} == {"root"}


@pytest.mark.parametrize("name", ["applicants", "placed", "unplaced"])
def test_a_figure_of_few_people_is_named(tmp_path: Path, name: str) -> None:
    members = dict(members_of(bundle_of(a_round(1))))
    head = json.loads(members["decision.json"])
    head["outcome"][name] = 5
    report = verify_bundle(again(tmp_path / "p.zip", members, head))
    assert (name, "*") in {(each.params.get("name"), each.params.get("right")) for each in report.findings}


def test_no_count_under_ten_is_shown_not_even_as_a_difference() -> None:
    people = {f"p{i}": {"o": i} for i in range(40)}
    groups = {f"p{i}": name for i, name in enumerate(["few"] * 5 + ["nearly"] * 15 + ["many"] * 20)}
    problem = round_of({"o": 24}, people, groups=groups)
    made = sealed(problem)
    found = figures(problem, made.outcome)
    assert (found.applicants, found.placed, found.unplaced) == (40, 24, 16)
    shown = {each.group: (each.applicants, each.placed) for each in found.totals}
    assert shown == {"few": (None, None), "many": (None, None), "nearly": (15, None)}  # 24 placed less the 20 are 4


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ProblemError, match="32 random bytes"):
        Salts.of(b"short", 1)


def test_two_versions_have_no_line_in_common() -> None:
    problem = a_round(3)
    one, two = sealed(problem), sealed(problem, version=2)
    assert not set(one.leaves) & set(two.leaves)
    assert one.salts.bands == two.salts.bands


def test_a_commitment_can_be_recomputed_with_any_tool() -> None:
    row = {"salt": "1", "applicant": "ก"}
    assert commitment(row) == hashlib.sha256('{"applicant":"ก","salt":"1"}'.encode()).hexdigest()


@pytest.mark.parametrize("broken", [None, "secret", "public_draw", "commitment", "shape", "gone"])
def test_the_seeds_protocol_in_a_bundle_is_checked(tmp_path: Path, broken: str | None) -> None:
    protocol = dict(DRAW["seed_protocol"])
    if broken == "shape":
        protocol = {"secret": SECRET}
    elif broken and broken != "gone":
        protocol[broken] = protocol[broken][::-1]
    extra = {**DRAW, "seed_protocol": protocol}
    if broken == "gone":
        del extra["seed_protocol"]
    (tmp_path / "p.zip").write_bytes(bundle_of(round_of({"o": 1}, {"a": {"o": 2}}), extra=extra))
    found = {each.code for each in verify_bundle(tmp_path / "p.zip").findings}
    assert found == ({"seed-protocol"} if broken else set())


def entries(*said: tuple[str, int]) -> list[dict[str, Any]]:
    return [{"digits": digits, "person": who} for digits, who in said]


@pytest.mark.parametrize(
    ("said", "right"),
    [
        (entries(("999999", 1), ("111111", 1)), False),
        (entries((DRAWN, 1), (DRAWN, 1)), False),
        (entries((DRAWN, 1), ("111111", 2)), False),
        (entries((DRAWN, 1), (DRAWN, 2), ("111111", 1)), False),
        (entries(("999999", 1), ("999999", 2)), False),
        ([], False),
        (None, False),
        ("none", False),
        (entries(("111111", 1), (DRAWN, 2), (DRAWN, 1)), True),
        (entries((DRAWN, 1), ("111111", 2), (DRAWN, 3)), True),
    ],
)
def test_the_draw_was_written_down_alike_by_two_persons(tmp_path: Path, said: object, right: bool) -> None:
    extra = {**DRAW, "draw_entries": said}
    (tmp_path / "p.zip").write_bytes(bundle_of(a_round(1), extra=extra))
    assert [each.code for each in verify_bundle(tmp_path / "p.zip").findings] == ([] if right else ["seed-protocol"])


def full(extra: dict[str, Any]) -> bytes:
    """An audit bundle of a version that has no public one."""
    data, _certificate = build(
        read_files(input_files(PAIR)), decide(PAIR, seed=SEED), seed=SEED, extra=extra, salts=Salts.of(KEY, 1)
    )
    return data


PAIR = round_of({"o": 1}, {"a": {"o": 2}, "b": {"o": 1}})


@pytest.mark.parametrize(
    ("left_out", "right"), [(("seed_protocol", "draw_entries"), False), (("draw_entries",), False), ((), True)]
)
def test_a_full_bundle_without_a_public_version_shows_its_draw_too(
    tmp_path: Path, left_out: tuple[str, ...], right: bool
) -> None:
    (tmp_path / "p.zip").write_bytes(full({name: said for name, said in DRAW.items() if name not in left_out}))
    report = verify_bundle(tmp_path / "p.zip")
    assert {each.code for each in report.findings} == (set() if right else {"seed-protocol"})
    assert report.exit_code == (0 if right else 1)
    stated = json.loads(members_of((tmp_path / "p.zip").read_bytes())["decision.json"])["sealed"]["root"]
    assert f"still to compare: that everybody was given this same bundle: compare its root {stated}" in report_text(
        report
    )
    assert [stated in each for each in (*report.as_dict()["compare"], *report.as_dict()["compare_th"])] == [True, True]


def test_a_root_that_is_wrong_is_not_given_to_compare(tmp_path: Path) -> None:
    members = dict(members_of(full(DRAW)))
    head = json.loads(members["decision.json"])
    head["sealed"]["root"] = f"{head['sealed']['root'][:-1]}x"
    report = verify_bundle(again(tmp_path / "p.zip", members, head))
    assert (report.exit_code, report.compare) == (1, [])


@pytest.mark.parametrize("also", [("seed_protocol",), ("draw_entries",), ("seed_protocol", "draw_entries")])
def test_a_rounds_bundle_without_its_root_and_draw_is_never_proven(tmp_path: Path, also: tuple[str, ...]) -> None:
    """Whoever leaves the root out, chooses a seed and seals everything anew proves nothing about a round."""
    data, _certificate = build(
        read_files(input_files(PAIR)), decide(PAIR, seed="chosen"), seed="chosen", extra=DRAW, salts=Salts.of(KEY, 1)
    )
    members = dict(members_of(data))
    head = json.loads(members["decision.json"])
    for name in ("sealed", *also):
        del head[name]
    report = verify_bundle(again(tmp_path / "p.zip", members, head))
    assert not report.proven
    assert report.exit_code == (4 if "seed_protocol" in also and "draw_entries" in also else 1)
    assert any("how the seed came about" in each for each in report.cannot)


Forge = Callable[[dict[str, bytes], dict[str, Any]], object]


def raised(text: str) -> str:
    """The first place offers five more."""
    head, first, *rest = text.split("\n")
    where, capacity, reserves = first.split(",")
    return "\n".join([head, f"{where},{int(capacity) + 5},{reserves}", *rest])


def capacity(members: dict[str, bytes], head: dict[str, Any]) -> None:
    members["opportunities.csv"] = raised(members["opportunities.csv"].decode()).encode()
    head["outcome"]["places"] += 5
    lines = [line.split(",") for line in members["cutoffs.csv"].decode().split("\n")]
    for line in lines[1:]:
        if line[0] == lines[1][0] and line[1] == "open":
            line[2] = str(int(line[2]) + 5)
    members["cutoffs.csv"] = "\n".join(map(",".join, lines)).encode()


def figures_moved(_members: dict[str, bytes], head: dict[str, Any]) -> None:
    head["outcome"]["placed"] -= 1
    head["outcome"]["unplaced"] += 1


def policy(_members: dict[str, bytes], head: dict[str, Any]) -> None:
    head["policy"] = {"another": True}


def totals(members: dict[str, bytes], _head: dict[str, Any]) -> None:
    members["totals.csv"] = b"group,applicants,placed\nolder,*,*\nwomen,*,*\n"


def bands(members: dict[str, bytes], _head: dict[str, Any]) -> None:
    members["cutoffs.csv"] = moved_bands(members["cutoffs.csv"])


def moved_bands(data: bytes) -> bytes:
    """Every band a width lower, as if the places had been easier to get."""
    lines = [line.split(",") for line in data.decode().split("\n")]
    for line in lines[1:]:
        if len(line) > 4 and line[3]:
            low, below = int(line[3]), int(line[4])
            line[3:5] = [str(2 * low - below), str(low)]
    return "\n".join(map(",".join, lines)).encode()


def draw(_members: dict[str, bytes], head: dict[str, Any]) -> None:
    head["draw_entries"][0]["at"] = "2026-01-01"


@pytest.mark.parametrize("forge", [capacity, figures_moved, policy, totals, bands, draw])
def test_the_root_binds_all_that_a_public_bundle_says(tmp_path: Path, forge: Forge) -> None:
    """Two readers cannot be given different bundles under one fingerprint, though each is sealed anew."""
    problem = round_of({"o": 24}, {f"p{n}": {"o": n} for n in range(50)})
    members = dict(members_of(bundle_of(problem)))
    head = json.loads(members["decision.json"])
    assert not verify_bundle(again(tmp_path / "p.zip", members, head)).findings
    forge(members, head)
    assert {each.code for each in verify_bundle(again(tmp_path / "p.zip", members, head)).findings} == {"root"}


def test_a_bundle_of_the_first_format_still_verifies_and_says_what_its_root_binds_not(tmp_path: Path) -> None:
    problem = round_of({"o": 24}, {f"p{n}": {"o": n} for n in range(50)})
    members = dict(members_of(bundle_of(problem, extra={})))
    head = json.loads(members["decision.json"])
    del head["format"]
    old = replace(sealed(problem), head="")
    path = again(tmp_path / "p.zip", members, {**head, "roots": [[1, old.root]]})
    report = proved(path, row_of(old, "p30"))
    assert not report.findings
    assert any("the root binds only rows and cut-offs" in each for each in report.cannot)
    assert "root" in {each.code for each in verify_bundle(again(path, members, head)).findings}  # no way back


def test_a_band_that_the_opened_cutoff_is_not_in_is_named(tmp_path: Path) -> None:
    """Also where everything was sealed anew, and by a root of the first format, which bound no band."""
    problem = round_of({"o": 24}, {f"p{n}": {"o": n} for n in range(50)})
    members = dict(members_of(bundle_of(problem, extra={})))
    head = json.loads(members["decision.json"])
    del head["format"]
    old = replace(sealed(problem), head="")
    head["roots"] = [[1, old.root]]
    members["cutoffs.csv"] = moved_bands(members["cutoffs.csv"])
    report = proved(again(tmp_path / "p.zip", members, head), row_of(old, "p30"))
    assert [each.code for each in report.findings] == ["own-row"]
    assert "band" in report.findings[0].message
    assert report.exit_code == 1


def test_what_is_left_to_others_is_said_in_both_languages() -> None:
    for texts in (allocation_texts, budgeting_texts):
        for code, text in texts.LEFT.items():
            assert not re.search("[฀-๿]", text.en), code
            assert re.search("[฀-๿]", text.th), code
    places = [path for path in Path(findings.__file__).parent.rglob("*.py") if ".left.append(" in path.read_text()]
    assert places == [Path(findings.__file__)]
