"""Eligibility by example: what a rule says, what it decides, and what to ask next."""

import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.engine.eligibility import trees
from tests.engine.eligibility.programmes import (
    DISABILITY_LOAN,
    OLDER_LOAN,
    OLDER_LOAN_DATA,
    SCHEMA,
    allowance_band,
)

from okat.engine.eligibility import (
    ABSENT,
    PRESENT,
    Age,
    Certificate,
    DateSpan,
    Exists,
    FactError,
    RuleError,
    Source,
    Tri,
    Violation,
    check,
    check_ask,
    evaluate,
    missing,
    parse_rule,
    reasons,
    sentence,
    to_sql,
)

ON = date(2026, 11, 1)
SOMCHAI: dict[str, Any] = {
    "birth_date": date(1960, 4, 12),
    "able_to_work": True,
    "needs_capital": True,
    "bankrupt": False,
    "incompetent": False,
    "fund_party": False,
    "work_here": True,
    "loan": Decimal(30000),
}


def test_someone_who_meets_every_condition() -> None:
    verdict = evaluate(OLDER_LOAN, SOMCHAI, on=ON)
    assert verdict.value is Tri.YES
    assert len(verdict.decided_by) == 8


def test_a_no_names_every_condition_that_failed_with_its_source() -> None:
    facts = {**SOMCHAI, "birth_date": date(1967, 1, 1), "fund_party": True, "bankrupt": None}
    verdict = evaluate(OLDER_LOAN, facts, on=ON)
    assert verdict.value is Tri.NO
    found = reasons(verdict, OLDER_LOAN, SCHEMA, "en")
    assert [reason.words for reason in found] == [
        "age is 60 or over (by date of birth)",
        "is a borrower or guarantor of the Fund",
    ]
    assert found[0].source.ref.startswith("gsbpay.com")
    assert not found[0].source.verified


def test_a_missing_fact_gives_unknown_and_the_question_to_ask() -> None:
    facts = {name: value for name, value in SOMCHAI.items() if name != "bankrupt"}
    assert evaluate(OLDER_LOAN, facts, on=ON).value is Tri.UNKNOWN
    ask = missing(OLDER_LOAN, facts, SCHEMA, on=ON)
    assert ask is not None
    assert (ask.facts, dict(ask.answers)) == (("bankrupt",), {"bankrupt": False})


def test_ask_for_the_disability_card_then_she_qualifies() -> None:
    facts = {"birth_date": date(2007, 5, 1), "incompetent": False, "loan": Decimal(50000)}
    ask = missing(DISABILITY_LOAN, facts, SCHEMA, on=ON)
    assert ask is not None
    assert ask.facts == ("disability", "married"), "19 years old: the card, and whether she is married"
    older = {**facts, "birth_date": date(2006, 5, 1)}
    assert missing(DISABILITY_LOAN, older, SCHEMA, on=ON).facts == ("disability",)  # type: ignore[union-attr]


def test_ties_go_to_the_cheaper_question_by_the_citys_list() -> None:
    rule = trees.AnyOf((trees.IsTrue("able", trees.SOURCE), trees.IsTrue("bankrupt", trees.SOURCE)))
    assert missing(rule, {}, trees.SCHEMA, on=ON).facts == ("able",)  # type: ignore[union-attr]
    dear = missing(rule, {}, trees.SCHEMA, on=ON, costs={"able": 9})
    assert dear is not None
    assert (dear.facts, dear.cost) == (("bankrupt",), 3)


def test_no_answer_helps_where_conditions_contradict_each_other() -> None:
    young = Age("birth", "<", 20, None, trees.SOURCE)
    rule = trees.AllOf((young, Age("birth", ">=", 60, None, trees.SOURCE)))
    assert evaluate(rule, {}, on=ON).value is Tri.UNKNOWN
    assert missing(rule, {}, trees.SCHEMA, on=ON) is None


