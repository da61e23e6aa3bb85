"""What is known of many people at once, for scores and groups: a constant number of statements."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from okat.city.core.registries import FACTS
from okat.city.people.models import Need, Person, Score
from okat.city.people.rules import NeedStatus


@dataclass(frozen=True)
class Known:
    """By person: the current vulnerability score; open needs and since when; the middle of their area (never their
    own dot); and the facts that rules ask."""

    scores: Mapping[UUID, int]
    needs: Mapping[UUID, Mapping[str, dt.datetime]]
    points: Mapping[UUID, tuple[float, float]]
    facts: Mapping[UUID, Mapping[str, Any]]


def known(people: Collection[UUID]) -> Known:
    ids = sorted(set(people))
    scores = dict(
        Score.objects.filter(person__in=ids, current=True).order_by("at", "id").values_list("person_id", "value")
    )
    needs: dict[UUID, dict[str, dt.datetime]] = {}
    rows = Need.objects.filter(person__in=ids, status=NeedStatus.OPEN).values_list("person_id", "term__code", "since")
    for person, code, since in rows:
        needs.setdefault(person, {})[code] = since
    areas = Person.objects.filter(pk__in=ids).values_list("pk", "area__lat", "area__lon")
    points = {pk: (lat, lon) for pk, lat, lon in areas if lat is not None and lon is not None}
    return Known(scores, needs, points, _facts(ids))


def _facts(ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    merged: dict[UUID, dict[str, Any]] = {pk: {} for pk in ids}
    for _, source in FACTS:
        for pk, facts in source(ids).items():
            merged.setdefault(pk, {}).update(facts)
    return merged
