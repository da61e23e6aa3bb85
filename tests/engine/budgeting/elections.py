"""Made-up elections, small and full of ties; and real ones, where the sample data stands."""

import gzip
from typing import Any

import numpy as np
from hypothesis import strategies as st
from tests.shared_data import sample

from okat.engine.budgeting import KINDS, Election, Rules

COSTS = (0, 1, 1, 2, 2, 3, 4, 6, 6, 10, 12, 25, "2.5", "0.75")
BUDGETS = (0, 1, 3, 7, 10, 20, 30, "12.5", 60)
TIES = (
    ("lowest-id",),
    ("refuse",),
    ("max-cost", "refuse"),
    ("max-votes", "min-cost", "lowest-id"),
    ("min-cost", "max-votes", "refuse"),
)
CHAINS = (("none",), ("add1",), ("add1u",), ("greedy",), ("add1", "greedy"))


@st.composite
def elections(draw: st.DrawFn) -> Election:
    """Up to six projects, nine ballots; equal costs, equal ballots, free and unaffordable projects, empty ballots."""
    names = [str(number) for number in draw(st.lists(st.integers(7, 14), max_size=6, unique=True))]
    kind = draw(st.sampled_from(KINDS))
    points = st.just(1) if kind in ("approval", "choose-1") else st.sampled_from((1, 1, 2, 3))
    most = 1 if kind == "choose-1" else 5
    ballot: st.SearchStrategy[dict[str, int]] = st.just({})
    if names:
        ballot = st.dictionaries(st.sampled_from(names), points, max_size=most)
    ballots = draw(st.lists(ballot, max_size=6))
    again = draw(st.lists(st.sampled_from(ballots), max_size=3)) if ballots else []
    costs: dict[str, Any] = {name: draw(st.sampled_from(COSTS)) for name in names}
    return Election.of(costs, ballots + again, draw(st.sampled_from(BUDGETS)), kind)


@st.composite
def long_raises(draw: st.DrawFn) -> Election:
    """Few ballots and large sums, so that shares are raised for dozens of steps."""
    costs = draw(st.lists(st.one_of(st.integers(1, 300), st.sampled_from((60, 120))), min_size=1, max_size=6))
    names = [str(number) for number in range(len(costs))]
    kind = draw(st.sampled_from(("approval", "cumulative")))
    points = st.just(1) if kind == "approval" else st.integers(1, 3)
    ballots = draw(st.lists(st.dictionaries(st.sampled_from(names), points), min_size=1, max_size=12))
    return Election.of(dict(zip(names, costs, strict=True)), ballots, draw(st.integers(50, 700)), kind)


def rules_of(*names: str) -> st.SearchStrategy[Rules]:
    return st.builds(
        Rules,
        st.sampled_from(names),
        st.sampled_from(("cost", "cardinality")),
        st.sampled_from(CHAINS),
        st.sampled_from(("overspend", "exhaustive")),
        st.sampled_from(("floor", "exact")),
        st.sampled_from(TIES),
    )


def synthetic(n: int, p: int, *, seed: int = 1, chosen: int = 8) -> Election:
    """Approval ballots; some projects are liked far more than others."""
    random = np.random.default_rng(seed)
    liking = random.pareto(1.5, p) + 0.2
    keys = random.exponential(1.0, (n, p)) / liking
    count = random.integers(1, 2 * chosen, n)
    ranks = keys.argsort(axis=1).argsort(axis=1)
    rows, projects = np.nonzero(ranks < count[:, None])
    starts = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(np.bincount(rows, minlength=n), out=starts[1:])
    costs = random.integers(20, 2000, p) * 1000
    ids = tuple(f"{c + 1}" for c in range(p))
    weight = np.ones(len(projects), dtype=np.int64)
    return Election(ids, costs, int(costs.sum()) // 4, starts, projects.astype(np.int32), weight)


def real(name: str) -> Election:
    """A Pabulib file with approval ballots, read with no more care than a test needs."""
    path = sample(f"pabulib/{name}")
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    tables: dict[str, list[list[str]]] = {}
    for line in text.decode("utf-8-sig").splitlines():
        if line in ("META", "PROJECTS", "VOTES"):
            rows = tables.setdefault(line, [])
        elif line:
            rows.append(line.split(";"))
    head, *projects = tables["PROJECTS"]
    costs = {row[head.index("project_id")]: row[head.index("cost")] for row in projects}
    head, *votes = tables["VOTES"]
    at = head.index("vote")
    return Election.of(costs, [row[at].split(",") if row[at] else [] for row in votes], dict(tables["META"])["budget"])