@pytest.mark.parametrize(
    ("birth", "on", "expected"),
    [
        (date(1966, 11, 1), ON, Tri.YES),  # the birthday itself counts
        (date(1966, 11, 2), ON, Tri.NO),
        (date(1968, 2, 29), date(2028, 2, 29), Tri.YES),
        (date(1964, 2, 29), date(2025, 2, 28), Tri.YES),
        (date(1967, 2, 28), date(2027, 2, 28), Tri.YES),
        (DateSpan.of_year(1965), ON, Tri.YES),  # only the year: old enough by any day of it
        (DateSpan.of_year(1966), ON, Tri.UNKNOWN),
        (DateSpan.of_month(1966, 10), ON, Tri.YES),
        (DateSpan.of_month(1966, 11), ON, Tri.UNKNOWN),
        (DateSpan.of_year(1967), ON, Tri.NO),
    ],
)
def test_sixty_completed_years(birth: Any, on: date, expected: Tri) -> None:
    rule = Age("birth_date", ">=", 60, None, trees.SOURCE)
    assert evaluate(rule, {"birth_date": birth}, on=on).value is expected


def test_born_on_29_february_one_year_ends_on_1_march() -> None:
    rule = Age("birth_date", ">=", 61, None, trees.SOURCE)
    born = {"birth_date": date(1964, 2, 29)}
    assert evaluate(rule, born, on=date(2025, 2, 28)).value is Tri.NO
    assert evaluate(rule, born, on=date(2025, 3, 1)).value is Tri.YES


def test_each_age_falls_into_one_band_of_the_allowance() -> None:
    bands = [parse_rule(allowance_band(*band), SCHEMA) for band in ((60, 69), (70, 79), (80, 89), (90, None))]
    for age in range(55, 100):
        facts = {"birth_date": date(2026 - age, 6, 1)}
        count = sum(evaluate(band, facts, on=ON).value is Tri.YES for band in bands)
        assert count == (1 if age >= 60 else 0)


def test_known_to_have_none_is_not_the_same_as_not_known() -> None:
    rule = Exists("expiry", trees.SOURCE)
    values = [evaluate(rule, {"expiry": value}, on=ON).value for value in (None, ABSENT, PRESENT, ON)]
    assert values == [Tri.UNKNOWN, Tri.NO, Tri.YES, Tri.YES]


def test_the_loan_in_thai_and_in_english() -> None:
    assert sentence(OLDER_LOAN, SCHEMA, "th") == (
        "ครบทุกข้อ (อายุ 60 ปีขึ้นไป (นับจากวันเกิด); ต้องการทุน; ประกอบอาชีพได้; ไม่เป็นบุคคลล้มละลาย; "
        "ไม่ถูกศาลสั่งให้เป็นผู้ไร้ความสามารถ; มีที่ประกอบการในจังหวัดที่ยื่นคำขอ; "
        "ไม่ได้เป็นผู้กู้หรือผู้ค้ำประกันของกองทุน; วงเงินกู้ที่ขอไม่เกิน 30,000 บาท)"
    )
    assert sentence(OLDER_LOAN, SCHEMA, "en") == (
        "all of (age is 60 or over (by date of birth); needs capital; is able to work; is not bankrupt; "
        "is not declared incompetent; works in the province of the application; "
        "is neither borrower nor guarantor of the Fund; loan asked for is at most 30,000 baht)"
    )


def test_the_loan_as_sql() -> None:
    text = to_sql(OLDER_LOAN, SCHEMA, on=ON)
    assert "birth_date_first >= DATE '1966-11-02'" in text
    assert text.endswith("AND (NOT fund_party) AND (loan <= 30000))")


@pytest.mark.parametrize(("dialect", "literal"), [("standard", "'ข''\\'"), ("spark", "'ข\\'\\\\'")])
def test_texts_are_quoted_for_each_engine(dialect: Any, literal: str) -> None:
    rule = trees.OneOf("work", ("ข'\\",), trees.SOURCE)
    assert to_sql(rule, trees.SCHEMA, on=ON, dialect=dialect) == f"(work IN ({literal}))"


