"""Row `eligibility-1m-200`: 1,000,000 made-up people and 200 rules as one batch, against SQL written by hand.

Ten kinds of opportunity with twenty settings each. Beside each rule stands what someone who knows SQL would write
for it, by hand and not by the compiler: constants worked out once, a partial birth date by its first and last day,
unknown as NULL. Both read the same DuckDB table in the same process and end with answers in NumPy.
"""

import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from okat.engine.eligibility import (
    Age,
    AllOf,
    AnyOf,
    Compare,
    Exists,
    Fact,
    FactSchema,
    HasAny,
    IsTrue,
    Kind,
    Not,
    OneOf,
    Point,
    Rule,
    Source,
    Within,
    Words,
    eligibility_matrix,
)

ON = date(2026, 11, 1)
PEOPLE, SETTINGS, ROUNDS, TARGET = 1_000_000, 20, 2, 1.2
MADE_UP = Source("เงื่อนไขสมมติสำหรับวัดความเร็ว", "benchmarks/eligibility.py", verified=False)
DISTRICTS = tuple(f"40{n:02d}" for n in range(1, 27))
TYPES = ("seeing", "hearing", "movement", "mind", "intellect", "learning", "autism")
SCHOOLING = ("none", "primary", "lower", "upper", "vocational", "degree")


def _fact(name: str, kind: Kind, **more: Any) -> Fact:
    return Fact(name, kind, Words(name, name), Words(name, name), **more)


SCHEMA = FactSchema(
    (
        *(_fact(n, Kind.BOOL) for n in ("able", "thai", "married", "means", "borrower", "state_pension")),
        _fact("bankrupt", Kind.BOOL),
        _fact("birth", Kind.DATE, partial=True),
        _fact("expiry", Kind.DATE, optional=True),
        _fact("income", Kind.NUMBER),
        _fact("attendance", Kind.INT),
        _fact("children", Kind.INT),
        _fact("district", Kind.CODE),
        _fact("schooling", Kind.CODE),
        _fact("disability", Kind.CODES),
        _fact("home", Kind.POINT),
    )
)

TABLE = f"""
CREATE TABLE people AS
WITH drawn AS (
    SELECT i AS id, hash(i) AS h, DATE '1936-01-01' + CAST(hash(i, 1) % 32000 AS INTEGER) AS born,
           hash(i, 2) % 20 AS birth_known
    FROM range({PEOPLE}) AS r(i)
)
SELECT id,
    CASE WHEN hash(id, 3) % 10 > 0 THEN hash(id, 4) % 3 > 0 END AS able,
    CASE WHEN hash(id, 5) % 10 > 0 THEN hash(id, 6) % 50 > 0 END AS thai,
    CASE WHEN hash(id, 7) % 10 > 0 THEN hash(id, 8) % 2 > 0 END AS married,
    CASE WHEN hash(id, 9) % 10 > 2 THEN hash(id, 10) % 2 > 0 END AS means,
    CASE WHEN hash(id, 11) % 10 > 0 THEN hash(id, 12) % 20 = 0 END AS borrower,
    CASE WHEN hash(id, 13) % 10 > 0 THEN hash(id, 14) % 9 = 0 END AS state_pension,
    CASE WHEN hash(id, 15) % 10 > 0 THEN hash(id, 16) % 40 = 0 END AS bankrupt,
    CASE WHEN birth_known = 0 THEN NULL WHEN birth_known < 3 THEN CAST(date_trunc('year', born) AS DATE)
         ELSE born END AS birth_first,
    CASE WHEN birth_known = 0 THEN NULL WHEN birth_known < 3 THEN make_date(year(born), 12, 31)
         ELSE born END AS birth_last,
    CASE WHEN hash(id, 17) % 3 = 0 THEN DATE '2024-01-01' + CAST(hash(id, 18) % 2000 AS INTEGER) END AS expiry,
    CASE WHEN hash(id, 17) % 3 = 0 THEN TRUE WHEN hash(id, 17) % 3 = 1 THEN FALSE END AS expiry_exists,
    CASE WHEN hash(id, 19) % 5 > 0 THEN CAST(hash(id, 20) % 3000000 AS DOUBLE) / 100 END AS income,
    CASE WHEN hash(id, 21) % 5 > 0 THEN CAST(hash(id, 22) % 101 AS INTEGER) END AS attendance,
    CASE WHEN hash(id, 23) % 5 > 0 THEN CAST(hash(id, 24) % 6 AS INTEGER) END AS children,
    CASE WHEN hash(id, 25) % 20 > 0 THEN '40' || lpad(CAST(1 + hash(id, 26) % 26 AS VARCHAR), 2, '0') END AS district,
    CASE WHEN hash(id, 27) % 5 > 0 THEN {list(SCHOOLING)}[CAST(1 + hash(id, 28) % 6 AS INTEGER)] END AS schooling,
    CASE WHEN hash(id, 29) % 10 = 0 THEN NULL WHEN hash(id, 29) % 10 < 7 THEN []
         ELSE {list(TYPES)}[CAST(1 + hash(id, 30) % 7 AS INTEGER) :
                            CAST(1 + hash(id, 30) % 7 + hash(id, 31) % 2 AS INTEGER)] END AS disability,
    CASE WHEN hash(id, 32) % 6 > 0 THEN 15.6 + (hash(id, 33) % 150000) / 1e5 END AS home_lat,
    CASE WHEN hash(id, 32) % 6 > 0 THEN 101.7 + (hash(id, 34) % 150000) / 1e5 END AS home_lon
FROM drawn
"""


