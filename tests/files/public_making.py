"""Public bundles and own rows of made-up rounds, honest or forged, for the tests of both."""

import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path
from random import Random
from typing import Any

from okat.engine.allocation import Applicant, Opportunity, Outcome, Preference, Problem, Reserve, decide
from okat.engine.allocation.seed import commit, join
from okat.engine.allocation.waiting import DECLINED, LEFT, Release, release
from okat.engine.disclosure import Number
from okat.files.allocation.own import own_row
from okat.files.allocation.public import Draft, draw_up, figures
from okat.files.allocation.sealing import Salts, Sealed
from okat.files.container import members_of, pack
from okat.files.findings import Report
from okat.files.verify import verify_bundle

KEY, SECRET, DRAWN = bytes(range(32)), "9f1c2ab47d03e58c6b1a0e9d4f7c3b28", "730209"
SEED = join(SECRET, DRAWN)
DRAW: dict[str, Any] = {
    "seed_protocol": {"commitment": commit(SECRET), "secret": SECRET, "public_draw": DRAWN},
    "draw_entries": [{"digits": DRAWN, "person": 1}, {"digits": DRAWN, "person": 2}],
}


def sealed(problem: Problem, outcome: Outcome | None = None, version: int = 1) -> Sealed:
    made = Sealed(problem, outcome or decide(problem, seed=SEED), Salts.of(KEY, version))
    return drafted(made).sealed


def drafted(made: Sealed, **more: Any) -> Draft:
    return draw_up(made, figures(made.problem, made.outcome), seed=SEED, **{"extra": DRAW, **more})


def bundle_of(problem: Problem, outcome: Outcome | None = None, **more: Any) -> bytes:
    made = sealed(problem, outcome)
    return drafted(made, **more).data()


def write(path: Path, problem: Problem, **changes: bytes) -> Path:
    """The public bundle, members replaced (`cutoffs_csv=...`) and sealed again."""
    members = dict(members_of(bundle_of(problem)))
    members |= {name.replace("_", "."): content for name, content in changes.items()}
    return again(path, members, json.loads(members["decision.json"]))


def again(path: Path, members: dict[str, bytes], head: dict[str, Any]) -> Path:
    head["digests"] = {n: hashlib.sha256(d).hexdigest() for n, d in members.items() if n != "decision.json"}
    path.write_bytes(pack({**members, "decision.json": json.dumps(head).encode()}, first="decision.json"))
    return path


def proved(bundle: Path, row: dict[str, Any]) -> Report:
    """The report of an own row against a bundle."""
    path = bundle.with_suffix(".json")
    path.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    return verify_bundle(bundle, row=path)


def row_of(made: Sealed, who: str) -> dict[str, Any]:
    """As it is handed out: through JSON, which knows no tuples."""
    found: dict[str, Any] = json.loads(json.dumps(own_row(made, who, seed=SEED, auditors=["อารี"])))
    return found


def table(data: bytes, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return list(csv.DictReader(io.StringIO(archive.read(name).decode(), newline="")))


def a_round(seed: int, *, people: int = 120, places: int = 6) -> Problem:
    """A round as cities have them: courses of a few to forty places, many with one place kept for a small group."""
    random = Random(seed)
    opportunities = []
    for number in range(random.randint(1, places)):
        capacity = random.choice([1, 3, 8, 12, 20, 40])
        reserves = [Reserve("disability", 1)] if random.random() < 0.7 else []
        if random.random() < 0.3 and capacity > 10:
            reserves.append(Reserve("older", random.choice([2, 10, capacity - 1])))
        opportunities.append(Opportunity(f"o{number}", capacity, tuple(reserves)))
    applicants = tuple(
        Applicant(
            f"p{number}",
            frozenset(g for g, often in (("disability", 0.1), ("older", 0.4)) if random.random() < often),
        )
        for number in range(random.randint(1, people))
    )
    wishes = [
        Preference(each.id, item.id, rank, random.randint(0, 120))
        for each in applicants
        for rank, item in enumerate(random.sample(opportunities, random.randint(1, len(opportunities))), 1)
    ]
    return Problem(tuple(opportunities), applicants, tuple(wishes))


class History:
    """A round and its waiting list: versions, and the public ones of them with all that was shown."""

    def __init__(self, problem: Problem) -> None:
        self.first = self.left = problem
        self.outcome = decide(problem, seed=SEED)
        self.public: list[tuple[bytes, Outcome]] = []
        self.numbers: tuple[Number, ...] = ()
        self.publish()

    def publish(self) -> None:
        made = figures(self.first, self.outcome, before=self.numbers)
        self.numbers = made.numbers
        sealed_now = sealed(self.left, self.outcome, len(self.public) + 1)
        roots = [(number, "0" * 64) for number in range(1, len(self.public) + 1)]
        self.public.append((draw_up(sealed_now, made, seed=SEED, roots=roots, extra=DRAW).data(), self.outcome))

    def give_back(self, random: Random, count: int) -> None:
        holds = [who for who, seat in self.outcome.placements.items() if seat]
        lines = [
            Release(0, who, seat.opportunity, random.choice([DECLINED, LEFT]))
            for who in random.sample(holds, min(count, len(holds)))
            if (seat := self.outcome.placements[who])
        ]
        moved = release(self.left, self.outcome, lines, seed=SEED)
        self.left, self.outcome = moved.problem, moved.outcome
