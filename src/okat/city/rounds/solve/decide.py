"""The decision and its bundles. What leaves here has passed its check; anything else raises."""

import hashlib
import json
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from okat.city.rounds.rules.policy import Policy
from okat.city.rounds.solve.seed import engine_rules
from okat.city.rounds.solve.showing import Before, Public, public_version, seats_by
from okat.engine.allocation import Certificate, Outcome, Problem, Rules, decide
from okat.engine.allocation.cancelled import cancel
from okat.engine.allocation.report import served
from okat.engine.allocation.waiting import DECLINED, LEFT, SETTLED, Moved, Release, release, without
from okat.files.allocation import bundle
from okat.files.allocation.folder import COLUMNS, Inputs, read_files
from okat.files.allocation.outcome import read_outcome, write_rows
from okat.files.allocation.own import own_row
from okat.files.allocation.releases import FILE, MARK, Later, read_releases
from okat.files.allocation.sealing import Salts, Sealed
from okat.files.container import members_of


@dataclass(frozen=True)
class PlaceRow:
    """A place as it is decided on: its name in bundles, capacity, reserves (group, seats) in order."""

    code: str
    capacity: int
    reserves: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Entry:
    """An applicant by pseudonym; wishes are (place's code, rank, priority)."""

    pseudonym: str
    groups: frozenset[str]
    wishes: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class RoundHead:
    """What decision.json says of the round besides the outcome. `salt` keys the rows' commitments; `before` is what was
    published so far."""

    policy: Policy
    seed: str
    secret: str
    commitment: str
    draw: str
    salt: str
    title: str
    looks: tuple[Mapping[str, Any], ...]
    before: Before
    draws: tuple[Mapping[str, Any], ...]

    def extra(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "policy": self.policy.as_dict(),
            "seed_protocol": {"commitment": self.commitment, "secret": self.secret, "public_draw": self.draw},
            "draw_entries": list(self.draws),
            "looks": list(self.looks),
        }


@dataclass(frozen=True)
class Decided:
    """`seats` by pseudonym (place's code, seat class) or None; `moved` those whose seat differs from before. `public`
    is None for a version that stays with the auditors until more people's results have changed."""

    audit: bytes
    root: str
    public: Public | None
    certificate: dict[str, Any]
    figures: dict[str, Any]
    seats: Mapping[str, tuple[str, str] | None]
    moved: frozenset[str]
    engine_ms: int

    @property
    def audit_digest(self) -> str:
        return hashlib.sha256(self.audit).hexdigest()


def inputs_of(places: Sequence[PlaceRow], entries: Sequence[Entry]) -> Inputs:
    """The three tables as they go into the bundle. Raises BadInputError with every bad row."""
    rows: dict[str, list[tuple[Any, ...]]] = {
        "opportunities": [(p.code, p.capacity, "|".join(f"{g}:{seats}" for g, seats in p.reserves)) for p in places],
        "applicants": [(e.pseudonym, "|".join(sorted(e.groups))) for e in sorted(entries, key=lambda e: e.pseudonym)],
        "preferences": [
            (e.pseudonym, code, rank, priority)
            for e in sorted(entries, key=lambda e: e.pseudonym)
            for code, rank, priority in e.wishes
        ],
    }
    return read_files({f"{table}.csv": write_rows(COLUMNS[table], rows[table]) for table in COLUMNS})


def first(places: Sequence[PlaceRow], entries: Sequence[Entry], head: RoundHead) -> Decided:
    """Decide from the start. Raises BadInputError for inputs that contradict themselves and OutcomeError when the
    outcome fails its own check: nothing is handed back then."""
    inputs, rules = inputs_of(places, entries), engine_rules(head.policy)
    begun = time.perf_counter()
    outcome = decide(inputs.problem, seed=head.seed, rules=rules)
    spent = round(1000 * (time.perf_counter() - begun))
    return _pack(inputs, inputs.problem, outcome, head, rules, frozenset(), spent)


@dataclass(frozen=True)
class Gone:
    """Who gives a seat back, by pseudonym: `declined` by the rules of declining, `left` out of the whole round (they
    may hold nothing). `settled` keep their seat and wait for nothing dearer."""

    declined: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()
    settled: frozenset[str] = frozenset()


def refill(audit: bytes, gone: Gone, head: RoundHead, version: int) -> Decided | None:
    """Free the seats and fill them from the waiting lists; None where that says nothing new. Raises OutcomeError when
    the new outcome fails its check."""
    rules, read = engine_rules(head.policy), _read(audit)
    lines = _lines(gone, read, version)
    if not lines:
        return None
    problem = without(read.inputs.problem, read.lines, rules)
    begun = time.perf_counter()
    moved = release(problem, read.outcome, lines, seed=head.seed, rules=rules)
    spent = round(1000 * (time.perf_counter() - begun))
    return _later(read, audit, moved, lines, head, version, spent)


def cancelled(audit: bytes, codes: Collection[str], gone: Gone, head: RoundHead, version: int) -> Decided:
    """The outcome without opportunities that do not take place: who sat there gets what is free, nobody else moves.
    `gone` counts first of who sat there, in the same version, so that what they leave is given to nobody. Raises
    OutcomeError when one was cancelled before, or when the new outcome fails its check."""
    rules, read = engine_rules(head.policy), _read(audit)
    first = [line for line in _lines(gone, read, version) if line.opportunity in codes]
    begun = time.perf_counter()
    moved, lines = cancel(
        read.inputs.problem, read.lines, read.outcome, codes, version, seed=head.seed, rules=rules, first=first
    )
    spent = round(1000 * (time.perf_counter() - begun))
    return _later(read, audit, moved, lines, head, version, spent)


