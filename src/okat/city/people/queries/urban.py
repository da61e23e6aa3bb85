"""The urban poor (part U): people without papers here, their needs by place; weekly figures."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from okat.city.core import weekly
from okat.city.core.steady import within
from okat.city.people.models import Person
from okat.city.people.rules import OPEN_STATUSES, NeedStatus, Papers
from okat.city.places.models import Area, Level
from okat.city.taxonomy.models import Term, Vocabulary

CUTS: dict[str, tuple[str, ...]] = {
    "without": (Papers.NONE, Papers.ELSEWHERE),
    "none": (Papers.NONE,),
    "elsewhere": (Papers.ELSEWHERE,),
    "here": (Papers.REGISTERED,),
}


@dataclass(frozen=True)
class Line:
    """One district: people of the cut, and those of them with an open need under each heading; None is
    held back."""

    area: Area
    people: int | None
    needs: tuple[int | None, ...]


def headings() -> list[Term]:
    """The city's headings of needs: income, occupation, social life, education."""
    return list(Term.objects.filter(vocabulary=Vocabulary.NEED, parent=None, active=True)[:5])


def by_district(cut: str, heads: Sequence[Term]) -> tuple[dt.date | None, list[Line]]:
    """One line for each district with at least 10 people of the cut, and as of when; two statements in all."""
    sheet = weekly.told("people.urban")
    lines = []
    for area in Area.objects.filter(level=Level.DISTRICT).order_by("sort").defer("boundary"):
        people = sheet.number(f"{cut}|{area.code}|")
        needs = (sheet.number(f"{cut}|{area.code}|{head.code}") for head in heads)
        lines.append(Line(area, people, tuple(within(need, people) for need in needs)))
    return sheet.day, [line for line in lines if line.people is not None]


def counted(_of: str) -> dict[str, int]:
    """The numbers of every cut, for the weekly figures; three statements in all."""
    heads = headings()
    each = {f"need{place}": _needing(head) for place, head in enumerate(heads)}
    people = Person.objects.filter(status__in=OPEN_STATUSES).order_by()
    rows: list[Mapping[str, Any]] = list(
        people.values("area__path", "papers").annotate(people=Count("id", distinct=True), **each)
    )
    found: dict[str, int] = {}
    for area in Area.objects.filter(level=Level.DISTRICT).defer("boundary"):
        for cut, papers in CUTS.items():
            inside = [row for row in rows if row["papers"] in papers and row["area__path"].startswith(area.path)]
            found[f"{cut}|{area.code}|"] = sum(row["people"] for row in inside)
            for name, head in zip(each, heads, strict=True):
                found[f"{cut}|{area.code}|{head.code}"] = sum(row[name] for row in inside)
    return found


def _needing(head: Term) -> Count:
    """People with an open need under a heading."""
    under = Q(needs__term=head) | Q(needs__term__parent=head)
    return Count("id", distinct=True, filter=under & Q(needs__status=NeedStatus.OPEN))
