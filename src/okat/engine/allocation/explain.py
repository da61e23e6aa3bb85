"""Why this seat, and why not a dearer one: the reasons of one applicant, as values and as plain sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

from okat.engine.allocation.choice import Standing, classes_open_to
from okat.engine.allocation.lottery import lottery_number
from okat.engine.allocation.numbers import number_text
from okat.engine.allocation.outcome import CutOff, Outcome, Placement
from okat.engine.allocation.problem import OPEN, Problem

Below = Literal["priority", "lottery", "no-seats"]


@dataclass(frozen=True)
class ClassReason:
    """One seat class open to the applicant: its cut-off, and by what they lie below it (`no-seats`: the class
    has none, or reserved seats took every place)."""

    cutoff: CutOff
    seats_held: int
    below: Below


@dataclass(frozen=True)
class Reason:
    """Why not this opportunity, which they prefer to what they hold. `position` counts from 1 among those who
    prefer it to what they hold (by standing; a reserved seat that falls free goes to its group first)."""

    opportunity: str
    priority: int | Decimal
    lottery: int
    capacity: int
    applied: int
    position: int
    waiting: int
    classes: tuple[ClassReason, ...]

    def sentence(self, language: str = "en") -> str:
        """The reason in plain words, in `en` or `th`."""
        return _thai(self) if language == "th" else _english(self)


@dataclass(frozen=True)
class Explanation:
    """`choice` is the rank of the seat in the person's own list (1: their dearest; 0: no seat). `free` lists
    opportunities of the round that still have places, with how many."""

    applicant: str
    seat: Placement | None
    choice: int
    reasons: tuple[Reason, ...]
    free: Mapping[str, int]


class Explainer:
    """Explains anyone of one outcome; the waiting lists are built once."""

    def __init__(self, problem: Problem, outcome: Outcome, *, seed: str) -> None:
        self.problem = problem
        self.outcome = outcome
        self.seed = seed
        self.cutoffs = {Placement(cut.opportunity, cut.seat_class): cut for cut in outcome.cutoffs}

    @cached_property
    def held(self) -> Mapping[Placement, int]:
        """How many sit in each seat class."""
        counts = dict.fromkeys(self.cutoffs, 0)
        for seat in self.outcome.placements.values():
            if seat:
                counts[seat] += 1
        return counts

    @cached_property
    def free(self) -> Mapping[str, int]:
        """Places still free, per opportunity that has any."""
        left = {item.id: item.capacity for item in self.problem.opportunities}
        for seat, count in self.held.items():
            left[seat.opportunity] -= count
        return {where: count for where, count in left.items() if count > 0}

    @cached_property
    def applied(self) -> Mapping[str, int]:
        counts = dict.fromkeys(self.problem.opportunity, 0)
        for row in self.problem.preferences:
            counts[row.opportunity] += 1
        return counts

    @cached_property
    def waiting(self) -> Mapping[str, Mapping[str, int]]:
        """Opportunity -> applicant -> position, for all who prefer it to what they hold."""
        lists: dict[str, list[tuple[Standing, str]]] = {item.id: [] for item in self.problem.opportunities}
        for who, wishes in self.problem.wishes.items():
            seat = self.outcome.placements[who]
            lottery = lottery_number(self.seed, who)
            for wish in wishes:
                if seat and seat.opportunity == wish.opportunity:
                    break
                lists[wish.opportunity].append((Standing(-wish.priority, lottery), who))
        return {
            where: {who: at for at, (_, who) in enumerate(sorted(people), start=1)} for where, people in lists.items()
        }

    def explain(self, applicant: str) -> Explanation:
        """Raises `KeyError` for someone who did not apply."""
        seat = self.outcome.placements[applicant]
        listed = [wish.opportunity for wish in self.problem.wishes[applicant]]
        choice = listed.index(seat.opportunity) + 1 if seat else 0
        better = listed[: choice - 1] if seat else listed
        return Explanation(applicant, seat, choice, tuple(self._reason(applicant, each) for each in better), self.free)

    def _reason(self, applicant: str, opportunity: str) -> Reason:
        standing = Standing(-self.problem.priority[applicant, opportunity], lottery_number(self.seed, applicant))
        item = self.problem.opportunity[opportunity]
        seats = [Placement(opportunity, name) for name in classes_open_to(item, self.problem.groups[applicant])]
        return Reason(
            opportunity,
            self.problem.priority[applicant, opportunity],
            standing.lottery,
            item.capacity,
            self.applied[opportunity],
            self.waiting[opportunity][applicant],
            len(self.waiting[opportunity]),
            tuple(
                ClassReason(self.cutoffs[seat], self.held[seat], _below(standing, self.cutoffs[seat])) for seat in seats
            ),
        )


def explain(problem: Problem, outcome: Outcome, applicant: str, *, seed: str) -> Explanation:
    """The reasons of one applicant (for many, keep one `Explainer`)."""
    return Explainer(problem, outcome, seed=seed).explain(applicant)


def _below(standing: Standing, cut: CutOff) -> Below:
    if cut.standing is None:
        return "no-seats"
    return "lottery" if standing.descending == cut.standing.descending else "priority"


def _english(reason: Reason) -> str:
    parts = []
    for each in reason.classes:
        name = "open" if each.cutoff.seat_class == OPEN else f"'{each.cutoff.seat_class}'"
        if each.below == "no-seats":
            parts.append(f"there was no {name} seat")
            continue
        score = number_text(each.cutoff.priority or 0)
        part = f"all {each.seats_held} {name} seats went to people with a score of at least {score}"
        if each.below == "lottery":
            part += ", and among equal scores the lottery put others before you"
        parts.append(part)
    return (
        f"{reason.opportunity}: {reason.applied} people applied for {reason.capacity} places; {'; '.join(parts)}. "
        f"Your score is {number_text(reason.priority)}. "
        f"You are number {reason.position} of {reason.waiting} on its waiting list."
    )


def _thai(reason: Reason) -> str:
    parts = []
    for each in reason.classes:
        name = "ทั่วไป" if each.cutoff.seat_class == OPEN else f"ที่กันไว้สำหรับ {each.cutoff.seat_class}"
        if each.below == "no-seats":
            parts.append(f"ไม่มีที่นั่ง{name}เหลือให้จัด")
            continue
        score = number_text(each.cutoff.priority or 0)
        part = f"ที่นั่ง{name}ทั้ง {each.seats_held} ที่ เป็นของผู้ที่ได้คะแนนตั้งแต่ {score} ขึ้นไป"
        if each.below == "lottery":
            part += " และในกลุ่มคะแนนเท่ากัน เลขสลากของคุณอยู่หลังคนอื่น"
        parts.append(part)
    return (
        f"{reason.opportunity}: มีผู้สมัคร {reason.applied} คน รับได้ {reason.capacity} คน {' '.join(parts)} "
        f"คะแนนของคุณคือ {number_text(reason.priority)} "
        f"คุณอยู่ลำดับที่ {reason.position} จาก {reason.waiting} คนในรายชื่อสำรอง"
    )
