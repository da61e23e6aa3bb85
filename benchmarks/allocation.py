"""Allocation against what people would use instead: OR-Tools' SimpleMinCostFlow and the `matching` package.

Each program runs in a process of its own, so that CPU seconds and peak memory are its own. Compilation (cached on
disk after the first run) is excluded by a small warm-up and stated. Min-cost flow has another objective (the least sum
of ranks, no priorities), so its outcome is not compared; `matching` solves the same problem and must agree.
"""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

TARGET = 30.0
"""At least this many times less CPU than min-cost flow."""
SIZES = {
    "allocation-1m-edges": (50_000, 20, 2_000),
    "allocation-10m-edges": (500_000, 20, 2_000),
    "allocation-1m-reserves": (1_000_000, 20, 2_000),
}


NAMES = (*SIZES, "allocation-matching-500")


def run(only: str) -> list[dict[str, Any]]:
    """One row per size against min-cost flow, and one against `matching`; those whose name holds `only`."""
    rows = [_against_flow(name) for name in SIZES if only in name]
    return [*rows, _against_matching()] if only in NAMES[-1] else rows


def _against_flow(name: str) -> dict[str, Any]:
    ours = _measure("ours", name)
    # A peer that has not finished by twice the target is stopped: its CPU, and so the ratio, is a lower bound.
    limit = max(20, int(2 * TARGET * ours["cpu_s"]))
    peer = _measure("flow", name, limit)
    said = f"OR-Tools min-cost flow ({peer['memory_mb']} MB)"
    if not peer["finished"]:
        said = f"OR-Tools min-cost flow (stopped unfinished after {limit} s; the ratio is a lower bound)"
    seconds = ours["cpu_s"]
    per_million = seconds / (ours["edges"] / 1e6)
    figures = f"check {ours['check_s']:.2f} s, {ours['memory_mb']} MB, {per_million:.2f} s per million edges"
    compiled = f"compiling, excluded: {ours['compile_s']:.1f} s"
    return {
        "name": name,
        "ours": f"deferred acceptance with reserves ({figures}; {compiled})",
        "peer": said,
        "ours_cpu_s": seconds,
        "peer_cpu_s": peer["cpu_s"],
        "ratio": peer["cpu_s"] / seconds,
        "target": TARGET,
        "equal": None,  # another objective; ours is proved by its check, which raises if it fails
        "check_share": ours["check_s"] / seconds,
        "memory_mb": ours["memory_mb"],
    }


def _against_matching() -> dict[str, Any]:
    ours, peer = _measure("ours-small", "500"), _measure("matching", "500", 600)
    return {
        "name": "allocation-matching-500",
        "ours": "deferred acceptance, plain Python",
        "peer": "matching.games.HospitalResident",
        "ours_cpu_s": ours["cpu_s"],
        "peer_cpu_s": peer["cpu_s"],
        "ratio": peer["cpu_s"] / ours["cpu_s"],
        "target": 1.0,
        "equal": ours["outcome"] == peer["outcome"],
    }


def _measure(program: str, size: str, limit: int | None = None) -> dict[str, Any]:
    """Run `program` in its own process; what it printed, or the CPU seconds at which it was stopped."""

    def stop_after() -> None:
        if limit:
            resource.setrlimit(resource.RLIMIT_CPU, (limit + 30, limit + 30))

    command = [sys.executable, "-m", "benchmarks.allocation", program, size]
    root = Path(__file__).parents[1]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, preexec_fn=stop_after)
    if done.returncode == 0:
        return {"finished": True, **json.loads(done.stdout)}
    if limit and done.returncode < 0:
        return {"finished": False, "cpu_s": float(limit), "memory_mb": 0}
    raise RuntimeError(f"{program} {size}: {done.stderr[-2000:]}")


def _memory_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def ours(size: str) -> dict[str, Any]:
    from benchmarks.allocation_rounds import make
    from okat.engine.allocation.compiled import solve, violation

    started = time.process_time()
    small = make(1000, 20, 100)
    violation(small, solve(small))
    compiling = time.process_time() - started
    arrays = make(*SIZES[size])
    started = time.process_time()
    seat = solve(arrays)
    solved = time.process_time()
    found = violation(arrays, seat)
    checked = time.process_time()
    if found:
        raise RuntimeError(f"the outcome fails its check: {found}")
    return {
        "cpu_s": solved - started,
        "check_s": checked - solved,
        "compile_s": compiling,
        "memory_mb": _memory_mb(),
        "edges": len(arrays.opportunity),
    }


