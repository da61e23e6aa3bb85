"""Groups and standings of people, from what is known of them on a day."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from okat.city.catalogue import solve as catalogue
from okat.city.catalogue.models import Opportunity
from okat.city.rounds.models import Place
from okat.city.rounds.queries import Known
from okat.city.rounds.rules.policy import Standing
from okat.engine.eligibility import Point, Rule, Tri, evaluate
from okat.engine.eligibility.values import distance_km


def group_words() -> dict[str, tuple[str, str]]:
    """Each group's Thai and English name."""
    return {group.code: (group.words.th, group.words.en) for group in catalogue.groups()}


def of_sensitive_kind(offer: Opportunity) -> bool:
    """Whether all who take part tell something of a disability or of health by that."""
    return catalogue.of_sensitive_kind(offer)


def groups_of(known: Known, person: UUID, on: dt.date) -> frozenset[str]:
    """The groups for which the person's facts say yes; an unknown fact gives no right to a reserved place."""
    facts = known.facts.get(person, {})
    return frozenset(group.code for group in catalogue.groups() if _yes(group.rule, facts, on))


def _yes(rule: Rule, facts: Mapping[str, Any], on: dt.date) -> bool:
    return evaluate(rule, facts, on=on).value is Tri.YES


class Scorer:
    """Standings of many people at one moment. Each published rule is parsed once, and asked once for each person, as
    of the day `on`: the one that the round published for ages and conditions."""

    def __init__(self, known: Known, at: dt.datetime, on: dt.date) -> None:
        self.known, self.at, self.on = known, at, on
        self._parts: dict[Any, list[tuple[str, str, int, str, Rule]]] = {}
        self._said: dict[tuple[UUID, str], bool] = {}
        self._telling: frozenset[str] | None = None

    def standing(self, person: UUID, place: Place) -> Standing:
        """What the score is counted from, for one person at one place (whose opportunity is loaded)."""
        offer, known = place.opportunity, self.known
        since = [when for code, when in known.needs.get(person, {}).items() if code in offer.need_codes]
        return Standing(
            score=known.scores.get(person),
            need=bool(since),
            waiting_days=(self.at - min(since)).days if since else 0,
            km=_km(known.points.get(person), offer.lat, offer.lon),
            online=offer.online,
            own=tuple(self._own(person, place)),
        )

    def refused(self, person: UUID, place: Place) -> bool:
        """Whether the opportunity's own rule says no; what is not known refuses nobody."""
        offer = place.opportunity
        if not offer.rule:
            return False
        key = (person, offer.rule_digest)
        if key not in self._said:
            rule = catalogue.parsed(offer.rule, offer.rule_digest)
            if self._telling is None:
                self._telling = catalogue.telling_situations()
            facts = catalogue.answered_from(rule, self.known.facts.get(person, {}), self._telling)
            self._said[key] = evaluate(rule, facts, on=self.on).value is Tri.NO
        return self._said[key]

    def _own(self, person: UUID, place: Place) -> list[tuple[str, str, int]]:
        if place.pk not in self._parts:
            self._parts[place.pk] = [
                (part["th"], part.get("en") or part["th"], int(part["points"]), *_rule(part["rule"]))
                for part in place.priority
            ]
        return [(th, en, points) for th, en, points, key, rule in self._parts[place.pk] if self._yes(person, key, rule)]

    def _yes(self, person: UUID, key: str, rule: Rule) -> bool:
        if (person, key) not in self._said:
            self._said[person, key] = _yes(rule, self.known.facts.get(person, {}), self.on)
        return self._said[person, key]


def _rule(data: dict[str, Any]) -> tuple[str, Rule]:
    return f"own:{catalogue.digest(data)}", catalogue.parsed(data)


def _km(point: tuple[float, float] | None, lat: float | None, lon: float | None) -> float | None:
    if point is None or lat is None or lon is None:
        return None
    return round(distance_km(Point(*point), Point(lat, lon)), 1)
