"""The public bundle: what everyone may see of an allocation, and what each person checks their own answer with.

It holds capacities, reserves, cut-offs in bands for classes of ten places or more, totals, and the salted commitments
of every row and every exact cut-off with their root. Every number in it passed `okat.engine.disclosure` against all
that was published before. The auditors' bundle holds everything.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version as installed
from typing import Any

from okat.engine.allocation import RULES, Outcome, Problem, Rules
from okat.engine.allocation.outcome import CutOff
from okat.engine.allocation.report import Labels
from okat.engine.disclosure import Band, Number, Shown, band, members
from okat.files.allocation.bundle import certify, digests_of, seal, write_json
from okat.files.allocation.folder import COLUMNS
from okat.files.allocation.outcome import write_rows
from okat.files.allocation.sealing import Sealed, head_leaf, large, seats_of

KIND = "allocation-public"
FORMAT = 2  # the root binds the head too; a bundle that names no format is of the first, whose root did not
HIDDEN = "*"
TOTALS = ("group", "applicants", "placed")
CUTOFFS = ("opportunity", "seat_class", "seats", "from", "below", "exact", "lottery", "told")
COMMITMENTS = ("commitment",)


@dataclass(frozen=True)
class CutLine:
    """What the public sees of one seat class; `band` is None where it has no cut-off or too few share one."""

    opportunity: str
    seat_class: str
    seats: int
    band: Band | None


@dataclass(frozen=True)
class Total:
    """One group; None where the number would tell of few people."""

    group: str
    applicants: int | None
    placed: int | None


@dataclass(frozen=True)
class Figures:
    """Everything that is published of a version; `numbers` are all sets shown up to it, those of `labels` too, which
    the city's own report shows and the bundle does not."""

    applicants: int | None
    placed: int | None
    unplaced: int | None
    totals: tuple[Total, ...]
    labelled: tuple[Total, ...]
    cutoffs: tuple[CutLine, ...]
    numbers: tuple[Number, ...]


def figures(
    problem: Problem, outcome: Outcome, *, before: Iterable[Number] = (), labels: Labels | None = None
) -> Figures:
    """What may be shown of this outcome after all that was shown `before`. `problem` is that of the first run, so that
    a number means the same people in every version."""
    return _Figures(problem, outcome, before).run(labels or {})


class _Figures:
    def __init__(self, problem: Problem, outcome: Outcome, before: Iterable[Number]) -> None:
        self.problem, self.outcome = problem, outcome
        self.index = {each.id: at for at, each in enumerate(problem.applicants)}
        self.shown = Shown.after(before)
        self.everyone = members(self.index, self.index)
        self.placed = self._of(who for who, seat in outcome.placements.items() if seat)

    def _of(self, who: Iterable[str]) -> int:
        return members(who, self.index)

    def run(self, labels: Labels) -> Figures:
        show, everyone, placed = self.shown.show, self.everyone, self.placed
        applicants = show(Number("applicants", everyone))
        told = show(Number("placed", placed), Number("unplaced", everyone & ~placed))
        totals = tuple(self._totals(self.problem.groups))
        cutoffs = tuple(self._cutoffs())
        labelled = tuple(self._totals(labels))
        return Figures(
            everyone.bit_count() if applicants else None, placed.bit_count() if told else None,
            (everyone & ~placed).bit_count() if told else None, totals, labelled, cutoffs, tuple(self.shown.numbers),
        )  # fmt: skip

    def _totals(self, labels: Labels) -> Iterable[Total]:
        people: dict[str, list[str]] = {}
        for who, groups in labels.items():
            for group in groups if who in self.index else ():
                people.setdefault(group, []).append(who)
        for group in sorted(people):
            yield self._total(group, self._of(people[group]))

    def _total(self, group: str, people: int) -> Total:
        """Labels such as `sex:f` and `sex:m` share out everybody."""
        kind, colon, _value = group.partition(":")
        family = kind if colon else ""
        inside, rest = people & self.placed, people & ~self.placed
        applicants = self.shown.show(Number(f"{group} applicants", people, family, self.everyone))
        placed = applicants and self.shown.show(
            Number(f"{group} placed", inside, family and f"{family} placed", self.placed),
            Number(f"{group} unplaced", rest, family and f"{family} unplaced", self.everyone & ~self.placed),
        )
        return Total(group, people.bit_count() if applicants else None, inside.bit_count() if placed else None)

    def _cutoffs(self) -> Iterable[CutLine]:
        scores: dict[str, list[tuple[int, Any]]] = {each.id: [] for each in self.problem.opportunities}
        for row in self.problem.preferences:
            scores[row.opportunity].append((self.index[row.applicant], row.priority))
        sits: dict[str, dict[str, list[str]]] = {}
        for who, seat in self.outcome.placements.items():
            if seat:
                sits.setdefault(seat.opportunity, {}).setdefault(seat.seat_class, []).append(who)
        for cut in self.outcome.cutoffs:
            seats = seats_of(self.problem.opportunity[cut.opportunity], cut.seat_class)
            found = self._band(cut, scores[cut.opportunity], sits.get(cut.opportunity, {}))
            yield CutLine(cut.opportunity, cut.seat_class, seats, found)

    def _band(self, cut: CutOff, scores: Sequence[tuple[int, Any]], sits: Mapping[str, list[str]]) -> Band | None:
        """A reserve with a cut-off is full: with the band everybody learns how many hold it, and with the places that
        are free how many hold the rest."""
        item = self.problem.opportunity[cut.opportunity]
        if cut.priority is None or not large(item, cut.seat_class):
            return None
        others = []
        if cut.seat_class in dict(item.reserves):
            whole = self._of(who for people in sits.values() for who in people)
            name = f"{cut.opportunity} {cut.seat_class} held"
            others = [Number(name, self._of(sits.get(cut.seat_class, [])), f"{cut.opportunity} held", whole)]
        return band(cut.priority, scores, self.shown, f"{cut.opportunity} {cut.seat_class} band", *others)


