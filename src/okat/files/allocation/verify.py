"""The proof of a bundle, on any machine, without database or network.

Digests only show that a bundle was not damaged: whoever edits it can seal it again. So every property is
checked from its definition whatever the digests say, and what the slow reference can recount is recounted.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from okat.engine.allocation import Certificate, Outcome, Placement, Rules, Violation, check
from okat.engine.allocation.recount import RECOUNT_LIMIT, recount
from okat.engine.allocation.seed import protocol_fault
from okat.engine.errors import ProblemError
from okat.files.allocation.bundle import DECISION, certificate_dict, summary
from okat.files.allocation.errors import BadInputError
from okat.files.allocation.folder import COLUMNS, Inputs, read_files
from okat.files.allocation.outcome import Claimed, read_outcome
from okat.files.findings import Finding, Report, parse_json

OUTPUTS = ("certificate.json", "cutoffs.csv", "outcome.csv")
_EXTRA = {"preferences.parquet"}
MEMBERS = {DECISION, *OUTPUTS, *(f"{table}.csv" for table in COLUMNS), *_EXTRA}


def verify(members: Mapping[str, bytes], decision: Mapping[str, Any], report: Report) -> None:
    """Adds every violation of an allocation's audit bundle to `report`."""
    for name in sorted(set(members) - MEMBERS):
        report.add("unknown-member", "archive", name)
    missing = [*_missing(members)]
    for name in missing:
        report.add("missing-member", "archive", name)
    check_rules(decision, report)
    seed = decision.get("seed")
    if not isinstance(seed, str) or not seed:
        report.add("seed-missing", "seed", DECISION)
        return
    if missing:
        report.cannot.append("the properties of the outcome: a file is missing")
        return
    inputs = _inputs(members, report)
    claimed = _claimed(members, report)
    if inputs and claimed:
        certificate = _prove(inputs, claimed, seed, report, refill="refill" in decision)
        _compare_summary(decision, inputs, claimed.outcome, report)
        _compare_certificate(members["certificate.json"], certificate, report)


def _missing(members: Mapping[str, bytes]) -> Iterator[str]:
    yield from (name for name in OUTPUTS if name not in members)
    for table in COLUMNS:
        names = [name for name in members if name in MEMBERS and name.partition(".")[0] == table]
        if len(names) != 1:
            yield f"{table}.csv"


def check_rules(decision: Mapping[str, Any], report: Report) -> None:
    """The rules are those of a known version, and the seed follows from what was published about it."""
    rules = decision.get("rules")
    try:
        Rules.from_dict(rules if isinstance(rules, dict) else {})
    except (ProblemError, TypeError) as error:
        report.add("rules", "rules", DECISION, reason=str(error))
    if "seed_protocol" in decision:
        try:
            fault = protocol_fault(str(decision.get("seed")), **decision["seed_protocol"])
        except (TypeError, AttributeError):
            fault = "seed_protocol must hold commitment, secret and public_draw, as text"
        if fault:
            report.add("seed-protocol", "seed", DECISION, reason=fault)


def _inputs(members: Mapping[str, bytes], report: Report) -> Inputs | None:
    files = {name: data for name, data in members.items() if name.partition(".")[0] in COLUMNS}
    try:
        return read_files({name: data for name, data in files.items() if name in MEMBERS})
    except BadInputError as error:
        report.add_errors("input", error)
        report.cannot.append("the properties of the outcome: the inputs contradict themselves")
        return None


def _claimed(members: Mapping[str, bytes], report: Report) -> Claimed | None:
    try:
        claimed = read_outcome(members["outcome.csv"], members["cutoffs.csv"])
    except BadInputError as error:
        report.add_errors("outcome", error)
        report.cannot.append("the properties of the outcome: it cannot be read")
        return None
    for file, rows in claimed.odd.items():
        for odd in rows:
            report.add(odd.code, "complete" if file == "outcome.csv" else "cut-offs", file, odd.line, **odd.params)
    return claimed


def _prove(inputs: Inputs, claimed: Claimed, seed: str, report: Report, *, refill: bool) -> Certificate:
    problem, outcome = inputs.problem, claimed.outcome
    certificate = check(problem, outcome, seed=seed)
    found = list(certificate.violations)
    report.checks.update(certificate.checks)
    if refill:
        report.cannot.append(
            "the recount by the slow reference: freed seats went to the waiting lists, so that nobody loses a seat; "
            "stability is proved, an allocation from the start could differ"
        )
    elif len(problem.preferences) <= RECOUNT_LIMIT:
        report.checks["recount"] = len(problem.applicants)
        found = recount(problem, outcome, certificate, seed=seed) + found
    else:
        report.cannot.append(
            f"the recount by the slow reference: {len(problem.preferences):,} preferences are more than "
            f"{RECOUNT_LIMIT:,}; stability is proved, that it is the applicants' best is not"
        )
    applicant_lines = dict(zip((each.id for each in problem.applicants), inputs.lines["applicants"], strict=True))
    for violation in found:
        file, line = _place(violation, claimed, applicant_lines)
        report.findings.append(
            Finding(
                violation.code,
                violation.property,
                file,
                line,
                violation.text("en"),
                violation.text("th"),
                {key: str(value) for key, value in violation.params.items()},
            )
        )
    return certificate


def _place(violation: Violation, claimed: Claimed, applicant_lines: Mapping[str, int]) -> tuple[str, int]:
    if violation.applicant in claimed.lines:
        return "outcome.csv", claimed.lines[violation.applicant]
    if violation.applicant:
        return "applicants.csv", applicant_lines[violation.applicant]
    return "cutoffs.csv", claimed.cutoff_lines.get(Placement(violation.opportunity, violation.seat_class), 0)


def _compare_summary(decision: Mapping[str, Any], inputs: Inputs, outcome: Outcome, report: Report) -> None:
    """What decision.json says of the outcome against what the files show."""
    stated = decision.get("outcome")
    for name, right in summary(inputs.problem, outcome).items():
        claimed = stated.get(name) if isinstance(stated, dict) else None
        if claimed != right or type(claimed) is not int:
            report.add("summary", "summary", DECISION, name=name, claimed=claimed, right=right)


def _compare_certificate(data: bytes, certificate: Certificate, report: Report) -> None:
    written = parse_json(data)
    for name, right in certificate_dict(certificate).items():
        claimed = written.get(name) if isinstance(written, dict) else None
        if claimed != right:
            params = {"name": name, "claimed": claimed, "right": right}
            report.add("certificate", "certificate", "certificate.json", **params)
