"""The proof of a bundle, on any machine, without database or network.

Digests only show that a bundle was not damaged: whoever edits it can seal it again. So every property is
checked from its definition whatever the digests say, and what the slow reference can recount is recounted: a later
version from the first run on, release by release.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from okat.engine.allocation import RULES, Certificate, Outcome, Placement, Problem, Rules, Violation, check
from okat.engine.allocation.recount import RECOUNT_LIMIT, recount, replay
from okat.engine.allocation.seed import protocol_fault
from okat.engine.allocation.waiting import without
from okat.engine.errors import OutcomeError, ProblemError
from okat.files.allocation.bundle import DECISION, certificate_dict, summary
from okat.files.allocation.errors import BadInputError
from okat.files.allocation.folder import COLUMNS, Inputs, read_files
from okat.files.allocation.outcome import Claimed, read_outcome
from okat.files.allocation.releases import FILE, Later, line_of, read_later
from okat.files.allocation.sealing import Salts, Sealed
from okat.files.findings import Finding, Report, parse_json

OUTPUTS = ("certificate.json", "cutoffs.csv", "outcome.csv")
_EXTRA = {"preferences.parquet", FILE}
MEMBERS = {DECISION, *OUTPUTS, *(f"{table}.csv" for table in COLUMNS), *_EXTRA}


def verify(members: Mapping[str, bytes], decision: Mapping[str, Any], report: Report) -> None:
    """Adds every violation of an allocation's audit bundle to `report`."""
    for name in sorted(set(members) - MEMBERS):
        report.add("unknown-member", "archive", name)
    missing = [*_missing(members)]
    for name in missing:
        report.add("missing-member", "archive", name)
    rules = check_rules(decision, report, drawn="sealed" in decision)
    if "sealed" not in decision:
        report.leave("left-draw")
    seed = decision.get("seed")
    if not isinstance(seed, str) or not seed:
        report.add("seed-missing", "seed", DECISION)
        return
    if missing:
        report.leave("left-missing")
        return
    inputs = _inputs(members, report)
    claimed = _claimed(members, report)
    later = read_later(members, decision, report)
    if inputs and claimed:
        proof = _Proof(inputs, claimed, seed, rules, later, report)
        certificate = proof.run()
        _compare_summary(decision, proof.left, claimed.outcome, report)
        _compare_certificate(members["certificate.json"], certificate, report)
        if certificate.passed:
            _sealed(decision, proof, claimed.outcome, later, report)


def _sealed(
    decision: Mapping[str, Any], proof: "_Proof", outcome: Outcome, later: Later | None, report: Report
) -> None:
    """The root that was published is the one of these rows and cut-offs. A bundle that was decided on the command line
    says nothing of one, and a round's whose maker left it out looks the same: that is left to others, and said."""
    if "sealed" not in decision:
        return
    try:
        stated = decision["sealed"]
        claimed, salts, head = stated["root"], Salts.read(stated), bytes.fromhex(stated.get("head", "")).hex()
    except (KeyError, TypeError, ValueError) as error:
        report.add("root", "root", DECISION, claimed=f"nothing that reads ({error!r})", right="salts and a root")
        return
    version = later.version if later else 1
    if salts.version != version:
        report.add("root", "root", DECISION, claimed=f"version {salts.version}", right=f"version {version}")
    sealed = Sealed(proof.left, outcome, salts, proof.inputs.problem, head)
    if claimed != sealed.root:
        report.add("root", "root", DECISION, claimed=claimed, right=sealed.root)
    else:
        report.to_compare("left-root", root=sealed.root)
    report.checks["root"] = len(sealed.leaves)


def _missing(members: Mapping[str, bytes]) -> Iterator[str]:
    yield from (name for name in OUTPUTS if name not in members)
    for table in COLUMNS:
        names = [name for name in members if name in MEMBERS and name.partition(".")[0] == table]
        if len(names) != 1:
            yield f"{table}.csv"


def check_rules(decision: Mapping[str, Any], report: Report, *, drawn: bool) -> Rules:
    """The rules are those of a known version, and the seed follows from what was published about it. Where it was
    `drawn`, what was published stands in the bundle; a public one of the first format, or one of the command line, may
    say nothing of it."""
    rules, known = decision.get("rules"), RULES
    try:
        known = Rules.from_dict(rules if isinstance(rules, dict) else {})
    except (ProblemError, TypeError) as error:
        report.add("rules", "rules", DECISION, reason=str(error))
    if drawn or "seed_protocol" in decision:
        try:
            fault = protocol_fault(str(decision.get("seed")), **decision["seed_protocol"])
        except (KeyError, TypeError, AttributeError):
            fault = "seed_protocol must hold commitment, secret and public_draw, as text"
        if fault:
            report.add("seed-protocol", "seed", DECISION, reason=fault)
    if drawn or decision.get("draw_entries"):
        fault = _entries_fault(decision)
        if fault:
            report.add("seed-protocol", "seed", DECISION, reason=fault)
    return known


