"""Whom it concerns that an opportunity is cancelled, held before it (CONTRIBUTING: one order of locks)."""

from collections.abc import Collection
from uuid import UUID

from okat.city.core.registries import CONCERNED, publish
from okat.city.people.actions import hold_people


def hold_concerned(opportunities: Collection[UUID], closing: Collection[UUID] = ()) -> None:
    """Who takes part in one of these or has a case or a place there, of whatever app: theirs ends with it. Of those
    that only take nobody any more (`closing`) the rounds alone."""
    held: set[UUID] = set()
    # Whose case was opened while the others were waited for is held too, before the course is.
    while more := {person for _app, named in CONCERNED for person in named(opportunities)} - held:
        hold_people(more)
        held |= more
    publish("opportunities.cancelling", opportunities=[*opportunities, *closing])  # the rounds that give places in them
