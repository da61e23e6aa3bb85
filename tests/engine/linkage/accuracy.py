"""Measures the suggestions on a made register: `python -m tests.engine.linkage.accuracy 11 12 13` (seeds)."""

import random
import sys
import time
from collections import Counter, defaultdict
from dataclasses import astuple, dataclass, field

from tests.engine.linkage.register import Names, Register, make_register, newcomer, retype

from okat.engine.linkage import PER_KEY, WEIGHTS, Birth, PersonKey, Suggestion, Weights, keys, lookups, rank


class Index:
    """Rows of (kind, key, person) as an indexed table holds them; persons are built anew at each look-up."""

    def __init__(self, register: Register) -> None:
        self.rows = [astuple(person) for person in register.people]
        self.filed: dict[tuple[str, str], list[int]] = defaultdict(list)
        for i, person in enumerate(register.people):
            for key in keys(person):
                self.filed[key].append(i)

    def candidates(self, query: PersonKey) -> dict[str, PersonKey]:
        found: dict[int, None] = {}
        for key in lookups(query):
            found.update(dict.fromkeys(self.filed.get(key, ())[:PER_KEY]))
        return {str(i): self.person(i) for i in found}

    def person(self, i: int) -> PersonKey:
        given, family, birth, *rest = self.rows[i]
        return PersonKey(given, family, Birth(*birth), *rest)


@dataclass
class Accuracy:
    queries: int = 0
    found: int = 0
    retrieved: int = 0
    first: int = 0
    relative_above: int = 0
    cpu_ms: list[float] = field(default_factory=list)
    candidates: list[int] = field(default_factory=list)

    def __str__(self) -> str:
        n, times, sizes = self.queries, sorted(self.cpu_ms), sorted(self.candidates)
        return (
            f"in five {self.found / n:.2%}, first {self.first / n:.2%}, retrieved {self.retrieved / n:.2%}, "
            f"relative above {self.relative_above / n:.2%}, candidates median {sizes[n // 2]} "
            f"max {sizes[-1]}, CPU ms median {times[n // 2]:.1f} p95 {times[n * 95 // 100]:.1f} max {times[-1]:.1f}"
        )


def measure(
    register: Register, index: Index, queries: int, seed: int, *, pin: bool = True, weights: Weights = WEIGHTS
) -> Accuracy:
    rng = random.Random(f"queries {seed}")
    names, result = Names(random.Random(seed)), Accuracy()
    for _ in range(queries):
        true = rng.randrange(len(register.people))
        query = retype(rng, names, register.people[true], pin=pin)
        start = time.process_time()
        candidates = index.candidates(query)
        best = rank(query, candidates, weights=weights)
        result.cpu_ms.append((time.process_time() - start) * 1000)
        result.candidates.append(len(candidates))
        result.retrieved += str(true) in candidates
        _judge(result, register, true, best)
    return result


def _judge(result: Accuracy, register: Register, true: int, best: tuple[Suggestion, ...]) -> None:
    """A relative counts as above the true one also when the true one is not suggested at all."""
    ids = [int(s.id) for s in best]
    place = ids.index(true) if true in ids else len(ids)
    result.queries += 1
    result.found += true in ids
    result.first += place == 0 and true in ids
    result.relative_above += any(register.home[i] == register.home[true] for i in ids[:place])


def false_alarms(register: Register, index: Index, queries: int, seed: int) -> Counter[str]:
    """The best suggestion for new persons who live with someone registered: its band, relative or not."""
    rng = random.Random(f"newcomers {seed}")
    names = Names(random.Random(seed))
    bands: Counter[str] = Counter()
    for _ in range(queries):
        host = rng.randrange(len(register.people))
        query = newcomer(rng, names, register.people[host])
        best = rank(query, index.candidates(query))
        if not best:
            bands["none"] += 1
            continue
        related = register.home[int(best[0].id)] == register.home[host]
        bands[f"{best[0].score.band} {'relative' if related else 'stranger'}"] += 1
    return bands


def main(seeds: list[int], persons: int = 100_000, queries: int = 2_000) -> None:
    for seed in seeds:
        register = make_register(persons, seed)
        index = Index(register)
        for pin in (True, False):
            kind = "with" if pin else "without"
            print(f"seed {seed} {kind} numbers: {measure(register, index, queries, seed, pin=pin)}")
        print(f"seed {seed} newcomers: {dict(false_alarms(register, index, queries, seed))}", flush=True)


if __name__ == "__main__":
    main([int(seed) for seed in sys.argv[1:]] or [1])