def _entries_fault(decision: Mapping[str, Any]) -> str:
    """Two persons wrote down the digits that the seed was made of, and took neither back."""
    try:
        last = {each["person"]: str(each["digits"]) for each in decision["draw_entries"]}  # in order: each one's last
        agree = [who for who, digits in last.items() if digits == decision["seed_protocol"]["public_draw"]]
    except (KeyError, TypeError):
        return "draw_entries must hold the digits and the person of each entry of the draw"
    return "" if len(agree) > 1 else "the draw was not written down alike by two persons"


def _inputs(members: Mapping[str, bytes], report: Report) -> Inputs | None:
    files = {name: data for name, data in members.items() if name.partition(".")[0] in COLUMNS}
    try:
        return read_files({name: data for name, data in files.items() if name in MEMBERS})
    except BadInputError as error:
        report.add_errors("input", error)
        report.leave("left-inputs")
        return None


def _claimed(members: Mapping[str, bytes], report: Report) -> Claimed | None:
    try:
        claimed = read_outcome(members["outcome.csv"], members["cutoffs.csv"])
    except BadInputError as error:
        report.add_errors("outcome", error)
        report.leave("left-outcome")
        return None
    for file, rows in claimed.odd.items():
        for odd in rows:
            report.add(odd.code, "complete" if file == "outcome.csv" else "cut-offs", file, odd.line, **odd.params)
    return claimed


@dataclass
class _Proof:
    """The proof of one outcome. `left` is the problem that it is certified against: without the wishes that releases
    ended."""

    inputs: Inputs
    claimed: Claimed
    seed: str
    rules: Rules
    later: Later | None
    report: Report

    def __post_init__(self) -> None:
        self.left = self.inputs.problem
        try:
            self.left = without(self.inputs.problem, self.later.lines if self.later else (), self.rules)
        except OutcomeError as error:
            self.report.add("refill-mark", "waiting-list", FILE, reason=str(error))

    def run(self) -> Certificate:
        """Every violation goes into the report."""
        certificate = check(self.left, self.claimed.outcome, seed=self.seed)
        self.report.checks.update(certificate.checks)
        for violation in self._recounted(certificate) + list(certificate.violations):
            file, line = self._place(violation)
            texts = violation.text("en"), violation.text("th")
            params = {key: str(value) for key, value in violation.params.items()}
            self.report.findings.append(Finding(violation.code, violation.property, file, line, *texts, params))
        return certificate

    def _recounted(self, certificate: Certificate) -> list[Violation]:
        problem, outcome = self.inputs.problem, self.claimed.outcome
        if len(problem.preferences) > RECOUNT_LIMIT:
            self.report.leave("left-recount", preferences=len(problem.preferences), limit=RECOUNT_LIMIT)
            return []
        self.report.checks["recount"] = len(problem.applicants)
        if self.later is None:
            return recount(problem, outcome, certificate, seed=self.seed)
        self.report.checks["waiting-list"] = len(self.later.lines)
        version, lines = self.later
        return replay(problem, outcome, lines, version, seed=self.seed, rules=self.rules)

    def _place(self, violation: Violation) -> tuple[str, int]:
        claimed, problem = self.claimed, self.inputs.problem
        if violation.property == "waiting-list" and violation.code != "waiting-list-differs":
            lines = self.later.lines if self.later else ()
            return FILE, line_of(lines, violation.params) if violation.code == "release" else 0
        if violation.applicant in claimed.lines:
            return "outcome.csv", claimed.lines[violation.applicant]
        if violation.applicant:
            names = [each.id for each in problem.applicants]
            return "applicants.csv", self.inputs.lines["applicants"][names.index(violation.applicant)]
        return "cutoffs.csv", claimed.cutoff_lines.get(Placement(violation.opportunity, violation.seat_class), 0)


def _compare_summary(decision: Mapping[str, Any], problem: Problem, outcome: Outcome, report: Report) -> None:
    """What decision.json says of the outcome against what the files show."""
    stated = decision.get("outcome")
    for name, right in summary(problem, outcome).items():
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
