"""One person's own row: what they were compared with, and the proof that it was committed to.

For each place that they ranked up to their own seat, and each seat class open to them there, the row opens the city's
commitment: the exact cut-off of a class of ten places or more (with the lottery number where scores are equal), and for
a smaller class ten points that hold the cut-off, with above or below, which the named auditors check.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from okat.engine.allocation import CutOff, Placement, lottery_number
from okat.engine.allocation.choice import Standing, classes_open_to
from okat.files.allocation.sealing import Sealed, commitment, large

KIND = "allocation-row"
ABOVE, BELOW, FREE = "above", "below", "free"


def own_row(sealed: Sealed, applicant: str, *, seed: str, auditors: Sequence[str] = ()) -> dict[str, Any]:
    """Give it to that person only. `auditors` are the names of those who check it all. Raises `KeyError`."""
    row = sealed.row(applicant)
    return {
        "kind": KIND,
        "version": sealed.salts.version,
        "root": sealed.root,
        "row": row,
        "proof": sealed.proof(commitment(row)),
        "cutoffs": list(_opened(sealed, applicant, seed)),
        "auditors": list(auditors),
    }


def _opened(sealed: Sealed, applicant: str, seed: str) -> Iterator[dict[str, Any]]:
    problem, lottery = sealed.problem, lottery_number(seed, applicant)
    cuts = {Placement(cut.opportunity, cut.seat_class): cut for cut in sealed.outcome.cutoffs}
    own = sealed.outcome.placements[applicant]
    for where, priority in problem.wishes[applicant]:
        item = problem.opportunity[where]
        for name in classes_open_to(item, problem.groups[applicant]):
            cut = cuts[Placement(where, name)]
            standing = stands(Standing(-priority, lottery), cut)
            for kind in kinds(large(item, name), priority, cut.priority):
                held = sealed.opened(cut, kind)
                said = {"standing": standing} if kind == "told" else {}
                yield {"opened": held, **said, "proof": sealed.proof(commitment(held))}
            if own == Placement(where, name):
                return


def kinds(exact: bool, priority: int | Decimal, cutoff: int | Decimal | None) -> tuple[str, ...]:
    """Which commitments somebody with this score is shown of one cut-off."""
    if not exact:
        return ("told",)
    return ("exact", "lottery") if priority == cutoff else ("exact",)


def stands(standing: Standing, cut: CutOff) -> str:
    """Where somebody stands to a cut-off. A class without seats is below for everybody; one with seats left for
    nobody."""
    if not cut.full:
        return FREE
    last = cut.standing
    return ABOVE if last is not None and standing <= last else BELOW
