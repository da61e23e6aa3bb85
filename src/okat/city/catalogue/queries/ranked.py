"""The published order of a search with words (docs/explanation/search.md), and why each opportunity is in it."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchVectorField
from django.db import connection
from django.db.models import (
    Case,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    IntegerField,
    Lookup,
    Q,
    QuerySet,
    Value,
    When,
)

from okat.city.catalogue.rules.wish import Grade, Reason, Wish, reasons

WEIGHTS = "{0.1, 0.2, 0.4, 1.0}"  # D, C, B, A
FREE = 1.5  # where places are free


@SearchVectorField.register_lookup
class Holds(Lookup):
    """`search__holds=` a tsquery literal; Django's own would have PostgreSQL cut the words again."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, params = self.process_lhs(compiler, connection)
        return f"{left} @@ %s::tsquery", [*params, self.rhs]


class Rank(Func):
    template = f"ts_rank('{WEIGHTS}'::float4[], %(expressions)s::tsquery)"
    output_field = FloatField()

    def __init__(self, literal: str) -> None:
        super().__init__(F("search"), Value(literal))


Rows = QuerySet[Any, Any]


Levels = list[tuple[Grade, str]]
"""Grades with the tsquery of what is at least that good, the best first."""


def levels(*wishes: Wish) -> Levels:
    """What meets all parts of one of these readings; those of the first are better than those of the second."""
    found: Levels = []
    for wish in wishes:
        for grade in wish.grades:
            literal = wish.literal(grade)
            if literal and all(grade < other and literal != known for other, known in found):
                found.append((grade, literal))
    return found


def ranked(rows: Rows, by: Levels, has_places: Q) -> Rows:
    """Those of these levels, with their `grade` and `rank`."""
    if not by:
        return _none(rows)
    whole = " | ".join(dict.fromkeys(literal for _grade, literal in by))
    better = [When(search__holds=literal, then=Value(int(grade))) for grade, literal in by[:-1]]
    graded = Case(*better, default=Value(int(by[-1][0])), output_field=IntegerField())
    found: Rows = rows.filter(search__holds=whole).annotate(grade=graded, rank=_rank(whole, has_places))
    return found


def some(rows: Rows, wish: Wish, has_places: Q) -> Rows:
    """Those that meet a part at least; `met` says how many."""
    parts = wish.each()
    if not parts:
        return _none(rows)
    one = [Case(When(search__holds=part, then=Value(1)), default=Value(0)) for part in parts]
    met: Any = sum(one[1:], start=one[0])
    whole = " | ".join(parts)
    grade = Value(int(Grade.SOME), output_field=IntegerField())
    found: Rows = rows.filter(search__holds=whole).annotate(grade=grade, met=met, rank=_rank(whole, has_places))
    return found


def _none(rows: Rows) -> Rows:
    nought = Value(0, output_field=IntegerField())
    found: Rows = rows.none().annotate(grade=nought, met=nought, rank=nought)
    return found


def _rank(literal: str, has_places: Q) -> "ExpressionWrapper[Any]":
    free = Case(When(has_places, then=Value(FREE)), default=Value(1.0), output_field=FloatField())
    return ExpressionWrapper(Rank(literal) * free, output_field=FloatField())


_THERE = """
select o.id, there.lexeme, array_to_string(there.weights, '') from catalogue_opportunity o, unnest(o.search) there
where o.id = any(%s) and there.lexeme ^@ any(%s)
"""


def why(rows: Iterable[Any], wishes: Sequence[Wish]) -> dict[UUID, list[Reason]]:
    """For each of these graded rows how it meets each part of the reading by which it was found. One statement."""
    graded = {row.pk: Grade(row.grade) for row in rows if hasattr(row, "grade")}
    wanted = {word for wish in wishes for part in wish.parts for option in part.options for word in option.lexemes}
    if not graded or not wanted:
        return {}
    there: dict[UUID, list[tuple[str, str]]] = {pk: [] for pk in graded}
    with connection.cursor() as cursor:
        cursor.execute(_THERE, [list(graded), sorted(wanted)])
        for pk, word, weights in cursor.fetchall():
            there[pk].append((word, min(weights)))
    typed, meant = wishes[0], wishes[-1]
    return {pk: reasons(typed if grade >= Grade.SYNONYM else meant, there[pk]) for pk, grade in graded.items()}
