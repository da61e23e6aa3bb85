"""Every forgery that we could think of, on made-up rounds, sealed again with right digests: each is named by
the property that it breaks, with the row."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from tests.engine.allocation.made_up import random_problem
from tests.files.allocation_forger import Bundle

from okat.files.findings import Report
from okat.files.verify import verify_bundle

Expected = list[tuple[str, str, int]]
"""(code, file, row): at least one of them must be found."""
Forgery = Callable[[Bundle, Random], Expected | None]


def seated(bundle: Bundle) -> list[int]:
    return [index for index, row in enumerate(bundle.rows("outcome.csv")) if index and row[1]]


def swap_two_people(bundle: Bundle, random: Random) -> Expected | None:
    rows = bundle.rows("outcome.csv")
    pairs = [(a, b) for a in range(1, len(rows)) for b in range(1, a) if rows[a][1:] != rows[b][1:]]
    if not pairs:
        return None
    a, b = random.choice(pairs)
    rows[a][1:], rows[b][1:] = rows[b][1:], rows[a][1:]
    bundle.put("outcome.csv", rows)
    return [("swapped-seats", "outcome.csv", a + 1), ("swapped-seats", "outcome.csv", b + 1)]


def rename_a_seat_class(bundle: Bundle, random: Random) -> Expected | None:
    rows, places = bundle.rows("outcome.csv"), seated(bundle)
    if not places:
        return None
    index = random.choice(places)
    rows[index][2] = random.choice([name for name in ("open", "women", "Open", "") if name != rows[index][2]])
    bundle.put("outcome.csv", rows)
    return [("seat-class", "outcome.csv", index + 1)]


def move_a_cutoff(bundle: Bundle, random: Random) -> Expected | None:
    rows = bundle.rows("cutoffs.csv")
    full = [index for index, row in enumerate(rows) if index and row[2]]
    if not full:
        return None
    index = random.choice(full)
    rows[index][2] = random.choice(["0", "99", "2.4999"])
    bundle.put("cutoffs.csv", rows)
    return [("cut-off", "cutoffs.csv", index + 1)]


def flip_full(bundle: Bundle, random: Random) -> Expected | None:
    rows = bundle.rows("cutoffs.csv")
    index = random.randrange(1, len(rows))
    rows[index][4] = "false" if rows[index][4] == "true" else "true"
    bundle.put("cutoffs.csv", rows)
    return [("cut-off", "cutoffs.csv", index + 1)]


def change_a_lottery_number(bundle: Bundle, random: Random) -> Expected | None:
    rows = bundle.rows("cutoffs.csv")
    full = [index for index, row in enumerate(rows) if index and row[2]]
    if not full:
        return None
    index = random.choice(full)
    rows[index][3] = str(int(rows[index][3]) + 1)
    bundle.put("cutoffs.csv", rows)
    return [("lottery", "cutoffs.csv", index + 1)]


def leave_a_reserved_seat_empty(bundle: Bundle, random: Random) -> Expected | None:
    rows = bundle.rows("outcome.csv")
    reserved = [index for index in seated(bundle) if rows[index][2] != "open"]
    if not reserved:
        return None
    index = random.choice(reserved)
    rows[index][1:] = ["", ""]
    bundle.put("outcome.csv", rows)
    return [("reserved-seat-empty", "outcome.csv", index + 1)]


def give_a_reserved_seat_to_another(bundle: Bundle, random: Random) -> Expected | None:
    rows = bundle.rows("outcome.csv")
    lists = {(row[0], row[1]) for row in bundle.rows("preferences.csv")}
    choices = [
        (index, other)
        for index in seated(bundle)
        for other in range(1, len(rows))
        if rows[index][2] != "open" and not rows[other][1] and (rows[other][0], rows[index][1]) in lists
    ]
    if not choices:
        return None
    index, other = random.choice(choices)
    rows[other][1:], rows[index][1:] = [rows[index][1], "open"], ["", ""]
    bundle.put("outcome.csv", rows)
    return [("reserved-seat-empty", "outcome.csv", index + 1)]


def leave_an_open_seat_empty(bundle: Bundle, random: Random) -> Expected | None:
    rows = bundle.rows("outcome.csv")
    places = [index for index in seated(bundle) if rows[index][2] == "open"]
    if not places:
        return None
    index = random.choice(places)
    rows[index][1:] = ["", ""]
    bundle.put("outcome.csv", rows)
    # In a group whose reserve stands short, the freed seat is one of that reserve.
    return [(code, "outcome.csv", index + 1) for code in ("empty-seat-wanted", "reserved-seat-empty")]


def drop_a_person(bundle: Bundle, random: Random) -> Expected | None:
    rows = bundle.rows("outcome.csv")
    if len(rows) < 2:
        return None
    index = random.randrange(1, len(rows))
    del rows[index]
    bundle.put("outcome.csv", rows)
    return [("missing-applicant", "applicants.csv", index + 1)]


def add_a_stranger(bundle: Bundle, random: Random) -> Expected | None:
    rows = bundle.rows("outcome.csv")
    rows.append(["stranger", *random.choice([("", ""), ("o0", "open")])])
    bundle.put("outcome.csv", rows)
    return [("unknown-applicant", "outcome.csv", len(rows))]


def write_a_person_twice(bundle: Bundle, random: Random) -> Expected | None:
    rows = bundle.rows("outcome.csv")
    if len(rows) < 2:
        return None
    rows.append(list(random.choice(rows[1:])))
    bundle.put("outcome.csv", rows)
    return [("duplicate-row", "outcome.csv", len(rows))]


def send_someone_off_their_list(bundle: Bundle, random: Random) -> Expected | None:
    rows = bundle.rows("outcome.csv")
    lists = {(row[0], row[1]) for row in bundle.rows("preferences.csv")}
    places = [row[0] for row in bundle.rows("opportunities.csv")[1:]]
    choices = [(i, o) for i in range(1, len(rows)) for o in places if (rows[i][0], o) not in lists]
    if not choices:
        return None
    index, where = random.choice(choices)
    rows[index][1:] = [where, "open"]
    bundle.put("outcome.csv", rows)
    return [("off-list", "outcome.csv", index + 1)]


def invent_an_opportunity(bundle: Bundle, random: Random) -> Expected | None:
    rows = bundle.rows("outcome.csv")
    if len(rows) < 2:
        return None
    index = random.randrange(1, len(rows))
    rows[index][1:] = ["palace", "open"]
    bundle.put("outcome.csv", rows)
    return [("unknown-opportunity", "outcome.csv", index + 1)]


def seat_one_too_many(bundle: Bundle, random: Random) -> Expected | None:
    rows = bundle.rows("outcome.csv")
    full = {row[0] for row in bundle.rows("cutoffs.csv") if row[1:5:3] == ["open", "true"]}
    lists = {(row[0], row[1]) for row in bundle.rows("preferences.csv")}
    choices = [(i, o) for i in range(1, len(rows)) for o in sorted(full) if (rows[i][0], o) in lists]
    choices = [(i, o) for i, o in choices if rows[i][1] != o]
    if not choices:
        return None
    index, where = random.choice(choices)
    rows[index][1:] = [where, "open"]
    bundle.put("outcome.csv", rows)
    last = max(i for i, row in enumerate(rows) if row[1] == where)
    return [("capacity", "outcome.csv", last + 1)]


def drop_a_cutoff(bundle: Bundle, random: Random) -> Expected | None:
    rows = bundle.rows("cutoffs.csv")
    del rows[random.randrange(1, len(rows))]
    bundle.put("cutoffs.csv", rows)
    return [("cut-off", "cutoffs.csv", 0)]


def add_a_cutoff(bundle: Bundle, random: Random) -> Expected | None:
    rows = bundle.rows("cutoffs.csv")
    rows.append(["o0", "royals", "1", "2", "true"])
    bundle.put("cutoffs.csv", rows)
    return [("cut-off", "cutoffs.csv", len(rows))]


def draw_with_another_seed(bundle: Bundle, random: Random) -> Expected | None:
    if not any(row[2] for row in bundle.rows("cutoffs.csv")[1:]):
        return None
    bundle.decision["seed"] = "another"
    rows = bundle.rows("cutoffs.csv")
    return [(code, "cutoffs.csv", row) for code in ("lottery", "cut-off") for row in range(2, len(rows) + 1)]


def change_a_rule(bundle: Bundle, random: Random) -> Expected | None:
    name = random.choice(sorted(bundle.decision["rules"]))
    bundle.decision["rules"][name] = random.choice(["immediate-acceptance", 2, None, True])
    return [("rules", "decision.json", 0)]


def claim_another_figure(bundle: Bundle, random: Random) -> Expected | None:
    bundle.decision["outcome"][random.choice(sorted(bundle.decision["outcome"]))] += 1
    return [("summary", "decision.json", 0)]


def claim_another_certificate(bundle: Bundle, random: Random) -> Expected | None:
    bundle.members["certificate.json"] = random.choice([b'{"passed": true}', b"[]", b"not JSON", b"\xff"])
    return [("certificate", "certificate.json", 0)]


def raise_a_capacity_afterwards(bundle: Bundle, random: Random) -> Expected | None:
    rows = bundle.rows("opportunities.csv")
    index = random.randrange(1, len(rows))
    rows[index][1] = str(int(rows[index][1]) + 1)
    bundle.put("opportunities.csv", rows)
    return [("summary", "decision.json", 0)]


def raise_a_loser_afterwards(bundle: Bundle, random: Random) -> Expected | None:
    full = {row[0] for row in bundle.rows("cutoffs.csv") if row[1] == "open" and row[2]}
    outcome = {row[0]: row[1] for row in bundle.rows("outcome.csv")}
    rows = bundle.rows("preferences.csv")
    losers = [i for i, row in enumerate(rows) if i and not outcome[row[0]] and row[1] in full]
    if not losers:
        return None
    index = random.choice(losers)
    rows[index][3] = "1000"
    bundle.put("preferences.csv", rows)
    person = list(outcome).index(rows[index][0])
    return [("justified-envy", "outcome.csv", person + 1)]


def forget_a_file(bundle: Bundle, random: Random) -> Expected | None:
    name = random.choice(sorted(set(bundle.members) - {"decision.json"}))
    del bundle.members[name]
    return [("missing-member", name, 0)]


def slip_a_file_in(bundle: Bundle, random: Random) -> Expected | None:
    name = random.choice(["../../etc/passwd", "/outcome.csv", "inputs\\outcome.csv"])
    bundle.members[name] = b"x"
    return [("archive", name, 0)]


FORGERIES: list[Forgery] = [
    swap_two_people,
    rename_a_seat_class,
    move_a_cutoff,
    flip_full,
    change_a_lottery_number,
    leave_a_reserved_seat_empty,
    give_a_reserved_seat_to_another,
    leave_an_open_seat_empty,
    drop_a_person,
    add_a_stranger,
    write_a_person_twice,
    send_someone_off_their_list,
    invent_an_opportunity,
    seat_one_too_many,
    drop_a_cutoff,
    add_a_cutoff,
    draw_with_another_seed,
    change_a_rule,
    claim_another_figure,
    claim_another_certificate,
    raise_a_capacity_afterwards,
    raise_a_loser_afterwards,
    forget_a_file,
    slip_a_file_in,
]


def found(report: Report) -> set[tuple[str, str, int]]:
    return {(each.code, each.file, each.row) for each in report.findings}


@pytest.mark.slow
@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.__name__)
def test_a_forged_and_resealed_bundle_is_named(forgery: Forgery, tmp_path: Path) -> None:
    tried = 0
    for number in range(160):
        problem = random_problem(number)
        if not problem.applicants or not problem.preferences:
            continue
        bundle = Bundle(problem)
        expected = forgery(bundle, Random(number))
        if expected is None:
            continue
        tried += 1
        report = verify_bundle(bundle.seal(tmp_path / "b.zip"))
        assert not report.proven
        assert found(report) & set(expected), (number, expected, found(report))
        assert "digest" not in {each.code for each in report.findings}
        assert all(each.message and each.message_th and each.property for each in report.findings)
    assert tried >= 10


def test_in_an_honest_bundle_nothing_is_wrong_after_any_packing(tmp_path: Path) -> None:
    for number in range(160):
        problem = random_problem(number)
        if problem.applicants and problem.preferences:
            report = verify_bundle(Bundle(problem).seal(tmp_path / "b.zip"))
            assert not report.findings
            assert not report.proven  # no draw and no root is in it
            assert len(report.cannot) == 1
