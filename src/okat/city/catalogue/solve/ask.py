"""Facts as questions for forms, answers as the engine's values, and one rule tried on one person's facts."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from okat.city.catalogue.solve import Law, lang, parsed
from okat.city.catalogue.solve._city import AREAS, facts, worded
from okat.engine.eligibility import (
    ABSENT,
    DateSpan,
    Fact,
    FactError,
    Kind,
    Point,
    Value,
    evaluate,
    leaves,
    missing,
    reasons,
)
from okat.engine.eligibility.facts import fits
from okat.thai.partial import PartialDate

NONE = "none!"  # the answer "I have none of these" among ticked codes; no code of a city holds a "!"


@dataclass(frozen=True)
class Question:
    """One fact as a form asks for it, in the reader's language. `kind` is bool, int, number, code, codes, date or
    point; `codes` empty: any code may stand (`areas`: official area codes)."""

    name: str
    kind: str
    label: str
    question: str
    unit: str
    codes: tuple[tuple[str, str], ...]
    optional: bool
    areas: bool
    cost: int


def question(name: str) -> Question:
    """Raises FactError for a fact that the city does not declare."""
    return _question(facts()[name])


def questions() -> list[Question]:
    """Every fact that rules may ask, in the order of the city's file."""
    return [_question(fact) for fact in facts()]


def _question(fact: Fact) -> Question:
    reader = lang()
    return Question(
        fact.name, fact.kind.value, fact.label.say(reader), fact.question.say(reader),
        fact.unit.say(reader) if fact.unit else "", tuple((code, words.say(reader)) for code, words in fact.codes),
        fact.optional, fact.name == AREAS, fact.cost,
    )  # fmt: skip


def asked_by(data: Mapping[str, Any]) -> list[str]:
    """The facts that a rule speaks of, in the order of the city's file."""
    used = {leaf.fact for _path, leaf in leaves(parsed(dict(data)))}
    return [fact.name for fact in facts() if fact.name in used]


def usable(said: Mapping[str, Any]) -> dict[str, Value]:
    """The facts that fit their declaration, in the engine's shapes; what does not fit counts as unknown."""
    found: dict[str, Value] = {}
    for name, raw in said.items():
        if raw is None or name not in facts():
            continue
        fact = facts()[name]
        value = _value(fact, raw)
        if value is not None and fits(fact, value):
            found[name] = value
    return found


def _value(fact: Fact, raw: Any) -> Value | None:
    """From a form or JSON to the engine's shape; None for what cannot be read."""
    shape = _SHAPES.get(fact.kind)
    try:
        value: Value | None = shape(fact, raw) if shape else raw
    except (ValueError, TypeError, ArithmeticError, FactError):  # int of an endless number is an ArithmeticError
        return None
    return value


def _codes(fact: Fact, raw: Any) -> Value:
    if not isinstance(raw, list | tuple | set | frozenset):
        return raw  # type: ignore[no-any-return]  # ABSENT and PRESENT pass as they are
    if NONE in raw:
        return ABSENT if fact.optional else frozenset[str]()
    return frozenset(raw)


def _number(_fact: Fact, raw: Any) -> Value:
    if isinstance(raw, float | str):
        return Decimal(str(raw))
    return raw  # type: ignore[no-any-return]


def _int(_fact: Fact, raw: Any) -> Value:
    return int(raw) if isinstance(raw, str) or (isinstance(raw, float | Decimal) and raw == int(raw)) else raw


def _date(_fact: Fact, raw: Any) -> Value:
    if isinstance(raw, str):
        raw = PartialDate.from_iso(raw)
    if isinstance(raw, PartialDate):
        return raw.first() if raw.complete else DateSpan(raw.first(), raw.last())
    return raw  # type: ignore[no-any-return]


def _point(_fact: Fact, raw: Any) -> Value:
    return Point(*raw) if isinstance(raw, tuple) else raw


_SHAPES: dict[Kind, Any] = {
    Kind.CODES: _codes, Kind.NUMBER: _number, Kind.INT: _int, Kind.DATE: _date, Kind.POINT: _point,
}  # fmt: skip


@dataclass(frozen=True)
class Trial:
    """What a rule answers for one person: yes, no or unknown, why, and what to ask next (None: nothing helps)."""

    value: str
    why: list[Law]
    ask: list[Question]


def tried(data: Mapping[str, Any], said: Mapping[str, Any], *, on: dt.date) -> Trial:
    """One rule on one person's facts, in the reader's language."""
    rule = parsed(dict(data))
    known = usable(said)
    verdict = evaluate(rule, known, on=on)
    why = [
        Law(reason.words, reason.source.text, reason.source.ref, reason.source.verified)
        for reason in reasons(verdict, rule, worded(rule), lang())
    ]
    wanted = missing(rule, known, facts(), on=on) if verdict.value.value == "unknown" else None
    return Trial(verdict.value.value, why, [question(name) for name in wanted.facts] if wanted else [])
