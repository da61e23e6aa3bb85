"""Plain values from which work is described: the form, imports and the demo all hand these in."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRow:
    """All that a partner says of the work in one opportunity, in codes of the city's words; see models.Work."""

    occupation: str = ""
    needed: tuple[str, ...] = ()
    taught: tuple[str, ...] = ()
    hours: Decimal | None = None
    lodging: str = ""
    lodging_contact: str = ""
    strength: str = ""

    @property
    def says_something(self) -> bool:
        return self != WorkRow()


def as_json(row: WorkRow) -> dict[str, Any]:
    hours = None if row.hours is None else str(row.hours)
    return {
        "occupation": row.occupation, "needed": list(row.needed), "taught": list(row.taught), "hours": hours,
        "lodging": row.lodging, "lodging_contact": row.lodging_contact, "strength": row.strength,
    }  # fmt: skip


def from_json(said: Mapping[str, Any]) -> WorkRow:
    """The row that `as_json` wrote."""
    values = {**said, "needed": tuple(said["needed"]), "taught": tuple(said["taught"])}
    values["hours"] = None if said["hours"] is None else Decimal(said["hours"])
    return WorkRow(**values)
