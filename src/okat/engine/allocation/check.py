"""The certificate: an outcome proved from the definition of a fair allocation, in one pass over the
preferences.

Nothing here calls the solver. `choose` is used only as the definition of one opportunity's choice, applied
to the people who sit there; the cut-offs are taken again from the seats, so a wrong cut-off cannot hide envy.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from okat.engine.allocation.choice import Candidate, Standing, choose, classes_open_to, seat_classes
from okat.engine.allocation.lottery import lottery_number
from okat.engine.allocation.numbers import number_text
from okat.engine.allocation.outcome import CutOff, Outcome, Placement
from okat.engine.allocation.problem import OPEN, Opportunity, Problem, Reserve
from okat.engine.allocation.texts import sentence

PROPERTY = {
    "missing-applicant": "complete",
    "unknown-applicant": "complete",
    "unknown-opportunity": "complete",
    "capacity": "capacity",
    "off-list": "on-list",
    "seat-class": "seat-classes",
    "reserved-seat-empty": "no-empty-seat-wanted",
    "empty-seat-wanted": "no-empty-seat-wanted",
    "justified-envy": "no-justified-envy",
    "cut-off": "cut-offs",
    "lottery": "cut-offs",
    "swapped-seats": "applicant-optimal",
    "not-applicant-optimal": "applicant-optimal",
    "recount-differs": "applicant-optimal",
    "release": "waiting-list",
    "release-versions": "waiting-list",
    "waiting-list-differs": "waiting-list",
}
"""The property that each code of a violation breaks."""


class Violation(NamedTuple):
    """One broken property. It points at an applicant's line of the outcome, or at the line of
    `opportunity` and `seat_class` in the cut-offs when `applicant` is empty."""

    code: str
    applicant: str
    opportunity: str
    seat_class: str
    params: Mapping[str, Any]

    @property
    def property(self) -> str:
        return PROPERTY[self.code]

    def text(self, language: str = "en") -> str:
        return sentence(self.code, language, **self.params)


@dataclass(frozen=True)
class Certificate:
    """`checks` counts what each property was checked on; it passed if there is no violation."""

    checks: Mapping[str, int]
    violations: tuple[Violation, ...]

    @property
    def passed(self) -> bool:
        return not self.violations


class _Last(NamedTuple):
    """The seat class as its holders make it: the lowest of them, and whether all its seats are held."""

    standing: Standing | None
    applicant: str
    full: bool


def check(problem: Problem, outcome: Outcome, *, seed: str) -> Certificate:
    """Every violation there is, by name; O(preferences) apart from sorting each opportunity's own seats."""
    return _Check(problem, outcome, seed).certificate()


