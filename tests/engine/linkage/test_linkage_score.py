"""Scores are symmetric, do not depend on order, and say why; relatives are not duplicates."""

from dataclasses import replace
from math import log2

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.linkage.people import ALIKE, ANY

from okat.engine.linkage import WEIGHTS, Birth, PersonKey, compare, rank, say, say_part, score
from okat.engine.linkage.reasons import SENTENCES
from okat.engine.linkage.reference import rank_everyone
from okat.engine.linkage.score import COMPARISONS

MOTHER = PersonKey("มาลี", "แก้วมณี", Birth(1955, 7, 9), "f", "4001-12/3", "0812345678")
SON = PersonKey("สมชาย", "แก้วมณี", Birth(1980, 3, 4), "m", "4001-12/3", "0812345678")
BROTHER = PersonKey("สมชัย", "แก้วมณี", Birth(1983, 11, 20), "m", "4001-12/3", "0812345678")


@given(st.one_of(ALIKE, ANY), st.one_of(ALIKE, ANY))
@settings(deadline=None, max_examples=200)
def test_a_score_is_symmetric_and_adds_up(a: PersonKey, b: PersonKey) -> None:
    found = score(a, b)
    assert found == score(b, a)
    assert found.total == round(sum(part.weight for part in found.parts), 1)
    assert tuple(part.comparison for part in found.parts) == COMPARISONS
    assert say(found, "th")
    assert say(found, "en")


@given(st.lists(ALIKE, max_size=12), ALIKE, st.randoms(use_true_random=False), st.integers(0, 6))
@settings(deadline=None, max_examples=200)
def test_the_order_of_candidates_makes_no_difference(people: list[PersonKey], query: PersonKey, rng, limit) -> None:  # type: ignore[no-untyped-def]
    named = [(str(i), person) for i, person in enumerate(people)]
    best = rank(query, dict(named), limit)
    rng.shuffle(named)
    assert rank(query, dict(named), limit) == best == rank_everyone(query, dict(named), limit)
    assert len(best) <= limit


@given(ANY)
@settings(deadline=None, max_examples=200)
def test_unknown_facts_are_no_evidence(person: PersonKey) -> None:
    assert score(person, PersonKey()).total == 0


def test_the_person_stands_above_the_family_however_the_name_was_misspelt() -> None:
    query = replace(SON, given="สมชายย์", birth=Birth(1980))
    best = rank(query, {"mother": MOTHER, "son": SON, "brother": BROTHER})
    assert [s.id for s in best if s.score.band == "likely"] == ["son"]


def test_a_new_brother_in_a_known_house_is_no_duplicate() -> None:
    newcomer = replace(SON, given="ธนกฤต", birth=Birth(1985, 6, 30))
    assert rank(newcomer, {"mother": MOTHER, "son": SON, "brother": BROTHER}) == ()


def test_house_telephone_and_family_name_count_once() -> None:
    """The fault against which the one comparison stands: three shared facts must weigh no more than two."""
    home = {part.comparison: part.weight for part in score(SON, BROTHER).parts}["household"]
    fewer = {part.comparison: part.weight for part in score(SON, replace(BROTHER, phone="")).parts}["household"]
    assert home == fewer == WEIGHTS.weight("household", "home-and-name")
    assert home < -WEIGHTS.weight("birth", "different") - WEIGHTS.weight("given", "different") + WEIGHTS.possible


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        (Birth(1980, 3, 4), Birth(1980, 3, 4), "same"),
        (Birth(1980, 3, 4), Birth(1980, 4, 3), "turned"),
        (Birth(1980, 3, 4), Birth(1979, 3, 4), "near-year"),
        (Birth(1980, 3, 4), Birth(1980, 3, 14), "near-day"),
        (Birth(1980, 3, 4), Birth(1980, 1, 1), "year"),
        (Birth(1980), Birth(1981), "year-near"),
        (Birth(None, 3, 4), Birth(1980, 3, 4), "day-only"),
        (Birth(1980, 3, 4), Birth(1991, 8, 20), "different"),
        (Birth(1980, 3, 4), Birth(), "missing"),
    ],
)
def test_birth_dates_have_levels(left: Birth, right: Birth, level: str) -> None:
    parts = {part.comparison: part.level for part in score(PersonKey(birth=left), PersonKey(birth=right)).parts}
    assert parts["birth"] == level


def test_a_reason_is_a_plain_sentence() -> None:
    found = score(SON, replace(SON, given="สมชาญ", pin="x"))
    assert say(found, "en").startswith("probably the same person: same birth date; same or nearly the same family name")
    assert "given name differs in one letter" in say(found, "en")
    assert "วันเกิดตรงกัน" in say(found, "th")


def test_every_level_has_a_weight_and_a_sentence_in_both_languages() -> None:
    levels = {(name, level) for name, rows in WEIGHTS.levels.items() for level in rows}
    assert levels == SENTENCES.keys()
    for name, level in levels:
        m, u = WEIGHTS.levels[name][level]
        assert WEIGHTS.weight(name, level) == round(log2(m / u), 1)
        assert set(SENTENCES[name, level]) == {"th", "en"}


def test_agreeing_more_never_weighs_less() -> None:
    ladders = {
        "given": ["same", "spelling", "near", "similar", "different"],
        "birth": ["same", "turned", "near-year", "near-day", "different"],
        "household": ["home-and-name", "home", "name", "none"],
    }
    for name, levels in ladders.items():
        weights = [WEIGHTS.weight(name, level) for level in levels]
        assert weights == sorted(weights, reverse=True)


def test_two_records_stand_side_by_side_without_the_hash() -> None:
    found = compare(replace(SON, pin="secret"), replace(BROTHER, pin="other", birth=Birth(1983)))
    rows = {row.fact: row for row in found.rows}
    assert (rows["given"].left, rows["given"].right, rows["given"].verdict) == ("สมชาย", "สมชัย", "near")
    assert (rows["birth"].left, rows["birth"].right) == ("1980-03-04", "1983")
    assert rows["house"].verdict == rows["phone"].verdict == rows["family"].verdict == "same"
    assert rows["house"].part is rows["family"].part
    assert (rows["pin"].left, rows["pin"].verdict) == ("known", "different")
    assert "secret" not in repr(found)
    assert say_part(rows["pin"].part, "th") == "เลขประจำตัวไม่ตรงกัน"