def _yes(name: str) -> Rule:
    return IsTrue(name, MADE_UP)


def _no(name: str) -> Rule:
    return Not(_yes(name))


def _age(op: str, years: int) -> Rule:
    return Age("birth", op, years, None, MADE_UP)


def _is(name: str, op: str, value: Any) -> Rule:
    return Compare(name, op, value, MADE_UP)


def _in(name: str, *codes: str) -> Rule:
    return OneOf(name, codes, MADE_UP)


def _types(*codes: str) -> Rule:
    return HasAny("disability", codes, MADE_UP)


def _near(lat: float, lon: float, km: int) -> Rule:
    return Within("home", Point(lat, lon), Decimal(km), Words("ศูนย์", "the centre"), MADE_UP)


def _some(i: int, count: int) -> tuple[str, ...]:
    return tuple(DISTRICTS[(i + 3 * k) % len(DISTRICTS)] for k in range(count))


# What the author of the SQL keeps at hand: text only, no help from the product.
def older(years: int) -> str:
    """At least so old, where only first and last possible day of birth are known."""
    day = f"CAST(DATE '2026-11-01' - INTERVAL {years} YEAR AS DATE)"
    return f"CASE WHEN birth_last <= {day} THEN TRUE WHEN birth_first > {day} THEN FALSE END"


def quoted(codes: tuple[str, ...]) -> str:
    return ", ".join(f"'{code}'" for code in codes)


def near(lat: float, lon: float, km: int) -> str:
    return f"""2 * 6371.0088 * asin(sqrt(pow(sin(radians(home_lat - {lat}) / 2), 2)
        + cos(radians({lat})) * cos(radians(home_lat)) * pow(sin(radians(home_lon - {lon}) / 2), 2))) <= {km}"""


def older_loan(i: int) -> tuple[Rule, str]:
    years, place = 60 + i % 6, DISTRICTS[i]
    rule = AllOf(
        (
            _age(">=", years),
            _yes("able"),
            _yes("means"),
            _no("bankrupt"),
            _no("borrower"),
            _is("district", "=", place),
        )
    )
    return rule, f"{older(years)} AND able AND means AND NOT bankrupt AND NOT borrower AND district = '{place}'"


def allowance(i: int) -> tuple[Rule, str]:
    low, high = 60 + i, 70 + i
    rule = AllOf((_age(">=", low), _age("<", high), _yes("thai"), _no("state_pension")))
    return rule, f"({older(low)}) AND NOT ({older(high)}) AND thai AND NOT state_pension"


def disability_loan(i: int) -> tuple[Rule, str]:
    some, income = TYPES[: 2 + i % 6], 6000 + 500 * i
    grown = AnyOf((_age(">=", 20), AllOf((_age(">=", 17), _yes("married")))))
    rule = AllOf((_types(*some), grown, _no("bankrupt"), _is("income", "<=", Decimal(income))))
    return (
        rule,
        f"""list_has_any(disability, [{quoted(some)}])
        AND (({older(20)}) OR (({older(17)}) AND married)) AND NOT bankrupt AND income <= {income}""",
    )


def child_grant(i: int) -> tuple[Rule, str]:
    income, kept = 2000 + 100 * i, 80 + i % 3
    rule = AllOf((_age("<", 16), _is("income", "<=", Decimal(income)), _is("attendance", ">", kept), _yes("thai")))
    return rule, f"NOT ({older(16)}) AND income <= {income} AND attendance > {kept} AND thai"


def course(i: int) -> tuple[Rule, str]:
    lat, lon, km = round(15.9 + i * 0.05, 2), round(102.0 + i * 0.06, 2), 10 + i
    schooled = _in("schooling", *SCHOOLING[4 - i % 3 :])
    rule = AllOf((_age(">=", 15), Not(schooled), _near(lat, lon, km)))
    return (
        rule,
        f"""({older(15)}) AND schooling NOT IN ({quoted(SCHOOLING[4 - i % 3 :])})
        AND {near(lat, lon, km)}""",
    )


def quota_job(i: int) -> tuple[Rule, str]:
    lat, lon = round(16.2 + i * 0.03, 2), round(102.4 + i * 0.03, 2)
    some, schooling = TYPES[i % 4 : i % 4 + 3], SCHOOLING[2 + i % 2 :]
    rule = AllOf((_types(*some), _age(">=", 18), _age("<", 60), _in("schooling", *schooling), _near(lat, lon, 20 + i)))
    return (
        rule,
        f"""list_has_any(disability, [{quoted(some)}]) AND ({older(18)}) AND NOT ({older(60)})
        AND schooling IN ({quoted(schooling)}) AND {near(lat, lon, 20 + i)}""",
    )


