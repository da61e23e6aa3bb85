"""Groups and standings of people, from what is known of them on a day."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from okat.city.catalogue import solve as catalogue
from okat.city.rounds.models import Place
from okat.city.rounds.queries import Known
from okat.city.rounds.rules.policy import Standing
from okat.engine.eligibility import Point, Rule, Tri, evaluate
from okat.engine.eligibility.values import distance_km


def group_words() -> dict[str, tuple[str, str]]:
    """Each group's Thai and English name."""
    return {group.code: (group.words.th, group.words.en) for group in catalogue.groups()}


def groups_of(known: Known, person: UUID, on: dt.date) -> frozenset[str]:
    """The groups for which the person's facts say yes; an unknown fact gives no right to a reserved place."""
    facts = known.facts.get(person, {})
    return frozenset(group.code for group in catalogue.groups() if _yes(group.rule, facts, on))


def _yes(rule: Rule, facts: Mapping[str, Any], on: dt.date) -> bool:
    return evaluate(rule, facts, on=on).value is Tri.YES


def standing_of(known: Known, person: UUID, place: Place, at: dt.datetime) -> Standing:
    """What the score is counted from, for one person at one place (whose opportunity is loaded)."""
    offer = place.opportunity
    since = [when for code, when in known.needs.get(person, {}).items() if code in offer.need_codes]
    return Standing(
        score=known.scores.get(person),
        need=bool(since),
        waiting_days=(at - min(since)).days if since else 0,
        km=_km(known.points.get(person), offer.lat, offer.lon),
        online=offer.online,
        own=tuple(_own(place, known.facts.get(person, {}), at.date())),
    )


def _own(place: Place, facts: Mapping[str, Any], on: dt.date) -> list[tuple[str, str, int]]:
    return [
        (part["th"], part.get("en") or part["th"], int(part["points"]))
        for part in place.priority
        if _yes(catalogue.parsed(part["rule"]), facts, on)
    ]


def _km(point: tuple[float, float] | None, lat: float | None, lon: float | None) -> float | None:
    if point is None or lat is None or lon is None:
        return None
    return round(distance_km(Point(*point), Point(lat, lon)), 1)
