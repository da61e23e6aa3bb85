"""The four readings agree with each other and with the slow reference, on random rules and people."""

import json
from datetime import timedelta
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.eligibility import trees

from okat.engine.eligibility import (
    ABSENT,
    PRESENT,
    Certificate,
    DateSpan,
    Point,
    Tri,
    check,
    check_ask,
    columns_from_rows,
    decide,
    dump_rule,
    eligibility_matrix,
    evaluate,
    evaluate_columns,
    leaves,
    missing,
    parse_rule,
    sentence,
)
from okat.engine.eligibility.answers import open_answers
from okat.engine.eligibility.evaluate import leaf_value
from okat.engine.eligibility.reference import arc_km, birthdays, missing_by_trying, truth
from okat.engine.eligibility.values import completed_years, distance_km, latest_birth

SCHEMA = trees.SCHEMA
NUMBERS = {Tri.YES: 1, Tri.NO: 0, Tri.UNKNOWN: -1}
days = st.sampled_from(trees.ON_DAYS)


@settings(deadline=None, max_examples=30)
@given(st.lists(trees.rules, min_size=1, max_size=10), st.lists(trees.people, min_size=1, max_size=15), days)
def test_all_readings_agree(rules: list[Any], rows: list[dict[str, Any]], on: Any) -> None:
    named = {f"r{i}": rule for i, rule in enumerate(rules)}
    matrix = eligibility_matrix(named, trees.frame(rows), SCHEMA, on=on)
    columns = columns_from_rows(SCHEMA, rows)
    assert matrix.ids.tolist() == list(range(len(rows)))
    for name, rule in named.items():
        expected = [NUMBERS[truth(rule, row, on)] for row in rows]
        assert [NUMBERS[evaluate(rule, row, on=on).value] for row in rows] == expected
        assert [NUMBERS[decide(rule, row, on=on)] for row in rows] == expected
        assert evaluate_columns(rule, SCHEMA, columns, on=on).tolist() == expected
        assert matrix.of(name).tolist() == expected


@settings(deadline=None, max_examples=250)
@given(trees.rules, trees.people, days)
def test_every_verdict_passes_its_check(rule: Any, row: dict[str, Any], on: Any) -> None:
    assert isinstance(check(rule, row, on, evaluate(rule, row, on=on)), Certificate)


@settings(deadline=None, max_examples=200)
@given(trees.rules, trees.people, trees.people, days)
def test_learning_more_never_turns_a_decided_verdict(
    rule: Any, row: dict[str, Any], other: dict[str, Any], on: Any
) -> None:
    before = evaluate(rule, row, on=on).value
    learned = {**other, **{name: value for name, value in row.items() if value is not None}}
    if before is not Tri.UNKNOWN:
        assert evaluate(rule, learned, on=on).value is before


@settings(deadline=None, max_examples=150)
@given(trees.rules, trees.people, days)
def test_missing_names_the_set_that_trying_finds(rule: Any, row: dict[str, Any], on: Any) -> None:
    ask = missing(rule, row, SCHEMA, on=on)
    assert (ask.facts if ask else None) == missing_by_trying(rule, row, SCHEMA, on)
    if ask:
        assert ask.exact
        assert isinstance(check_ask(rule, row, on, ask), Certificate)


def still_possible(now: Any, value: Any) -> bool:
    """Whether `value` is a full answer to a fact of which `now` is known."""
    if value is PRESENT or isinstance(value, DateSpan):
        return False
    if isinstance(now, DateSpan):
        return value is not ABSENT and now.first <= value <= now.last
    return now is None or (now is PRESENT and value is not ABSENT)


@settings(deadline=None, max_examples=200)
@given(st.data(), st.sampled_from([f.name for f in SCHEMA]), days)
def test_the_few_answers_tried_stand_for_all(data: Any, name: str, on: Any) -> None:
    about = data.draw(st.lists(trees.LEAVES[name], min_size=1, max_size=3))
    now = data.draw(st.one_of(st.none(), trees.VALUES[name]))
    value = data.draw(st.one_of(trees.VALUES[name], st.just(ABSENT) if SCHEMA[name].optional else st.nothing()))
    if still_possible(now, value):
        results = [leaf_value(leaf, {name: value}, on) for leaf in about]
        assert results in [found for _, found in open_answers(SCHEMA[name], now, about, on)]


@settings(deadline=None, max_examples=200)
@given(trees.rules)
def test_a_rule_survives_json(rule: Any) -> None:
    assert parse_rule(json.loads(json.dumps(dump_rule(rule))), SCHEMA) == rule
    assert len(leaves(rule)) >= 1


births = st.dates(min_value=trees.DAYS[0] - timedelta(days=9000), max_value=trees.DAYS[0] + timedelta(days=9000))


@settings(deadline=None, max_examples=400)
@given(births, st.sampled_from(trees.ON_DAYS), st.integers(0, 149))
def test_ages_by_birthdays(birth: Any, on: Any, years: int) -> None:
    assert completed_years(birth, on) == birthdays(birth, on)
    assert (birth <= latest_birth(years, on)) == (completed_years(birth, on) >= years)


points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


@settings(deadline=None, max_examples=300)
@given(points, points)
def test_two_formulas_of_distance(a: Point, b: Point) -> None:
    # Haversine loses digits near the antipode: a metre there, a micrometre in a province.
    far = arc_km(a, b)
    assert np.isclose(distance_km(a, b), far, rtol=1e-9, atol=1e-6 if far < 19_000 else 1e-3)


GROUPS = {
    "en": {"all of": trees.AllOf, "one or more of": trees.AnyOf, "not the case:": trees.Not},
    "th": {"ครบทุกข้อ": trees.AllOf, "อย่างน้อยหนึ่งข้อ": trees.AnyOf, "ไม่ใช่กรณีที่": trees.Not},
}


def read_back(text: str, known: dict[str, Any], groups: dict[str, Any]) -> Any:
    """The rule that a sentence states: an independent reader of the printed grammar."""
    if text in known:
        return known[text]
    word, _, inside = text.partition(" (")
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(inside[:-1]):
        depth += (letter == "(") - (letter == ")")
        if letter == ";" and depth == 0:
            parts.append(inside[start:place])
            start = place + 2
    built = tuple(read_back(part, known, groups) for part in [*parts, inside[start:-1]])
    return groups[word](built[0] if groups[word] is trees.Not else built)


@settings(deadline=None, max_examples=150)
@given(trees.rules, st.sampled_from(["th", "en"]))
def test_a_sentence_states_its_rule_and_no_other(rule: Any, lang: Any) -> None:
    known: dict[str, Any] = {}
    for _, leaf in leaves(rule):
        for node in [leaf, *([trees.Not(leaf)] if leaf.fact == "able" else [])]:
            words = sentence(node, SCHEMA, lang)
            assert known.setdefault(words, node) == node
    assert read_back(sentence(rule, SCHEMA, lang), known, GROUPS[lang]) == rule
