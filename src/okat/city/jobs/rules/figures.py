"""Figures about few people are held back: what is left must not say it by subtraction either."""

from typing import NamedTuple

from okat.city.jobs.rules import SMALLEST


class Pair(NamedTuple):
    """So many of so many; None: held back."""

    part: int | None
    whole: int | None


def pair(part: int, whole: int) -> Pair:
    """`part` of `whole`. Under ten in all: nothing is shown; one to nine within or without: only the whole."""
    if 0 < whole < SMALLEST:
        return Pair(None, None)
    small = any(0 < n < SMALLEST for n in (part, whole - part))
    return Pair(None if small else part, whole)
