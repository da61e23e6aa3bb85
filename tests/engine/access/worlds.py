"""Made-up people and venues, also at the date line and near a pole."""

import numpy as np
from hypothesis import strategies as st

from okat.engine.access import People, Venues, Zones

CENTRES = ((16.43, 102.83), (0.0, 179.99), (89.95, -30.0), (-33.0, 0.0))


@st.composite
def zones(draw: st.DrawFn) -> Zones:
    steps = draw(st.lists(st.floats(0.5, 12), min_size=1, max_size=4))
    weights = sorted(draw(st.lists(st.floats(0.05, 1), min_size=len(steps), max_size=len(steps))), reverse=True)
    return Zones(tuple(np.cumsum(steps).tolist()), tuple(weights))


@st.composite
def worlds(draw: st.DrawFn) -> tuple[People, Venues, Zones]:
    lat, lon = draw(st.sampled_from(CENTRES))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, m = draw(st.integers(0, 25)), draw(st.integers(0, 8))
    spread = draw(st.sampled_from((0.0, 0.05, 0.3)))

    def around(k: int) -> tuple[np.ndarray, np.ndarray]:
        up = np.clip(lat + random.normal(0, 1, k) * spread, -90, 90)
        return up, (lon + random.normal(0, 1, k) * spread + 180) % 360 - 180

    demand = random.integers(0, 4, n).astype(float)
    return People(*around(n), demand), Venues(*around(m), random.integers(0, 30, m).astype(float)), draw(zones())
