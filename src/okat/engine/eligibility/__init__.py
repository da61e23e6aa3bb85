"""Eligibility: yes, no, or what to ask next. One rule tree, four readings that agree.

    parse_rule, dump_rule, check_rule     a rule from JSON-like data and back
    evaluate -> Verdict                   one person, with a trace; decide -> its value alone, for many rules
    evaluate_columns                      many rows of NumPy columns (vector.py)
    to_sql                                an SQL expression: TRUE, FALSE or NULL
    sentence, reasons                     Thai or English words
    missing -> Ask                        the smallest set of facts to ask for
    check, check_ask                      proof of a verdict and of an Ask, independent of `evaluate`
    eligibility_matrix -> Matrix          rules x people in one batch by DuckDB (batch.py)

The readings that need NumPy or DuckDB load them on first use.
"""

from typing import TYPE_CHECKING, Any

from okat.engine.eligibility.check import Certificate, Violation, check, check_ask
from okat.engine.eligibility.errors import FactError, RuleError
from okat.engine.eligibility.evaluate import Facts, Step, Verdict, decide, evaluate
from okat.engine.eligibility.facts import Fact, FactSchema, Kind
from okat.engine.eligibility.missing import Ask, missing
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
    Source,
    Within,
    Words,
    leaves,
    walk,
)
from okat.engine.eligibility.parse import check_rule, dump_rule, parse_rule
from okat.engine.eligibility.sentence import Reason, reasons, sentence
from okat.engine.eligibility.sql import to_sql
from okat.engine.eligibility.values import ABSENT, PRESENT, DateSpan, Point, Tri, Value

if TYPE_CHECKING:
    from okat.engine.eligibility.batch import Matrix, eligibility_matrix
    from okat.engine.eligibility.vector import Codes, CodeSets, columns_from_rows, evaluate_columns

__all__ = [
    "ABSENT",
    "PRESENT",
    "Age",
    "AllOf",
    "AnyOf",
    "Ask",
    "Certificate",
    "CodeSets",
    "Codes",
    "Compare",
    "DateSpan",
    "Exists",
    "Fact",
    "FactError",
    "FactSchema",
    "Facts",
    "HasAll",
    "HasAny",
    "IsTrue",
    "Kind",
    "Leaf",
    "Matrix",
    "Not",
    "OneOf",
    "Point",
    "Reason",
    "Rule",
    "RuleError",
    "Source",
    "Step",
    "Tri",
    "Value",
    "Verdict",
    "Violation",
    "Within",
    "Words",
    "check",
    "check_ask",
    "check_rule",
    "columns_from_rows",
    "decide",
    "dump_rule",
    "eligibility_matrix",
    "evaluate",
    "evaluate_columns",
    "leaves",
    "missing",
    "parse_rule",
    "reasons",
    "sentence",
    "to_sql",
    "walk",
]

LAZY = {
    "Matrix": "batch",
    "eligibility_matrix": "batch",
    "Codes": "vector",
    "CodeSets": "vector",
    "columns_from_rows": "vector",
    "evaluate_columns": "vector",
}


def __getattr__(name: str) -> Any:
    if name not in LAZY:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{LAZY[name]}"), name)
