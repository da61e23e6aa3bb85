"""pabutools counts the same elections by the same rules and ties: generated ones, and real ones within the time.

It lives in an environment of its own (var/judges-env, made by uv from judges/requirements.txt) and is never imported
here: it is no dependency of the product, and of another licence. Where the two differ by design: docs/explanation/
equal-shares.md.
"""

import fcntl
import json
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.shared_data import sample

from okat.engine.budgeting import Election, Rules, decide
from okat.files.budgeting.reader import read_pb

HERE = Path(__file__).parent / "judges"
ENV = Path(__file__).resolve().parents[3] / "var" / "judges-env"
TIES = ("min-cost", "max-votes", "lowest-id")
RULES = (
    Rules(completion=("none",), start="exact"),
    Rules(completion=("none",), utility="cardinality"),
    Rules(),
    Rules(utility="cardinality", start="exact"),
    Rules(stop="exhaustive"),
    Rules(ties=("max-cost", "lowest-id")),
    Rules(rule="greedy", completion=("none",)),
    Rules(rule="greedy-per-cost", completion=("none",)),
    Rules(rule="phragmen", completion=("none",)),
    Rules(rule="optimum", completion=("none",), utility="cardinality"),
)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def judge() -> Any:
    """Asks pabutools; skips loudly where its environment cannot be made."""
    python = ENV / "bin" / "python"
    ENV.parent.mkdir(exist_ok=True)
    with ENV.with_suffix(".lock").open("w") as lock:  # two test processes may come at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        fault = make_environment(python)
    if fault:
        pytest.skip(f"JUDGE ABSENT: pabutools could not be installed (is the registry there?): {fault}")

    def ask(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
        lines = "\n".join(json.dumps(case) for case in cases)
        done = subprocess.run(
            [str(python), str(HERE / "count.py")], input=lines, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return [json.loads(line) for line in done.stdout.splitlines()]

    return ask


def make_environment(python: Path) -> str:
    """Once for each version of its requirements; what went wrong, or nothing."""
    pinned, mark = HERE / "requirements.txt", ENV / "made-from"
    if mark.exists() and mark.read_text() == pinned.read_text():
        return ""
    uv = str(Path(sys.executable).parent / "uv")
    shutil.rmtree(ENV, ignore_errors=True)
    for command in (
        [uv, "venv", "-q", "--python", sys.executable, str(ENV)],
        [uv, "pip", "install", "-q", "--no-deps", "--python", str(python), "-r", str(pinned)],
    ):
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        if made.returncode:
            return made.stderr[-300:] or "uv failed"
    mark.write_text(pinned.read_text())
    return ""


def made_up(seed: int, *, approval: bool) -> tuple[dict[str, int], list[dict[str, int]], int, str]:
    """Small, with many equal costs and ties, unaffordable and unsupported projects, empty and equal ballots."""
    chance = random.Random(seed)
    p, n = chance.randint(1, 7), chance.randint(1, 9)
    costs = {str(k * chance.choice([1, 3])): chance.choice([10, 20, 20, 30, 45, 60, 200]) for k in range(1, p + 1)}
    kind = "approval" if approval else chance.choice(["approval", "approval", "cumulative"])
    top = 1 if kind == "approval" else 4
    ballots = [{one: chance.randint(1, top) for one in costs if chance.random() < 0.45} for _ in range(n)]
    ballots += [dict(chance.choice(ballots)) for _ in range(chance.randint(0, 3))]
    return costs, ballots, chance.choice([60, 90, 100, 130]), kind


def test_some_hundreds_of_generated_elections(judge: Any) -> None:
    cases, ours = [], []
    for seed in range(400):
        rules = RULES[seed % len(RULES)]
        costs, ballots, budget, kind = made_up(seed, approval=rules.rule == "phragmen")
        election = Election.of(costs, ballots, budget, kind)
        asked = {key: list(value) if isinstance(value, tuple) else value for key, value in rules.as_dict().items()}
        cases.append({"costs": costs, "ballots": ballots, "budget": budget, **asked, "kind": kind})
        ours.append((election, rules, decide(election, rules)))
    for case, (election, rules, outcome), theirs in zip(cases, ours, judge(cases), strict=True):
        votes = dict(zip(election.ids, election.votes.tolist(), strict=True))
        winners = [one for one in theirs["winners"] if votes[one]]  # it also takes what nobody asked for
        if rules.rule == "optimum":
            assert benefit(election, outcome.winners) == theirs["benefit"], case
        else:
            assert same(rules.rule, outcome.winners, winners), case


def same(rule: str, ours: tuple[str, ...], theirs: list[str]) -> bool:
    """In order of selection; pabutools tells the winners of Phragmen by their ids only."""
    return sorted(ours) == sorted(theirs) if rule == "phragmen" else list(ours) == theirs


def benefit(election: Election, winners: tuple[str, ...]) -> int:
    return int(sum(int(election.votes[election.ids.index(one)]) for one in winners))


REAL = {
    "Netherlands_Assen_2024.pb": ("equal-shares", "greedy", "greedy-per-cost", "phragmen"),
    "Poland_Zabrze_2020_Konczyce.pb": ("equal-shares", "greedy", "phragmen"),
    "Poland_Lodz_2022_Gorniak.pb": ("greedy", "plain", "phragmen"),
    "Poland_Gdynia_2021_Dabrowa__large.pb": ("greedy", "plain"),
    "Poland_Swiecie_2023.pb": ("greedy", "greedy-per-cost", "plain"),
    "Poland_Wieliczka_2023_Green_Budget.pb": ("greedy", "plain"),
}


def test_real_elections(judge: Any) -> None:
    cases, ours = [], []
    for name, wanted in REAL.items():
        path = sample(f"pabulib/{name}")
        for rule in wanted:
            plain = rule == "plain"
            rules = Rules(
                rule="equal-shares" if plain else rule,
                completion=("add1",) if rule == "equal-shares" else ("none",),
                start="exact" if plain else "floor",
            )
            asked = {key: list(value) if isinstance(value, tuple) else value for key, value in rules.as_dict().items()}
            cases.append({"file": str(path), **asked, "kind": "approval"})
            ours.append(decide(read_pb(path).election, rules).winners)
    for case, winners, theirs in zip(cases, ours, judge(cases), strict=True):
        assert same(case["rule"], winners, theirs["winners"]), case


def test_the_two_differ_where_a_project_costs_nothing(judge: Any) -> None:
    """Told in the docs: by votes per cost both take it first; in our greedy nobody's wish is none of the city's."""
    costs, ballots = {"1": 0, "2": 0, "3": 10}, [{"1": 1, "3": 1}, {"3": 1}]
    election = Election.of(costs, ballots, 10)
    case = {
        "costs": costs,
        "ballots": ballots,
        "budget": 10,
        "kind": "approval",
        "utility": "cost",
        "stop": "overspend",
    }
    rules = Rules(rule="greedy", completion=("none",))
    (theirs,) = judge([{**case, "rule": "greedy", "completion": ["none"], "start": "floor", "ties": list(TIES)}])
    assert sorted(theirs["winners"]) == ["1", "2", "3"]
    assert decide(election, rules).winners == ("1", "3")
    assert np.array_equal(election.votes, [1, 0, 2])
