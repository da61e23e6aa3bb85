"""Reading one: one person, with a trace of every node and of the leaves that decided it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from okat.engine.eligibility.errors import FactError
from okat.engine.eligibility.nodes import (
    Age,
    AllOf,
    AnyOf,
    Compare,
    Exists,
    HasAll,
    HasAny,
    IsTrue,
    Leaf,
    Not,
    OneOf,
    Rule,
    Within,
    children,
)
from okat.engine.eligibility.values import (
    ABSENT,
    PRESENT,
    DateSpan,
    Point,
    Tri,
    Value,
    completed_years,
    distance_km,
    span,
)

Facts = Mapping[str, Value | None]


@dataclass(frozen=True, slots=True)
class Step:
    """One node of the rule: its value, and the paths of the leaves that decided it, in the order of the rule.

    A *no* of `all` is decided by its parts that are no, an *unknown* by its unknown parts, a *yes* by all
    parts; `any` is the mirror image; `not` passes its part's leaves on; a leaf decides itself.
    """

    path: str
    value: Tri
    decided_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Yes, no or unknown on a day, and the trace: one step per node, parents first."""

    value: Tri
    on: date
    trace: tuple[Step, ...]

    @property
    def decided_by(self) -> tuple[str, ...]:
        return self.trace[0].decided_by


def evaluate(rule: Rule, facts: Facts, *, on: date) -> Verdict:
    """Decide one person on the day `on`. A fact that is missing or None is unknown.

    Raises FactError where a value is not of the kind that the leaf tests.
    """
    trace = tuple(_steps(rule, "rule", facts, on))
    return Verdict(trace[0].value, on, trace)


def decide(rule: Rule, facts: Facts, *, on: date) -> Tri:
    """The value of `evaluate` alone, for many rules on one person: it stops as soon as nothing can change it."""
    if isinstance(rule, Not):
        return negate(decide(rule.part, facts, on=on))
    if not isinstance(rule, AllOf | AnyOf):
        return leaf_value(rule, facts, on)
    strong, found = (Tri.NO, Tri.YES) if isinstance(rule, AllOf) else (Tri.YES, Tri.NO)
    for part in rule.parts:
        value = decide(part, facts, on=on)
        if value is strong:
            return strong
        if value is Tri.UNKNOWN:
            found = value
    return found


def _steps(rule: Rule, path: str, facts: Facts, on: date) -> list[Step]:
    if not isinstance(rule, AllOf | AnyOf | Not):
        return [Step(path, leaf_value(rule, facts, on), (path,))]
    below = [_steps(part, where, facts, on) for where, part in children(rule, path)]
    heads = [steps[0] for steps in below]
    value = negate(heads[0].value) if isinstance(rule, Not) else combine(rule, [h.value for h in heads])
    deciding = [h for h in heads if isinstance(rule, Not) or h.value is value]
    here = Step(path, value, tuple(leaf for head in deciding for leaf in head.decided_by))
    return [here, *(step for steps in below for step in steps)]


def combine(rule: AllOf | AnyOf, values: Iterable[Tri]) -> Tri:
    """Kleene's strong conjunction or disjunction."""
    strong, weak = (Tri.NO, Tri.YES) if isinstance(rule, AllOf) else (Tri.YES, Tri.NO)
    seen = set(values)
    if strong in seen:
        return strong
    return Tri.UNKNOWN if Tri.UNKNOWN in seen else weak


def negate(value: Tri) -> Tri:
    return {Tri.YES: Tri.NO, Tri.NO: Tri.YES, Tri.UNKNOWN: Tri.UNKNOWN}[value]


def leaf_value(leaf: Leaf, facts: Facts, on: date) -> Tri:
    """The value of one leaf: yes or no only where every value that the fact may still have agrees."""
    value = facts.get(leaf.fact)
    if value is None:
        return Tri.UNKNOWN
    if value is ABSENT:
        return Tri.NO
    if isinstance(leaf, Exists):
        return Tri.YES
    if value is PRESENT:
        return Tri.UNKNOWN
    if isinstance(leaf, Compare):
        low, high = _comparable(leaf, value)
        return between(leaf.op, low, high, leaf.value)
    if isinstance(leaf, Age):
        first, last = span(_typed(leaf, value, date, DateSpan))
        at = leaf.at or on
        return between(leaf.op, completed_years(last, at), completed_years(first, at), leaf.years)
    return Tri.YES if _holds(leaf, value) else Tri.NO


def _holds(leaf: IsTrue | OneOf | HasAny | HasAll | Within, value: Value) -> bool:
    match leaf:
        case IsTrue():
            return bool(_typed(leaf, value, bool))
        case OneOf():
            return _typed(leaf, value, str) in leaf.values
        case HasAny():
            return not _typed(leaf, value, frozenset).isdisjoint(leaf.values)
        case HasAll():
            return bool(_typed(leaf, value, frozenset).issuperset(leaf.values))
        case Within():
            return distance_km(_typed(leaf, value, Point), leaf.place) <= float(leaf.km)


def between(op: str, low: Any, high: Any, target: Any) -> Tri:
    """`x op target` for an x known to lie in low..high, where x can take every value between."""
    if op in ("!=", "<", ">"):
        return negate(between({"!=": "=", "<": ">=", ">": "<="}[op], low, high, target))
    if op == "=":
        sure, never = low == high == target, target < low or target > high
    elif op == ">=":
        sure, never = low >= target, high < target
    else:
        sure, never = high <= target, low > target
    if sure:
        return Tri.YES
    return Tri.NO if never else Tri.UNKNOWN


def _comparable(leaf: Compare, value: Value) -> tuple[Any, Any]:
    if isinstance(leaf.value, date):
        return span(_typed(leaf, value, date, DateSpan))
    exact = _typed(leaf, value, str) if isinstance(leaf.value, str) else _typed(leaf, value, int, Decimal)
    return exact, exact


def _typed(leaf: Leaf, value: Value, *kinds: type) -> Any:
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        wanted = " or ".join(kind.__name__ for kind in kinds)
        raise FactError(
            "kind",
            leaf.fact,
            f"{value!r} is a {type(value).__name__}, the rule tests a {wanted}",
            "Convert the value by the fact's declaration before evaluating",
        )
    return value
