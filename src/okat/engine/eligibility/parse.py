"""Rules from JSON and back. Strict: an unknown key, a wrong type or a fact that is not declared is an error.

    {"all": [rule, ...]}   {"any": [rule, ...]}   {"not": rule}
    {"is": FACT}                                   a yes-or-no fact is yes
    {"compare": FACT, "op": "<=", "value": 30000}  int or code; number, date as text ("15.50", "2026-10-01")
    {"one_of": FACT, "values": ["a", "b"]}         a code
    {"has_any": FACT, "values": [...]}  {"has_all": FACT, "values": [...]}   a set of codes
    {"age": FACT, "op": ">=", "years": 60, "at": "2026-10-01"}               `at` may be left out: on the day
    {"within": FACT, "lat": 16.4, "lon": 102.8, "km": "5", "name": {"th": ..., "en": ...}}
    {"exists": FACT}                               an optional fact has a value

Every leaf also has "source": {"text": ..., "ref": ..., "verified": true or false}.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from okat.engine.eligibility.errors import FactError, RuleError
from okat.engine.eligibility.facts import Fact, FactSchema, Kind, check_words, fits
from okat.engine.eligibility.nodes import (
    OPS,
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
    Source,
    Within,
    Words,
)
from okat.engine.eligibility.values import MAX_KM, MAX_YEARS, Point, fits_double

MAX_DEPTH = 40
MAX_NODES = 2_000
JSON = Mapping[str, Any]
LEAF_KINDS: dict[str, tuple[Kind, ...]] = {
    "is": (Kind.BOOL,),
    "compare": (Kind.INT, Kind.NUMBER, Kind.DATE, Kind.CODE),
    "one_of": (Kind.CODE,),
    "has_any": (Kind.CODES,),
    "has_all": (Kind.CODES,),
    "age": (Kind.DATE,),
    "within": (Kind.POINT,),
    "exists": tuple(Kind),
}
NODE_KEYS = ("all", "any", "not", *LEAF_KINDS)


def parse_rule(data: object, schema: FactSchema) -> Rule:
    """The rule that JSON-like `data` describes. Raises RuleError with the path of the first wrong node."""
    return _Parser(schema).rule(data, "rule", 1)


def check_rule(rule: Rule, schema: FactSchema) -> None:
    """Raise RuleError where a rule built in code is not one that `parse_rule` would have accepted."""
    if parse_rule(dump_rule(rule), schema) != rule:
        raise RuleError(
            "not-canonical",
            "rule",
            "a value changes when the rule is written down",
            "Build it from plain ints, Decimals, dates, text and tuples",
        )


class _Parser:
    def __init__(self, schema: FactSchema) -> None:
        self.schema = schema
        self.nodes = 0

    def rule(self, data: object, path: str, depth: int) -> Rule:
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise RuleError(
                "too-big",
                path,
                f"the rule is deeper than {MAX_DEPTH} levels or has over {MAX_NODES} nodes",
                "Split it into several rules",
            )
        node = _mapping(data, path)
        kinds = [key for key in NODE_KEYS if key in node]
        if len(kinds) != 1:
            found = ", ".join(kinds) or "none"
            raise RuleError(
                "kind",
                path,
                f"a node has exactly one of {', '.join(NODE_KEYS)}; found {found}",
                "Keep one of them",
            )
        kind = kinds[0]
        if kind in LEAF_KINDS:
            return self.leaf(kind, node, f"{path}.{kind}")
        _only(node, path, kind)
        if kind == "not":
            return Not(self.rule(node["not"], f"{path}.not", depth + 1))
        parts = node[kind]
        if not isinstance(parts, list | tuple) or not parts:
            raise RuleError(
                "empty", f"{path}.{kind}", "needs a list of one rule or more", "Add a rule or drop the node"
            )
        built = tuple(self.rule(part, f"{path}.{kind}[{i}]", depth + 1) for i, part in enumerate(parts))
        return AllOf(built) if kind == "all" else AnyOf(built)

    def leaf(self, kind: str, node: JSON, path: str) -> Leaf:
        name = _text(node[kind], path)
        try:
            fact = self.schema[name]
        except FactError as error:
            raise RuleError("undeclared", path, f"{name!r}: {error.what}", error.mend, fact=name) from None
        if fact.kind not in LEAF_KINDS[kind]:
            wanted = " or ".join(LEAF_KINDS[kind])
            raise RuleError(
                "kind-of-fact",
                path,
                f"{name!r} is of type {fact.kind}; {kind!r} tests {wanted}",
                "Use another test or another fact",
                fact=name,
            )
        if kind == "exists" and not fact.optional:
            raise RuleError(
                "always-exists",
                path,
                f"everyone has a {name!r}",
                "Declare the fact optional, or drop the condition",
                fact=name,
            )
        return LEAVES[kind](fact, node, path)


def _is(fact: Fact, node: JSON, path: str) -> Leaf:
    _only(node, path, "is", "source")
    return IsTrue(fact.name, _source(node, path))


def _exists(fact: Fact, node: JSON, path: str) -> Leaf:
    _only(node, path, "exists", "source")
    return Exists(fact.name, _source(node, path))


def _compare(fact: Fact, node: JSON, path: str) -> Leaf:
    _only(node, path, "compare", "op", "value", "source")
    ops = ("=", "!=") if fact.kind is Kind.CODE else OPS
    return Compare(fact.name, _op(node, path, ops), _operand(fact, node, path), _source(node, path))


def _operand(fact: Fact, node: JSON, path: str) -> int | Decimal | date | str:
    value, where = node.get("value"), f"{path}.value"
    if fact.kind is Kind.DATE:
        return _date(value, where)
    if fact.kind is Kind.NUMBER:
        return _decimal(value, where)
    if fact.kind is Kind.CODE:
        return _code(fact, value, where)
    number = _int(value, where)
    _decimal(number, where)
    return number


def _codes(make: Callable[[str, tuple[str, ...], Source], Leaf], kind: str) -> "_Make":
    def build(fact: Fact, node: JSON, path: str) -> Leaf:
        _only(node, path, kind, "values", "source")
        values = node.get("values")
        if not isinstance(values, list | tuple) or not values:
            raise RuleError("empty", f"{path}.values", "needs a list of one code or more", "Add a code")
        codes = tuple(_code(fact, v, f"{path}.values[{i}]") for i, v in enumerate(values))
        if len(set(codes)) != len(codes):
            raise RuleError("twice", f"{path}.values", "a code stands twice", "Keep one of them")
        return make(fact.name, codes, _source(node, path))

    return build


def _age(fact: Fact, node: JSON, path: str) -> Leaf:
    _only(node, path, "age", "op", "years", "at", "source")
    years = _int(node.get("years"), f"{path}.years")
    if not 0 <= years < MAX_YEARS:
        raise RuleError(
            "years",
            f"{path}.years",
            f"{years} is no age of a person",
            f"Give completed years, 0 to {MAX_YEARS - 1}",
        )
    at = None if node.get("at") is None else _date(node["at"], f"{path}.at")
    return Age(fact.name, _op(node, path, OPS), years, at, _source(node, path))


def _within(fact: Fact, node: JSON, path: str) -> Leaf:
    _only(node, path, "within", "lat", "lon", "km", "name", "source")
    km = _decimal(node.get("km"), f"{path}.km")
    if not 0 < km <= MAX_KM:
        raise RuleError("km", f"{path}.km", f"{km} km is no reach", f"Give more than 0, at most {MAX_KM}")
    name = _mapping(node.get("name"), f"{path}.name")
    words = Words(_text(name.get("th"), f"{path}.name.th"), _text(name.get("en"), f"{path}.name.en"))
    _only(name, f"{path}.name", "th", "en")
    try:
        check_words(fact.name, words)
        place = Point(_degrees(node, "lat", path), _degrees(node, "lon", path))
    except FactError as error:
        raise RuleError("place", path, error.what, error.mend) from None
    return Within(fact.name, place, km, words, _source(node, path))


_Make = Callable[[Fact, JSON, str], Leaf]
LEAVES: dict[str, _Make] = {
    "is": _is,
    "compare": _compare,
    "one_of": _codes(OneOf, "one_of"),
    "has_any": _codes(HasAny, "has_any"),
    "has_all": _codes(HasAll, "has_all"),
    "age": _age,
    "within": _within,
    "exists": _exists,
}


def _mapping(data: object, path: str) -> JSON:
    if not isinstance(data, Mapping):
        raise RuleError("type", path, f"needs an object, found {type(data).__name__}", 'Write {"...": ...}')
    return data


def _only(node: JSON, path: str, *keys: str) -> None:
    extra = sorted(str(key) for key in node if key not in keys)
    if extra:
        raise RuleError("extra", path, f"does not know {', '.join(extra)}", f"Use only {', '.join(keys)}")


def _text(value: object, path: str) -> str:
    if not isinstance(value, str) or not value.strip() or any(ord(c) < 32 or ord(c) == 127 for c in value):
        raise RuleError("text", path, f"{value!r} is no text", "Write one line of text in quotes")
    return value


def _int(value: object, path: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise RuleError("int", path, f"{value!r} is no whole number", "Write digits only, without quotes")
    return value


def _decimal(value: object, path: str) -> Decimal:
    if isinstance(value, str | int) and not isinstance(value, bool):
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if fits_double(number):
            return number
    raise RuleError(
        "number",
        path,
        f"{value!r} is no exact number of at most 15 digits",
        'Write a whole number, or decimals in quotes: "1500.50"',
    )


def _date(value: object, path: str) -> date:
    try:
        day = date.fromisoformat(value if isinstance(value, str) and len(value) == 10 else "")
    except ValueError:
        day = date.min
    if not 1800 <= day.year <= 2400:
        # 2401 and later is most likely a Buddhist year that nobody converted.
        raise RuleError(
            "date",
            path,
            f"{value!r} is no date between 1800 and 2400",
            'Write year-month-day of the common era (Buddhist year less 543): "2026-10-01"',
        )
    return day


def _degrees(node: JSON, key: str, path: str) -> float:
    value = node.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RuleError("degrees", f"{path}.{key}", f"{value!r} is no angle", "Write degrees, such as 16.4419")
    return float(value)


def _op(node: JSON, path: str, allowed: tuple[str, ...]) -> str:
    op = node.get("op")
    if op not in allowed:
        raise RuleError("op", f"{path}.op", f"{op!r} is no comparison here", f"Use one of {' '.join(allowed)}")
    return str(op)


def _code(fact: Fact, value: object, path: str) -> str:
    code = _text(value, path)
    probe: str | frozenset[str] = frozenset({code}) if fact.kind is Kind.CODES else code
    if not fits(fact, probe):
        listed = ", ".join(c for c, _ in fact.codes)
        raise RuleError("code", path, f"{code!r} is no code of {fact.name!r}", f"Use one of {listed}")
    return code


def _source(node: JSON, path: str) -> Source:
    where = f"{path}.source"
    source = _mapping(node.get("source"), where)
    _only(source, where, "text", "ref", "verified")
    verified = source.get("verified")
    if not isinstance(verified, bool):
        raise RuleError(
            "verified",
            f"{where}.verified",
            f"{verified!r} is neither true nor false",
            "Say whether someone checked the source",
        )
    return Source(_text(source.get("text"), f"{where}.text"), _text(source.get("ref"), f"{where}.ref"), verified)


def dump_rule(rule: Rule) -> dict[str, Any]:
    """JSON-able data from which `parse_rule` builds the same rule."""
    match rule:
        case AllOf(parts):
            return {"all": [dump_rule(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [dump_rule(part) for part in parts]}
        case Not(part):
            return {"not": dump_rule(part)}
    source = {"text": rule.source.text, "ref": rule.source.ref, "verified": rule.source.verified}
    return {**_dump_leaf(rule), "source": source}


def _dump_leaf(leaf: Leaf) -> dict[str, Any]:
    match leaf:
        case IsTrue(fact):
            return {"is": fact}
        case Exists(fact):
            return {"exists": fact}
        case OneOf(fact, values):
            return {"one_of": fact, "values": list(values)}
        case HasAny(fact, values):
            return {"has_any": fact, "values": list(values)}
        case HasAll(fact, values):
            return {"has_all": fact, "values": list(values)}
        case Age(fact, op, years, at):
            return {"age": fact, "op": op, "years": years} | ({"at": at.isoformat()} if at else {})
        case Within(fact, place, km, name):
            where = {"lat": place.lat, "lon": place.lon, "km": str(km)}
            return {"within": fact, **where, "name": {"th": name.th, "en": name.en}}
        case Compare(fact, op, value):
            plain = (
                str(value) if isinstance(value, Decimal) else value.isoformat() if isinstance(value, date) else value
            )
            return {"compare": fact, "op": op, "value": plain}
