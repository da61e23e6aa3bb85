"""The public bundle: what everyone may see of an allocation, and what each person checks their own answer with.

It holds capacities, reserves, cut-offs, totals (no count of people under 10) and one salted commitment per applicant:
the SHA-256 of the salt and the person's whole row. The list of commitments is sorted, so that it tells nothing about
order. Each person gets their own row with its salt: they find its hash in the public list, and check the row against
the public cut-offs. The auditors' bundle holds everything.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from okat.engine.allocation import RULES, Outcome, Problem, Rules
from okat.engine.allocation.numbers import number_text
from okat.engine.allocation.report import Labels, served
from okat.engine.errors import ProblemError
from okat.files.allocation.bundle import certificate_dict, certify, seal, summary, write_json
from okat.files.allocation.folder import COLUMNS
from okat.files.allocation.outcome import write_cutoffs, write_rows

KIND = "allocation-public"
SMALLEST = 10
HIDDEN = "*"
TOTALS = ("group", "applicants", "placed")
COMMITMENTS = ("commitment",)
MIN_KEY = 32


def own_row(problem: Problem, outcome: Outcome, applicant: str, *, key: bytes) -> dict[str, Any]:
    """All that a person needs to check their answer; the salt follows from the round's secret key and nothing
    else, so the row can be handed out again. Give it to that person only."""
    seat = outcome.placements[applicant]
    return {
        "applicant": applicant,
        "groups": sorted(problem.groups[applicant]),
        "wishes": [[wish.opportunity, number_text(wish.priority)] for wish in problem.wishes[applicant]],
        "opportunity": seat.opportunity if seat else "",
        "seat_class": seat.seat_class if seat else "",
        "salt": hmac.new(key, applicant.encode(), hashlib.sha256).hexdigest(),
    }


def commitment(row: Mapping[str, Any]) -> str:
    """The SHA-256, in hex, of the row as JSON with sorted keys, no spaces, UTF-8; its salt included."""
    text = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def publish(
    problem: Problem,
    outcome: Outcome,
    *,
    seed: str,
    key: bytes,
    rules: Rules = RULES,
    labels: Labels | None = None,
    extra: Mapping[str, Any] | None = None,
) -> bytes:
    """The public bundle's bytes. `key` (32 secret bytes or more, kept with the audit bundle) makes the salts.
    Raises `OutcomeError` if the outcome fails its check, `ProblemError` for a short key."""
    if len(key) < MIN_KEY:
        raise ProblemError(f"the key of the salts needs at least {MIN_KEY} random bytes")
    certificate = certify(problem, outcome, seed=seed)
    leaves = sorted(commitment(own_row(problem, outcome, each.id, key=key)) for each in problem.applicants)
    members = {
        "opportunities.csv": write_rows(COLUMNS["opportunities"], _opportunities(problem)),
        "cutoffs.csv": write_cutoffs(outcome),
        "totals.csv": write_rows(TOTALS, totals(problem, outcome, labels)),
        "commitments.csv": write_rows(COMMITMENTS, ([leaf] for leaf in leaves)),
        "certificate.json": write_json(certificate_dict(certificate)),
    }
    head = {
        "kind": KIND,
        "rules": rules.as_dict(),
        "engine_version": version("okat"),
        "seed": seed,
        "outcome": summary(problem, outcome),
        **(extra or {}),
    }
    return seal(members, head)


def _opportunities(problem: Problem) -> list[tuple[Any, ...]]:
    return [
        (each.id, each.capacity, "|".join(f"{group}:{seats}" for group, seats in each.reserves))
        for each in problem.opportunities
    ]


def totals(problem: Problem, outcome: Outcome, labels: Labels | None = None) -> list[tuple[str, str, str]]:
    """(group, applicants, placed), hiding every count of 1 to 9 people, also where it follows as a difference."""
    rows = []
    for each in served(problem, outcome, labels):
        small = 0 < each.applicants < SMALLEST
        telling = any(0 < count < SMALLEST for count in (each.placed, each.applicants - each.placed))
        applicants = HIDDEN if small else str(each.applicants)
        rows.append((each.group, applicants, HIDDEN if small or telling else str(each.placed)))
    return rows
