"""Where a row of an office's table is: its columns, else its address, else the office's own area - and that is said."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from okat.city.people.actions.rows import HouseRow
from okat.city.places.models import Area
from okat.city.places.queries import known, wordings
from okat.thai.address import read_address
from okat.thai.text import fold

_LEVELS = ("district", "subdistrict", "community")


@dataclass(frozen=True)
class Found:
    """`wrong`: the field that names no area, or several. `community`: the name of one that is not known. `assumed`:
    the row names no place, and the office's own area stands for it. `unread`: its address names none that is here.
    `named`: the row names this very area."""

    area: Area
    wrong: str = ""
    community: str = ""
    assumed: bool = False
    unread: bool = False
    named: bool = False


class Places:
    """Areas by every way of writing their names."""

    def __init__(self, home: Area) -> None:
        self.home = home
        self.by_name: dict[str, list[Area]] = {}
        for area in known().values():
            for name in wordings(area):
                self.by_name.setdefault(name, []).append(area)

    def find(self, values: Mapping[str, Any]) -> Found:
        said = {field: str(values[field]) for field in _LEVELS if values.get(field)}
        if said:
            return self._named(said)
        address = read_address(str(values.get("address", "")))
        said = {field: address[field] for field in _LEVELS if field in address}
        if not said:
            return Found(self.home, assumed=True)
        found = self._named(said)
        away = "province" in address and not any(fold(address["province"]) in wordings(a) for a in _above(self.home))
        if found.wrong or found.community or away:
            return Found(self.home, assumed=True, unread=True)
        return found

    def _named(self, said: Mapping[str, str]) -> Found:
        """The narrowest area that the row names."""
        found: Area | None = None
        for field, name in said.items():
            seat = fold(f"เมือง{name}") if field == "district" else ""
            here = (found or self.home).path
            fits = [
                area for area in self.by_name.get(fold(name)) or self.by_name.get(seat, [])
                if area.level == field and (area.path.startswith(here) or self.home.path.startswith(area.path))
            ]  # fmt: skip
            if len(fits) == 1:  # what lies above the office's own area says no more than that
                found = fits[0] if fits[0].path.startswith(here) else found
            elif field == "community":
                return Found(found or self.home, community=name, assumed=found is None, named=found is not None)
            else:
                return Found(self.home, wrong=field)
        return Found(found or self.home, named=found is not None)


def _above(area: Area) -> Iterator[Area]:
    step: Area | None = area
    while step is not None:
        yield step
        step = step.parent


def house_of(values: Mapping[str, Any], number: int) -> HouseRow | None:
    """Rows of one house live together. A house number is of its village or community: where the row names neither
    these nor the sub-district, it is the house of that row alone."""
    house, village = str(values.get("house_no", "")), str(values.get("village_no", ""))
    told = " ".join(part for part in (house, f"หมู่ {village}" if village else "") if part)
    if key := str(values.get("household", "")):
        return HouseRow(key=key, house=told or key)
    if not house:
        return None
    where = [str(values.get(name, "")) for name in ("district", "subdistrict", "community")]
    alone = "" if any(where) else f"row {number}"
    return HouseRow(key="|".join([told, *map(fold, where), alone]), house=told)
