"""What binds a version of an outcome before anybody sees it: a salted commitment for each person's row and for each
cut-off, and one root over all of them and over the head: all that the public bundle says beside them.

The rows' commitments are sorted, which shuffles them; their salts follow from the round's secret key and the version,
so that two versions have no line in common. A cut-off stands in three commitments: its exact score, its lottery number,
and the ten points that are told of it where few people hold the places. Each place and seat class has one line, so that
nobody can be told another cut-off than the next person.
"""

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import floor
from typing import Any

from okat.engine.allocation import CutOff, Outcome, Placement, Problem
from okat.engine.allocation.numbers import number_text
from okat.engine.allocation.problem import OPEN, Opportunity
from okat.engine.disclosure import SMALLEST, Band, told_band
from okat.engine.errors import ProblemError
from okat.engine.proof import tree

MIN_KEY = 32
KINDS = ("exact", "lottery", "told")


def commitment(row: Mapping[str, Any]) -> str:
    """The SHA-256, in hex, of the row as JSON with sorted keys, no spaces, UTF-8; its salt included."""
    text = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def seats_of(item: Opportunity, seat_class: str) -> int:
    """How many places are offered in a class. By this number, which is public, a class counts as of ten holders or
    more: by its holders the choice itself would tell how many of a small group sit there."""
    reserved = dict(item.reserves)
    return item.capacity - sum(reserved.values()) if seat_class == OPEN else reserved[seat_class]


def large(item: Opportunity, seat_class: str) -> bool:
    return seats_of(item, seat_class) >= SMALLEST


@dataclass(frozen=True)
class Salts:
    """The secrets of one version: `rows` salts everything that is committed; `bands` places the told bands, and stays
    the same for all versions, so that two of them narrow nothing down."""

    version: int
    rows: bytes
    bands: bytes

    @classmethod
    def of(cls, key: bytes, version: int) -> "Salts":
        """From the round's key: 32 secret bytes or more. Raises `ProblemError` for a short one."""
        if len(key) < MIN_KEY:
            raise ProblemError(f"the key of the salts needs at least {MIN_KEY} random bytes")
        return cls(version, _mac(key, f"version {version}"), _mac(key, "bands"))

    @classmethod
    def read(cls, stated: Mapping[str, Any]) -> "Salts":
        """From an audit bundle's decision.json. Raises KeyError, TypeError or ValueError."""
        version = stated["version"]
        if type(version) is not int:
            raise TypeError("version")
        return cls(version, bytes.fromhex(stated["salts"]), bytes.fromhex(stated["bands"]))

    def as_dict(self) -> dict[str, Any]:
        return {"version": self.version, "salts": self.rows.hex(), "bands": self.bands.hex()}

    def salt(self, *about: str) -> str:
        return _mac(self.rows, "\n".join(about)).hex()


def _mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


@dataclass(frozen=True)
class Sealed:
    """One version, sealed: every commitment, and what opens each. `first` is the problem of the first run where
    `problem` is a later version's. `head` is the leaf of what the public bundle says; empty in versions that have no
    public bundle, and in those that were sealed before the root bound it."""

    problem: Problem
    outcome: Outcome
    salts: Salts
    first: Problem | None = None
    head: str = ""

    def row(self, applicant: str) -> dict[str, Any]:
        """All that a person's answer was made of. Give it to that person only."""
        seat = self.outcome.placements[applicant]
        return {
            "applicant": applicant,
            "groups": sorted(self.problem.groups[applicant]),
            "wishes": [[wish.opportunity, number_text(wish.priority)] for wish in self.problem.wishes[applicant]],
            "opportunity": seat.opportunity if seat else "",
            "seat_class": seat.seat_class if seat else "",
            "salt": self.salts.salt("row", applicant),
        }

    def opened(self, cut: CutOff, kind: str) -> dict[str, Any]:
        """What one commitment of a cut-off holds."""
        held = {"kind": kind, "opportunity": cut.opportunity, "seat_class": cut.seat_class, "full": cut.full}
        if kind == "lottery":
            held["lottery"] = "" if cut.lottery is None else str(cut.lottery)
        elif kind == "exact":
            held["priority"] = "" if cut.priority is None else number_text(cut.priority)
        else:
            told = self.told(cut)
            held |= {"from": "", "below": ""} if told is None else {"from": str(told.low), "below": str(told.below)}
        return {**held, "salt": self.salts.salt(kind, cut.opportunity, cut.seat_class)}

    def told(self, cut: CutOff) -> Band | None:
        if cut.priority is None:
            return None
        about = f"{cut.opportunity}\n{cut.seat_class}\n{number_text(cut.priority)}"
        tied = self._scores[cut.opportunity, floor(cut.priority)] > 1
        return told_band(cut.priority, int.from_bytes(_mac(self.salts.bands, about)[:8], "big"), tied=tied)

    @cached_property
    def _scores(self) -> Counter[tuple[str, int]]:
        """How many ask for a place with a score, among all who asked in the first run."""
        return Counter((row.opportunity, floor(row.priority)) for row in (self.first or self.problem).preferences)

    @cached_property
    def rows(self) -> tuple[str, ...]:
        """Of every applicant, sorted; where they are few, filled up to ten, so that the lines count nobody."""
        found = [commitment(self.row(each.id)) for each in self.problem.applicants]
        found += [self.salts.salt("nobody", str(number)) for number in range(len(found), SMALLEST)]
        return tuple(sorted(found))

    @cached_property
    def cutoffs(self) -> Mapping[Placement, tuple[str, ...]]:
        """The three commitments of each place and seat class, in the order of the cut-offs."""
        return {
            Placement(cut.opportunity, cut.seat_class): tuple(commitment(self.opened(cut, kind)) for kind in KINDS)
            for cut in self.outcome.cutoffs
        }

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        return leaves_of(self.rows, self.cutoffs.values(), self.head)

    @cached_property
    def root(self) -> str:
        return root_of(self.leaves)

    def proof(self, leaf: str) -> dict[str, Any]:
        """Where a commitment stands among the leaves, and its path to the root."""
        at = self.leaves.index(leaf)
        return {"index": at, "of": len(self.leaves), "path": tree.path([*map(bytes.fromhex, self.leaves)], at)}


def leaves_of(rows: Any, cutoffs: Any, head: str = "") -> tuple[str, ...]:
    """The leaves in their order: the head where there is one, the rows' commitments as they are sorted, then each line
    of cut-offs."""
    return (*([head] if head else []), *rows, *(each for line in cutoffs for each in line))


def head_leaf(decision: Mapping[str, Any]) -> str:
    """The SHA-256 of a public bundle's decision.json without what is only known after it: the own root, and the digest
    of the auditors' bundle, which names that root. By its digests it binds every other file."""
    said = {name: value for name, value in decision.items() if name != "audit_bundle_sha256"}
    return commitment({**said, "roots": list(decision["roots"])[: decision["version"] - 1]})


def root_of(leaves: tuple[str, ...]) -> str:
    return bound(len(leaves), tree.root([bytes.fromhex(each) for each in leaves]))


def bound(size: int, head: str) -> str:
    """The root as it is published: the tree's head with the number of its leaves, which fixes where each stands."""
    return hashlib.sha256(f"{size}|{head}".encode()).hexdigest()
