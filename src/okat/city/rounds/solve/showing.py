"""What the public gets of a version, and what each person gets of their own row."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from okat.engine.allocation import Outcome, Problem, Rules
from okat.engine.disclosure import SMALLEST, Number
from okat.files.allocation import public
from okat.files.allocation.public import CutLine, Draft, Figures, Total
from okat.files.allocation.sealing import Sealed


@dataclass(frozen=True)
class Before:
    """What was published of a round so far: each version's root; and of the last public version the seats by pseudonym
    (None where nothing was public yet) and every set of people that was counted."""

    roots: tuple[tuple[int, str], ...] = ()
    seats: Mapping[str, str] | None = None
    numbers: Sequence[Sequence[str]] = ()
    labels: Mapping[str, Iterable[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Public:
    """The bundle for everybody; what pages may show with it, as JSON; the lines of the cut-offs; and every set of
    people that was counted in public so far, as JSON."""

    data: bytes
    shown: dict[str, Any]
    lines: tuple[CutLine, ...]
    numbers: list[list[str]]

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Drawn:
    """A version for everybody, before the auditors' bundle is known that it names."""

    draft: Draft
    found: Figures

    def public(self, audit_digest: str) -> Public:
        data = self.draft.data({"audit_bundle_sha256": audit_digest})
        return Public(data, _shown(self.found), self.found.cutoffs, [_written(each) for each in self.found.numbers])


def public_version(
    sealed: Sealed, first: Problem, before: Before, *, seed: str, rules: Rules, extra: Mapping[str, Any]
) -> Drawn | None:
    """None where fewer than ten people's results have changed since the last one: then the version stays with the
    auditors, also at the end."""
    if before.seats is not None and changed(before.seats, sealed.outcome) < SMALLEST:
        return None
    known = [_read(each) for each in before.numbers]
    found = public.figures(first, sealed.outcome, before=known, labels=before.labels)
    return Drawn(public.draw_up(sealed, found, seed=seed, rules=rules, roots=before.roots, extra=extra), found)


def seats_by(outcome: Outcome) -> dict[str, str]:
    """Who sits where, by pseudonym; empty for nowhere."""
    return {who: seat.opportunity if seat else "" for who, seat in outcome.placements.items()}


def changed(before: Mapping[str, str], outcome: Outcome) -> int:
    """How many people hold another place now, or none, or one for the first time."""
    return sum(before.get(who) != where for who, where in seats_by(outcome).items())


def _shown(found: Figures) -> dict[str, Any]:
    return {
        "applicants": found.applicants, "placed": found.placed, "unplaced": found.unplaced,
        "groups": [_total(each) for each in (*found.totals, *found.labelled)],
    }  # fmt: skip


def _total(total: Total) -> list[Any]:
    return [total.group, total.applicants, total.placed]


def _written(number: Number) -> list[str]:
    return [number.name, f"{number.people:x}", number.family, f"{number.whole:x}"]


def _read(stated: Sequence[str]) -> Number:
    name, people, family, whole = stated
    return Number(name, int(people, 16), family, int(whole, 16))
