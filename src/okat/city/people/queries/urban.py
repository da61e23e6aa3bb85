"""The urban poor (part U): people without papers here, their needs by place; groups under 10 are not shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from okat.city.people.models import Person
from okat.city.people.rules import OPEN_STATUSES, NeedStatus, Papers
from okat.city.places.models import Area, Level
from okat.city.taxonomy.models import Term, Vocabulary

SMALLEST = 10
CUTS: dict[str, tuple[str, ...]] = {
    "without": (Papers.NONE, Papers.ELSEWHERE),
    "none": (Papers.NONE,),
    "elsewhere": (Papers.ELSEWHERE,),
    "here": (Papers.REGISTERED,),
}


@dataclass(frozen=True)
class Line:
    """One district: people of the cut, and those of them with an open need under each heading; None is under 10."""

    area: Area
    people: int | None
    needs: tuple[int | None, ...]


def headings() -> list[Term]:
    """The city's headings of needs: income, occupation, social life, education."""
    return list(Term.objects.filter(vocabulary=Vocabulary.NEED, parent=None, active=True)[:5])


def by_district(cut: str, heads: Sequence[Term]) -> list[Line]:
    """One line for each district with at least 10 people of the cut; two queries in all."""
    counts = {f"need{number}": _needing(head) for number, head in enumerate(heads)}
    people = Person.objects.filter(status__in=OPEN_STATUSES, papers__in=CUTS[cut]).order_by()
    rows = list(people.values("area__path", "papers").annotate(people=Count("id", distinct=True), **counts))
    districts = Area.objects.filter(level=Level.DISTRICT).order_by("sort")
    lines = [
        _line(area, [row for row in rows if row["area__path"].startswith(area.path)], counts) for area in districts
    ]
    return [line for line in lines if line.people is not None]


def _needing(head: Term) -> Count:
    """People with an open need under a heading."""
    under = Q(needs__term=head) | Q(needs__term__parent=head)
    return Count("id", distinct=True, filter=under & Q(needs__status=NeedStatus.OPEN))


def _line(area: Area, rows: Sequence[Mapping[str, Any]], needs: Iterable[str]) -> Line:
    return Line(area, _safe(rows, "people"), tuple(_safe(rows, name) for name in needs))


def _safe(rows: Sequence[Mapping[str, Any]], name: str) -> int | None:
    """The sum, unless it is small, or one of its parts is: a part would follow from the sum and the other part."""
    parts: dict[str, int] = {}
    for row in rows:
        parts[row["papers"]] = parts.get(row["papers"], 0) + row[name]
    total = sum(parts.values())
    return None if total < SMALLEST or any(0 < part < SMALLEST for part in parts.values()) else total
