"""Why this seat and not a dearer one; and who got, against who asked."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from okat.city.rounds.rules import suppressed
from okat.city.rounds.solve.decide import read_back
from okat.engine.allocation.explain import Explainer
from okat.engine.allocation.report import served

KEPT = 4
_explainers: OrderedDict[str, Explainer] = OrderedDict()


@dataclass(frozen=True)
class ClassTold:
    """One seat class open to the person; `below` is `priority`, `lottery` or `no-seats`."""

    seat_class: str
    cutoff: int | None
    held: int
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
    told = _explainer(digest, audit, seed).explain(pseudonym)
    reasons = tuple(
        ReasonTold(
            each.opportunity, int(each.priority), each.capacity, each.applied, each.position, each.waiting,
            tuple(
                ClassTold(
                    one.cutoff.seat_class, None if one.cutoff.priority is None else int(one.cutoff.priority),
                    one.seats_held, one.below,
                )
                for one in each.classes
            ),
        )
        for each in told.reasons
    )  # fmt: skip
    return Explained(
        (told.seat.opportunity, told.seat.seat_class) if told.seat else None, told.choice, reasons, told.free
    )


def _explainer(digest: str, audit: Callable[[], bytes], seed: str) -> Explainer:
    """Reading a large bundle takes a second; the last few stay in memory."""
    found = _explainers.get(digest)
    if found is None:
        problem, outcome = read_back(audit())
        found = _explainers[digest] = Explainer(problem, outcome, seed=seed)
        while len(_explainers) > KEPT:
            _explainers.popitem(last=False)
    _explainers.move_to_end(digest)
    return found


def shares(
    digest: str, audit: Callable[[], bytes], *, seed: str, labels: Mapping[str, Iterable[str]] | None = None
) -> list[Share]:
    """Who got, compared with who asked, by the groups of the round and by `labels` (pseudonym -> labels)."""
    told = _explainer(digest, audit, seed)
    if labels is not None:
        labels = {each.id: (*each.groups, *labels.get(each.id, ())) for each in told.problem.applicants}
    everyone, placed = len(told.problem.applicants), told.outcome.placed
    found = []
    for row in served(told.problem, told.outcome, labels):
        rest = row.applicants - row.placed
        small = suppressed(row.applicants) is None or suppressed(row.placed) is None or suppressed(rest) is None
        if small:
            found.append(Share(row.group, suppressed(row.applicants), None, None, None, None))
            continue
        got, asked = 100 * row.placed / max(1, placed), 100 * row.applicants / max(1, everyone)
        found.append(Share(row.group, row.applicants, row.placed, got, asked, got - asked))
    return found
