"""Row `access-100k-500`: free places within reach of 100,000 people, at 500 venues, against the `access` package.

The peer works on a table of distances, which it cannot make itself for points: it is made beforehand, cut to what is
within reach, and costs the peer nothing here. Ours finds who is within reach as part of its time. The check of ours is
timed apart.
"""

import time
from typing import Any

import numpy as np

from okat.engine.access import LUO_QI, People, Venues, Zones, check, scores
from okat.engine.access.check import kilometres

PEOPLE, VENUES, ROUNDS, TARGET = 100_000, 500, 3, 20.0
ZONES = Zones((2.0, 4.0, 6.0), LUO_QI)
NAMES = ("access-100k-500",)


def city(random: np.random.Generator, size: int) -> tuple[Any, Any]:
    """Points spread around one centre as a city is: 8 km standard deviation to each side."""
    return 16.43 + random.normal(0, 8, size) / 111.2, 102.83 + random.normal(0, 8, size) / 106.6


def make() -> tuple[People, Venues]:
    random = np.random.default_rng(3)
    people = People(*city(random, PEOPLE), random.integers(1, 6, PEOPLE).astype(float))
    return people, Venues(*city(random, VENUES), random.integers(0, 40, VENUES).astype(float))


def distances(people: People, venues: Venues) -> Any:
    """The peer's table: person, venue, kilometres."""
    import pandas as pd

    parts = []
    for j in range(len(venues)):
        km = kilometres(people, float(venues.lat[j]), float(venues.lon[j]))
        near = np.flatnonzero(km <= ZONES.reach_km)
        parts.append(pd.DataFrame({"origin": near, "dest": j, "cost": km[near]}))
    return pd.concat(parts, ignore_index=True)


def peer(people: People, venues: Venues, table: Any) -> tuple[Any, float]:
    import pandas as pd

    from access import Access, weights

    demand = pd.DataFrame({"geoid": np.arange(len(people)), "demand": people.demand})
    supply = pd.DataFrame({"geoid": np.arange(len(venues)), "seats": venues.seats})
    rings = weights.step_fn(dict(zip(ZONES.km, ZONES.weight, strict=True)))
    started = time.process_time()
    model = Access(
        demand_df=demand, demand_index="geoid", demand_value="demand",
        supply_df=supply, supply_index="geoid", supply_value="seats",
        cost_df=table, cost_origin="origin", cost_dest="dest", cost_name="cost",
    )  # fmt: skip
    found = model.enhanced_two_stage_fca(max_cost=ZONES.reach_km, weight_fn=rings)
    seconds = time.process_time() - started
    return found.iloc[:, 0].reindex(range(len(people))).fillna(0.0).to_numpy(), seconds


def run(only: str) -> list[dict[str, Any]]:
    """CPU seconds of both: ours the median of three rounds, the peer's once (it takes a while)."""
    people, venues = make()
    table = distances(people, venues)
    theirs, peer_seconds = peer(people, venues, table)
    rounds = []
    for _ in range(ROUNDS):
        started = time.process_time()
        ours = scores(people, venues, ZONES)
        rounds.append(time.process_time() - started)
    seconds = sorted(rounds)[ROUNDS // 2]
    started = time.process_time()
    broken = check(people, venues, ZONES, ours)
    checked = time.process_time() - started
    if broken:
        raise RuntimeError(f"the scores fail their check: {broken[0]}")
    apart = float(np.max(np.abs(ours.score - theirs)))
    return [
        {
            "name": NAMES[0],
            "ours": f"scores(), finding who is within reach (check {checked:.1f} s; largest difference {apart:.1e})",
            "peer": f"access.enhanced_two_stage_fca over a ready table of {len(table):,} distances",
            "ours_cpu_s": seconds,
            "peer_cpu_s": peer_seconds,
            "ratio": peer_seconds / seconds,
            "target": TARGET,
            "equal": bool(np.allclose(ours.score, theirs, rtol=1e-9, atol=1e-9)),
        }
    ]
