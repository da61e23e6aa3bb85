"""Why this seat and not a dearer one; and who got, against who asked."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from okat.city.rounds.solve.decide import read_back
from okat.engine.allocation.explain import ClassReason, Explainer
from okat.engine.disclosure import Band
from okat.files.allocation.sealing import Sealed, large

KEPT = 4
_explainers: OrderedDict[str, tuple[Sealed, Explainer]] = OrderedDict()


@dataclass(frozen=True)
class ClassTold:
    """One seat class open to the person. `cutoff` is exact where ten or more places are offered; of a smaller class
    `band` alone is told, ten points that hold it. `below` is `priority`, `lottery` or `no-seats`; whether the lottery
    decided is told of a large class only, because it means an equal score."""

    seat_class: str
    cutoff: int | None
    band: Band | None
    below: str


@dataclass(frozen=True)
class ReasonTold:
    code: str
    score: int
    capacity: int
    applied: int
    position: int
    waiting: int
    classes: tuple[ClassTold, ...]


@dataclass(frozen=True)
class Explained:
    """`choice`: the rank of the seat in the person's list, from 1; 0 for no seat. `free`: places left by code."""

    seat: tuple[str, str] | None
    choice: int
    reasons: tuple[ReasonTold, ...]
    free: Mapping[str, int]


@dataclass(frozen=True)
class Share:
    """A group's share among the placed and among those who asked, in percent; None where few people are meant."""

    group: str
    applicants: int | None
    placed: int | None
    got: float | None
    asked: float | None
    gap: float | None


def explained(digest: str, audit: Callable[[], bytes], pseudonym: str, *, seed: str) -> Explained:
    """The reasons of one applicant. `audit` is called only for a bundle that was not read lately. Raises KeyError."""
    sealed, explainer = _explainer(digest, audit, seed)
    told = explainer.explain(pseudonym)
    reasons = tuple(
        ReasonTold(
            each.opportunity, int(each.priority), each.capacity, each.applied, each.position, each.waiting,
            tuple(_class_told(sealed, one) for one in each.classes),
        )
        for each in told.reasons
    )  # fmt: skip
    return Explained(
        (told.seat.opportunity, told.seat.seat_class) if told.seat else None, told.choice, reasons, told.free
    )


def _class_told(sealed: Sealed, one: ClassReason) -> ClassTold:
    cut = one.cutoff
    if cut.priority is None:
        return ClassTold(cut.seat_class, None, None, one.below)
    if large(sealed.problem.opportunity[cut.opportunity], cut.seat_class):
        return ClassTold(cut.seat_class, int(cut.priority), None, one.below)
    return ClassTold(cut.seat_class, None, sealed.told(cut), "priority")


def _explainer(digest: str, audit: Callable[[], bytes], seed: str) -> tuple[Sealed, Explainer]:
    """Reading a large bundle takes a second; the last few stay in memory."""
    found = _explainers.get(digest)
    if found is None:
        sealed = read_back(audit())
        found = _explainers[digest] = sealed, Explainer(sealed.problem, sealed.outcome, seed=seed)
        while len(_explainers) > KEPT:
            _explainers.popitem(last=False)
    _explainers.move_to_end(digest)
    return found


def shares(shown: Mapping[str, Any]) -> list[Share]:
    """Who got, compared with who asked, from the figures that may be shown: by the groups of the round and the labels
    of the report."""
    everyone, placed = shown["applicants"], shown["placed"]
    found = []
    for group, applicants, got in shown["groups"]:
        if not everyone or not placed or applicants is None or got is None:
            found.append(Share(group, applicants, None, None, None, None))
            continue
        part, whole = 100 * got / placed, 100 * applicants / everyone
        found.append(Share(group, applicants, got, part, whole, part - whole))
    return found
