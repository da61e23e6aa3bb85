"""The worked examples of the explanations are computed, not remembered."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from okat.engine import budgeting
from okat.engine.allocation import Problem, check, decide
from okat.engine.eligibility import DateSpan, Rule, evaluate, missing, parse_rule
from okat.files.allocation.folder import read_folder
from okat.files.budgeting.reader import read_pb
from okat.files.facts import read_facts

ROOT = Path(__file__).resolve().parents[2]
EXPLANATION = ROOT / "docs" / "explanation"
ROUND = ROOT / "docs" / "tutorials" / "round"
SEED = "2569-11"
SOURCE = {"text": "ตัวอย่าง", "ref": "docs", "verified": True}
ON = dt.date(2026, 11, 22)


def lines(name: str) -> list[str]:
    return (EXPLANATION / name).read_text(encoding="utf-8").splitlines()


def outcome_rows(problem: Problem) -> list[str]:
    """The table of who asked for what with how many points, and what they got."""
    outcome = decide(problem, seed=SEED)
    rows = []
    for person in problem.applicants:
        wishes = sorted((p for p in problem.preferences if p.applicant == person.id), key=lambda wish: wish.rank)
        asked = ", ".join(f"{wish.opportunity} ({wish.priority})" for wish in wishes)
        held = outcome.placements[person.id]
        got = f"{held.opportunity}, {held.seat_class}" if held else "waits"
        rows.append(f"| {person.id} | {', '.join(sorted(person.groups)) or '–'} | {asked} | {got} |")
    return rows


def cut_rows(problem: Problem) -> list[str]:
    cuts = decide(problem, seed=SEED).cutoffs
    return [
        f"| {cut.opportunity} | {cut.seat_class} | {cut.priority} |"
        for cut in cuts
        if cut.full and cut.priority is not None
    ]


def with_points(problem: Problem, applicant: str, opportunity: str, points: int) -> Problem:
    wishes = tuple(
        wish._replace(priority=points) if (wish.applicant, wish.opportunity) == (applicant, opportunity) else wish
        for wish in problem.preferences
    )
    return replace(problem, preferences=wishes)


def test_the_mayors_example_is_what_the_engine_decides() -> None:
    problem, page = read_folder(ROUND).problem, lines("allocation.md")
    assert [row for row in [*outcome_rows(problem), *cut_rows(problem)] if row not in page] == []
    assert check(problem, decide(problem, seed=SEED), seed=SEED).passed


def test_the_mayors_what_if() -> None:
    """“With 71 points for weaving Kanda would have the place, and Malee the sewing course.”"""
    changed = decide(with_points(read_folder(ROUND).problem, "kanda", "weaving", 71), seed=SEED).placements
    places = {name: held.opportunity if held else "" for name, held in changed.items()}
    assert (places["kanda"], places["malee"]) == ("weaving", "sewing")
    assert any("With 71 points" in line for line in lines("allocation.md"))


def test_a_planted_wrong_number_is_found() -> None:
    problem = read_folder(ROUND).problem
    assert outcome_rows(problem) != outcome_rows(with_points(problem, "kanda", "weaving", 71))


def weaving() -> Rule:
    older = {"age": "birth_date", "op": ">=", "years": 60, "source": SOURCE}
    either = [{"is": name, "source": SOURCE} for name in ("farms", "disability_card")]
    return parse_rule({"all": [older, {"any": either}]}, read_facts(ROOT / "cities" / "khon-kaen"))


def born(year: int) -> DateSpan:
    """In a Buddhist year of which nothing more is known."""
    return DateSpan(dt.date(year - 543, 1, 1), dt.date(year - 543, 12, 31))


@pytest.mark.parametrize(
    ("row", "facts", "answer", "ask"),
    [
        ("| born 2500, farms | yes | |", {"birth_date": born(2500), "farms": True}, "yes", ()),
        ("| born 2535, farms | no: too young | |", {"birth_date": born(2535), "farms": True}, "no", None),
        ("| born 2500 | unknown | does she farm? |", {"birth_date": born(2500)}, "unknown", ("farms",)),
        (
            "| born 2500, does not farm | unknown | has she a disability card? |",
            {"birth_date": born(2500), "farms": False}, "unknown", ("disability_card",),
        ),
        ("| nothing | unknown | birth date; does she farm? |", {}, "unknown", ("birth_date", "farms")),
    ],
)  # fmt: skip
def test_the_example_of_matching(row: str, facts: dict[str, object], answer: str, ask: tuple[str, ...] | None) -> None:
    rule, schema = weaving(), read_facts(ROOT / "cities" / "khon-kaen")
    assert evaluate(rule, facts, on=ON).value == answer  # type: ignore[arg-type]
    found = missing(rule, facts, schema, on=ON)  # type: ignore[arg-type]
    assert (found.facts if found else None) == ask
    assert row in lines("matching.md")


VOTE = ROOT / "docs" / "tutorials" / "vote" / "community.pb"
PLAIN = budgeting.Rules(completion=("none",))


def named(election: budgeting.Election) -> dict[str, str]:
    """Id and name, as the tables of the page have them."""
    return {row[0]: f"{row[0]} {row[3]}" for row in read_pb(VOTE).table.projects if row[0] in election.ids}


def bought_rows(election: budgeting.Election, rules: budgeting.Rules) -> list[str]:
    found = budgeting.rounds(election, budgeting.decide(election, rules))
    names = named(election)
    return [
        f"| {place} | {names[one.project]} | {len(one.voters)} | {budgeting.money(election, one.price)} |"
        for place, one in enumerate(found, 1)
    ]


def test_the_residents_example_is_what_the_engine_decides() -> None:
    election, page, names = read_pb(VOTE).election, lines("equal-shares.md"), named(read_pb(VOTE).election)
    rules = budgeting.Rules()
    outcome = budgeting.decide(election, rules)
    assert budgeting.check(election, rules, outcome).passed
    rows = [
        f"| {one} | {names[one].partition(' ')[2]} | {cost:,} | {votes} |"
        for one, cost, votes in zip(election.ids, election.costs.tolist(), election.votes.tolist(), strict=True)
    ]
    rows += [*bought_rows(election, PLAIN), *bought_rows(election, rules)]
    rows += [
        f"| {names[one.project]} | {one.text('th')} |"
        for one in budgeting.reasons(election, rules, outcome)
        if one.project not in outcome.winners
    ]
    assert [row for row in rows if row not in page] == []
    text = "\n".join(page)
    for figure in (outcome.endowment, outcome.cost, budgeting.decide(election, PLAIN).cost):
        assert f"{int(figure or 0):,} บาท" in text
    greedy = budgeting.decide(election, budgeting.Rules(rule="greedy", completion=("none",)))
    assert (greedy.winners, f"{greedy.cost:,} บาท" in text) == (("2", "1"), True)


def test_the_sentences_of_the_switches_stand_in_the_reference() -> None:
    page = (ROOT / "docs" / "reference" / "budgeting-switches.md").read_text(encoding="utf-8")
    switches = [budgeting.Rules(rule=rule) for rule in budgeting.CHOICES["rule"]]
    switches += [budgeting.Rules(completion=(one,), start="exact") for one in budgeting.CHOICES["completion"]]
    switches += [
        budgeting.Rules(stop=stop, rule=rule)
        for stop in budgeting.CHOICES["stop"]
        for rule in ("phragmen", "equal-shares")
    ]
    switches += [budgeting.Rules(ties=("max-cost", "refuse"), utility="cardinality")]
    said = {line for rules in switches for line in (*rules.sentences("en"), *rules.sentences("th"))}
    assert [line for line in said if line not in page] == []