@pytest.mark.parametrize(
    ("data", "path", "code"),
    [
        ([], "rule", "type"),
        ({}, "rule", "kind"),
        ({"all": []}, "rule.all", "empty"),
        ({"all": [{"is": "married"}]}, "rule.all[0].is.source", "type"),
        ({"is": "nobody"}, "rule.is", "undeclared"),
        ({"is": "loan"}, "rule.is", "kind-of-fact"),
        ({"is": "married", "any": []}, "rule", "kind"),
        ({**OLDER_LOAN_DATA, "note": 1}, "rule", "extra"),
        (
            {"age": "birth_date", "op": "=>", "years": 60, "source": OLDER_LOAN_DATA["all"][0]["source"]},
            "rule.age.op",
            "op",
        ),
        ({"age": "birth_date", "op": ">=", "years": "60"}, "rule.age.years", "int"),
        ({"age": "birth_date", "op": ">=", "years": 60, "at": "2569-10-01"}, "rule.age.at", "date"),
        ({"compare": "loan", "op": "<=", "value": 1.5}, "rule.compare.value", "number"),
        ({"compare": "loan", "op": "<=", "value": "1e400"}, "rule.compare.value", "number"),
        ({"has_any": "disability", "values": ["blind"]}, "rule.has_any.values[0]", "code"),
    ],
)
def test_a_wrong_rule_is_refused_with_the_path_of_its_fault(data: Any, path: str, code: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse_rule(data, SCHEMA)
    assert (caught.value.path, caught.value.code) == (path, code)
    assert caught.value.mend


@pytest.mark.parametrize("name", ["ตลาด; ก", "ตลาด (ก", "ตลาด) (ก"])
def test_words_that_would_blur_a_sentence_are_refused(name: str) -> None:
    within = {"within": "home", "lat": 16.4, "lon": 102.8, "km": 5, "name": {"th": name, "en": "market"}}
    with pytest.raises(RuleError, match="ambiguous"):
        parse_rule({**within, "source": OLDER_LOAN_DATA["all"][0]["source"]}, trees.SCHEMA)


def test_a_rule_too_deep_is_refused_not_crashed_on() -> None:
    data: Any = OLDER_LOAN_DATA
    for _ in range(500):
        data = {"not": data}
    with pytest.raises(RuleError, match="deeper than"):
        parse_rule(data, SCHEMA)


def test_sql_refuses_what_parse_would_refuse() -> None:
    hostile = trees.IsTrue("x OR TRUE --", Source("x", "x", False))
    with pytest.raises(RuleError):
        to_sql(hostile, SCHEMA, on=ON)


def test_a_fact_of_the_wrong_kind_is_an_error_not_a_verdict() -> None:
    with pytest.raises(FactError, match="the rule tests a bool"):
        evaluate(trees.IsTrue("married", trees.SOURCE), {"married": "yes"}, on=ON)
    with pytest.raises(FactError, match="no number"):
        SCHEMA.check({"loan": "30,000"})


def test_the_check_finds_each_planted_fault() -> None:
    verdict = evaluate(OLDER_LOAN, SOMCHAI, on=ON)
    assert isinstance(check(OLDER_LOAN, SOMCHAI, ON, verdict), Certificate)
    first, second, *rest = verdict.trace
    faults = {
        "day": replace(verdict, on=date(2020, 1, 1)),
        "shape": replace(verdict, trace=(first, *rest)),
        "value": replace(verdict, trace=(first, replace(second, value=Tri.NO), *rest)),
        "decided-by": replace(verdict, trace=(replace(first, decided_by=first.decided_by[:-1]), second, *rest)),
        "verdict": replace(verdict, value=Tri.NO),
    }
    for name, planted in faults.items():
        found = check(OLDER_LOAN, SOMCHAI, ON, planted)
        assert isinstance(found, Violation)
        assert found.name == name


def test_the_check_of_an_ask_finds_each_planted_fault() -> None:
    facts = {**SOMCHAI, "bankrupt": None}
    ask = missing(OLDER_LOAN, facts, SCHEMA, on=ON)
    assert ask is not None
    faults = {
        "answers": replace(ask, facts=()),
        "open": replace(ask, facts=("loan",), answers=(("loan", Decimal(1)),)),
        "sufficient": replace(ask, answers=(("bankrupt", True),)),
    }
    for name, planted in faults.items():
        found = check_ask(OLDER_LOAN, facts, ON, planted)
        assert isinstance(found, Violation)
        assert found.name == name


def test_the_package_starts_without_numpy_and_duckdb() -> None:
    code = "import sys, okat.engine.eligibility; sys.exit('numpy' in sys.modules or 'duckdb' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
