"""What may be published of people: every number is the set of people that it counts, over all versions.

No set that is shown, and no difference of two of them, may have one to nine members. A difference can be computed where
one set holds the other, where two are the same number in two versions, or where numbers share out a whole that is known
(men, women; the seat classes of a place): what the shown ones leave over counts like a number of its own. Whoever knows
everybody but one beats any exact total; nothing here claims otherwise.

Sets are whole numbers, one bit for each person.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import floor
from typing import Any

SMALLEST = 10
WIDTH = 10
_WIDEST = 2**40


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
    """The numbers that everybody has seen so far. `derived` are the differences that follow from two of them."""

    numbers: list[Number] = field(default_factory=list)
    derived: set[int] = field(default_factory=set)

    @classmethod
    def after(cls, before: Iterable[Number]) -> "Shown":
        """What was published before stands, whatever is thought of it now."""
        made = cls()
        for number in before:
            made._take(number)
        return made

    def show(self, *together: Number) -> bool:
        """Show these numbers, all or none: none where a set or a difference would be of few people."""
        kept, derived = len(self.numbers), set(self.derived)
        for number in together:
            if self._tells(number):
                del self.numbers[kept:]
                self.derived = derived
                return False
            self._take(number)
        return True

    def _take(self, number: Number) -> None:
        fresh = self._follow(number)
        self.numbers.append(number)
        self.derived |= fresh

    def _follow(self, number: Number) -> set[int]:
        return {number.people, *differences(number.people, (each.people for each in self.numbers))}

    def _tells(self, number: Number) -> bool:
        fresh = self._follow(number)
        if any(map(few, fresh)) or any(few(gap) for each in fresh for gap in differences(each, self.derived | fresh)):
            return True
        before = [each.people for each in self.numbers if each.name == number.name]
        if any(few(number.people & ~each) or few(each & ~number.people) for each in before):
            return True
        return bool(number.family) and few(number.whole & ~(number.people | self._shared(number)))

    def _shared(self, number: Number) -> int:
        """Who is counted by the numbers of the same family of the same whole."""
        found = 0
        for each in self.numbers:
            if each.family == number.family and each.whole == number.whole:
                found |= each.people
        return found


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
