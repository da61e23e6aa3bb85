"""Whom it concerns that an opportunity changes, held before it (CONTRIBUTING: one order of locks)."""

from collections.abc import Collection
from uuid import UUID

from okat.city.core.registries import CONCERNED
from okat.city.people.actions import hold_people


def hold_concerned(opportunities: Collection[UUID], *, cancelled: bool = False) -> None:
    """Who waits for one of these, and (`cancelled`) who takes part or has a case or a place, of whatever app: theirs
    ends, and they are told; and whoever enrols holds the person and then waits for the course."""
    hold_people({person for _app, named in CONCERNED for person in named(opportunities, cancelled=cancelled)})