@dataclass(frozen=True)
class Draft:
    """The public bundle before its own root is known. `sealed` binds all that stands in it."""

    members: Mapping[str, bytes]
    said: Mapping[str, Any]
    sealed: Sealed

    def data(self, extra: Mapping[str, Any] | None = None) -> bytes:
        """The bundle's bytes. `extra` is what follows from the root, such as the digest of the auditors' bundle."""
        roots = [*self.said["roots"], [self.sealed.salts.version, self.sealed.root]]
        return seal(self.members, {**self.said, "roots": roots, **(extra or {})})


def draw_up(
    sealed: Sealed,
    found: Figures,
    *,
    seed: str,
    rules: Rules = RULES,
    roots: Sequence[tuple[int, str]] = (),
    extra: Mapping[str, Any] | None = None,
) -> Draft:
    """The public bundle. `roots` are those of the versions before. Raises `OutcomeError` if the outcome fails its
    check."""
    problem, version = sealed.problem, sealed.salts.version
    certificate = certify(problem, sealed.outcome, seed=seed)
    members_ = {
        "opportunities.csv": write_rows(COLUMNS["opportunities"], _opportunities(problem)),
        "cutoffs.csv": write_rows(CUTOFFS, _cut_rows(found, sealed)),
        "totals.csv": write_rows(TOTALS, ((each.group, *_cells(each)) for each in found.totals)),
        "commitments.csv": write_rows(COMMITMENTS, ([leaf] for leaf in sealed.rows)),
        "certificate.json": write_json({"passed": certificate.passed, "properties": sorted(certificate.checks)}),
    }
    said = {
        "kind": KIND,
        "format": FORMAT,
        "rules": rules.as_dict(),
        "engine_version": installed("okat"),
        "seed": seed,
        "version": version,
        "roots": [[number, root] for number, root in roots],
        "outcome": summary(problem, found),
        **(extra or {}),
    }
    leaf = head_leaf(json.loads(write_json({**said, "digests": digests_of(members_)})))
    return Draft(members_, said, replace(sealed, head=leaf))


def summary(problem: Problem, found: Figures) -> dict[str, int | str]:
    """The figures of `decision.json`; `*` where a number would tell of few people."""
    people = {"applicants": found.applicants, "placed": found.placed, "unplaced": found.unplaced}
    return {
        "opportunities": len(problem.opportunities),
        "places": sum(item.capacity for item in problem.opportunities),
        **{name: HIDDEN if count is None else count for name, count in people.items()},
    }


def _cells(total: Total) -> tuple[str, str]:
    applicants, placed = (HIDDEN if count is None else str(count) for count in (total.applicants, total.placed))
    return applicants, placed


def _cut_rows(found: Figures, sealed: Sealed) -> Iterable[tuple[Any, ...]]:
    for line, leaves in zip(found.cutoffs, sealed.cutoffs.values(), strict=True):
        edges = (line.band.low, line.band.below) if line.band else ("", "")
        yield line.opportunity, line.seat_class, line.seats, *edges, *leaves


def _opportunities(problem: Problem) -> list[tuple[Any, ...]]:
    return [
        (each.id, each.capacity, "|".join(f"{group}:{seats}" for group, seats in each.reserves))
        for each in problem.opportunities
    ]
