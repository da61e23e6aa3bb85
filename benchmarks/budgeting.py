"""Rows `budgeting-*`: equal shares against pabutools in exact fractions, solve only, on real and made-up elections.

pabutools stands in an environment of its own (`var/judges-env`, made here) and never beside the product; it runs with
a limit on its CPU seconds, and where it does not finish, the ratio is a lower bound. The real elections are sample
data (OKAT_SHARED_DATA); absent, their rows say so. The floor is the time in which the edges of the ballots could be
read once from memory, at the bandwidth measured here: 12 bytes each (who, and what they have).
"""

import gzip
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from okat.engine.budgeting import Election, Outcome, Rules, decide
from okat.engine.budgeting.ballots import grouped

ROOT = Path(__file__).resolve().parents[1]
JUDGES = ROOT / "var" / "judges-env"
SAMPLES = Path(os.environ.get("OKAT_SHARED_DATA", ROOT.parent / "shared" / "data")) / "pabulib"
PLAIN = Rules(completion=("none",), start="exact")
RAISED = Rules(start="exact")
ROUNDS = 3
CASES: dict[str, tuple[str, Rules, float, int]] = {
    # row: file or voters x projects, rules, target, the peer's limit in CPU seconds (0: not run)
    "budgeting-lodz": ("Poland_Lodz_2022.pb.gz", PLAIN, 200.0, 120),
    "budgeting-100k-100": ("100000x100", PLAIN, 200.0, 120),
    "budgeting-add1-swiecie": ("Poland_Swiecie_2023.pb", RAISED, 100.0, 120),
    "budgeting-add1-wieliczka": ("Poland_Wieliczka_2023_Green_Budget.pb", RAISED, 100.0, 120),
    "budgeting-add1-10k-100": ("10000x100", RAISED, 100.0, 120),
    "budgeting-add1-100k-100": ("100000x100", RAISED, 30.0, 0),
}
NAMES = tuple(CASES)


def made_up(n: int, p: int) -> Election:
    """Approval ballots of eight projects on average, some of which are liked far more than others."""
    random = np.random.default_rng(1)
    keys = random.exponential(1.0, (n, p)) / (random.pareto(1.5, p) + 0.2)
    chosen = keys.argsort(axis=1).argsort(axis=1) < random.integers(1, 16, n)[:, None]
    rows, projects = np.nonzero(chosen)
    starts = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=n))))
    costs = random.integers(20, 2000, p) * 1000
    ids = tuple(str(c + 1) for c in range(p))
    return Election(ids, costs, int(costs.sum()) // 4, starts, projects, np.ones(len(projects), dtype=np.int64))


def read(path: Path) -> Election:
    """A Pabulib file with approval ballots."""
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    tables: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in text.decode("utf-8-sig").splitlines():
        if line in ("META", "PROJECTS", "VOTES"):
            rows = tables.setdefault(line, [])
        elif line:
            rows.append(line.split(";"))
    head, *projects = tables["PROJECTS"]
    costs: dict[str, Any] = {row[head.index("project_id")]: row[head.index("cost")] for row in projects}
    head, *votes = tables["VOTES"]
    ballots = [row[head.index("vote")].split(",") if row[head.index("vote")] else [] for row in votes]
    return Election.of(costs, ballots, dict(row[:2] for row in tables["META"])["budget"])


def ours(election: Election, rules: Rules) -> tuple[Outcome, float]:
    """The median of three, each with the ballots turned and grouped anew."""
    seconds = []
    for _ in range(ROUNDS):
        for cached in ("supporters", "votes", "rank"):
            election.__dict__.pop(cached, None)
        started = time.process_time()
        outcome = decide(election, rules)
        seconds.append(time.process_time() - started)
    return outcome, sorted(seconds)[ROUNDS // 2]


def peer(election: Election, rules: Rules, form: str, limit: int) -> dict[str, Any] | None:
    """Winners and CPU seconds, or None where the limit ends it."""
    if not (JUDGES / "bin" / "python").exists():
        uv = str(Path(sys.executable).with_name("uv"))
        subprocess.run([uv, "venv", "-q", "--python", sys.executable, str(JUDGES)], check=True)
    python = str(JUDGES / "bin" / "python")
    if subprocess.run([python, "-c", "import pabutools"], capture_output=True, check=False).returncode:
        uv = str(Path(sys.executable).with_name("uv"))
        subprocess.run([uv, "pip", "install", "-q", "--python", python, "pabutools==1.2.3"], check=True)
    problem = {
        "ids": election.ids, "costs": election.costs.tolist(), "budget": election.budget, "raised": rules.adds,
        "starts": election.starts.tolist(), "project": election.project.tolist(),
    }  # fmt: skip
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(problem, file)
        file.flush()
        done = subprocess.run(
            [python, str(ROOT / "benchmarks" / "budgeting_peer.py"), file.name, form],
            capture_output=True, text=True, check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5)),
        )  # fmt: skip
    if done.returncode < 0:
        return None
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def bandwidth() -> float:
    """Bytes a second that one core reads from memory."""
    block = np.ones(25_000_000)
    started = time.process_time()
    for _ in range(3):
        block.sum()
    return 3 * block.nbytes / (time.process_time() - started)


def memory(election: Election, rules: Rules) -> float:
    """The most that deciding holds at once, over the size of the ballots' own arrays."""
    import tracemalloc

    election.__dict__.pop("supporters", None)
    tracemalloc.start()
    decide(election, rules)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / (election.starts.nbytes + election.project.nbytes + election.weight.nbytes)


def row(name: str) -> dict[str, Any]:
    source, rules, target, limit = CASES[name]
    path = SAMPLES / source
    if source[0].isalpha() and not path.exists():
        return {"name": name, "ours": f"SAMPLE DATA ABSENT: {path.name} (set OKAT_SHARED_DATA)", "target": target}
    election = read(path) if source[0].isalpha() else made_up(*map(int, source.split("x")))
    outcome, seconds = ours(election, rules)
    floor = len(election.project) * 12 / bandwidth()
    text = (
        f"decide(): {election.n:,} ballots in {len(grouped(election).many):,} kinds x {election.p}, "
        f"{len(outcome.winners)} winners, share {float(outcome.endowment or 0):.2f}; "
        f"floor of one count {floor:.1g} s; memory {memory(election, rules):.1f} x ballots"
    )
    found = {"name": name, "ours": text, "peer": "", "ours_cpu_s": seconds, "target": target, "equal": None}
    if not limit:
        return {**found, "peer": "none: the target is ours in seconds"}
    theirs = peer(election, rules, "plain", limit)
    grouped_too = peer(election, rules, "grouped", limit)
    cpu = theirs["cpu"] if theirs else float(limit)
    quick = f"{grouped_too['cpu']:.3g} s" if grouped_too else f"over {limit} s"
    best = theirs or grouped_too
    return {
        **found,
        "peer": f"pabutools, exact{'' if theirs else ', stopped by the limit'} (with equal ballots grouped: {quick})",
        "peer_cpu_s": cpu,
        "ratio": cpu / seconds,
        "equal": sorted(outcome.winners) == sorted(best["winners"]) if best else None,
    }


def run(only: str) -> list[dict[str, Any]]:
    return [row(name) for name in NAMES if only in name]
