"""`okat count`: a file of ballots in, the decision with its reasons and its proof out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from okat.engine.budgeting import Certificate, Comparison, check, compare, decide
from okat.engine.budgeting.outcome import Outcome, numbers
from okat.engine.budgeting.problem import Election
from okat.engine.budgeting.rules import Rules
from okat.engine.errors import OutcomeError
from okat.files.budgeting.outcome import exact, money
from okat.files.budgeting.reader import PbFile, read_pb
from okat.files.budgeting.rule import Terms, terms_of, within_terms
from okat.files.budgeting.source import LIMIT


@dataclass(frozen=True)
class Count:
    """`rules` are those of the outcome: the terms' own, or greedy where the comparison took it. `election` is without
    what the threshold shuts out (`out`)."""

    file: PbFile
    terms: Terms
    election: Election
    out: tuple[str, ...]
    rules: Rules
    outcome: Outcome
    certificate: Certificate
    compared: Comparison | None


def count_file(path: Path, switches: Mapping[str, Any], *, limit: int = LIMIT) -> Count:
    """Raises `BadInputError` for a file or switches that cannot be counted, `TieError` where the rules refuse to
    choose, and `OutcomeError` for an outcome that fails its check: such a one is never shown as decided."""
    file = read_pb(path, limit=limit)
    return count(file, terms_of(file.name, file.meta, switches, file.numbers))


def count(file: PbFile, terms: Terms) -> Count:
    """Raises `TieError` and `OutcomeError` as `count_file` does."""
    election, out = within_terms(file.election, terms)
    rules, outcome, compared = decide_within(election, terms)
    certificate = certify(election, rules, outcome)
    return Count(file, terms, election, out, rules, outcome, certificate, compared)


def certify(election: Election, rules: Rules, outcome: Outcome) -> Certificate:
    """Raises `OutcomeError` naming the first violation."""
    certificate = check(election, rules, outcome)
    if not certificate.passed:
        raise OutcomeError(f"the outcome fails its own check: {certificate.violations[0].text()}")
    return certificate


def decide_within(election: Election, terms: Terms) -> tuple[Rules, Outcome, Comparison | None]:
    """The outcome by the terms, and by which rules: where the comparison is asked for, those that more voters
    prefer."""
    rules, outcome = terms.rules, decide(election, terms.rules)
    if not terms.comparison:
        return rules, outcome, None
    other = replace(rules, rule="greedy", completion=("none",))
    by_votes = decide(election, other)
    compared = compare(election, outcome, by_votes, utility="cardinality")
    return (other, by_votes, compared) if taken(compared) == "greedy" else (rules, outcome, compared)


def taken(compared: Comparison) -> str:
    """Equal shares (the first) unless more voters have more of their projects in the outcome of greedy."""
    return "greedy" if compared.gain_by_second > compared.gain_by_first else "equal-shares"


def comparison_dict(compared: Comparison) -> dict[str, Any]:
    counts = {"prefer_equal_shares": compared.gain_by_first, "prefer_greedy": compared.gain_by_second}
    return {**counts, "same": compared.same, "taken": taken(compared)}


def summary(count: Count) -> dict[str, Any]:
    """What `decision.json` says of the outcome. Amounts are in the currency; `exact` ones as n/d."""
    election, outcome = count.election, count.outcome
    scale = election.scale
    low, high = outcome.interval or (None, None)
    return {
        "voters": election.n,
        "projects": election.p,
        "kind": election.kind,
        "currency": count.file.meta.get("currency", ""),
        "budget": money(election.budget, scale),
        "winners": list(outcome.winners),
        "cost": money(outcome.cost, scale),
        "endowment": _money(outcome.endowment, scale),
        "endowment_exact": None if outcome.endowment is None else exact(outcome.endowment / scale),
        "interval": None if low is None or high is None else [money(low, scale), money(high, scale)],
        "interval_exact": None if low is None or high is None else [exact(low / scale), exact(high / scale)],
        "ended": outcome.ended,
        "below_threshold": list(count.out),
        "comparison": comparison_dict(count.compared) if count.compared else None,
    }


def _money(value: Fraction | None, scale: int) -> int | float | None:
    return None if value is None else money(value, scale)


def terms_dict(terms: Terms, rules: Rules) -> dict[str, Any]:
    """`rules`: those by which the outcome was made; `terms`: those that were promised, where they are more."""
    return {"rules": _listed(rules), "terms": {"rules": _listed(terms.rules), **terms.as_dict()}}


def _listed(rules: Rules) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in rules.as_dict().items()}


def certificate_dict(certificate: Certificate) -> dict[str, Any]:
    return {"passed": certificate.passed, "checks": dict(certificate.checks)}


def as_dict(count: Count) -> dict[str, Any]:
    """As `okat count --json` prints it."""
    names = _names(count.file)
    election, number = count.election, numbers(count.election)
    return {
        "file": count.file.name,
        **summary(count),
        **terms_dict(count.terms, count.rules),
        "rules_th": list(count.terms.sentences("th")),
        "rules_en": list(count.terms.sentences("en")),
        "funded": [
            {"id": one, "name": names.get(one, ""), "cost": money(int(election.costs[number[one]]), election.scale),
             "votes": int(election.votes[number[one]])}
            for one in count.outcome.winners
        ],
        "certificate": certificate_dict(count.certificate),
        "official": official(count),
        "notes": [note.as_dict() for note in count.file.notes],
    }  # fmt: skip


def _names(file: PbFile) -> dict[str, str]:
    columns = file.table.project_columns
    if "name" not in columns:
        return {}
    at = columns.index("name")
    return {row[0]: row[at] for row in file.table.projects}


def official(count: Count) -> dict[str, Any] | None:
    """What the file itself says was funded (`selected` is 1), against the outcome; None where it does not say."""
    columns = count.file.table.project_columns
    if "selected" not in columns:
        return None
    at = columns.index("selected")
    said = {row[0] for row in count.file.table.projects if row[at] == "1"}
    here = set(count.outcome.winners)
    return {"same": said == here, "only_here": sorted(here - said), "only_there": sorted(said - here)}
