"""Archives made to deceive or to harm: each is named (exit 1) or refused (exit 2), and never unpacked."""

import io
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.engine.allocation.made_up import random_problem, round_of
from tests.files.allocation_forger import Bundle

from okat.cli import main
from okat.engine.allocation import Outcome, Placement
from okat.files import container
from okat.files.verify import verify_bundle

PROBLEM = random_problem(9)


def exit_code(path: Path) -> int:
    return CliRunner().invoke(main, ["verify", str(path), "--json"]).exit_code


def test_a_damaged_member_is_named_by_its_digest(tmp_path: Path) -> None:
    bundle = Bundle(PROBLEM)
    bundle.seal(tmp_path / "b.zip")
    bundle.members["applicants.csv"] += b"\n"
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        for name, data in bundle.members.items():
            archive.writestr(name, data)
    report = verify_bundle(tmp_path / "b.zip")
    assert [(each.code, each.file) for each in report.findings] == [("digest", "applicants.csv")]
    assert exit_code(tmp_path / "b.zip") == 1


def test_the_properties_are_checked_though_the_digests_are_wrong(tmp_path: Path) -> None:
    bundle = Bundle(round_of({"o": 1}, {"a": {"o": 2}, "b": {"o": 1}}))
    bundle.seal(tmp_path / "b.zip")
    bundle.put("outcome.csv", [["applicant", "opportunity", "seat_class"], ["a", "", ""], ["b", "o", "open"]])
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        for name, data in bundle.members.items():
            archive.writestr(name, data)
    codes = {each.code for each in verify_bundle(tmp_path / "b.zip").findings}
    assert {"digest", "swapped-seats", "justified-envy", "cut-off"} <= codes


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_stands_twice_is_named(tmp_path: Path) -> None:
    path = Bundle(PROBLEM).seal(tmp_path / "b.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("outcome.csv", "applicant,opportunity,seat_class\n")
    assert ("archive", "outcome.csv") in {(each.code, each.file) for each in verify_bundle(path).findings}
    assert exit_code(path) == 1


def test_a_name_that_differs_only_by_capitals_is_named(tmp_path: Path) -> None:
    bundle = Bundle(PROBLEM)
    bundle.members["Outcome.csv"] = b"x"
    assert "archive" in {each.code for each in verify_bundle(bundle.seal(tmp_path / "b.zip")).findings}


def raw(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def damaged(data: bytes, find: bytes, put: bytes) -> bytes:
    assert find in data
    return data.replace(find, put)


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"outcome.csv": b""},
        {"decision.json": b"not JSON"},
        {"decision.json": b"[]"},
        {"decision.json": b'{"kind": "allocation", "kind": "other"}'},
        {"decision.json": b'{"kind": "allocation", "seed": NaN}'},
        {"decision.json": b'{"kind": "ballot of the moon"}'},
        {"decision.json": b'{"kind": 7}'},
        {"decision.json": b"[" * 100_000},
        {"decision.json": "{}".encode("utf-16")},
        {f"{number}.csv": b"" for number in range(container.MAX_MEMBERS + 1)},
        {"decision.json": b'{"kind": "allocation"}', "outcome.csv": b"0" * 3_000_000},
    ],
)
def test_what_is_no_bundle_is_unreadable(tmp_path: Path, members: dict[str, bytes]) -> None:
    assert exit_code(raw(tmp_path / "b.zip", members)) == 2


