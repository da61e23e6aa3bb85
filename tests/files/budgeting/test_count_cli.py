"""`okat count` as a clerk meets it: official outcomes, the rule of the file, switches, and every way to say no."""

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.files.budgeting.making import VOTES, pb
from tests.shared_data import sample

from okat.cli import main
from okat.engine.budgeting import CHOICES, Outcome
from okat.files.budgeting import count as counting
from okat.files.budgeting.rule import META_RULES

GOLDEN = {
    "Netherlands_Assen_2024.pb": (9, 76_700, 2033),
    "Poland_Swiecie_2023.pb": (17, 1_040_337, 662),
    "Poland_Wieliczka_2023_Green_Budget.pb": (30, 995_079, 315),
}
FROZEN = {
    "rule": "equal-shares", "utility": "cost", "completion": ["add1"], "stop": "overspend", "start": "floor",
    "ties": ["min-cost", "max-votes", "lowest-id"], "version": 1,
}  # fmt: skip


def okat(*args: str, status: int = 0) -> Any:
    result = CliRunner().invoke(main, ["count", *args, "--json"])
    assert result.exit_code == status, result.output
    return json.loads(result.stdout)


def text(*args: str, status: int = 0) -> str:
    result = CliRunner().invoke(main, ["count", *args])
    assert result.exit_code == status, result.output
    return result.output


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.pb"
    path.write_bytes(pb())
    return path


@pytest.mark.parametrize("name", GOLDEN)
def test_official_outcomes_by_the_rule_of_the_file(name: str) -> None:
    """The cities' own published winners (`selected`), with every switch as it was frozen."""
    winners, cost, endowment = GOLDEN[name]
    said = okat(str(sample(f"pabulib/{name}")))
    assert (len(said["winners"]), said["cost"], said["endowment"]) == (winners, cost, endowment)
    assert said["rules"] == FROZEN
    assert said["official"] == {"same": True, "only_here": [], "only_there": []}
    assert said["certificate"]["passed"] is True
    assert said["certificate"]["checks"]


def test_the_stop_rule_decides_in_wieliczka() -> None:
    """Stopping as soon as nothing more fits gives 31 projects and other winners, as two other programs do."""
    path = str(sample("pabulib/Poland_Wieliczka_2023_Green_Budget.pb"))
    said = okat(path, "--stop", "exhaustive")
    assert (len(said["winners"]), said["cost"]) == (31, 984_579)
    assert (said["official"]["only_here"], said["official"]["only_there"]) == (["66", "67"], ["46"])
    first = okat(path)
    assert first["interval"] == [312, 315]
    assert first["comparison"] == {
        "prefer_equal_shares": 1615, "prefer_greedy": 873, "same": 4098, "taken": "equal-shares",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["Poland_Lodz_2022.pb.gz", "Poland_Lodz_2022_Gorniak.pb"])
def test_greedy_with_a_threshold_gives_what_lodz_funded(name: str) -> None:
    said = okat(str(sample(f"pabulib/{name}")))
    assert (said["rules"]["rule"], said["official"]["same"]) == ("greedy", True)
    assert said["terms"]["threshold"] in (50, 100)


