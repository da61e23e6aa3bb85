"""What may be published of people: every number is the set of people that it counts, over all versions.

No set that is shown, and no difference of two of them, may have one to nine members. A difference can be computed where
one set holds the other, where two are the same number in two versions, or where numbers share out a whole that is known
(men, women; the seat classes of a place): what the shown ones leave over counts like a number of its own. Nor may any
shown numbers that count different people leave over one to nine of another that holds them all, however many they are.
Whoever knows everybody but one beats any exact total; nothing here claims otherwise.

Sets are whole numbers, one bit for each person.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import floor
from typing import Any

SMALLEST = 10
WIDTH = 10
_WIDEST = 2**40
_STEPS = 400  # of one search; where it does not end, the number is not shown


@dataclass(frozen=True)
class Number:
    """`people` is the set that it counts. Numbers of one `family` count different people each, all of them among
    `whole`."""

    name: str
    people: int
    family: str = ""
    whole: int = 0


def few(people: int) -> bool:
    """Whether so few are meant that they could be recognised; nobody is no one."""
    return 0 < people.bit_count() < SMALLEST


def members(who: Iterable[str], index: Mapping[str, int]) -> int:
    """The set of these people, by their place in `index`."""
    return _set(index[each] for each in who)


def _set(bits: Iterable[int]) -> int:
    """Filled in bytes: setting one bit of a large number copies all of it."""
    listed = list(bits)
    found = bytearray(max(listed, default=0) // 8 + 1)
    for at in listed:
        found[at >> 3] |= 1 << (at & 7)
    return int.from_bytes(found, "little")


@dataclass
class Shown:
    """The numbers that everybody has seen so far. `known` are their sets and what families leave over; `derived` the
    differences that follow from two of these."""

    numbers: list[Number] = field(default_factory=list)
    known: set[int] = field(default_factory=set)
    derived: set[int] = field(default_factory=set)

    @classmethod
    def after(cls, before: Iterable[Number]) -> "Shown":
        """What was published before stands, whatever is thought of it now."""
        made = cls()
        for number in before:
            said = made._said(number)
            made._add(number, said, made._follow(said))
        return made

    def show(self, *together: Number) -> bool:
        """Show these numbers, all or none: none where a set or a difference would be of few people."""
        kept, known, derived = len(self.numbers), set(self.known), set(self.derived)
        for number in together:
            said = self._said(number)
            fresh = self._follow(said)
            if self._tells(number, said, fresh):
                del self.numbers[kept:]
                self.known, self.derived = known, derived
                return False
            self._add(number, said, fresh)
        return True

    def _add(self, number: Number, said: set[int], fresh: set[int]) -> None:
        self.numbers.append(number)
        self.known |= said
        self.derived |= fresh

    def _said(self, number: Number) -> set[int]:
        """Its set, and what its family leaves over with it."""
        left = number.whole & ~(number.people | self._shared(number)) if number.family else 0
        return {number.people, left} if left else {number.people}

    def _follow(self, said: set[int]) -> set[int]:
        """What is said, and the differences that follow with it."""
        return said.union(*(differences(each, self.known | said) for each in said)) - {0}

    def _tells(self, number: Number, said: set[int], fresh: set[int]) -> bool:
        if any(map(few, fresh)) or any(few(gap) for each in fresh for gap in differences(each, self.derived | fresh)):
            return True
        before = [each.people for each in self.numbers if each.name == number.name]
        if any(few(number.people & ~each) or few(each & ~number.people) for each in before):
            return True
        known, said = self.known | said, said - self.known
        wholes = {whole ^ each for each in said for whole in known if whole & each == each} | said
        return any(_almost_shared_out(whole, known) for whole in wholes)

    def _shared(self, number: Number) -> int:
        """Who is counted by the numbers of the same family of the same whole."""
        found = 0
        for each in self.numbers:
            if each.family == number.family and each.whole == number.whole:
                found |= each.people
        return found


def _almost_shared_out(whole: int, parts: Iterable[int]) -> bool:
    """Whether some of `parts` that have nobody in common are all of `whole` but one to nine people. Each step takes a
    person whom some part still holds: a part of theirs is taken, or they are one of those left over. True also where
    that takes too many steps."""
    seen = set()
    waiting = [(whole, 0, [part for part in parts if part != whole and part & whole == part])]
    while waiting:
        rest, left, inside = waiting.pop()
        covered = 0
        for part in inside:
            covered |= part
        alone = left | rest & ~covered
        if alone.bit_count() >= SMALLEST:
            continue
        if not covered:
            if alone and alone != whole:
                return True
            continue
        if (rest, left) in seen:
            continue
        seen.add((rest, left))
        if len(seen) > _STEPS:
            return True
        person = covered & -covered
        waiting.append((rest & ~person, alone | person, [part for part in inside if not part & person]))
        waiting += [
            (rest & ~part, alone, [other for other in inside if not other & part]) for part in inside if part & person
        ]
    return False


def differences(people: int, others: Iterable[int]) -> list[int]:
    """Each difference that follows by subtraction: where one set holds the other."""
    found = []
    for each in others:
        both = people & each
        if both in {each, people}:
            found.append(people ^ each)
    return found


@dataclass(frozen=True)
class Band:
    """Scores from `low` on and below `below`."""

    low: int
    below: int


def band(value: Any, scores: Sequence[tuple[int, Any]], shown: Shown, name: str, *others: Number) -> Band | None:
    """The narrowest band around a cut-off that ten people or more share and that tells of nobody; shown with `others`,
    or None. `scores` are the place's applicants: (bit, score). Bands begin at whole multiples of their width, so that
    an edge is never somebody's score; where one is too narrow, the next is twice as wide."""
    width = WIDTH
    while width < _WIDEST:
        low = floor(value / width) * width
        inside = _set(bit for bit, score in scores if low <= score < low + width)
        if inside.bit_count() >= SMALLEST and shown.show(Number(name, inside), *others):
            return Band(low, low + width)
        if low <= min(score for _bit, score in scores) and low + width > max(score for _bit, score in scores):
            return None
        width *= 2
    return None


def told_band(value: Any, chance: int, *, tied: bool) -> Band:
    """The ten points that somebody is told of a cut-off of few people: they hold it, at a place that `chance` gives.
    Where another has the very same score (`tied`), the cut-off is not the last of the ten: whoever reads that they are
    below it would know it then. Nobody's own score is the last of the ten, so two or more are always left."""
    behind = chance % WIDTH
    if tied and behind == WIDTH - 1:
        behind = chance // WIDTH % (WIDTH - 1)
    low = floor(value) - behind
    return Band(low, low + WIDTH)