def test_what_is_no_zip_is_unreadable(tmp_path: Path) -> None:
    whole = Bundle(PROBLEM).seal(tmp_path / "b.zip").read_bytes()
    for name, data in (("empty", b""), ("text", b"hello"), ("cut", whole[:-30]), ("half", whole[: len(whole) // 2])):
        (tmp_path / name).write_bytes(data)
        assert exit_code(tmp_path / name) == 2
    assert exit_code(tmp_path / "absent") == 2
    assert exit_code(tmp_path) == 2


def test_a_member_whose_bytes_are_broken_is_unreadable(tmp_path: Path) -> None:
    members = Bundle(PROBLEM).members
    path = raw(tmp_path / "b.zip", members, zipfile.ZIP_STORED)
    path.write_bytes(
        damaged(path.read_bytes(), b"applicant,opportunity,seat_class", b"applicant,opportunity,seat_klass")
    )
    assert exit_code(path) == 2


def test_an_encrypted_member_is_unreadable(tmp_path: Path) -> None:
    path = Bundle(PROBLEM).seal(tmp_path / "b.zip")
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02") + 8  # the flags of the first entry of the directory
    data[at] |= 1
    path.write_bytes(data)
    assert exit_code(path) == 2


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("outcome.csv", "applicant,opportunity,seat_class\nก,,\n".encode("cp874")),
        ("outcome.csv", b"who,where\n"),
        ("outcome.csv", b""),
        ("cutoffs.csv", b"\x00\x01"),
        ("applicants.csv", b"id,groups\nA,\nA,\n"),
        ("preferences.csv", b"applicant,opportunity,rank,priority\nA,B,C,D\n"),
    ],
)
def test_a_file_that_does_not_read_is_a_violation_with_its_place(tmp_path: Path, name: str, data: bytes) -> None:
    bundle = Bundle(PROBLEM)
    bundle.members[name] = data
    report = verify_bundle(bundle.seal(tmp_path / "b.zip"))
    assert name in {each.file for each in report.findings if each.code in ("input", "outcome")}
    assert report.cannot


@pytest.mark.parametrize(
    "row",
    [["o0", "open", "x", "1", "true"], ["o0", "open", "1", "-1", "true"], ["o0", "open", "1", "9" * 99, "true"],
     ["o0", "open", "1", "1", "yes"]],
)  # fmt: skip
def test_a_cut_off_that_does_not_read_is_named_with_its_row(tmp_path: Path, row: list[str]) -> None:
    bundle = Bundle(PROBLEM)
    rows = bundle.rows("cutoffs.csv")
    index = next(i for i, each in enumerate(rows) if each[:2] == row[:2])
    rows[index] = row
    bundle.put("cutoffs.csv", rows)
    report = verify_bundle(bundle.seal(tmp_path / "b.zip"))
    assert ("malformed-row", index + 1) in {(each.code, each.row) for each in report.findings}


def test_stable_but_not_the_applicants_best_is_named(tmp_path: Path) -> None:
    """Three people who each got their second choice, where the first choice of all was possible: nobody has a
    claim, no two can swap, and only the recount shows it."""
    people = {
        "a": {"x": 1, "y": 2, "z": 3},
        "b": {"y": 1, "z": 2, "x": 3},
        "c": {"z": 1, "x": 2, "y": 3},
    }
    problem = round_of({"x": 1, "y": 1, "z": 1}, people)
    bundle = Bundle(problem)
    seats = {"a": "y", "b": "z", "c": "x"}
    bundle.put("outcome.csv", [["applicant", "opportunity", "seat_class"], *([w, o, "open"] for w, o in seats.items())])
    from tests.files.allocation_forger import SEED

    from okat.engine.allocation.outcome import cutoffs_of
    from okat.files.allocation.outcome import write_cutoffs

    placements = {who: Placement(where, "open") for who, where in seats.items()}
    bundle.members["cutoffs.csv"] = write_cutoffs(Outcome(placements, cutoffs_of(problem, placements, SEED)))
    report = verify_bundle(bundle.seal(tmp_path / "b.zip"))
    codes = [(each.code, each.row) for each in report.findings if each.file == "outcome.csv"]
    assert codes == [("not-applicant-optimal", 2), ("not-applicant-optimal", 3), ("not-applicant-optimal", 4)]


def test_above_the_recounts_limit_the_report_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("okat.files.allocation.verify.RECOUNT_LIMIT", 0)
    report = verify_bundle(Bundle(PROBLEM).seal(tmp_path / "b.zip"))
    assert not report.findings
    assert report.exit_code == 4
    assert "recount" not in report.checks
    assert any("recount" in each for each in report.cannot)


def test_packing_is_the_same_bytes_every_time_and_reads_back() -> None:
    members = {"b": b"2", "decision.json": b"{}", "a": b"1"}
    data = container.pack(members, first="decision.json")
    assert data == container.pack(dict(reversed(members.items())), first="decision.json")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["decision.json", "a", "b"]
