"""What is shown against an attacker who subtracts, written another way than the guard: people as sets, every pair."""

import itertools
from collections.abc import Iterator
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okat.engine import disclosure
from okat.engine.disclosure import Band, Number, Shown, band, few, members, told_band

People = frozenset[str]


def computed(numbers: list[tuple[str, People]]) -> Iterator[People]:
    """Every set whose size somebody can compute: the numbers, differences twice over, and what any of them that have
    nobody in common leave over of another."""
    known = {people for _name, people in numbers}
    for whole in known:
        yield from packed(whole, sorted((each for each in known if each <= whole), key=sorted))
    for _round in range(2):
        known |= {a - b for a, b in itertools.product(known, known) if b < a}
    yield from known
    for (one, a), (other, b) in itertools.permutations(numbers, 2):
        if one == other:
            yield a - b


def packed(rest: People, parts: list[People]) -> Iterator[People]:
    yield rest
    for at, part in enumerate(parts):
        if part and part <= rest:
            yield from packed(rest - part, parts[at + 1 :])


def told(numbers: list[tuple[str, People]]) -> set[People]:
    """The sets of one to nine people that the numbers give away."""
    return {people for people in computed(numbers) if 0 < len(people) < 10}


@given(st.integers(0, 2**32))
def test_no_history_of_numbers_gives_away_a_few(seed: int) -> None:
    random = Random(seed)
    everyone = [f"p{n}" for n in range(random.randint(1, 60))]
    index = {who: at for at, who in enumerate(everyone)}
    shown, seen, placed = Shown(), [], set(random.sample(everyone, len(everyone) // 2))
    groups = {g: {p for p in everyone if random.random() < random.choice([0.1, 0.5, 0.9])} for g in "abc"}
    for _version in range(3):
        for name, people in (
            ("all", set(everyone)),
            ("placed", placed),
            *((f"{g} placed", groups[g] & placed) for g in groups),
            *((g, groups[g]) for g in groups),
        ):
            if shown.show(Number(name, members(people, index))):
                seen.append((name, frozenset(people)))
        placed = placed ^ set(random.sample(everyone, min(len(everyone), random.randint(0, 12))))
    assert told(seen) == set()


def test_the_attack_sees_a_planted_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    everyone = frozenset(f"p{n}" for n in range(30))
    index = {who: at for at, who in enumerate(sorted(everyone))}
    fewer = everyone - {"p1"}
    shown = Shown()
    assert shown.show(Number("all", members(everyone, index)))
    assert not shown.show(Number("placed", members(fewer, index)))
    monkeypatch.setattr(disclosure, "few", lambda people: False)
    assert shown.show(Number("placed", members(fewer, index)))
    assert told([("all", everyone), ("placed", fewer)]) == {frozenset({"p1"})}


def test_what_a_share_of_everybody_leaves_over_counts_too() -> None:
    """Women and men are shown; the five who are neither would follow. Or two classes of a full place, and the third."""
    people = [f"p{n}" for n in range(55)]
    index = {who: at for at, who in enumerate(people)}
    whole = members(people, index)
    shown = Shown()
    assert shown.show(Number("all", whole))
    assert shown.show(Number("f", members(people[:30], index), "sex", whole))
    assert not shown.show(Number("m", members(people[30:50], index), "sex", whole))
    assert shown.show(Number("m", members(people[30:], index), "sex", whole))


def test_what_a_family_leaves_over_is_compared_with_every_other_number() -> None:
    """The 287 of 60 and over are held back and follow from the two other ages; 285 of them are of a group."""
    whole, older = (1 << 858) - 1, (1 << 285) - 1
    young, middle = ((1 << 164) - 1) << 287, ((1 << 407) - 1) << (287 + 164)
    shown = Shown()
    assert shown.show(Number("all", whole))
    assert shown.show(Number("older", older))
    assert shown.show(Number("age:20", young, "age", whole))
    assert not shown.show(Number("age:40", middle, "age", whole))
    assert Shown.after(shown.numbers).known == shown.known


@pytest.mark.parametrize("parts", [2, 3, 4, 9])
@pytest.mark.parametrize("last", [True, False])
def test_numbers_without_a_family_that_leave_over_a_few(parts: int, last: bool) -> None:
    """However many they are, in whatever order."""
    sets = [((1 << 20) - 1) << (20 * at) for at in range(parts)]
    whole = (1 << (20 * parts + 3)) - 1
    order = [*sets, whole] if last else [whole, *sets]
    shown = Shown()
    assert [shown.show(Number(str(at), people)) for at, people in enumerate(order)] == [True] * parts + [False]
    enough = (1 << (20 * parts + 10)) - 1
    assert shown.show(Number("enough", enough)) is last


def test_a_search_that_does_not_end_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disclosure, "_STEPS", 0)
    shown = Shown()
    one, other = (1 << 20) - 1, ((1 << 20) - 1) << 20
    assert shown.show(Number("one", one), Number("other", other))
    assert not shown.show(Number("both", one | other))


def test_what_was_shown_in_an_earlier_version_counts() -> None:
    people = [f"p{n}" for n in range(40)]
    index = {who: at for at, who in enumerate(people)}
    before = [Number("placed", members(people[:20], index))]
    assert not Shown.after(before).show(Number("placed", members(people[1:21], index)))
    assert Shown.after(before).show(Number("placed", members(people[10:30], index)))
    assert Shown.after(before).show(Number("placed", members(people[:20], index)))


def test_two_numbers_together_are_shown_or_neither() -> None:
    people = [f"p{n}" for n in range(40)]
    index = {who: at for at, who in enumerate(people)}
    shown = Shown()
    assert not shown.show(Number("a", members(people[:20], index)), Number("b", members(people[:15], index)))
    assert shown.numbers == []
    assert shown.show(Number("b", members(people[:15], index)))


@given(st.integers(0, 2**32))
def test_a_band_holds_the_cutoff_and_ten_people(seed: int) -> None:
    random = Random(seed)
    scores = [
        (bit, random.choice([random.randint(-40, 160), Fraction(random.randint(0, 300), 2)])) for bit in range(40)
    ]
    cutoff = random.choice(scores)[1]
    found = band(cutoff, scores, Shown(), "band")
    if found is None:
        assert min(score for _bit, score in scores) < 0 <= max(score for _bit, score in scores)
        return
    assert found.low <= cutoff < found.below
    assert sum(found.low <= score < found.below for _bit, score in scores) >= 10
    assert (found.below - found.low) % 10 == 0
    assert found.low % (found.below - found.low) == 0


def test_a_band_widens_where_fewer_share_it_and_over_versions() -> None:
    scores = [(bit, 40 + bit) for bit in range(30)]
    shown = Shown()
    assert band(55, scores, shown, "b") == Band(50, 60)
    assert band(55, scores, shown, "b") == Band(50, 60)
    assert band(45, [(bit, score) for bit, score in scores if score > 43], Shown(), "b") == Band(40, 60)
    nearly = [(0, 49), *((bit, 50 + bit % 10) for bit in range(1, 12))]
    assert band(55, nearly, shown, "other") == Band(50, 60)
    assert band(49, nearly, shown, "other") is None


@given(st.integers(0, 200), st.integers(0, 2**32))
def test_told_points_hold_the_cutoff_and_leave_some_above_an_equal_score(cutoff: int, chance: int) -> None:
    for tied in (False, True):
        found = told_band(cutoff, chance, tied=tied)
        assert found.below - found.low == 10
        assert found.low <= cutoff < found.below - tied


def test_nobody_is_not_few() -> None:
    assert [few((1 << n) - 1) for n in (0, 1, 9, 10)] == [False, True, True, False]