def flow(size: str) -> dict[str, Any]:
    """Applicants -> opportunities at the cost of the rank, opportunities -> sink, and a costly way past them all."""
    from ortools.graph.python import min_cost_flow

    from benchmarks.allocation_rounds import make

    arrays = make(*SIZES[size])
    applicants, listed, places = SIZES[size]
    sink = applicants + places
    people = np.arange(applicants, dtype=np.int32)
    started = time.process_time()
    solver = min_cost_flow.SimpleMinCostFlow()
    for tails, heads, capacities, costs in (
        (np.repeat(people, listed), arrays.opportunity + applicants, 1, np.tile(np.arange(listed), applicants)),
        (np.arange(applicants, sink), np.full(places, sink), arrays.capacity, 0),
        (people, np.full(applicants, sink), 1, listed),
    ):
        count = len(tails)
        capacity = np.broadcast_to(np.asarray(capacities, np.int64), count)
        cost = np.broadcast_to(np.asarray(costs, np.int64), count)
        solver.add_arcs_with_capacity_and_unit_cost(tails.astype(np.int32), heads.astype(np.int32), capacity, cost)
    solver.set_nodes_supplies(people, np.ones(applicants, np.int64))
    solver.set_node_supply(sink, -applicants)
    if solver.solve() != solver.OPTIMAL:
        raise RuntimeError("min-cost flow found no optimum")
    return {"cpu_s": time.process_time() - started, "memory_mb": _memory_mb()}


def _small(size: str) -> tuple[dict[str, list[str]], dict[str, list[str]], dict[str, int], Any]:
    """A round without reserves and without ties, as lists for `matching` and as a `Problem`."""
    from okat.engine.allocation import Applicant, Opportunity, Preference, Problem

    people, places = int(size), int(size) // 20
    random = np.random.default_rng(7)
    wishes = {f"a{i}": [f"o{j}" for j in random.choice(places, 5, replace=False)] for i in range(people)}
    scores = {f"o{j}": random.permutation(people) for j in range(places)}
    listing: dict[str, list[str]] = {where: [] for where in scores}
    for who, listed in wishes.items():
        for where in listed:
            listing[where].append(who)
    ranked = {o: sorted(who, key=lambda name, o=o: -scores[o][int(name[1:])]) for o, who in listing.items()}
    seats = dict.fromkeys(scores, 12)
    problem = Problem(
        tuple(Opportunity(where, 12) for where in scores),
        tuple(Applicant(who) for who in wishes),
        tuple(
            Preference(who, where, rank, int(scores[where][int(who[1:])]))
            for who, listed in wishes.items()
            for rank, where in enumerate(listed, start=1)
        ),
    )
    return wishes, ranked, seats, problem


def ours_small(size: str) -> dict[str, Any]:
    from okat.engine.allocation import decide

    problem = _small(size)[3]
    started = time.process_time()
    outcome = decide(problem, seed="s")
    seconds = time.process_time() - started
    return {"cpu_s": seconds, "outcome": sorted((w, s.opportunity) for w, s in outcome.placements.items() if s)}


def matching(size: str) -> dict[str, Any]:
    from matching.games import HospitalResident

    sys.setrecursionlimit(50_000)  # it copies its players by recursion
    wishes, ranked, seats, _ = _small(size)
    started = time.process_time()
    game = HospitalResident.create_from_dictionaries(wishes, ranked, seats)
    solution = game.solve(optimal="resident")
    seconds = time.process_time() - started
    return {"cpu_s": seconds, "outcome": sorted((str(r), str(h)) for h, rs in solution.items() for r in rs)}


PROGRAMS = {"ours": ours, "flow": flow, "ours-small": ours_small, "matching": matching}

if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(PROGRAMS[sys.argv[1]](sys.argv[2])))
    else:
        print(json.dumps(run(), indent=2))