def stall(i: int) -> tuple[Rule, str]:
    places, last = _some(i, 4), date(2026, 1 + i % 12, 15)
    card = Exists("expiry", MADE_UP)
    rule = AllOf((_yes("thai"), _in("district", *places), card, _is("expiry", ">=", last)))
    return (
        rule,
        f"""thai AND district IN ({quoted(places)})
        AND expiry_exists AND (expiry_exists AND expiry >= DATE '{last}')""",
    )


def emergency(i: int) -> tuple[Rule, str]:
    places, floor, ceiling = _some(i, 6), 1500 + 100 * i, 5000 + 200 * i
    poor = _is("income", "<=", Decimal(floor))
    family = AllOf((_is("children", ">=", 3), _is("income", "<=", Decimal(ceiling))))
    rule = AllOf((AnyOf((poor, family, _types(*TYPES))), _in("district", *places)))
    return (
        rule,
        f"""(income <= {floor} OR (children >= 3 AND income <= {ceiling})
        OR list_has_any(disability, [{quoted(TYPES)}])) AND district IN ({quoted(places)})""",
    )


def renewal(i: int) -> tuple[Rule, str]:
    day = date(2026, 11, 1 + i)
    rule = AllOf((Not(AllOf((Exists("expiry", MADE_UP), _is("expiry", ">", day)))), _types(*TYPES[: 3 + i % 4])))
    return (
        rule,
        f"""NOT (expiry_exists AND (expiry_exists AND expiry > DATE '{day}'))
        AND list_has_any(disability, [{quoted(TYPES[: 3 + i % 4])}])""",
    )


def older_job(i: int) -> tuple[Rule, str]:
    places, high, income = _some(i, 3), 66 + i % 8, 8000 + 100 * i
    rule = AllOf(
        (
            _age(">=", 60),
            _age("<", high),
            _yes("able"),
            _in("district", *places),
            AnyOf((_no("state_pension"), _is("income", "<", Decimal(income)))),
        )
    )
    return (
        rule,
        f"""({older(60)}) AND NOT ({older(high)}) AND able AND district IN ({quoted(places)})
        AND (NOT state_pension OR income < {income})""",
    )


KINDS: tuple[Callable[[int], tuple[Rule, str]], ...] = (
    older_loan,
    allowance,
    disability_loan,
    child_grant,
    course,
    quota_job,
    stall,
    emergency,
    renewal,
    older_job,
)


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    start = time.process_time()
    result = work()
    return result, time.process_time() - start


NAMES = ("eligibility-1m-200",)


def run(only: str) -> list[dict[str, Any]]:
    """One row: CPU seconds of both (all threads, the better of two rounds each) and whether the answers are equal."""
    import duckdb

    pairs = {f"{kind.__name__}_{i}": kind(i) for kind in KINDS for i in range(SETTINGS)}
    rules = {name: rule for name, (rule, _) in pairs.items()}
    statement = "SELECT id, " + ",\n".join(f"({sql}) AS {name}" for name, (_, sql) in pairs.items()) + "\nFROM people"
    connection = duckdb.connect(":memory:")
    connection.execute(TABLE)

    def ours() -> Any:
        return eligibility_matrix(rules, "people", SCHEMA, on=ON, connection=connection)

    def peer() -> Any:
        return connection.execute(statement).fetchnumpy()

    ours_cpu = peer_cpu = float("inf")
    equal = True
    for _ in range(ROUNDS):
        answers, seconds = _timed(peer)
        peer_cpu = min(peer_cpu, seconds)
        matrix, seconds = _timed(ours)
        ours_cpu = min(ours_cpu, seconds)
        # Neither promises an order of rows: both are put in the order of the ids before they are compared.
        mine, theirs = np.argsort(matrix.ids), np.argsort(np.ma.getdata(answers["id"]))
        equal = equal and bool(np.array_equal(matrix.ids[mine], answers["id"][theirs]))
        for name in rules:
            by_hand = np.ma.filled(np.ma.asarray(answers[name]).astype(np.int8), -1)
            equal = equal and bool(np.array_equal(matrix.of(name)[mine], by_hand[theirs]))
    connection.close()
    return [
        {
            "name": "eligibility-1m-200",
            "ours": f"{len(rules)} rule trees x {PEOPLE:,} people, compiled and run by eligibility_matrix",
            "peer": "the same rules written by hand in DuckDB SQL, one statement",
            "ours_cpu_s": round(ours_cpu, 2),
            "peer_cpu_s": round(peer_cpu, 2),
            "ratio": round(ours_cpu / peer_cpu, 3),
            "target": f"ratio (ours / peer) <= {TARGET}, answers equal",
            "equal": equal,
        }
    ]


if __name__ == "__main__":
    print(*run(), sep="\n")
