"""The facts that rules speak of: type, words, the question to ask and what asking costs, and their columns.

A fact's columns are the same for arrays and for SQL: `name`; a date that may be partial has `name_first` and
`name_last`, a point `name_lat` and `name_lon`; an optional fact also has `name_exists` (true: has a value;
false: known to have none; null: not known). Null means unknown everywhere. A row that holds a value has
`name_exists` true; the two columns of a date or a point are null together.
"""

import enum
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from okat.engine.eligibility.errors import FactError
from okat.engine.eligibility.nodes import Words
from okat.engine.eligibility.values import DateSpan, Known, Point, Value, fits_double

NAME = re.compile(r"[a-z][a-z0-9_]{0,58}")
# Words that SQL engines keep for themselves: refused as names, so that columns need no quotes, which differ
# by engine.
_KEPT = """
    all and any array as asc at between both by case cast check collate column constraint create cross
    current_date default desc describe distinct do drop else end except exists extract false fetch filter
    first for foreign from full grant group having in initially inner intersect interval into is join lambda
    last lateral leading left like limit minus natural not null offset on only or order outer overlaps pivot
    placing primary qualify references returning right row rows select show some summarize symmetric table
    then time to trailing true union unique unknown unpivot user using values variadic when where window with
"""
RESERVED = frozenset(_KEPT.split())


class Kind(enum.StrEnum):
    BOOL = "bool"
    INT = "int"
    NUMBER = "number"
    CODE = "code"
    CODES = "codes"
    DATE = "date"
    POINT = "point"


@dataclass(frozen=True, slots=True)
class Fact:
    """One declared fact.

    `label` reads inside a sentence: a noun ("income per month"), or for a bool a clause ("is able to work"),
    whose negation is `denial` ("is not able to work"). `codes` lists the allowed codes with their words;
    empty means any. `minimum` and `maximum` bound an int or number. `optional`: a person may have none.
    `partial`: a date of which only the year or the month may be known. `cost` is the city's price of asking
    (0 = a glance at the form).
    """

    name: str
    kind: Kind
    label: Words
    question: Words
    cost: int = 1
    denial: Words | None = None
    unit: Words | None = None
    codes: tuple[tuple[str, Words], ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    optional: bool = False
    partial: bool = False

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name) or self.name in RESERVED:
            raise FactError(
                "name",
                self.name,
                "the name is not a plain word, or one that SQL reserves",
                "Use small letters a-z, digits and _, such as birth_date",
            )
        for words in filter(None, (self.label, self.denial, self.unit, *(w for _, w in self.codes))):
            check_words(self.name, words)
        if self.partial and self.kind is not Kind.DATE:
            raise FactError("partial", self.name, "only a date can be partial", "Remove `partial`")
        if self.cost < 0:
            raise FactError("cost", self.name, f"the cost {self.cost} is negative", "Use 0 or more")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise FactError("bounds", self.name, "minimum is above maximum", "Swap them")

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of its columns, the value's first."""
        if self.kind is Kind.POINT:
            own: tuple[str, ...] = (f"{self.name}_lat", f"{self.name}_lon")
        elif self.partial:
            own = (f"{self.name}_first", f"{self.name}_last")
        else:
            own = (self.name,)
        return (*own, f"{self.name}_exists") if self.optional else own

    def code_words(self, code: str) -> Words:
        return dict(self.codes).get(code, Words(code, code))


def check_words(name: str, words: Words) -> None:
    """Raise FactError for words that would give a sentence a second reading."""
    for text in (words.th, words.en):
        depth = 0
        for letter in text:
            depth += (letter == "(") - (letter == ")")
            if depth < 0 or letter in ";\n":
                break
        else:
            if depth == 0 and text.strip() == text and text:
                continue
        raise FactError(
            "words",
            name,
            f"the words {text!r} would make a sentence ambiguous",
            "Write them without ';', line breaks, outer spaces or unclosed brackets, in Thai and in English",
        )


@dataclass(frozen=True)
class FactSchema:
    """All facts by name. Raises FactError for a name or a column declared twice."""

    facts: tuple[Fact, ...]
    _by_name: dict[str, Fact] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for fact in self.facts:
            for column in {fact.name, *fact.columns}:
                if column in seen:
                    raise FactError("twice", fact.name, f"{column!r} is declared twice", "Rename one of them")
                seen.add(column)
        object.__setattr__(self, "_by_name", {fact.name: fact for fact in self.facts})

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __getitem__(self, name: str) -> Fact:
        try:
            return self._by_name[name]
        except KeyError:
            known = ", ".join(sorted(self._by_name))
            raise FactError("undeclared", name, "no such fact is declared", f"Declared are: {known}") from None

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts)

    def check(self, facts: Mapping[str, Value | None]) -> None:
        """Raise FactError for the first value that does not fit its declaration; None means unknown."""
        for name, value in facts.items():
            fact = self[name]
            if value is not None and not fits(fact, value):
                raise FactError(
                    "value",
                    name,
                    f"{value!r} is no {fact.kind} that this fact can hold",
                    "Correct the value, or leave it out where it is not known",
                )


def fits(fact: Fact, value: Value) -> bool:
    """Whether a value is of the fact's kind, one of its codes and inside its bounds."""
    if isinstance(value, Known):
        return fact.optional
    if fact.kind in (Kind.INT, Kind.NUMBER):
        return _fits_number(fact, value)
    if fact.kind is Kind.CODE:
        return isinstance(value, str) and value != "" and _listed(fact, frozenset({value}))
    if fact.kind is Kind.CODES:
        return isinstance(value, frozenset) and _listed(fact, value)
    if fact.kind is Kind.DATE:
        return (fact.partial and isinstance(value, DateSpan)) or (
            isinstance(value, date) and not isinstance(value, datetime)
        )
    return isinstance(value, bool if fact.kind is Kind.BOOL else Point)


def _fits_number(fact: Fact, value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return False
    if isinstance(value, Decimal) and (fact.kind is Kind.INT or not fits_double(value)):
        return False
    if not fits_double(Decimal(value)):
        return False
    low = fact.minimum is None or value >= fact.minimum
    return low and (fact.maximum is None or value <= fact.maximum)


def _listed(fact: Fact, codes: frozenset[str]) -> bool:
    return not fact.codes or codes <= {code for code, _ in fact.codes}
