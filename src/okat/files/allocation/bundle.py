"""A decision bundle of an allocation, built from the inputs as they stood."""

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from okat.engine.allocation import RULES, Certificate, Outcome, Problem, Rules, check, decide
from okat.engine.allocation.problem import id_fault
from okat.engine.allocation.waiting import without
from okat.engine.errors import OutcomeError
from okat.files.allocation.errors import BadInputError, row_error
from okat.files.allocation.folder import Inputs, read_folder
from okat.files.allocation.outcome import cutoff_dicts, write_cutoffs, write_outcome
from okat.files.allocation.releases import FILE, Later, mark, write_releases
from okat.files.allocation.sealing import Salts, Sealed
from okat.files.container import pack

KIND = "allocation"
DECISION = "decision.json"


def write_json(value: Any) -> bytes:
    """UTF-8, keys in their order, one spelling."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def summary(problem: Problem, outcome: Outcome) -> dict[str, int]:
    """The figures that stand in `decision.json`."""
    return {
        "applicants": len(problem.applicants),
        "opportunities": len(problem.opportunities),
        "preferences": len(problem.preferences),
        "places": sum(item.capacity for item in problem.opportunities),
        "placed": outcome.placed,
        "unplaced": len(problem.applicants) - outcome.placed,
    }


def certificate_dict(certificate: Certificate) -> dict[str, Any]:
    return {"passed": certificate.passed, "checks": dict(certificate.checks)}


def certify(problem: Problem, outcome: Outcome, *, seed: str) -> Certificate:
    """Raises `OutcomeError` naming the first violation."""
    certificate = check(problem, outcome, seed=seed)
    if not certificate.passed:
        raise OutcomeError(f"the outcome fails its own check: {certificate.violations[0].text()}")
    return certificate


def build(
    inputs: Inputs,
    outcome: Outcome,
    *,
    seed: str,
    rules: Rules = RULES,
    extra: Mapping[str, Any] | None = None,
    later: Later | None = None,
    previous: str = "",
    salts: Salts | None = None,
    public_head: str = "",
) -> tuple[bytes, Certificate]:
    """The bundle's bytes, the same for the same arguments, and its certificate. `extra` adds entries to
    `decision.json`, such as `seed_protocol` or `looks`. A `later` version keeps the inputs of the first run and adds
    every release since, with the SHA-256 of the bundle before it in `previous`. With `salts` it
    says what opens the commitments that were published, and their root, `public_head` being the leaf of what the
    public bundle says. Raises `OutcomeError` if the outcome
    fails its check: such a one is never written as decided."""
    problem = without(inputs.problem, later.lines, rules) if later else inputs.problem
    certificate = certify(problem, outcome, seed=seed)
    members = {
        **inputs.files,
        **({FILE: write_releases(later.lines)} if later else {}),
        "outcome.csv": write_outcome(problem, outcome),
        "cutoffs.csv": write_cutoffs(outcome),
        "certificate.json": write_json(certificate_dict(certificate)),
    }
    noted = {**(extra or {}), **(mark(later.version, previous) if later else {})}
    if salts:
        root = Sealed(problem, outcome, salts, inputs.problem, public_head).root
        noted["sealed"] = {**salts.as_dict(), **({"head": public_head} if public_head else {}), "root": root}
    head = decision(problem, outcome, seed=seed, rules=rules, extra=noted)
    return seal(members, head), certificate


def decision(
    problem: Problem, outcome: Outcome, *, seed: str, rules: Rules, extra: Mapping[str, Any] | None
) -> dict[str, Any]:
    return {
        "kind": KIND,
        "rules": rules.as_dict(),
        "engine_version": version("okat"),
        "seed": seed,
        "outcome": summary(problem, outcome),
        **(extra or {}),
    }


def seal(members: Mapping[str, bytes], head: Mapping[str, Any]) -> bytes:
    """Adds `decision.json` with the SHA-256 of every other member."""
    return pack({**members, DECISION: write_json({**head, "digests": digests_of(members)})}, first=DECISION)


def digests_of(members: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(members[name]).hexdigest() for name in sorted(members)}


def write_whole(path: Path, data: bytes) -> None:
    """Either all of the file or none of it: written beside, then renamed."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, 0o644)  # mkstemp makes it private; a decision is to be read
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def allocate(folder: Path, *, seed: str, out: Path, rules: Rules = RULES) -> dict[str, Any]:
    """Read, decide, check, write the bundle; what was done, as `okat allocate --json` prints it.

    Raises `BadInputError` with every bad row; then nothing is written."""
    if id_fault(seed):
        raise BadInputError([row_error("--seed", 0, "", "seed")])
    inputs = read_folder(folder)
    outcome = decide(inputs.problem, seed=seed, rules=rules)
    data, certificate = build(inputs, outcome, seed=seed, rules=rules)
    write_whole(out, data)
    return {
        **summary(inputs.problem, outcome),
        "cutoffs": cutoff_dicts(outcome),
        "certificate": certificate_dict(certificate),
        "seed": seed,
        "rules": rules.as_dict(),
        "bundle": str(out),
        "bundle_sha256": hashlib.sha256(data).hexdigest(),
    }