def _later(  # noqa: PLR0917 - one version's facts
    read: "_Read", audit: bytes, moved: Moved, lines: Sequence[Release], head: RoundHead, version: int, spent: int
) -> Decided:
    changed = frozenset(move.applicant for move in moved.moves)
    later = Later(version, (*read.lines, *lines))
    before = hashlib.sha256(audit).hexdigest()
    rules = engine_rules(head.policy)
    return _pack(read.inputs, moved.problem, moved.outcome, head, rules, changed, spent, later=later, previous=before)


def _lines(gone: Gone, read: "_Read", version: int) -> list[Release]:
    """One line each; who has settled on the same seat before, or left without one, is not written again."""
    known = {(line.applicant, line.opportunity, line.kind) for line in read.lines if line.kind == SETTLED}
    known |= {(line.applicant, "", LEFT) for line in read.lines if line.kind == LEFT}
    kinds = (
        dict.fromkeys(gone.settled, SETTLED) | dict.fromkeys(gone.declined, DECLINED) | dict.fromkeys(gone.left, LEFT)
    )
    found = []
    for who in sorted(kinds):
        seat = read.outcome.placements[who]
        where = seat.opportunity if seat else ""
        if (who, where, kinds[who]) not in known:
            found.append(Release(version, who, where, kinds[who]))
    return found


@dataclass(frozen=True)
class _Read:
    """What stands in an audit bundle that this city wrote: the inputs of the first run, the releases since, and the
    outcome."""

    inputs: Inputs
    lines: tuple[Release, ...]
    outcome: Outcome
    rules: Rules
    salts: Salts
    public_head: str


def _read(audit: bytes) -> _Read:
    members = members_of(audit)
    tables = {name: data for name, data in members.items() if name.partition(".")[0] in COLUMNS}
    lines = read_releases(members[FILE]) if FILE in members else ()
    outcome = read_outcome(members["outcome.csv"], members["cutoffs.csv"]).outcome
    head = json.loads(members[bundle.DECISION])
    bound = head.get("sealed", {}).get("head", "")
    return _Read(read_files(tables), lines, outcome, Rules.from_dict(head["rules"]), _salts(head, audit), bound)


def _salts(head: Mapping[str, Any], audit: bytes) -> Salts:
    """Of a bundle from before roots were published: made up, so that its people can still be told why."""
    if "sealed" in head:
        return Salts.read(head["sealed"])
    return Salts.of(hashlib.sha256(audit).digest(), head[MARK]["version"] if MARK in head else 1)


def read_back(audit: bytes) -> Sealed:
    """The version as it was sealed: the problem as it stands after the releases, its outcome, and the salts."""
    read = _read(audit)
    left = without(read.inputs.problem, read.lines, read.rules)
    return Sealed(left, read.outcome, read.salts, read.inputs.problem, read.public_head)


def rows_of(audit: bytes, pseudonym: str, *, seed: str, auditors: Sequence[str]) -> dict[str, Any]:
    """One person's own row of this version, to be tried against the public bundle or the published root.
    Raises KeyError."""
    return own_row(read_back(audit), pseudonym, seed=seed, auditors=auditors)


def seats_in(audit: bytes) -> dict[str, str]:
    """Who sits where in this version, by pseudonym."""
    members = members_of(audit)
    return seats_by(read_outcome(members["outcome.csv"], members["cutoffs.csv"]).outcome)


def _pack(  # noqa: PLR0917 - what one bundle is made of
    inputs: Inputs, problem: Problem, outcome: Outcome, head: RoundHead, rules: Rules, moved: frozenset[str],
    spent: int, later: Later | None = None, previous: str = "",
) -> Decided:  # fmt: skip
    extra = head.extra()
    salts = Salts.of(bytes.fromhex(head.salt), later.version if later else 1)
    sealed = Sealed(problem, outcome, salts, inputs.problem)
    drawn = public_version(sealed, inputs.problem, head.before, seed=head.seed, rules=rules, extra=extra)
    sealed = drawn.draft.sealed if drawn else sealed
    audit, certificate = bundle.build(
        inputs, outcome, seed=head.seed, rules=rules, extra=extra, later=later, previous=previous, salts=salts,
        public_head=sealed.head,
    )  # fmt: skip
    public = drawn.public(hashlib.sha256(audit).hexdigest()) if drawn else None
    figures = _figures(problem, outcome, certificate)
    stated = bundle.certificate_dict(certificate)
    return Decided(audit, sealed.root, public, stated, figures, _seats(outcome), moved, spent)


def _figures(problem: Problem, outcome: Outcome, certificate: Certificate) -> dict[str, Any]:
    rows = served(problem, outcome, {each.id: ("everyone",) for each in problem.applicants})
    firsts = rows[0].first_choice if rows else 0
    compared = certificate.checks["no-justified-envy"]
    return {**bundle.summary(problem, outcome), "first_choice": firsts, "compared": compared}


def _seats(outcome: Outcome) -> dict[str, tuple[str, str] | None]:
    return {
        who: None if seat is None else (seat.opportunity, seat.seat_class) for who, seat in outcome.placements.items()
    }
