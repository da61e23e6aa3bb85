"""A policy to try beside the one that is set, with switches that no round has yet: who goes first among equals, the
order of reserves, and the city's own quotas. For comparing only; what a round may do is rules.policy. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from okat.city.rounds.rules.policy import Policy, Standing, points_of, total

MOST_VARIANTS = 3
_FINE = 1000  # points of difference weigh more than any order among equals


class Ties(StrEnum):
    """Who goes first among equal scores; the lottery decides what is equal still."""

    LOTTERY = "lottery"
    WAITING = "waiting"
    NEAR = "near"
    SCORE = "score"


TIE_LABELS: dict[Ties, Promise] = {
    Ties.LOTTERY: _("the lottery at once"),
    Ties.WAITING: _("who has waited longer"),
    Ties.NEAR: _("who lives closer"),
    Ties.SCORE: _("who has the higher vulnerability score"),
}


class Reserves(StrEnum):
    """What becomes of the seats that providers keep for groups."""

    PUBLISHED = "published"
    REVERSED = "reversed"
    LARGEST = "largest"
    NONE = "none"


RESERVE_LABELS: dict[Reserves, Promise] = {
    Reserves.PUBLISHED: _("kept, in the published order"),
    Reserves.REVERSED: _("kept, in the reverse order"),
    Reserves.LARGEST: _("kept, the largest group first"),
    Reserves.NONE: _("not kept"),
}


@dataclass(frozen=True)
class Variant:
    """`quotas` are (group, percent of each opportunity's places, rounded down); they stand in place of the reserves."""

    policy: Policy
    ties: Ties = Ties.LOTTERY
    reserves: Reserves = Reserves.PUBLISHED
    quotas: tuple[tuple[str, int], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As it is written into the bundle when it was tried on a round's own data."""
        more = {"ties": self.ties.value, "reserve_order": self.reserves.value, "quotas": [list(q) for q in self.quotas]}
        return {**self.policy.as_dict(), **more}

    def priority(self, standing: Standing) -> int:
        """The score, and below it the order among equals."""
        return total(points_of(self.policy, standing)) * _FINE + _tie(self.ties, standing)

    def seats(self, capacity: int, published: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
        """The reserves of one opportunity under this variant, never more than its places."""
        if self.quotas:
            wanted = tuple((group, capacity * percent // 100) for group, percent in self.quotas)
        elif not self.policy.reserves or self.reserves is Reserves.NONE:
            return ()
        else:
            wanted = _ordered(self.reserves, published)
        return _capped(capacity, wanted)


def _ordered(order: Reserves, published: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    if order is Reserves.REVERSED:
        return published[::-1]
    return tuple(sorted(published, key=lambda kept: -kept[1])) if order is Reserves.LARGEST else published


def _capped(capacity: int, wanted: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    found, left = [], capacity
    for group, seats in wanted:
        if (some := min(seats, left)) > 0:
            found.append((group, some))
            left -= some
    return tuple(found)


def _tie(ties: Ties, standing: Standing) -> int:
    """0 to 999; more goes first."""
    if ties is Ties.WAITING:
        return min(_FINE - 1, max(0, standing.waiting_days))
    if ties is Ties.SCORE:
        return min(_FINE - 1, max(0, standing.score or 0))
    if ties is Ties.NEAR:
        return _near(standing)
    return 0


def _near(standing: Standing) -> int:
    if standing.online:
        return _FINE - 1
    return 0 if standing.km is None else max(0, _FINE - 1 - round(10 * standing.km))
