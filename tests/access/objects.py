"""For each address with arguments, how to make the object that it shows: the registry of the access test.

An app adds its own in tests/APP/access.py as `MAKERS`: address name -> a function of the small city that
gives a `Thing`.
"""

import importlib
from collections.abc import Callable
from pathlib import Path

from tests.access.thing import Thing
from tests.small_city import SmallCity

Maker = Callable[[SmallCity], Thing]


def makers() -> dict[str, Maker]:
    """All that the apps give; a name given twice is a fault."""
    found: dict[str, Maker] = {}
    for path in sorted(Path(__file__).parents[1].glob("*/access.py")):
        module = importlib.import_module(f"tests.{path.parent.name}.access")
        twice = found.keys() & module.MAKERS.keys()
        assert not twice, f"{path}: {sorted(twice)} have two makers"
        found |= module.MAKERS
    return found