class _Check:
    def __init__(self, problem: Problem, outcome: Outcome, seed: str) -> None:
        self.problem = problem
        self.outcome = outcome
        self.lottery = {each.id: lottery_number(seed, each.id) for each in problem.applicants}
        self.last: dict[Placement, _Last] = {}
        self.short: set[Placement] = set()
        self.compared = 0

    def certificate(self) -> Certificate:
        violations = (*self.placements(), *self.seats(), *self.envy(), *self.cutoffs())
        problem, placed = self.problem, self.outcome.placed
        checks = {
            "complete": len(problem.applicants),
            "capacity": len(problem.opportunities),
            "on-list": placed,
            "seat-classes": placed,
            "no-empty-seat-wanted": self.compared,
            "no-justified-envy": self.compared,
            "cut-offs": len(self.last),
        }
        return Certificate(checks, violations)

    def standing(self, applicant: str, opportunity: str) -> Standing:
        return Standing(-self.problem.priority[applicant, opportunity], self.lottery[applicant])

    def placements(self) -> Iterator[Violation]:
        """Everyone who applied has one answer, on their own list, at a place of this round."""
        placements = self.outcome.placements
        for applicant in self.lottery:
            if applicant not in placements:
                yield Violation("missing-applicant", applicant, "", "", {"applicant": applicant})
        for applicant, seat in placements.items():
            where = seat or Placement("", "")
            params = {"applicant": applicant, "opportunity": where.opportunity}
            if applicant not in self.lottery:
                yield Violation("unknown-applicant", applicant, *where, params)
            elif seat and seat.opportunity not in self.problem.opportunity:
                yield Violation("unknown-opportunity", applicant, *where, params)
            elif seat and (applicant, seat.opportunity) not in self.problem.priority:
                yield Violation("off-list", applicant, *where, params)

    def seats(self) -> Iterator[Violation]:
        """Capacity, and seat classes that are exactly the choice applied to the people who sit there."""
        seated: dict[str, list[tuple[str, str]]] = {each.id: [] for each in self.problem.opportunities}
        for applicant, seat in self.outcome.placements.items():
            if seat and seat.opportunity in seated:
                seated[seat.opportunity].append((applicant, seat.seat_class))
        for item in self.problem.opportunities:
            sitting = seated[item.id]
            if len(sitting) > item.capacity:
                params = {"opportunity": item.id, "seated": len(sitting), "capacity": item.capacity}
                yield Violation("capacity", sitting[-1][0], item.id, sitting[-1][1], params)
            yield from self.seat_classes(item, sitting)

    def seat_classes(self, item: Opportunity, sitting: list[tuple[str, str]]) -> Iterator[Violation]:
        listed = {who: name for who, name in sitting if (who, item.id) in self.problem.priority}
        left = _without(item, [name for who, name in sitting if who not in listed])
        right = choose(
            left,
            [Candidate(self.standing(who, item.id), who, self.problem.groups[who]) for who in listed],
        )
        for who, name in listed.items():
            # Whoever is not chosen at all sits there above the capacity, which has its own name.
            if who in right and right[who] != name:
                params = {"applicant": who, "opportunity": item.id, "seat_class": name, "right": right[who]}
                yield Violation("seat-class", who, item.id, name, params)
        stated = Counter(name for _, name in sitting)
        self.short |= {Placement(item.id, name) for name, seats in item.reserves if stated[name] < seats}
        self.remember(left, right)

    def remember(self, item: Opportunity, right: Mapping[str, str]) -> None:
        """The cut-offs of one opportunity, taken from the people who sit there."""
        holders: dict[str, list[tuple[Standing, str]]] = {name: [] for name in seat_classes(item)}
        for who, name in right.items():
            holders[name].append((self.standing(who, item.id), who))
        seats = dict(item.reserves)
        for name, held in holders.items():
            full = len(right) >= item.capacity if name == OPEN else len(held) >= seats[name]
            lowest: tuple[Standing | None, str] = max(held) if held else (None, "")
            self.last[Placement(item.id, name)] = _Last(lowest[0], lowest[1], full)

    def envy(self) -> Iterator[Violation]:
        """Each applicant, at each opportunity they prefer to what they hold, lies below the cut-off of every
        seat class open to them."""
        for applicant, wishes in self.problem.wishes.items():
            seat = self.outcome.placements.get(applicant)
            for wish in wishes:
                if seat and seat.opportunity == wish.opportunity:
                    break
                self.compared += 1
                yield from self.claim(applicant, wish.opportunity)

    def claim(self, applicant: str, opportunity: str) -> Iterator[Violation]:
        """What this applicant may claim, if anything, named by the first of: a reserved seat that stands
        without a member of its group, an empty seat, a seat whose holder stands below them."""
        standing = self.standing(applicant, opportunity)
        item = self.problem.opportunity[opportunity]
        seats = [Placement(opportunity, name) for name in classes_open_to(item, self.problem.groups[applicant])]
        owed = next((seat for seat in seats if self.owes(seat, standing)), None)
        if owed is None:
            return
        code = "justified-envy"
        free = next((seat for seat in seats if seat in self.short or not self.last[seat].full), None)
        if free:
            owed, code = free, "empty-seat-wanted" if free.seat_class == OPEN else "reserved-seat-empty"
        params = {"applicant": applicant, **owed._asdict(), "holder": self.last[owed].applicant}
        yield Violation(code, applicant, *owed, params)

    def owes(self, seat: Placement, standing: Standing) -> bool:
        last = self.last[seat]
        return not last.full or (last.standing is not None and standing < last.standing)

    def cutoffs(self) -> Iterator[Violation]:
        """The stated cut-offs are those of the seats."""
        claimed = {Placement(cut.opportunity, cut.seat_class): cut for cut in self.outcome.cutoffs}
        for seat in (*self.last, *(seat for seat in claimed if seat not in self.last)):
            right = self.right(seat)
            if seat in claimed and claimed[seat] == right:
                continue
            code, says, should = _difference(claimed.get(seat), right)
            params = {**seat._asdict(), "claimed": says, "right": should}
            yield Violation(code, "", *seat, params)

    def right(self, seat: Placement) -> CutOff | None:
        last = self.last.get(seat)
        if last is None:
            return None
        if last.standing is None or not last.full:
            return CutOff(*seat, None, None, last.full)
        return CutOff(*seat, -last.standing.descending, last.standing.lottery, last.full)


def _without(item: Opportunity, classes: list[str]) -> Opportunity:
    """The opportunity less the seats that people who never listed it hold: they keep others out, and that is
    one violation (`off-list`), not an empty seat."""
    reserves = tuple(Reserve(group, max(0, seats - classes.count(group))) for group, seats in item.reserves)
    return Opportunity(item.id, max(0, item.capacity - len(classes)), reserves)


def _difference(claimed: CutOff | None, right: CutOff | None) -> tuple[str, str, str]:
    if claimed and right and claimed._replace(lottery=right.lottery) == right:
        return "lottery", str(claimed.lottery), str(right.lottery)
    return "cut-off", cutoff_text(claimed), cutoff_text(right)


def cutoff_text(cut: CutOff | None) -> str:
    """`not full`, `no seats`, or `71 (lottery 1234...)`."""
    if cut is None:
        return "nothing"
    if not cut.full:
        return "not full"
    if cut.priority is None:
        return "no seats"
    return f"{number_text(cut.priority)} (lottery {str(cut.lottery)[:12]}...)"
