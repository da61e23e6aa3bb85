"""Keys find whom the slow reference finds, and few others."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from tests.engine.linkage.accuracy import Index
from tests.engine.linkage.people import ALIKE, ANY
from tests.engine.linkage.register import Names, make_register, retype

from okat.engine.errors import ProblemError
from okat.engine.linkage import PER_KEY, WEIGHTS, Birth, PersonKey, keys, lookups, rank
from okat.engine.linkage.keys import MOST_LOOKUPS
from okat.engine.linkage.reference import rank_everyone

WHOLE = PersonKey("สมชาย", "แก้วมณี", Birth(1976, 3, 4), "m", "4001-12/3", "0812345678", "a1b2")


def meet(a: PersonKey, b: PersonKey) -> bool:
    return bool(set(lookups(a)) & set(keys(b)))


@given(ANY)
@settings(deadline=None, max_examples=300)
def test_a_person_is_found_under_what_was_stored_and_the_reading_is_bounded(person: PersonKey) -> None:
    assert set(keys(person)) <= set(lookups(person))
    assert len(set(lookups(person))) == len(lookups(person)) <= MOST_LOOKUPS
    assert all(kind and key for kind, key in lookups(person))


@given(ALIKE, ALIKE)
@settings(deadline=None, max_examples=200)
def test_two_facts_in_common_are_enough_to_meet(a: PersonKey, b: PersonKey) -> None:
    same_given = a.given_forms.sound == b.given_forms.sound != ""
    same_family = a.family_forms.sound == b.family_forms.sound != ""
    same_year = a.birth.year == b.birth.year is not None
    same_home = a.house == b.house != "" or a.phone == b.phone != ""
    if same_home or sum((same_given, same_family, same_year)) >= 2:
        assert meet(a, b)
        assert meet(b, a)


@pytest.mark.parametrize(
    "changed",
    [
        replace(WHOLE, given="ธนกฤต"),
        replace(WHOLE, family="ศรีสุข", house="", phone="", pin=""),
        replace(WHOLE, given="ธนกฤต", family="ศรีสุข", house="", phone="", pin="", birth=Birth(1976, 4, 3)),
        replace(WHOLE, given="แก้วมณี", family="สมชาย", house="", phone="", pin="", birth=Birth()),
        replace(WHOLE, given="สมชาย แก้วมณี", family="", house="", phone="", pin="", birth=Birth()),
        replace(WHOLE, family="ศรีสุข", birth=Birth(1967, 3, 4), house="", phone="", pin=""),
        replace(WHOLE, given="สมชาติ", family="แก้วมะลิ", birth=Birth(1977), house="", phone="", pin=""),
    ],
    ids=["given name", "married", "both names, day and month", "turned", "one field", "wrong year", "misspelt"],
)
def test_a_change_of_name_or_date_still_meets(changed: PersonKey) -> None:
    assert meet(changed, WHOLE)


def test_nothing_known_has_no_keys() -> None:
    assert keys(PersonKey()) == lookups(PersonKey()) == ()
    assert keys(PersonKey(given=" . ")) == ()


def test_first_of_january_is_the_year_alone_and_files_nobody_under_a_day() -> None:
    assert Birth(1976, 1, 1) == Birth(1976)
    assert not any(kind == "born" for kind, _ in keys(replace(WHOLE, birth=Birth(1976, 1, 1))))


@pytest.mark.parametrize("parts", [(0,), (10_000,), (1976, 13), (1976, 1, 32), (1976, None, 5)])
def test_impossible_births_are_refused(parts: tuple[int, ...]) -> None:
    with pytest.raises(ProblemError, match="birth"):
        Birth(*parts)


@pytest.mark.parametrize("seed", [21, 22])
def test_keys_find_whom_the_reference_finds(seed: int) -> None:
    """Everyone scored against the keys' candidates: at most one true person in forty is lost by the keys."""
    register = make_register(800, seed)
    index, rng = Index(register), random.Random(seed)
    names = Names(rng)
    everyone = {str(i): person for i, person in enumerate(register.people)}
    lost = known = 0
    for true in rng.sample(range(len(everyone)), 40):
        query = retype(rng, names, everyone[str(true)], pin=False)
        slow = rank_everyone(query, everyone)
        fast = rank(query, index.candidates(query))
        known += str(true) in [s.id for s in slow]
        lost += str(true) in [s.id for s in slow] and str(true) not in [s.id for s in fast]
        if {s.id for s in slow} <= index.candidates(query).keys():
            assert fast == slow
    assert known >= 36
    assert lost <= 1


def test_a_very_common_name_reads_no_more_than_the_limit() -> None:
    crowd = {str(i): PersonKey("สมชาย", "แก้วมณี", Birth(1976)) for i in range(1_000)}
    read = {i for key in lookups(WHOLE) for i in [i for i, p in crowd.items() if key in keys(p)][:PER_KEY]}
    assert 0 < len(read) <= PER_KEY * MOST_LOOKUPS
    assert len(rank(WHOLE, {i: crowd[i] for i in read})) == 5
    assert WEIGHTS.possible < WEIGHTS.likely
