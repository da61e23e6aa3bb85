"""`okat verify`: opens a decision bundle of any kind and hands it to the proof of its kind."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from okat.files.allocation import verify as allocation
from okat.files.allocation import verify_public as allocation_public
from okat.files.allocation import verify_row
from okat.files.allocation.texts import sentence as say_allocation
from okat.files.budgeting import verify as budgeting
from okat.files.budgeting.texts import sentence as say_budgeting
from okat.files.container import UnreadableBundleError, unpack
from okat.files.findings import Report, Say, parse_json

DECISION = "decision.json"
Proof = Callable[[Mapping[str, bytes], Mapping[str, Any], Report], None]
PROOFS: dict[str, tuple[Proof, Say]] = {
    "allocation": (allocation.verify, say_allocation),
    "allocation-public": (allocation_public.verify, say_allocation),
    "budgeting": (budgeting.verify, say_budgeting),
}
"""The proof of each kind of decision, and who writes its sentences."""


def verify_bundle(
    path: Path, *, seed: str | None = None, inputs: Path | None = None, row: Path | None = None
) -> Report:
    """Proves the bundle or names every violation. `seed` and `inputs` (a folder) are what was published
    elsewhere: a bundle that was decided again from other inputs is sound in itself, and only a comparison
    with the published ones shows it. `row` is a person's own row, proved against a public bundle.
    Raises `UnreadableBundleError`."""
    contents = unpack(path)
    decision = parse_json(contents.members.get(DECISION, b""))
    if not isinstance(decision, dict):
        raise UnreadableBundleError(f"{path} has no readable {DECISION}, so it is not a decision bundle")
    kind = decision.get("kind")
    if not isinstance(kind, str) or kind not in PROOFS:
        raise UnreadableBundleError(f"{path} holds a decision of kind {kind!r}; known: {', '.join(PROOFS)}")
    proof, say = PROOFS[kind]
    report = Report(kind, say)
    for name, reason in contents.odd:
        report.add("archive", "archive", name, name=name, reason=reason)
    _digests(contents.members, decision.get("digests"), report)
    _published(contents.members, decision, report, seed=seed, inputs=inputs)
    proof(contents.members, decision, report)
    if row is not None:
        if kind != "allocation-public":
            raise UnreadableBundleError(f"{path} is not a public allocation bundle, so no row is proved against it")
        verify_row.verify(contents.members, decision, parse_json(row.read_bytes()), report)
    return report


def _digests(members: Mapping[str, bytes], claimed: object, report: Report) -> None:
    stated = claimed if isinstance(claimed, dict) else {}
    right = {name: hashlib.sha256(data).hexdigest() for name, data in members.items() if name != DECISION}
    report.checks["digests"] = len(right)
    for name in sorted({*right, *stated}):
        if stated.get(name) != right.get(name):
            found, says = right.get(name, "missing"), stated.get(name, "missing")
            report.add("digest", "digests", name, found=found, claimed=says)


def _published(
    members: Mapping[str, bytes],
    decision: Mapping[str, Any],
    report: Report,
    *,
    seed: str | None,
    inputs: Path | None,
) -> None:
    if seed is not None and decision.get("seed") != seed:
        report.add("seed-differs", "seed", DECISION, claimed=decision.get("seed"), right=seed)
    for path in sorted(inputs.iterdir()) if inputs else ():
        data = path.read_bytes() if path.is_file() else b""
        if path.name in members and data != members[path.name]:
            report.add("inputs-differ", "inputs", path.name, right=hashlib.sha256(data).hexdigest())
