"""Whom it concerns that an opportunity is cancelled, held before it (CONTRIBUTING: one order of locks)."""

from collections.abc import Collection
from uuid import UUID

from okat.city.catalogue.actions._holding import hold_courses
from okat.city.core.registries import CONCERNED, publish
from okat.city.people.actions import hold_all


def hold_concerned(
    opportunities: Collection[UUID], closing: Collection[UUID] = (), others: Collection[UUID] = ()
) -> None:
    """Who takes part in one of these or has a case or a place there, of whatever app: theirs ends with it. Of those
    that only take nobody any more (`closing`) the rounds alone. Then all of these, and `others` that change with
    them."""

    def courses() -> None:
        publish("opportunities.cancelling", opportunities=[*opportunities, *closing])  # the rounds that give places
        hold_courses(opportunities, closing, others)

    hold_all(lambda: {person for _app, named in CONCERNED for person in named(opportunities)}, courses)
