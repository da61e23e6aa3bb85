"""The batch on many rows and on bad columns."""

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.engine.eligibility import trees

from okat.engine.eligibility import (
    Age,
    AllOf,
    Compare,
    FactError,
    OneOf,
    Point,
    Within,
    Words,
    eligibility_matrix,
    evaluate_columns,
)

ON = date(2026, 10, 1)
ROWS = 400_000  # more than three of DuckDB's row groups, which its threads hand over in any order


def many() -> dict[str, Any]:
    draw = np.random.default_rng(5)
    birth = np.datetime64("1950-01-01") + draw.integers(0, 20_000, ROWS).astype("timedelta64[D]")
    birth[draw.random(ROWS) < 0.1] = np.datetime64("NaT")
    return {
        "id": np.arange(ROWS) * 3,
        "children": np.ma.MaskedArray(draw.integers(0, 5, ROWS), draw.random(ROWS) < 0.2),
        "birth_first": birth,
        "birth_last": birth + np.timedelta64(200, "D"),
        "home_lat": draw.uniform(16.2, 16.7, ROWS),
        "home_lon": draw.uniform(102.5, 103.1, ROWS),
    }


@pytest.mark.slow
def test_every_answer_stands_beside_its_person() -> None:
    people, source = many(), trees.SOURCE
    place, market = Point(16.43, 102.83), Words("ตลาด", "the market")
    rules = {
        f"r{km}": AllOf(
            (
                Age("birth", ">=", 55 + km, None, source),
                Compare("children", "<", 3, source),
                Within("home", place, Decimal(km), market, source),
            )
        )
        for km in range(5, 15)
    }
    matrix = eligibility_matrix(rules, people, trees.SCHEMA, on=ON)
    who = matrix.ids // 3
    assert sorted(who.tolist()) == list(range(ROWS))
    for name, rule in rules.items():
        expected = evaluate_columns(rule, trees.SCHEMA, people, on=ON)
        assert np.array_equal(matrix.of(name), expected[who])


def leaf(name: str) -> Any:
    return {
        "expiry": Compare("expiry", "<", ON, trees.SOURCE),
        "birth": Age("birth", ">=", 60, None, trees.SOURCE),
        "income": Compare("income", "<", Decimal(3000), trees.SOURCE),
        "work": OneOf("work", ("ก",), trees.SOURCE),
    }[name]


@pytest.mark.parametrize(
    ("fact", "columns", "message"),
    [
        ("expiry", {"expiry": [ON], "expiry_exists": [None]}, "1 rows hold a value while expiry_exists is not true"),
        ("birth", {"birth_first": [ON], "birth_last": [None]}, "hold only one of birth_first, birth_last"),
        ("birth", {"birth_first": [ON], "birth_last": [date(2026, 1, 1)]}, "end before they begin"),
        ("income", {"income": [float("nan")]}, "hold NaN"),
        ("work", {"job": ["ก"]}, "no column 'work'"),
    ],
)
def test_columns_that_break_their_meaning_stop_the_batch(fact: str, columns: Any, message: str) -> None:
    types = {"expiry_exists": pl.Boolean, "birth_last": pl.Date}
    people = pl.DataFrame({"id": [1], **columns}, schema_overrides={k: v for k, v in types.items() if k in columns})
    with pytest.raises(FactError, match=message):
        eligibility_matrix({"rule": leaf(fact)}, people, trees.SCHEMA, on=ON)


def test_a_column_without_a_type_is_named_as_the_fault() -> None:
    people = pl.DataFrame({"id": [1], "expiry": [ON], "expiry_exists": [None]})
    with pytest.raises(FactError, match="Give each column the type of its fact"):
        eligibility_matrix({"rule": leaf("expiry")}, people, trees.SCHEMA, on=ON)


def test_people_may_come_from_parquet(tmp_path: Any) -> None:
    path = tmp_path / "people's.parquet"
    pl.DataFrame({"id": ["a", "b", "c"], "work": ["ก", None, "other"]}).write_parquet(path)
    matrix = eligibility_matrix({"rule": leaf("work")}, str(path), trees.SCHEMA, on=ON)
    assert dict(zip(matrix.ids.tolist(), matrix.of("rule").tolist(), strict=True)) == {"a": 1, "b": -1, "c": 0}
