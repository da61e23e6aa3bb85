"""A rule as data: a tree of frozen nodes, with the source of law beside each leaf.

A leaf says that a fact has a value, and that the value passes a test. So a fact that is known to be absent
makes every leaf about it *no*; a fact that nobody has asked for yet makes it *unknown*.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from okat.engine.eligibility.values import Point

OPS = ("=", "!=", "<", "<=", ">", ">=")


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in Thai and in English."""

    th: str
    en: str

    def say(self, lang: str) -> str:
        return self.th if lang == "th" else self.en


@dataclass(frozen=True, slots=True)
class Source:
    """Where a condition comes from: its words, a reference (Act and section, address), and whether someone
    checked.
    """

    text: str
    ref: str
    verified: bool


@dataclass(frozen=True, slots=True)
class IsTrue:
    """A yes-or-no fact is yes."""

    fact: str
    source: Source


@dataclass(frozen=True, slots=True)
class Compare:
    """An int, number, date or code against a value; codes only by `=` and `!=`."""

    fact: str
    op: str
    value: int | Decimal | date | str
    source: Source


@dataclass(frozen=True, slots=True)
class OneOf:
    """A code is one of the given codes."""

    fact: str
    values: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class HasAny:
    """A set of codes holds at least one of the given codes."""

    fact: str
    values: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class HasAll:
    """A set of codes holds every one of the given codes."""

    fact: str
    values: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Age:
    """Age in completed years, from a date of birth, on the day `at` (None: the day of the decision)."""

    fact: str
    op: str
    years: int
    at: date | None
    source: Source


@dataclass(frozen=True, slots=True)
class Within:
    """A point lies at most `km` kilometres (great circle) from a named place."""

    fact: str
    place: Point
    km: Decimal
    name: Words
    source: Source


@dataclass(frozen=True, slots=True)
class Exists:
    """An optional fact has a value, whichever it is."""

    fact: str
    source: Source


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: "tuple[Rule, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: "tuple[Rule, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    part: "Rule"


Leaf = IsTrue | Compare | OneOf | HasAny | HasAll | Age | Within | Exists
Rule = AllOf | AnyOf | Not | Leaf


def children(rule: Rule, path: str) -> "list[tuple[str, Rule]]":
    """The parts of a node, each with its path."""
    if isinstance(rule, AllOf):
        return [(f"{path}.all[{i}]", part) for i, part in enumerate(rule.parts)]
    if isinstance(rule, AnyOf):
        return [(f"{path}.any[{i}]", part) for i, part in enumerate(rule.parts)]
    return [(f"{path}.not", rule.part)] if isinstance(rule, Not) else []


def walk(rule: Rule, path: str = "rule") -> Iterator[tuple[str, Rule]]:
    """Every node with its path, parents before their parts, in the order of the rule."""
    yield path, rule
    for below, part in children(rule, path):
        yield from walk(part, below)


def leaves(rule: Rule) -> list[tuple[str, Leaf]]:
    """The leaves with their paths, in the order of the rule."""
    return [(path, node) for path, node in walk(rule) if not isinstance(node, AllOf | AnyOf | Not)]
