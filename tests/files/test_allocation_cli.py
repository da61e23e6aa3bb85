"""`okat allocate` and `okat verify`: from a folder to a bundle to a proof."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from okat.cli import main

GOOD = {
    "opportunities.csv": "id,capacity,reserves\nทอผ้า,2,disabled:1\nbake,1,\n",
    "applicants.csv": "id,groups\nA,disabled\nB,\nC,women|disabled\nD,\n",
    "preferences.csv": "applicant,opportunity,rank,priority\nA,ทอผ้า,1,10\nB,ทอผ้า,1,30\nB,bake,2,5\n"
    "C,ทอผ้า,1,20.50\nD,bake,1,5\nD,ทอผ้า,7,20.5\n",
}


def folder(path: Path, **changes: str | bytes | None) -> Path:
    """The good folder with files changed (`name_csv=...`) or left out (None)."""
    path.mkdir(exist_ok=True)
    for name, content in {**GOOD, **{key.replace("_", "."): text for key, text in changes.items()}}.items():
        if content is not None:
            (path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def allocate(path: Path, out: Path, *more: str) -> Result:
    return CliRunner().invoke(main, ["allocate", str(path), "--seed", "S", "--out", str(out), *more])


def test_a_folder_becomes_a_bundle_in_which_nothing_is_wrong(tmp_path: Path) -> None:
    out = tmp_path / "b.zip"
    result = allocate(folder(tmp_path / "in"), out, "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    figures = {name: told[name] for name in ("applicants", "opportunities", "placed", "unplaced", "seed")}
    assert figures == {"applicants": 4, "opportunities": 2, "placed": 3, "unplaced": 1, "seed": "S"}
    assert told["certificate"]["passed"] is True
    assert told["bundle"] == str(out)
    assert {(cut["opportunity"], cut["seat_class"], cut["priority"]) for cut in told["cutoffs"]} == {
        ("ทอผ้า", "disabled", "20.5"),
        ("ทอผ้า", "open", 30),
        ("bake", "open", 5),
    }
    proof = CliRunner().invoke(main, ["verify", str(out), "--json"])
    assert proof.exit_code == 4  # nothing was drawn: how the seed came about is left to whoever gave it
    said = json.loads(proof.stdout)
    assert (said["proven"], said["wrong"], len(said["cannot_check"])) == (False, False, 1)
    assert "how the seed came about" in said["cannot_check"][0]
    plain = CliRunner().invoke(main, ["verify", str(out), "--seed", "S", "--inputs", str(tmp_path / "in")])
    assert plain.exit_code == 4
    assert "nothing wrong, not all proved" in plain.stdout
    assert "เมล็ดสุ่มได้มาอย่างไร" in plain.stdout


def test_the_same_folder_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.zip", "two.zip"):
        assert allocate(folder(tmp_path / "in"), tmp_path / name).exit_code == 0
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_byte_order_mark_and_windows_line_ends_change_nothing(tmp_path: Path) -> None:
    windows = {
        name.replace(".", "_"): b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode() for name, text in GOOD.items()
    }
    plain = json.loads(allocate(folder(tmp_path / "in"), tmp_path / "a.zip", "--json").stdout)
    other = json.loads(allocate(folder(tmp_path / "in", **windows), tmp_path / "b.zip", "--json").stdout)
    assert plain["cutoffs"] == other["cutoffs"]


def test_parquet_preferences_decide_the_same(tmp_path: Path) -> None:
    import polars as pl

    plain = json.loads(allocate(folder(tmp_path / "in"), tmp_path / "a.zip", "--json").stdout)
    for kind in (pl.Float64, pl.Decimal(10, 3), pl.String):
        path = folder(tmp_path / f"parquet-{kind}", preferences_csv=None)
        table = pl.read_csv(GOOD["preferences.csv"].encode(), schema_overrides={"priority": kind})
        table.write_parquet(path / "preferences.parquet")
        result = allocate(path, tmp_path / "b.zip", "--json")
        assert result.exit_code == 0, result.output
        assert json.loads(result.stdout)["cutoffs"] == plain["cutoffs"]
        assert CliRunner().invoke(main, ["verify", str(tmp_path / "b.zip")]).exit_code == 4


PREFERENCES = "applicant,opportunity,rank,priority\n"
BAD = [
    ("opportunities_csv", None, 0, "", "missing-file"),
    ("opportunities_csv", "", 0, "", "empty-file"),
    ("opportunities_csv", "id,capacity,reserves\n", 0, "", "no-rows"),
    ("opportunities_csv", "id,seats,reserves\na,1,\n", 1, "", "columns"),
    ("opportunities_csv", "id,capacity,reserves,id\na,1,,a\n", 1, "", "columns"),
    ("opportunities_csv", "id,capacity,reserves\nbake,1,\nทอผ้า,-1,\n", 3, "capacity", "capacity-range"),
    ("opportunities_csv", "id,capacity,reserves\nbake,1,\nทอผ้า,1.5,\n", 3, "capacity", "not-whole"),
    ("opportunities_csv", "id,capacity,reserves\nbake,1,\nทอผ้า,๒๐,\n", 3, "capacity", "thai-digits"),
    ("opportunities_csv", "id,capacity,reserves\nbake,1,\nทอผ้า,,\n", 3, "capacity", "not-whole"),
    (
        "opportunities_csv",
        "id,capacity,reserves\nbake,1,\nทอผ้า,1,a:1|b:1\n",
        3,
        "reserves",
        "reserves-above-capacity",
    ),
    ("opportunities_csv", "id,capacity,reserves\nbake,1,\nทอผ้า,2,a:1|a:1\n", 3, "reserves", "reserve-twice"),
    ("opportunities_csv", "id,capacity,reserves\nbake,1,\nทอผ้า,2,a:-1\n", 3, "reserves", "reserve-negative"),
    ("opportunities_csv", "id,capacity,reserves\nbake,1,\nทอผ้า,2,a\n", 3, "reserves", "reserves"),
    ("opportunities_csv", "id,capacity,reserves\nbake,1,\nทอผ้า,2,a:x\n", 3, "reserves", "not-whole"),
    (
        "opportunities_csv",
        "id,capacity,reserves\nbake,1,\nทอผ้า,2,open:1\n",
        3,
        "reserves",
        "group-named-open",
    ),
    ("opportunities_csv", "id,capacity,reserves\nbake,1,\nทอผ้า,2,\nbake,1,\n", 4, "id", "duplicate-id"),
    ("opportunities_csv", "id,capacity,reserves\nbake,1,\nทอผ้า,2,\n,1,\n", 4, "id", "empty"),
    ("opportunities_csv", "id,capacity,reserves\nbake,1,\nทอผ้า,2,\nx\u200b,1,\n", 4, "id", "invisible"),
    ("opportunities_csv", "id,capacity,reserves\nbake,1,\n\nทอผ้า,2\n", 4, "", "cells"),
    ("opportunities_csv", 'id,capacity,reserves\n"bake,1,\n', 2, "", "not-csv"),
    ("opportunities_csv", "id,capacity,reserves\nbake,1,\nทอผ้า,2,\n".encode("cp874"), 3, "", "encoding"),
    ("opportunities_csv", "id,capacity,reserves\n".encode("utf-16"), 1, "", "encoding"),
    ("applicants_csv", "id,groups\nA,\nB,\nC,a||b\nD,\n", 4, "groups", "group-name"),
    ("applicants_csv", "id,groups\nA,\nB,\nC,\nD,\nA,\n", 6, "id", "duplicate-id"),
    ("applicants_csv", "id,groups\nA,\nB,\nC ,\nD,\n", 4, "id", "invisible"),
    ("preferences_csv", PREFERENCES + "Z,bake,1,1\n", 2, "applicant", "unknown-applicant-id"),
    ("preferences_csv", PREFERENCES + "A,cake,1,1\n", 2, "opportunity", "unknown-opportunity-id"),
    ("preferences_csv", PREFERENCES + "A,bake,1,1\nA,bake,2,1\n", 3, "opportunity", "wish-twice"),
    ("preferences_csv", PREFERENCES + "A,bake,1,1\nA,ทอผ้า,1,1\n", 3, "rank", "rank-twice"),
    ("preferences_csv", PREFERENCES + "A,bake,0,1\n", 2, "rank", "rank-range"),
    ("preferences_csv", PREFERENCES + "A,bake,first,1\n", 2, "rank", "not-whole"),
    ("preferences_csv", PREFERENCES + "A,bake,1,1e3\n", 2, "priority", "not-number"),
    ("preferences_csv", PREFERENCES + "A,bake,1,\n", 2, "priority", "not-number"),
    ("preferences_csv", PREFERENCES + "A,bake,1,nan\n", 2, "priority", "not-number"),
    ("preferences_csv", PREFERENCES + "A,bake,1,๗๑\n", 2, "priority", "thai-digits"),
    ("preferences_csv", PREFERENCES + "A,bake,1,0.1234567\n", 2, "priority", "priority-range"),
    ("preferences_csv", PREFERENCES + "A,bake,1,1234567890123456\n", 2, "priority", "priority-range"),
]


@pytest.mark.parametrize(("file", "content", "row", "column", "code"), BAD)
def test_bad_input_is_named_with_its_place_and_nothing_is_written(
    tmp_path: Path, file: str, content: str | bytes | None, row: int, column: str, code: str
) -> None:
    path, out = folder(tmp_path / "in", **{file: content}), tmp_path / "b.zip"
    result = allocate(path, out, "--json")
    assert result.exit_code == 2, result.output
    errors = json.loads(result.stdout)["errors"]
    places = {(each["file"], each["row"], each["column"], each["code"]) for each in errors}
    assert (file.replace("_", "."), row, column, code) in places
    assert all(each["message"] and each["message_th"] and each["mend"] and each["mend_th"] for each in errors)
    assert [each.name for each in tmp_path.iterdir()] == ["in"]


def test_every_bad_row_of_every_file_is_reported_once(tmp_path: Path) -> None:
    path = folder(
        tmp_path / "in",
        opportunities_csv="id,capacity,reserves\nทอผ้า,x,a:9\nbake,-2,\n",
        preferences_csv=PREFERENCES + "A,bake,x,y\nA,nowhere,2,1\nQ,ทอผ้า,1,1\n",
    )
    errors = json.loads(allocate(path, tmp_path / "b.zip", "--json").stdout)["errors"]
    assert [(each["file"], each["row"], each["column"]) for each in errors] == [
        ("opportunities.csv", 2, "capacity"),
        ("opportunities.csv", 3, "capacity"),
        ("preferences.csv", 2, "rank"),
        ("preferences.csv", 2, "priority"),
        ("preferences.csv", 3, "opportunity"),
        ("preferences.csv", 4, "applicant"),
    ]
    plain = allocate(path, tmp_path / "b.zip")
    assert plain.exit_code == 2
    assert "แถว" in plain.stderr or "row 2" in plain.stderr


def test_preferences_in_two_files_are_refused(tmp_path: Path) -> None:
    path = folder(tmp_path / "in")
    (path / "preferences.parquet").write_bytes(b"x")
    assert json.loads(allocate(path, tmp_path / "b.zip", "--json").stdout)["errors"][0]["code"] == "two-files"


def test_a_broken_parquet_file_is_named(tmp_path: Path) -> None:
    path = folder(tmp_path / "in", preferences_csv=None)
    (path / "preferences.parquet").write_bytes(b"PAR1 not really")
    result = allocate(path, tmp_path / "b.zip", "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["errors"][0]["code"] == "not-parquet"


@pytest.mark.parametrize("seed", ["", " S", "S\n"])
def test_a_seed_that_cannot_be_published_is_refused(tmp_path: Path, seed: str) -> None:
    command = ["allocate", str(folder(tmp_path / "in")), "--seed", seed, "--out", str(tmp_path / "b.zip")]
    assert CliRunner().invoke(main, command).exit_code == 2


def test_another_seed_or_other_inputs_than_the_published_are_named(tmp_path: Path) -> None:
    out = tmp_path / "b.zip"
    allocate(folder(tmp_path / "in"), out)
    (tmp_path / "in" / "applicants.csv").write_text("id,groups\nA,\nB,\nC,\nD,\n")
    command = ["verify", str(out), "--seed", "T", "--inputs", str(tmp_path / "in"), "--json"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 1
    found = {(each["code"], each["file"]) for each in json.loads(result.stdout)["violations"]}
    assert found == {("seed-differs", "decision.json"), ("inputs-differ", "applicants.csv")}
