"""What somebody's words may mean: for each part of them the words that are as good, and how good.

The published order (docs/explanation/search.md) follows from the grades: what is written above what means the same,
above what sounds alike, above what is spelt alike, above what has only some of the words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum


class Grade(IntEnum):
    """How well words fit, the best highest."""

    SOME = 0  # not all of the words
    SPELT = 1  # some letters differ
    SOUND = 2  # it sounds alike
    SYNONYM = 3  # the city says that it means the same
    WRITTEN = 4  # as it was typed


@dataclass(frozen=True)
class Option:
    """Words of the index that would do, all of them together; the last may be unfinished."""

    shown: str
    lexemes: tuple[str, ...]
    grade: Grade
    open: bool = False

    def literal(self) -> str:
        last = len(self.lexemes) - 1
        each = [quote(word) + (":*" if self.open and place == last else "") for place, word in enumerate(self.lexemes)]
        return f"({' & '.join(each)})"


@dataclass(frozen=True)
class Part:
    """One word of a search (or several that are one thing) and what would do for it, the best first."""

    typed: str
    options: tuple[Option, ...]

    def upto(self, grade: Grade) -> list[Option]:
        return [option for option in self.options if option.grade >= grade]


@dataclass(frozen=True)
class Wish:
    """A search, word by word. All parts must be met, each by one of its options."""

    parts: tuple[Part, ...]

    def literal(self, grade: Grade) -> str:
        """A tsquery of all parts with the options of at least this grade; empty if one of them has none."""
        groups = [part.upto(grade) for part in self.parts]
        return " & ".join(_either(options) for options in groups) if groups and all(groups) else ""

    def each(self) -> list[str]:
        """A tsquery for each part that something would do for."""
        return [_either(part.options) for part in self.parts if part.options]

    @property
    def grades(self) -> list[Grade]:
        """The grades that its options have, the best first."""
        return sorted({option.grade for part in self.parts for option in part.options}, reverse=True)


def _either(options: Iterable[Option]) -> str:
    return f"({' | '.join(dict.fromkeys(option.literal() for option in options))})"


def quote(word: str) -> str:
    """A word as PostgreSQL reads it in a tsvector or tsquery."""
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


@dataclass(frozen=True)
class Reason:
    """Why one part of a search is met: what was typed, what stands there, how good that is, and where.

    `place` is the weight of the index: A title, B need or kind, C summary, partner or place, D description;
    empty for a part that is not met."""

    typed: str
    shown: str
    grade: Grade
    place: str = ""


def reasons(wish: Wish, there: Sequence[tuple[str, str]]) -> list[Reason]:
    """How each part of a search is met by an opportunity whose index holds these (word, best weight)."""
    found = []
    for part in wish.parts:
        met = ((option, _place(option, there)) for option in part.options)
        option, place = next(((option, place) for option, place in met if place), (None, ""))
        found.append(
            Reason(part.typed, option.shown, option.grade, place) if option else Reason(part.typed, "", Grade.SOME)
        )
    return found


def _place(option: Option, there: Sequence[tuple[str, str]]) -> str:
    """The worst of the best places of an option's words; empty when one of them is not there."""
    worst, last = "A", len(option.lexemes) - 1
    for number, wanted in enumerate(option.lexemes):
        unfinished = option.open and number == last
        places = [at for word, at in there if word == wanted or (unfinished and word.startswith(wanted))]
        if not places:
            return ""
        worst = max(worst, min(places))
    return worst
