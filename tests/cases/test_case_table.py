"""The table of states against a second list, written by hand from part C; and the page made from it."""

import datetime as dt
from itertools import product
from pathlib import Path

import pytest

from okat.city.cases import rules
from okat.city.cases.rules import State, Verb, Who

# state: verb>to:who (p person, o owner, r receiver, t team, s system)
TRUTH = """
offered: accept>accepted:po decline>declined:pos hand_over>offered:ot follow_up>outcome:s
accepted: refer>referred:o leave>left:pos hand_over>accepted:ot return>returned:s follow_up>outcome:s
declined: propose>offered:o follow_up>outcome:os hand_over>declined:ot
referred: receive>received:r return>returned:rs recall>accepted:o leave>left:pos follow_up>outcome:s
received: start>active:r return>returned:rs leave>left:prs follow_up>outcome:s
returned: refer>referred:o propose>offered:o follow_up>outcome:os hand_over>returned:ot
active: complete>completed:r leave>left:prs return>returned:s follow_up>outcome:s
completed: follow_up>outcome:os hand_over>completed:ot
left: propose>offered:o follow_up>outcome:os hand_over>left:ot
outcome: follow_up>outcome:os close>closed:os hand_over>outcome:ot propose>offered:o
closed:
"""
LETTER = {"p": Who.PERSON, "o": Who.OWNER, "r": Who.RECEIVER, "t": Who.TEAM, "s": Who.SYSTEM}


def truth() -> dict[tuple[State, Verb, Who], State]:
    found = {}
    for line in TRUTH.strip().splitlines():
        state, _, rest = line.partition(":")
        for item in rest.split():
            move, _, who = item.partition(":")
            verb, _, to = move.partition(">")
            found.update({(State(state), Verb(verb), LETTER[letter]): State(to) for letter in who})
    return found


def test_every_state_verb_and_actor() -> None:
    wanted = truth()
    wrong = [
        (state, verb, who)
        for state, verb, who in product(State, Verb, Who)
        if ((found := rules.edge(state, verb, who)) is None and (state, verb, who) in wanted)
        or (found is not None and found.to != wanted.get((state, verb, who)))
    ]
    assert wrong == []


def test_only_an_outcome_closes_and_nothing_leaves_closed() -> None:
    assert {(s, v) for s, v, e in rules.edges() if e.to is State.CLOSED} == {(State.OUTCOME, Verb.CLOSE)}
    assert not rules.TABLE[State.CLOSED].allows


def test_every_open_state_names_who_acts_and_by_when_and_can_reach_the_end() -> None:
    today = dt.date(2026, 12, 1)
    reach = {State.CLOSED}
    for _round in State:
        reach |= {s for s, _v, e in rules.edges() if e.to in reach and e.who - {Who.SYSTEM}}
    assert reach == set(State)
    for state in rules.OPEN_STATES:
        due = rules.due_on(state, today)
        assert rules.TABLE[state].acts is not Who.NOBODY
        assert due is not None
        assert due > today
        assert any(rules.TABLE[state].acts in e.who for e in rules.TABLE[state].allows.values())
    assert rules.due_on(State.CLOSED, today) is None


def test_every_verb_has_its_words_and_permission() -> None:
    assert set(rules.SENTENCES) == set(rules.NEEDS) == set(Verb)


@pytest.mark.parametrize(
    ("pending", "outcome", "closes"),
    [(0, "working", True), (2, "working", False), (2, "died", True), (0, "", False), (3, "unreachable", False)],
)
def test_what_closes(pending: int, outcome: str, closes: bool) -> None:
    assert rules.may_close(pending, outcome) is closes


def test_the_page_of_states_is_current() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "reference" / "case-states.md"
    assert page.read_text(encoding="utf-8") == rules.reference()