def test_the_largest_file_takes_a_blink_and_no_compiler() -> None:
    """CPU seconds of the whole command; the bound leaves room for a machine that does other things."""
    path = sample("pabulib/Poland_Lodz_2022.pb.gz")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    script = (
        "import sys; from okat.cli import main\n"
        f"main(['count', {str(path)!r}, '--rule', 'equal-shares', '--completion', 'none'], standalone_mode=False)"
    )
    loaded = (
        script.replace("main([", "try: main([") + "\nexcept SystemExit: pass\n"
        "print(sorted({'numba', 'polars', 'django', 'pandas', 'ortools'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.stdout.splitlines()[-1] == "[]"
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1.5


@pytest.mark.parametrize("name", META_RULES)
def test_each_rule_that_meta_may_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / "named.pb"
    path.write_bytes(pb({"rule": name}))
    said = okat(str(path))
    rules, comparison = META_RULES[name]
    assert said["terms"] == {
        "rules": {key: list(value) if isinstance(value, tuple) else value for key, value in rules.as_dict().items()},
        "threshold": 0,
        "comparison": "greedy" if comparison else "none",
    }
    printed = text(str(path))
    assert all(line in printed for line in [*said["rules_th"], *said["rules_en"]])


def test_the_table_of_names_in_the_docs_is_complete() -> None:
    page = Path("docs/reference/budgeting-switches.md").read_text(encoding="utf-8")
    assert [name for name in META_RULES if f"`{name}`" not in page] == []
    assert [one for values in CHOICES.values() for one in values if f"`{one}`" not in page] == []


@pytest.mark.parametrize("name", ["greedy-no-skip", "unknown", None])
def test_a_rule_that_is_not_known_must_be_named(tmp_path: Path, name: str | None) -> None:
    path = tmp_path / "odd.pb"
    path.write_bytes(pb({"rule": name}))
    assert [one["code"] for one in okat(str(path), status=2)["errors"]] == ["rule-unknown"]
    assert okat(str(path), "--rule", "greedy")["winners"] == ["A", "C"]


def test_switches_take_the_place_of_the_file(small: Path) -> None:
    said = okat(
        str(small), "--rule", "equal-shares", "--utility", "cardinality", "--completion", "add1+greedy",
        "--stop", "exhaustive", "--start", "exact", "--ties", "max-votes,refuse",
    )  # fmt: skip
    assert said["rules"] == {
        "rule": "equal-shares", "utility": "cardinality", "completion": ["add1", "greedy"], "stop": "exhaustive",
        "start": "exact", "ties": ["max-votes", "refuse"], "version": 1,
    }  # fmt: skip
    params = {one.name: one.type.choices for one in main.commands["count"].params if hasattr(one.type, "choices")}  # type: ignore[attr-defined]
    assert {name: tuple(values) for name, values in params.items()} == {
        name: values for name, values in CHOICES.items() if name not in ("completion", "ties")
    }


@pytest.mark.parametrize(
    "switches",
    [
        ("--completion", "add2"),
        ("--completion", "greedy+add1"),
        ("--ties", "min-cost"),
        ("--ties", ""),
        ("--completion", ""),
    ],
)
def test_switches_that_contradict_themselves(small: Path, switches: tuple[str, str]) -> None:
    (error,) = okat(str(small), *switches, status=2)["errors"]
    assert error["message"]
    assert error["message_th"]


def test_a_tie_that_the_rules_refuse(tmp_path: Path) -> None:
    path = tmp_path / "tie.pb"
    projects = (("project_id", "cost"), ("A", "500"), ("B", "500"), ("C", "500"))
    votes = (VOTES[0], ("v1", "A"), ("v2", "A"), ("v3", "B"), ("v4", "B"))
    path.write_bytes(pb({"budget": "500"}, projects, votes))
    said = okat(str(path), "--rule", "greedy", "--ties", "max-votes,refuse", "--out", str(tmp_path / "b.zip"), status=3)
    assert said["errors"][0]["tied"] == ["A", "B"]
    assert "A, B" in text(str(path), "--rule", "greedy", "--ties", "max-votes,refuse", status=3)
    assert not (tmp_path / "b.zip").exists()
    assert okat(str(path), "--rule", "greedy")["winners"] == ["A"]


def test_bad_input_names_the_line_and_nothing_is_written(tmp_path: Path) -> None:
    path = tmp_path / "bad.pb"
    path.write_bytes(pb({"num_votes": "5"}) + b"v5;X\n")
    said = okat(str(path), "--out", str(tmp_path / "b.zip"), status=2)
    assert [(one["row"], one["column"], one["code"]) for one in said["errors"]] == [(25, "vote", "unknown-project")]
    assert "bad.pb, row 25, vote" in text(str(path), status=2)
    assert okat(str(tmp_path / "none.pb"), status=2)["errors"][0]["code"] == "missing-file"
    assert okat(str(path), "--limit-mb", "0", status=2)["errors"][0]["code"] == "too-large"
    assert not (tmp_path / "b.zip").exists()


def test_a_threshold_shuts_projects_out(tmp_path: Path) -> None:
    path = tmp_path / "low.pb"
    votes = (VOTES[0], ("v1", "A,B"), ("v2", "A,B"), ("v3", "B,C"), ("v4", "C"))
    path.write_bytes(pb({"rule": "greedy", "min_project_score_threshold": "3"}, votes=votes))
    said = okat(str(path))
    assert (said["winners"], said["below_threshold"]) == (["B"], ["A", "C"])
    assert okat(str(path), "--rule", "greedy")["winners"] == ["B", "A"]


def test_more_voters_may_prefer_greedy(tmp_path: Path) -> None:
    """Seven want the park alone, three the three small things: equal shares gives the three, and seven get nothing."""
    path = tmp_path / "compared.pb"
    projects = (("project_id", "cost"), ("park", "80"), ("x", "10"), ("y", "10"), ("z", "10"))
    votes = (VOTES[0], *((f"p{k}", "park") for k in range(7)), *((f"s{k}", "x,y,z") for k in range(3)))
    meta = {"budget": "100", "num_projects": "4", "num_votes": "10"}
    path.write_bytes(pb({**meta, "rule": "equalshares-comparison"}, projects, votes))
    said = okat(str(path))
    assert said["comparison"] == {
        "prefer_equal_shares": 3, "prefer_greedy": 7, "same": 0, "taken": "greedy",
    }  # fmt: skip
    assert (said["winners"], said["rules"]["rule"]) == (["park", "x", "y"], "greedy")
    assert "so greedy" in text(str(path))


def test_an_outcome_that_fails_its_check_is_never_shown(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A solver with a planted fault."""
    monkeypatch.setattr(counting, "decide", lambda *_: Outcome(("B",), 600, filled=("B",)))
    said = okat(str(small), "--out", str(tmp_path / "b.zip"), status=1)
    assert set(said) == {"errors"}
    assert not (tmp_path / "b.zip").exists()


def test_why_a_project_won_or_lost(small: Path) -> None:
    for one in ("A", "B", "C"):
        assert okat(str(small), "--explain", one)["explained"]["project"] == one
    assert okat(str(small), "--explain", "D", status=2)["errors"][0]["code"] == "explain-unknown"


def test_who_gains_by_another_rule(small: Path) -> None:
    path = str(Path("docs/tutorials/vote/community.pb").resolve())
    said = okat(path, "--compare", "greedy")["compared"]
    assert (said["winners"], said["cost"]) == (["2", "1"], 95_000)
    assert (said["only_here"], said["only_there"]) == (["4", "3"], ["1"])
    assert (said["gain_here"], said["gain_there"], said["same"]) == (4, 4, 2)
    assert "only here 4, 3; only there 1" in text(path, "--compare", "greedy")
    assert okat(str(small), "--compare", "fairest", status=2)["errors"][0]["message"]
