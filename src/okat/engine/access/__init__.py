"""Access: how many free places each person can reach, shared fairly with everybody else who reaches them.

    People, Venues, Zones -> scores -> Access     enhanced two-step floating catchment area (catchment.py)
    check -> tuple of Violation                   proof of the scores, which shares no code with them (check.py)
    by_area -> per area                           what an office reads off a map (areas.py)

Loaded with NumPy; everything else of the engine works without this package.
"""

from okat.engine.access.areas import AreaAccess, by_area
from okat.engine.access.catchment import Access, scores
from okat.engine.access.check import Violation, check
from okat.engine.access.problem import LUO_QI, AccessError, People, Venues, Zones

__all__ = [
    "LUO_QI",
    "Access",
    "AccessError",
    "AreaAccess",
    "People",
    "Venues",
    "Violation",
    "Zones",
    "by_area",
    "check",
    "scores",
]
