"""The proof of a count's bundle, on any machine, without database or network.

Whoever edits a bundle can seal it again, so nothing is believed: the ballots are read as any file is, the rules are
those of a known version, the prices and endowments that the tables state are certified by the engine's check from its
definition, each payment is computed anew, and a small election is recounted by the slow reference.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from okat.engine.budgeting import Certificate, Comparison, check
from okat.engine.budgeting.outcome import Outcome, Purchase, cost_of, numbers
from okat.engine.budgeting.problem import BudgetingError, Election
from okat.engine.budgeting.reference import reference
from okat.engine.budgeting.rules import Rules
from okat.engine.errors import OutcomeError
from okat.files.budgeting.bundle import ELECTION
from okat.files.budgeting.count import Count, certificate_dict, decide_within, summary, terms_dict
from okat.files.budgeting.errors import BadInputError
from okat.files.budgeting.outcome import FILES, Claimed, cut, payment_rows, purchases_of, read_claimed, read_exact
from okat.files.budgeting.reader import PbFile, parse_pb
from okat.files.budgeting.rule import Terms, within_terms
from okat.files.findings import Finding, Report, parse_json

DECISION = "decision.json"
MEMBERS = {DECISION, ELECTION, "certificate.json", *FILES}
RECOUNT_LIMIT = 20_000
"""Ballot entries (supporters of all projects together) up to which the slow reference recounts."""
RECOUNT_PROJECTS = 12
"""Projects up to which it tries every set for the optimum."""


def verify(members: Mapping[str, bytes], decision: Mapping[str, Any], report: Report) -> None:
    """Adds every violation of a count's bundle to `report`."""
    for name in sorted(set(members) - MEMBERS):
        report.add("unknown-member", "archive", name)
    missing = sorted(MEMBERS - set(members))
    for name in missing:
        report.add("missing-member", "archive", name)
    if missing:
        report.leave("left-missing")
        return
    terms, rules = _terms(decision, report), _rules(decision.get("rules"), report)
    try:
        file = parse_pb(ELECTION, members[ELECTION])
    except BadInputError as error:
        report.add_errors("input", error)
        report.leave("left-inputs")
        return
    if terms is None or rules is None:
        report.leave("left-rules")
        return
    try:
        election, out = within_terms(file.election, terms)
        claimed = read_claimed(members, election.scale)
    except BadInputError as error:
        report.add_errors("outcome", error)
        report.leave("left-outcome")
        return
    _Proof(_Asked(file, terms, election, out), rules, claimed, decision, report).run(members)


def _rules(stated: object, report: Report) -> Rules | None:
    try:
        return Rules.from_dict(stated if isinstance(stated, dict) else {})
    except (BudgetingError, TypeError, ValueError) as error:
        report.add("rules", "rules", DECISION, reason=str(error))
        return None


def _terms(decision: Mapping[str, Any], report: Report) -> Terms | None:
    stated = decision.get("terms")
    stated = stated if isinstance(stated, dict) else {}
    rules = _rules(stated.get("rules"), report)
    threshold, comparison = stated.get("threshold"), stated.get("comparison")
    known = type(threshold) is int and threshold >= 0 and comparison in ("none", "greedy")
    if set(stated) != {"rules", "threshold", "comparison"} or not known:
        report.add("rules", "rules", DECISION, reason="terms must hold rules, threshold and comparison")
        return None
    return None if rules is None else Terms(rules, int(threshold or 0), comparison == "greedy")


class _Asked(NamedTuple):
    """The ballots, and what was promised about them; `election` is without what the threshold shuts out (`out`)."""

    file: PbFile
    terms: Terms
    election: Election
    out: tuple[str, ...]


