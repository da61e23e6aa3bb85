"""What the desk shows of figures: nothing about fewer than ten people, and nothing from which that would follow."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from okat.city.cases.rules import REASONS as CASES
from okat.city.partners.rules import ROLE_WORDS
from okat.city.people.rules.told import WHY

SMALLEST = 10  # decisions.md and the city's promise: a group under ten is never shown; nobody (0) is
ANSWER_DAYS = 7  # a referral answered within a week is answered in time
AGES = ((0, 14), (15, 24), (25, 39), (40, 59), (60, 74), (75, 200))


@dataclass(frozen=True)
class Group:
    """People of one group who said that they need something: all, and those of them who were reached."""

    key: str
    need: int
    reached: int

    @property
    def waits(self) -> int:
        return self.need - self.reached


@dataclass(frozen=True)
class Shown:
    """What is published of a group; None stands for a figure that is held back."""

    key: str
    need: int | None
    reached: int | None

    @property
    def waits(self) -> int | None:
        return None if self.need is None or self.reached is None else self.need - self.reached


def small(count: int) -> bool:
    return 0 < count < SMALLEST


def suppressed(count: int) -> int | None:
    """The figure, or None where it is about so few that they could be recognised."""
    return None if small(count) else count


def total(groups: Iterable[Group]) -> Group:
    rows = list(groups)
    return Group("", sum(g.need for g in rows), sum(g.reached for g in rows))


def protect(groups: Sequence[Group]) -> list[Shown]:
    """The groups of one table, whose total is published too, with small figures held back.

    A group's figures are held back where one of them is small, and (complementary suppression) more groups, the
    smallest first, until those held back are at least two and add up to nobody or at least ten: else the total less
    what is shown would tell. Where no such set exists, all are held back.
    """
    need = _hide(groups, {g.key for g in groups if small(g.need)}, [lambda g: g.need])
    parts: list[Callable[[Group], int]] = [lambda g: g.reached, lambda g: g.waits]
    split = _hide(groups, need | {g.key for g in groups if small(g.reached) or small(g.waits)}, parts)
    return [Shown(g.key, None if g.key in need else g.need, None if g.key in split else g.reached) for g in groups]


def _hide(groups: Sequence[Group], hidden: set[str], parts: Sequence[Callable[[Group], int]]) -> set[str]:
    """More of the smallest groups beside `hidden` until their sums say nothing about a few."""
    if not hidden:
        return hidden
    rest = sorted((g for g in groups if g.key not in hidden), key=lambda g: (g.need, g.key))
    hidden = set(hidden)
    while rest and not _safe([g for g in groups if g.key in hidden], parts):
        hidden.add(rest.pop(0).key)
    return hidden


def _safe(hidden: Sequence[Group], parts: Sequence[Callable[[Group], int]]) -> bool:
    return len(hidden) > 1 and not any(small(sum(part(g) for g in hidden)) for part in parts)


def share(part: int | None, whole: int | None) -> float | None:
    """Percent, or None where one of the two is held back or nobody is there."""
    return None if part is None or not whole else 100 * part / whole


def band_of(key: str) -> tuple[int, int] | None:
    """The first and last year of an age band's key."""
    found = [band for band in AGES if str(band[0]) == key]
    return found[0] if found else None


# Whose task it is, in the words of the menu.
APPS: Mapping[str, Promise] = {
    "people": _("People"), "catalogue": _("Opportunities"), "rounds": _("Rounds"), "cases": _("Referrals"),
    "partners": _("Partner"),
}  # fmt: skip
# What the audit trail may be narrowed to: the beginning of a verb.
VERBS: Mapping[str, Promise] = {
    "people.read": _("Opened a person's record"), "people.search": _("Searched for a person"),
    "people.break_glass": _("Opened a record in an emergency"), "people.export": _("Took a person's data along"),
    "people.": _("Everything about people"), "cases.": _("Everything about cases"),
    "rounds.": _("Everything about rounds"), "catalogue.": _("Everything about opportunities"),
    "partners.": _("Everything about partners"), "accounts.": _("Everything about accounts"),
    "audit.": _("Read the audit trail"),
}  # fmt: skip

# Reasons are codes of the app that recorded them; those that say something to whoever watches over the work.
REASONS: Mapping[str, Promise] = {
    **ROLE_WORDS, **WHY, **{code: words for known in CASES.values() for code, words in known.items()},
    "right": _("The code was right"), "wrong": _("The code was wrong"), "figures": _("for figures"),
    "import": _("from a file"), "bulk": _("many at once"),
}  # fmt: skip

# What was done, as the audit trail says it.
TOLD: Mapping[str, Promise] = {
    "audit.read": _("Read the audit trail"),
    "desk.count_disability": _("Looked at the figures about disability"),
}