class _Proof:
    """The proof of one outcome, by `rules`."""

    def __init__(
        self, asked: _Asked, rules: Rules, claimed: Claimed, decision: Mapping[str, Any], report: Report
    ) -> None:
        self.asked, self.rules, self.claimed, self.report = asked, rules, claimed, report
        self.election = asked.election
        stated = decision.get("outcome")
        self.stated: Mapping[str, Any] = stated if isinstance(stated, dict) else {}
        self.given = {"rules": decision.get("rules"), "terms": decision.get("terms")}

    def run(self, members: Mapping[str, bytes]) -> None:
        for odd in self.claimed.odd:
            self.report.add("malformed-row", "outcome", odd.file, odd.line, reason=odd.reason)
        outcome = self._outcome()
        if outcome is None:
            self.report.leave("left-outcome")
            return
        try:
            certificate = check(self.election, self.rules, outcome)
        except (OutcomeError, BudgetingError) as error:
            self.report.add("malformed-row", "outcome", "outcome.csv", reason=str(error))
            return
        self.report.checks.update(certificate.checks)
        self._violations(certificate)
        self._payments(outcome)
        try:
            self._recount(outcome)
            self._compare(outcome, certificate, members)
        except BudgetingError as error:  # a tie that the stated rules refuse, so nobody could have decided so
            self.report.add("rules", "rules", DECISION, reason=str(error))

    def _outcome(self) -> Outcome | None:
        """As the tables and `decision.json` state it; None where they name what is not in the ballots."""
        known = numbers(self.election)
        sound = True
        for project, _how, cost, _price in self.claimed.winners:
            line = self.claimed.lines[project]
            if project not in known:
                reason = f"{project!r} is no project of {ELECTION}"
                self.report.add("malformed-row", "outcome", "outcome.csv", line, reason=reason)
                sound = False
                continue
            right = cut(Fraction(int(self.election.costs[known[project]])), self.election.scale)
            if cost != right:
                reason = f"the cost of {project!r} is {right}"
                self.report.add("malformed-row", "outcome", "outcome.csv", line, reason=reason)
        for place, (project, _price) in enumerate(self.claimed.beyond, 1):
            if project not in known:
                reason = f"{project!r} is no project of {ELECTION}"
                self.report.add("malformed-row", "outcome", "beyond.csv", place + 1, reason=reason)
                sound = False
        if not sound:
            return None
        try:
            return self._put_together()
        except (TypeError, ValueError, ZeroDivisionError) as error:
            self.report.add("summary", "summary", DECISION, name="endowment", claimed=str(error)[:100], right="n/d")
            return None

    def _put_together(self) -> Outcome:
        scale, winners = self.election.scale, self.claimed.winners
        endowment = interval = None
        bought = [(project, price) for project, how, _, price in winners if how == "bought"]
        purchases: tuple[Purchase, ...] = ()
        beyond: tuple[Purchase, ...] = ()
        ids = tuple(project for project, *_ in winners)
        free = tuple(project for project, how, *_ in winners if how == "free")
        filled = tuple(project for project, how, *_ in winners if how == "filled")
        ended = self.stated.get("ended")
        if ended not in ("start", "overspend", "exhaustive", "all-won"):
            raise ValueError(f"ended: {ended}")
        if self.stated.get("endowment_exact") is not None:
            endowment = read_exact(str(self.stated["endowment_exact"])) * scale
            low, high = (read_exact(str(one)) * scale for one in self.stated["interval_exact"])
            interval = (low, high)
            purchases = purchases_of(self.election, endowment, bought)
            beyond = purchases_of(self.election, endowment + scale, self.claimed.beyond)
        elif bought:
            purchases = tuple(Purchase(*one) for one in bought)
        cost = cost_of(self.election, ids)
        return Outcome(ids, cost, free, purchases, filled, endowment, interval, ended, beyond)

    def _violations(self, certificate: Certificate) -> None:
        for violation in certificate.violations:
            params = {key: str(value) for key, value in violation.params.items()}
            row = self.claimed.lines.get(violation.project, 0)
            texts = violation.text("en"), violation.text("th")
            found = Finding(violation.code, violation.property, "outcome.csv", row, *texts, params)
            self.report.findings.append(found)

    def _payments(self, outcome: Outcome) -> None:
        """Row by row: the first that differs of each project, and one missing or too many."""
        right = list(payment_rows(self.election, outcome, self.asked.file.voters))
        self.report.checks["payments"] = len(right)
        rows = [row.cells for row in self.claimed.paid]
        told: set[str] = set()
        for number, (stated, computed) in enumerate(zip(rows, right, strict=False)):
            if stated != computed and computed[0] not in told:
                told.add(computed[0])
                line = self.claimed.paid[number].line
                says, is_right = ", ".join(stated), ", ".join(computed)
                self.report.add("payment", "payments", "payments.csv", line, claimed=says, right=is_right)
        if len(rows) != len(right):
            self.report.add("payment", "payments", "payments.csv", 0, claimed=len(rows), right=len(right))

    def _recount(self, outcome: Outcome) -> None:
        size = len(self.election.project)
        steps = 1 if outcome.interval is None else int((outcome.interval[1] - self._start()) / self.election.scale) + 2
        tries = self.election.p > RECOUNT_PROJECTS and self.rules.rule == "optimum"
        if size * steps * max(1, len(outcome.winners)) > 40 * RECOUNT_LIMIT or tries:
            self.report.leave("left-recount", entries=size, steps=steps)
            return
        self.report.checks["recount"] = self.election.p
        right = reference(self.election, self.rules)
        for place, (mine, theirs) in enumerate(zip([*outcome.winners, ""], [*right.winners, ""], strict=False), 1):
            if mine != theirs:
                row = place + 1 if mine else 0
                said, right_one = mine or "-", theirs or "-"
                self.report.add(
                    "recount-winner", "recount", "outcome.csv", row, place=place, claimed=said, right=right_one
                )
                break
        if right.interval != outcome.interval:
            name = "interval_exact"
            shown = None if right.interval is None else [str(one / self.election.scale) for one in right.interval]
            self.report.add("summary", "recount", DECISION, name=name, claimed=self.stated.get(name), right=shown)

    def _start(self) -> Fraction:
        return Fraction(self.election.budget, max(1, self.election.n))

    def _compare(self, outcome: Outcome, certificate: Certificate, members: Mapping[str, bytes]) -> None:
        """What decision.json and certificate.json say against what the files show."""
        compared = self._compared(outcome)
        count = Count(*self.asked, self.rules, outcome, certificate, compared)
        for name, right in summary(count).items():
            claimed = self.stated.get(name)
            if claimed != right or isinstance(claimed, bool):
                self.report.add("summary", "summary", DECISION, name=name, claimed=claimed, right=right)
        for name, right in terms_dict(self.asked.terms, self.rules).items():
            if self.given[name] != right:
                self.report.add("summary", "summary", DECISION, name=name, claimed=self.given[name], right=right)
        written = parse_json(members["certificate.json"])
        for name, right in certificate_dict(certificate).items():
            claimed = written.get(name) if isinstance(written, dict) else None
            if claimed != right:
                params = {"name": name, "claimed": claimed, "right": right}
                self.report.add("certificate", "certificate", "certificate.json", **params)

    def _compared(self, outcome: Outcome) -> Comparison | None:
        """Decided anew from the terms: the outcome must be the one that more voters prefer."""
        rules, right, compared = decide_within(self.election, self.asked.terms)
        if rules != self.rules or right.winners != outcome.winners:
            said, by_terms = (", ".join(one.winners)[:300] for one in (outcome, right))
            self.report.add("terms", "terms", DECISION, claimed=said, right=by_terms)
        return compared
